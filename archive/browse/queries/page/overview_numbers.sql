-- How much there is of everything, and from when to when.
select
  (select count(*) from notices) as notices,
  (select count(*) from copies) as copies,
  (select count(*) from revisions) as revisions,
  (select count(*) from revisions where rank > 0) as edits,
  (select count(*) from captures) as captures,
  (select count(*) from attachments) as attachments,
  (select count(*) from files) as files,
  (select count(*) from citations) as citations,
  (select count(*) from relations) as relations,
  (select count(*) from sources where kind = 'bureau') as bureaus,
  (select count(*) from sources where kind = 'portal') as portals,
  (select count(*) from channels) as channels,
  (select count(*) from crawls) as crawls,
  (select min(published_on) from notices) as first_on,
  (select max(published_on) from notices) as last_on,
  (select min(first_seen_at) from copies) as first_seen_at
