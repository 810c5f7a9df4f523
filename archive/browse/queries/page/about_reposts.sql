-- Every repost of a chosen notice. A date of a host that prints the day of the visit is not believed.
select copies.source, sources.agency, claimed_original is not null as has_link,
  case when stamped_hosts.host is null then fidelities.days_later end as days_later
from json_each(:chosen)
join notices on n = value
join copies on copies.notice = notices.id
left join sources on sources.key = copies.source
left join fidelities on fidelities.copy = copies.url_key
left join stamped_hosts on stamped_hosts.host = substr(url_key, 1, instr(url_key || '/', '/') - 1)
where role = 'repost'
