-- The original first, then in the order in which they appeared.
select
  copies.url_key,
  copies.url,
  copies.role,
  copies.state,
  copies.source,
  copies.title,
  copies.published_on,
  copies.attribution,
  copies.claimed_original,
  sources.agency as source_agency,
  matches.rule,
  matches.class as match_class,
  matches.confidence,
  matches.evidence as match_evidence,
  (
    select record_id from captures
    where captures.url_key = copies.url_key and warc_file || '@' || warc_offset = matches.evidence ->> '$.capture'
    limit 1
  ) as match_record
from copies
left join sources on sources.key = copies.source
left join matches on matches.copy = copies.url_key
where copies.notice = :id
order by copies.role = 'original' desc, copies.published_on is null, copies.published_on, copies.url_key
limit :limit
