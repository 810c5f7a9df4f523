-- 被引用、废止、修改最多的文件
-- 按引用它的文件数排列（cited_by），一份文件引用多次计一次。本档案收录者有编号，未收录者以文号或标题认；同一未收录文件有时按文号、有时按标题被引，
-- 则分为两行。kind 可填 repeals 废止、revises 修改、forwards 转发、explains 解读、mentions 提及。至多 300 份。
--
-- Documents that are cited, repealed or revised most
-- By the number of documents that cite it (cited_by); one that cites it twice counts once. What is held here has an id;
-- other documents are told by number or title, and one that is cited now by number, now by title alone has two rows.
-- kind: repeals, revises, forwards, explains, mentions. At most 300.
select
  held.id,
  coalesce(held.title, max(citations.title)) as title,
  coalesce(held.document_number, max(citations.document_number)) as document_number,
  held.published_on,
  count(distinct citations.notice) as cited_by,
  count(distinct iif(citations.kind = 'repeals', citations.notice, null)) as repealed_by,
  count(distinct iif(citations.kind = 'revises', citations.notice, null)) as revised_by,
  count(distinct iif(citations.kind = 'forwards', citations.notice, null)) as forwarded_by,
  count(distinct iif(citations.kind = 'explains', citations.notice, null)) as explained_by,
  min(citing.published_on) as first_cited_on,
  max(citing.published_on) as last_cited_on
from citations
join notices as citing on citing.id = citations.notice
left join notices as held on held.id = citations.cited_notice
where (:kind = '' or citations.kind = :kind)
  and instr(coalesce(held.title, '') || coalesce(citations.title, ''), :title) > 0
  and (:province = '' or instr(citing.province, :province) > 0)
  and (:from_year = '' or citing.year >= cast(:from_year as integer))
  and (:to_year = '' or citing.year <= cast(:to_year as integer))
group by coalesce(
  citations.cited_notice, citations.number_key, citations.title_key, citations.document_number, citations.title
)
order by cited_by desc, repealed_by desc, held.published_on desc, title, document_number
limit 300
