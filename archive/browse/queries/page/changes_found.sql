-- Edits of the copies that notices take their text from, and copies that are not there any more, each with a rank: an
-- edit that of its gravest class, an original that is gone before all edits, one that was missed once among them.
with found as (
  select notices.id, notices.title, notices.issuing_agency, revisions.copy, copies.source, copies.role, copies.state,
    revisions.seen_from as at, revisions.rank, revisions.classes, revisions.headline, revisions.number
  from revisions
  join copies on copies.url_key = revisions.copy
  join notices on notices.id = copies.notice and notices.best_copy = revisions.copy
  where revisions.rank is not null and revisions.rank <= :least_rank and :class is not 'withdrawn'
    and (:class is null or exists (select 1 from json_each(revisions.classes) where value = :class))
    and (:source is null or copies.source = :source)
    and (:agency is null or notices.issuing_agency = :agency
      or instr(notices.issuing_agencies, json_quote(:agency)) > 0)
  union all
  select notices.id, notices.title, notices.issuing_agency, copies.url_key, copies.source, copies.role, copies.state,
    coalesce((select min(at) from rechecks
      where copy = url_key and found = 'vanished' and at >= copies.last_seen_at), checked_at, copies.last_seen_at),
    case when copies.role = 'original' or url_key = notices.best_copy then iif(copies.state = 'gone', 0, 5)
      else iif(copies.state = 'gone', 9, 12) end,
    null, null, null
  from copies
  join notices on notices.id = copies.notice
  where copies.state in ('gone', 'missing') and coalesce(:class, 'withdrawn') = 'withdrawn'
    and (:source is null or copies.source = :source)
    and (:agency is null or notices.issuing_agency = :agency
      or instr(notices.issuing_agencies, json_quote(:agency)) > 0)
)
