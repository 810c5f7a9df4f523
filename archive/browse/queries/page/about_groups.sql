-- Chosen notices (:chosen, a JSON list of row numbers) counted by all that the page tells them apart by.
select substr(published_on, 1, 7) as month, document_type, issuing_agency, source, division, count(*) as count
from json_each(:chosen) join notices on n = value
group by month, document_type, issuing_agency, source, division
