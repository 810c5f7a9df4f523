-- Of one address between two instants, newest first: what showed a state.
select id, record_id, url, fetched_at, status, outcome, kind, detail, payload_digest, revisit, warc_file, warc_offset,
  crawl
from captures
where url_key = :copy and fetched_at between :seen_from and :seen_to
order by fetched_at desc, id desc
limit :limit
