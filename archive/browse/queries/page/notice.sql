select notices.*, sources.agency as source_agency, divisions.name as division_name
from notices
left join sources on sources.key = notices.source
left join divisions on divisions.code = notices.division
where notices.id = :id
