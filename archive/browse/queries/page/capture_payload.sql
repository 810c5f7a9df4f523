-- The full record of the payload that a revisit repeats, the same address first.
select record_id, warc_file, warc_offset
from captures
where payload_digest = :payload_digest and revisit = 0 and status is not null
order by url_key is not :url_key, fetched_at, record_id
limit 1
