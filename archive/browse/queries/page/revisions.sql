select revisions.copy as copy_key, copies.url, revisions.number, revisions.seen_from, revisions.seen_to, revisions.changed,
  revisions.classes, revisions.headline, revisions.title, revisions.text_digest
from revisions
join copies on copies.url_key = revisions.copy
where copies.notice = :id
order by revisions.copy = :best_copy desc, revisions.copy, revisions.number
