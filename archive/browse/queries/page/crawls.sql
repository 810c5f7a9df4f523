-- The latest crawls, of a source (:source) those that walked it, or one of them (:id).
select id, kind, state, started_at, ended_at, resumes, vantage, asked, stored, failed, refused, reason,
  cast(round((julianday(ended_at) - julianday(started_at)) * 86400) as integer) as seconds
from crawls
where (:id is null or id = :id)
  and (:source is null or id in (select crawl from walks where source = :source))
order by started_at desc, id desc
limit :limit
