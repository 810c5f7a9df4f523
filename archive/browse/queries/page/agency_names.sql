select issuing_agency as name, count(*) as count from notices where issuing_agency is not null group by name
order by count desc, name
