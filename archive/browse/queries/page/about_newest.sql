-- By day of publication, those without a day last.
select notices.id, title, document_number, document_type, issuing_agency, published_on, copies
from json_each(:chosen) join notices on n = value
order by published_on desc, n desc
limit :limit
