select text, fields
from revisions
where copy = :best_copy
order by number desc
limit 1
