-- What these sources (:sources, a JSON list; null is all), :many in number, were in each month, taken together: complete
-- where every channel of every one of them is. A channel counts from its oldest month on; what came before, nobody saw.
select month,
  case
    when sum(state = 'unobserved') = count(*) then 'unobserved'
    when sum(state = 'complete') = count(*) and count(distinct source) >= :many then 'complete'
    else 'partial'
  end as state
from coverage
where :sources is null or source in (select value from json_each(:sources))
group by month
