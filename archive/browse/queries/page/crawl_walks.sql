-- How the walks of one crawl ended, source by source.
select walks.source, sources.agency, how, count(*) as channels, sum(pages) as pages, sum(entries) as entries,
  sum(new) as new
from walks
left join sources on sources.key = walks.source
where crawl = :crawl
group by walks.source, how
order by walks.source, how
