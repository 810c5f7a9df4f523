-- 谁转载谁
-- 一行为一个转载站点与一个原发机关。notices 为文件数，pages 为网页数（同一文件可登多页）；whole_text 为全文转载的文件数。
-- 原发机关为原文所在站点的机关；不在所采站点之列者依次取发文机关、网页所印来源、原文网址的域名。
--
-- Who reposts whom
-- A row is a site that reposts and an agency it takes from. notices are documents, pages their addresses there (one
-- document may stand on several); whole_text are documents of which a page leaves nothing out. The agency is that of the
-- original's site; where that is none of ours the one that issued it, else the source as printed, else the host.
with reposts as (
  select
    coalesce(copies.source, substr(copies.url_key, 1, instr(copies.url_key || '/', '/') - 1)) as site,
    coalesce(publishers.agency, notices.issuing_agency, copies.attribution) as agency,
    substr(notices.original_url, instr(notices.original_url, '//') + 2) as address,
    copies.notice,
    copies.published_on,
    fidelities.complete
  from copies
  join notices on notices.id = copies.notice
  left join sources as publishers on publishers.key = notices.source and publishers.key is not copies.source
  left join fidelities on fidelities.copy = copies.url_key
  where copies.role = 'repost'
    and (:province = '' or instr(notices.province, :province) > 0)
    and (:from_year = '' or notices.year >= cast(:from_year as integer))
    and (:to_year = '' or notices.year <= cast(:to_year as integer))
), named as (
  select
    site,
    coalesce(agency, substr(address, 1, instr(address || '/', '/') - 1), '—') as agency,
    notice,
    published_on,
    complete
  from reposts
)
select
  coalesce(sources.agency, named.site) as site,
  coalesce(sources.kind, 'unknown') as kind,
  named.agency,
  count(distinct named.notice) as notices,
  count(*) as pages,
  count(distinct iif(named.complete, named.notice, null)) as whole_text,
  min(named.published_on) as first_on,
  max(named.published_on) as last_on
from named
left join sources on sources.key = named.site
where instr(coalesce(sources.agency, named.site), :site) > 0
  and instr(named.agency, :agency) > 0
group by named.site, named.agency
order by notices desc, named.site, named.agency
