-- What the addresses of files showed that changed under them, oldest first.
select distinct attachments.name, file_versions.url_key, number, seen_from, seen_to, files.sha256, files.size
from file_versions
join attachments using (url_key)
join copies on copies.url_key = attachments.copy
join files on files.payload_digest = file_versions.payload_digest
where copies.notice = :id
  and (select count(*) from file_versions others where others.url_key = file_versions.url_key) > 1
order by file_versions.url_key, number, attachments.name
limit :limit
