-- What all channels of some sources together were in each month; of all sources where none is named. A channel counts
-- from its oldest month on.
select month, iif(min(state) = max(state), min(state), 'partial') as state
from coverage
where :sources is null or source in (select value from json_each(:sources))
group by month
