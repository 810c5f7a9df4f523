select substr(published_on, 1, 7) as month, count(*) as count from notices group by month
