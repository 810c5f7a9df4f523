-- Every source, and how many notices its pages carry.
select sources.key, sources.agency, sources.kind, sources.division, sources.state, divisions.name as place,
  count(copies.url_key) as copies, sum(copies.role = 'repost') as reposts, max(copies.first_seen_at) as newest_at
from sources
left join copies on copies.source = sources.key
left join divisions on divisions.code = sources.division
group by sources.key
order by sources.kind, copies desc, sources.key
