-- 各年文种构成
-- 文种取自标题或信息公开表；“—”为看不出文种者。percent 为占当年全部文件的百分比。
--
-- Document types by year
-- The type (文种) is read from the title or the disclosure table; “—” where neither tells. percent is of all documents of
-- that year.
select
  coalesce(year, '—') as year,
  coalesce(document_type, '—') as document_type,
  count(*) as notices,
  round(100.0 * count(*) / sum(count(*)) over (partition by year), 1) as percent
from notices
where (:q = '' or n in (select rowid from notices_fts where notices_fts match zh_match(:q)))
  and (:province = '' or instr(province, :province) > 0)
  and (:agency = '' or instr(issuing_agency, :agency) > 0)
  and (:from_year = '' or year >= cast(:from_year as integer))
  and (:to_year = '' or year <= cast(:to_year as integer))
group by notices.year, notices.document_type
order by notices.year is null, notices.year, notices desc, notices.document_type is null, notices.document_type
