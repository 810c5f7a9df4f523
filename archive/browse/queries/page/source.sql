select sources.*, divisions.name as place
from sources left join divisions on divisions.code = sources.division
where key = :given
