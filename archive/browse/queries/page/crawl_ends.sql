-- How the walks of these crawls (:crawls, a JSON list) ended, of a source (:source) or of all.
select crawl, how, count(*) as channels
from walks
where crawl in (select value from json_each(:crawls)) and (:source is null or source = :source)
group by crawl, how
