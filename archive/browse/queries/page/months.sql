-- What the channels of these sources (:sources, a JSON list; null is all) were in each month, taken together.
-- A channel counts from its oldest month on; from there it has a row for every month.
select month,
  case count(*) when sum(state = 'complete') then 'complete' when sum(state = 'unobserved') then 'unobserved'
    else 'partial' end as state
from coverage
where :sources is null or source in (select value from json_each(:sources))
group by month
order by month
