select found.*, sources.agency as source_agency
from found left join sources on sources.key = found.source
order by iif(:order = 'newest', 0, rank), at desc, id, copy, number
limit :limit offset :offset
