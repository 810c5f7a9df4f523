-- All states of all copies, without their texts: the newest of the best copy first, then other copies by their key.
select revisions.copy as copy_key, copies.url, revisions.number, revisions.seen_from, revisions.seen_to,
  revisions.changed, revisions.classes, revisions.headline, revisions.text_digest,
  revisions.copy = :best_copy as is_best
from revisions
join copies on copies.url_key = revisions.copy
where copies.notice = :id
order by is_best desc, revisions.copy, revisions.number desc
