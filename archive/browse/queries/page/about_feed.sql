-- What came into the archive last, by the day on which it came, then by its own day.
select notices.id, notices.title, document_number, document_type, issuing_agency, published_on,
  substr(notices.text, 1, 300) as text,
  coalesce((select max(seen_from) from revisions where copy = best_copy), first_seen_at) as seen_at
from json_each(:chosen) join notices on n = value
order by substr(first_seen_at, 1, 10) desc, published_on desc, n desc
limit :limit
