select division, count(*) as count from notices where division is not null group by division
