-- How much the archive holds, since when and until when.
select
  (select count(*) from notices) as notices,
  (select min(published_on) from notices) as first_on,
  (select max(published_on) from notices) as last_on,
  coalesce(sum(role = 'original'), 0) as originals,
  coalesce(sum(role = 'repost'), 0) as reposts,
  (select count(*) from sources where kind = 'bureau') as bureaus,
  (select count(*) from sources where kind <> 'bureau') as portals,
  (select count(*) from revisions where rank > 0) as edits,
  (select count(*) from files) as files,
  (select max(coalesce(ended_at, started_at)) from crawls) as looked_at
from copies
