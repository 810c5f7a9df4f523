-- How the answers of these crawls (:crawls, a JSON list) came out.
select crawl, outcome, count(*) as count
from captures
where crawl in (select value from json_each(:crawls))
group by crawl, outcome
order by count desc, outcome
