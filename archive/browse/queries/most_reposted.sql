-- 转载最多的文件
-- 按转载站点数排列，同一站点的多个网页计一次。whole_text 为全文转载的站点数；first_on、last_on 为最早、最晚的转载日期。至多 200 份。
--
-- Documents that were reposted most
-- By the number of sites; several pages of one site count once. whole_text are sites whose page leaves nothing out;
-- first_on and last_on are the days of the first and the last repost. At most 200.
with reposts as (
  select
    copies.notice,
    coalesce(copies.source, substr(copies.url_key, 1, instr(copies.url_key || '/', '/') - 1)) as site,
    max(coalesce(fidelities.complete, 0)) as complete,
    min(copies.published_on) as first_on,
    max(copies.published_on) as last_on
  from copies
  left join fidelities on fidelities.copy = copies.url_key
  where copies.role = 'repost'
  group by copies.notice, site
), counted as (
  select notice, count(*) as sites, sum(complete) as whole_text, min(first_on) as first_on, max(last_on) as last_on
  from reposts
  group by notice
)
select
  notices.id,
  notices.title,
  notices.issuing_agency,
  notices.document_number,
  notices.published_on,
  counted.sites,
  counted.whole_text,
  counted.first_on,
  counted.last_on
from counted
join notices on notices.id = counted.notice
where (:q = '' or notices.n in (select rowid from notices_fts where notices_fts match zh_match(:q)))
  and (:province = '' or instr(notices.province, :province) > 0)
  and (:agency = '' or instr(notices.issuing_agency, :agency) > 0)
  and (:from_year = '' or notices.year >= cast(:from_year as integer))
  and (:to_year = '' or notices.year <= cast(:to_year as integer))
order by counted.sites desc, counted.whole_text desc, notices.published_on desc, notices.id
limit 200
