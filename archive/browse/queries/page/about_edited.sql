-- Whose text was edited most often since it was captured first; of each the gravest edit. (A bare column beside min()
-- is of the row that has it.)
select notices.id, notices.title, count(*) as edits, min(rank) as rank, headline, classes, number, seen_from
from revisions
join notices on notices.best_copy = revisions.copy
where number > 1 and rank is not null and notices.n in (select value from json_each(:chosen))
group by notices.n
order by edits desc, rank, notices.id
limit :limit
