-- Chosen notices counted by all that the page tells them apart by.
select substr(published_on, 1, 7) as month, document_type, issuing_agency, source, division, count(*) as count
from chosen join notices using (n)
group by month, document_type, issuing_agency, source, division
