-- 逐月覆盖：没有发文，还是没有采集
-- 一行为一个来源一年，各月为列表所列条目数。0 为确无发文，“3+”为见到 3 条而未看全或未采全，“?”为未观测，不可当作 0；
-- 空格为尚未开始或未到之月。unobserved 为“?”的月数。
--
-- Coverage by month: nothing published, or nothing collected?
-- A row is a source in a year; each month has the entries that its lists showed. 0 is a true none; “3+” means that 3 were
-- seen, but not all were looked at or captured; “?” was not observed and must not be read as 0. Empty: before the source's
-- lists begin, or still to come. unobserved counts the “?”.
with months as (
  select
    source,
    substr(month, 1, 4) as year,
    substr(month, 6) as month,
    case
      when sum(state <> 'unobserved') = 0 then '?'
      else sum(coalesce(listed, 0)) || iif(sum(state <> 'complete') > 0, '+', '')
    end as cell
  from coverage
  group by coverage.source, coverage.month
)
select
  sources.key as source,
  sources.agency,
  months.year,
  max(iif(month = '01', cell, null)) as "01",
  max(iif(month = '02', cell, null)) as "02",
  max(iif(month = '03', cell, null)) as "03",
  max(iif(month = '04', cell, null)) as "04",
  max(iif(month = '05', cell, null)) as "05",
  max(iif(month = '06', cell, null)) as "06",
  max(iif(month = '07', cell, null)) as "07",
  max(iif(month = '08', cell, null)) as "08",
  max(iif(month = '09', cell, null)) as "09",
  max(iif(month = '10', cell, null)) as "10",
  max(iif(month = '11', cell, null)) as "11",
  max(iif(month = '12', cell, null)) as "12",
  sum(cell = '?') as unobserved
from months
join sources on sources.key = months.source
where (instr(sources.agency, :source) > 0 or sources.key = :source)
  and (:from_year = '' or months.year >= :from_year)
  and (:to_year = '' or months.year <= :to_year)
group by months.source, months.year
order by sources.agency, sources.key, months.year desc
