-- 各省各年发文数
-- 每份文件只计一次，不论有多少网页转载；年份为发布日期的年份。“—”为全国性机关或地区、日期不详者。originals_held 为其中原文已采集的份数。
--
-- Notices by province and year
-- A document counts once, however many pages carry it; the year is that of its publication. “—” stands for national
-- bodies and for what has no known place or day. originals_held are those whose original was captured itself.
select
  coalesce(province, '—') as province,
  coalesce(year, '—') as year,
  count(*) as notices,
  sum(original_captured) as originals_held,
  count(distinct issuing_agency) as agencies
from notices
where (:q = '' or n in (select rowid from notices_fts where notices_fts match zh_match(:q)))
  and (:province = '' or instr(province, :province) > 0)
  and (:document_type = '' or instr(document_type, :document_type) > 0)
  and (:from_year = '' or year >= cast(:from_year as integer))
  and (:to_year = '' or year <= cast(:to_year as integer))
group by notices.province, notices.year
order by notices.province is null, notices.province, notices.year is null, notices.year
