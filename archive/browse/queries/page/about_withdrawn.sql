-- Copies that are not there any more, those confirmed first, then the latest.
select notices.id, notices.title, copies.title as copy_title, role, copies.state, copies.source, sources.agency as source_agency,
  copies.last_seen_at, checked_at, count(*) over () as total
from copies
join notices on notices.id = copies.notice
left join sources on sources.key = copies.source
where copies.state in ('gone', 'missing') and notices.n in (select value from json_each(:chosen))
order by copies.state = 'gone' desc, checked_at desc, url_key
limit :limit
