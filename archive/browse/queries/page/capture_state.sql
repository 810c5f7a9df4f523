-- What was read of the page: the state that this capture shows, else the newest of its copy.
select text, fields
from revisions
where copy = :url_key
order by state_digest is not :state_digest, number desc
limit 1
