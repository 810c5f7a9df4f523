-- Of each source within a span: months of its channels that are wholly known, that were seen, and that there are; and
-- how many months any of its channels has. A channel counts from its oldest month on.
select source, sum(state = 'complete') as complete, sum(state <> 'unobserved') as seen, count(*) as months,
  count(distinct month) as span
from coverage
where (:first is null or month >= :first) and (:last is null or month <= :last)
group by source
