-- Notices that hold a text whose digest lies between two bounds, with that text.
select copies.notice, notices.title, revisions.copy as copy_key, revisions.number, revisions.text_digest, revisions.text
from revisions
join copies on copies.url_key = revisions.copy
join notices on notices.id = copies.notice
where revisions.text_digest >= :from_digest and revisions.text_digest < :to_digest
order by revisions.seen_from, revisions.copy, revisions.number
limit :limit
