-- A capture by the id of its record, which may leave out `urn:uuid:`. Ids of rows change with every rebuild.
select captures.*, exists (select 1 from copies where copies.url_key = captures.url_key) as is_copy,
  (select notice from copies where copies.url_key = captures.url_key) as notice
from captures
where record_id in (:record, 'urn:uuid:' || :record)
limit 1
