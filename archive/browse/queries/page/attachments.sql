-- Those of the copy that is read first, then those that other copies add.
select attachments.copy as copy_key, attachments.url, attachments.name, sources.agency as source_agency
from attachments
join copies on copies.url_key = attachments.copy
left join sources on sources.key = copies.source
where copies.notice = :id
order by attachments.copy = :best_copy desc, attachments.copy, attachments.rowid
