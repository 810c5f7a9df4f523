select rule, class, count(*) as count from matches group by rule, class order by count desc, rule, class
