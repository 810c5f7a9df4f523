-- The notices published last.
select id, title, issuing_agency, published_on
from notices
where published_on is not null
order by published_on desc, n desc
limit :limit
