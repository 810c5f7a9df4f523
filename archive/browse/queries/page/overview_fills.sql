-- How many notices say each field, by year and province. (`not indexed`: read in the order of the rows, once. The text
-- itself is as good as unread: :empty is the digest of none.)
select substr(published_on, 1, 4) as year, province, count(*) as notices,
  sum(coalesce(title, '') <> '') as title,
  sum(issuing_agency is not null) as issuing_agency,
  sum(document_type is not null) as document_type,
  sum(document_number is not null) as document_number,
  sum(index_number is not null) as index_number,
  sum(published_on is not null) as published_on,
  sum(written_on is not null) as written_on,
  sum(effective_on is not null) as effective_on,
  sum(validity is not null) as validity,
  sum(text_digest is not :empty) as text,
  sum(original_url is not null) as original_url,
  sum(original_captured) as original_captured,
  sum(division is not null) as place
from notices not indexed
group by year, province
