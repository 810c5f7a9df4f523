-- The original first, then in the order in which they appeared.
select
  copies.*,
  sources.agency as source_agency,
  sources.kind as source_kind,
  matches.rule,
  matches.class as match_class,
  matches.confidence,
  matches.evidence as match_evidence,
  (select fields from revisions where copy = copies.url_key order by number desc limit 1) as fields
from copies
left join sources on sources.key = copies.source
left join matches on matches.copy = copies.url_key
where copies.notice = :id
order by copies.role = 'original' desc, copies.published_on is null, copies.published_on, copies.url_key
