-- A source a month: what its channels together were; a channel counts from its oldest month on, and has every month
-- from there.
select source, month, sum(readable) as readable,
  case count(*) when sum(state = 'complete') then 'complete' when sum(state = 'unobserved') then 'unobserved'
    else 'partial' end as state
from coverage
where source in (select value from json_each(:sources))
group by source, month
