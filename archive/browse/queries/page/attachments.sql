-- Those of the copy that is read first, then those that other copies add.
select attachments.copy as copy_key, attachments.url, attachments.name, sources.agency as source_agency,
  attachments.media_type, attachments.size, attachments.skipped, attachments.payload_digest,
  substr(attachments.text, 1, 1500) as text, length(attachments.text) > 1500 as has_more_text,
  coalesce(files.sha256, attachments.payload_digest) as sha256, files.pages, files.members,
  (select count(*) from file_versions where file_versions.url_key = attachments.url_key) as versions
from attachments
join copies on copies.url_key = attachments.copy
left join sources on sources.key = copies.source
left join files on files.payload_digest = attachments.payload_digest
where copies.notice = :id
order by attachments.copy = :best_copy desc, attachments.copy, attachments.rowid
limit :limit
