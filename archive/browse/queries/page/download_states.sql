-- Which state of its best copy each notice shows, and when that was seen first and last.
select notices.id, revisions.number, revisions.seen_from, revisions.seen_to
from notices
join revisions on revisions.copy = notices.best_copy
where notices.n in (select value from json_each(:numbers))
  and revisions.number = (select max(number) from revisions others where others.copy = notices.best_copy)
