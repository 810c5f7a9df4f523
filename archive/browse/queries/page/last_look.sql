-- When the archive looked last: at the end of its last crawl, else at its last capture.
select coalesce(
  (select max(coalesce(ended_at, started_at)) from crawls),
  (select max(fetched_at) from captures),
  '1970-01-01T00:00:00.000Z'
) as at
