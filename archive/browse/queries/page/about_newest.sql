-- By day of publication, those without a day last.
select notices.id, title, document_number, document_type, issuing_agency, published_on, copies
from chosen join notices using (n)
order by published_on desc, n desc
limit :limit
