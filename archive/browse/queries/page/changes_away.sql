-- Copies that are not there any more, ranked among edits: an original that is gone before all of them, one that was
-- missed once among them; since the first look that did not find it.
select notices.n, url_key as copy, null as number,
  case when role = 'original' or url_key = best_copy then iif(copies.state = 'gone', 0, 5)
    else iif(copies.state = 'gone', 9, 12) end as rank,
  coalesce((select min(at) from rechecks
    where copy = url_key and found = 'vanished' and at >= copies.last_seen_at), checked_at, copies.last_seen_at) as at,
  null as classes, null as headline
from copies
join notices on notices.id = copies.notice
where copies.state in ('gone', 'missing')
  and (:source is null or copies.source = :source)
  and (:agency is null or notices.issuing_agency = :agency
    or (instr(notices.issuing_agencies, '", "') > 0 and instr(notices.issuing_agencies, json_quote(:agency)) > 0))
