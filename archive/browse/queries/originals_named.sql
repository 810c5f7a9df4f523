-- 转载是否注明原文
-- 按网页计。linked 为给出原文网址者；leads_there 为该网址确为本档案所收原文者；source_only 为只写来源名称、没有网址者；neither 为两者皆无。
--
-- Do reposts name their original?
-- Counted in pages. linked give the original's address; leads_there are those whose address is the original as held here;
-- source_only print the name of a source without an address; neither prints nothing.
select
  coalesce(sources.agency, substr(copies.url_key, 1, instr(copies.url_key || '/', '/') - 1)) as site,
  coalesce(sources.kind, 'unknown') as kind,
  count(*) as reposts,
  sum(copies.claimed_key is not null) as linked,
  round(100.0 * sum(copies.claimed_key is not null) / count(*), 1) as linked_percent,
  sum(originals.url_key is not null) as leads_there,
  sum(copies.claimed_key is null and copies.attribution is not null) as source_only,
  sum(copies.claimed_key is null and copies.attribution is null) as neither
from copies
left join sources on sources.key = copies.source
left join copies as originals
  on originals.url_key = copies.claimed_key and originals.notice = copies.notice and originals.role = 'original'
where copies.role = 'repost'
  and instr(coalesce(sources.agency, copies.url_key), :site) > 0
  and (:from_year = '' or substr(copies.published_on, 1, 4) >= :from_year)
  and (:to_year = '' or substr(copies.published_on, 1, 4) <= :to_year)
group by coalesce(copies.source, substr(copies.url_key, 1, instr(copies.url_key || '/', '/') - 1))
order by reposts desc, site
