-- 附件未能读取的文件
-- 这些附件的内容检索不到，须打开自看。只看取文副本所附的文件。unread 为未读或未读全的附件数，unread_files 为其名称，reasons 为原因：
-- no text 无文字（扫描件）、not read 未读取（旧式 .doc 等）、listed only 只列目录、gone 已不存在等，可按 reason 筛选。至多 500 份。
--
-- Notices with attachments that could not be read
-- Search does not find what these files say; they want to be opened. Only files of the copy that the text is taken from.
-- unread were not read, or not wholly; unread_files names them, reasons says why: no text (scans), not read (old .doc and
-- the like), listed only, gone …; reason picks one of these. At most 500.
select
  notices.id,
  notices.title,
  notices.issuing_agency,
  notices.published_on,
  count(*) as files,
  sum(attachments.skipped is not null) as unread,
  group_concat(iif(attachments.skipped is null, null, attachments.name), '；') as unread_files,
  group_concat(distinct substr(attachments.skipped, 1, instr(attachments.skipped || ':', ':') - 1)) as reasons
from attachments
join notices on notices.best_copy = attachments.copy
where (:q = '' or notices.n in (select rowid from notices_fts where notices_fts match zh_match(:q)))
  and (:agency = '' or instr(notices.issuing_agency, :agency) > 0)
  and (:province = '' or instr(notices.province, :province) > 0)
  and (:from_year = '' or notices.year >= cast(:from_year as integer))
  and (:to_year = '' or notices.year <= cast(:to_year as integer))
group by notices.id
having sum(attachments.skipped is not null and instr(attachments.skipped, :reason) > 0) > 0
order by notices.published_on desc, notices.id
limit 500
