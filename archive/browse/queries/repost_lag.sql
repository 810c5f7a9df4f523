-- 转载滞后：各站点比原文晚几天
-- 同一站点对同一文件的多个网页，只取最早一个；只计原文已采集、两边日期都有的文件（dated）。half_within 为半数转载不超过的天数，
-- 余类推；early 为日期早于原文者，日期必有一误，不参与计算。所印日期就是采集当日的站点，其日期不予采信。
--
-- Repost lag: how many days after the original, by site
-- Of several pages of one site with one document the earliest counts; only documents whose original is held and that
-- have both days (dated). half_within: half of the reposts came within so many days, and so on. early are dated before
-- the original: one of the two days is wrong, so they are left out. Sites that print the day of capture are not believed.
with reposts as (
  select
    coalesce(copies.source, substr(copies.url_key, 1, instr(copies.url_key || '/', '/') - 1)) as site,
    copies.notice,
    min(julianday(iif(stamped_hosts.host is null, copies.published_on, null)) - julianday(originals.published_on)) as days
  from copies
  join copies as originals on originals.notice = copies.notice and originals.role = 'original'
  join notices on notices.id = copies.notice
  left join stamped_hosts on stamped_hosts.host = substr(copies.url_key, 1, instr(copies.url_key || '/', '/') - 1)
  where copies.role = 'repost'
    and (:agency = '' or instr(notices.issuing_agency, :agency) > 0)
    and (:from_year = '' or substr(originals.published_on, 1, 4) >= :from_year)
    and (:to_year = '' or substr(originals.published_on, 1, 4) <= :to_year)
  group by site, copies.notice
), placed as (
  select
    site,
    cast(days as integer) as days,
    row_number() over sites as place,
    count(*) over (partition by site) as dated
  from reposts
  where days >= 0
  window sites as (partition by site order by days)
), spread as (
  select
    site,
    dated,
    sum(days = 0) as same_day,
    max(iif(place = (dated + 3) / 4, days, null)) as quarter_within,
    max(iif(place = (dated + 1) / 2, days, null)) as half_within,
    max(iif(place = (3 * dated + 3) / 4, days, null)) as three_quarters_within,
    max(iif(place = (9 * dated + 9) / 10, days, null)) as nine_tenths_within,
    max(days) as longest
  from placed
  group by site
)
select
  coalesce(sources.agency, reposts.site) as site,
  coalesce(sources.kind, 'unknown') as kind,
  count(*) as documents,
  coalesce(spread.dated, 0) as dated,
  spread.same_day,
  spread.quarter_within,
  spread.half_within,
  spread.three_quarters_within,
  spread.nine_tenths_within,
  spread.longest,
  sum(coalesce(reposts.days < 0, 0)) as early
from reposts
left join spread on spread.site = reposts.site
left join sources on sources.key = reposts.site
where instr(coalesce(sources.agency, reposts.site), :site) > 0
group by reposts.site
order by documents desc, reposts.site
