-- How many edits touch each class, and how many copies are gone or missing.
select coalesce(value, 'withdrawn') as class, count(*) as count
from found left join json_each(found.classes)
group by class
