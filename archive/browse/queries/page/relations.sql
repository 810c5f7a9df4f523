-- What texts and titles tell that a notice is to others, and they to it; what citations say stands apart.
select kind, 1 as is_from, b as notice, notices.title, notices.published_on, why
from relations
join notices on notices.id = b
where a = :id and found_in = 'text'
union all
select kind, 0, a, notices.title, notices.published_on, why
from relations
join notices on notices.id = a
where b = :id and found_in = 'text'
order by is_from desc, kind, published_on desc, notice
limit :limit
