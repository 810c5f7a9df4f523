-- The month up to which the archive looked.
select max(month) as month from coverage
