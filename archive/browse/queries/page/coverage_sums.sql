-- Of each source that has coverage: in how many months its channels are in each state, one channel after the other.
select coverage.source, sources.agency, count(distinct channel) as channels, min(month) as first_month,
  sum(coverage.state = 'complete') as complete, sum(coverage.state = 'partial') as partial,
  sum(coverage.state = 'unobserved') as unobserved
from coverage
join sources on sources.key = coverage.source
group by coverage.source
order by coverage.source
