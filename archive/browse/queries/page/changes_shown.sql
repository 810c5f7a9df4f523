-- What is said of the changes that are shown (:copies, a JSON list of url keys).
select url_key as copy, role, copies.state, copies.source, sources.agency as source_agency,
  notices.id, notices.title, notices.issuing_agency
from copies
join notices on notices.id = copies.notice
left join sources on sources.key = copies.source
where url_key in (select value from json_each(:copies))
