-- Of its copies, and of the original's address when nothing could be captured there. Newest first.
select id, record_id, url, fetched_at, status, outcome, kind, detail, payload_digest, revisit, warc_file, warc_offset,
  crawl
from captures
where url_key in (select url_key from copies where notice = :id) or url_key = :original_key
order by fetched_at desc, id desc
limit :limit
