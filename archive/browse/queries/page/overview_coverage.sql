select substr(month, 1, 4) as year, sum(state = 'complete') as complete, sum(state = 'partial') as partial,
  sum(state = 'unobserved') as unobserved
from coverage
group by year
order by year desc
