-- Every source: how many copies it shows, how many of these are reposts, and when a list of it was read last.
with held as (
  select source, count(*) as copies, sum(role = 'repost') as reposts from copies group by source
)
select key, agency, kind, division, sources.state, divisions.name as place, coalesce(copies, 0) as copies,
  coalesce(reposts, 0) as reposts, (select max(ended_at) from walks where walks.source = key) as walked_at
from sources
left join held on held.source = key
left join divisions on divisions.code = division
order by kind, copies desc, key
