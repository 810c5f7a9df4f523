-- Every repost that a source shows: of whom, when, and what it did to the notice. A row without `is_measured` is the
-- notice's best copy itself. A date of a host that prints the day of the visit is not believed.
select notices.issuing_agency, claimed_original is not null as has_link,
  case when stamped_hosts.host is null then fidelities.days_later end as days_later,
  stamped_hosts.host is not null as is_stamped,
  fidelities.copy is not null as is_measured, complete, retitling is not null as is_retitled, numbers_changed,
  wording_changed, moved, dropped <> '[]' as has_dropped, added, partial
from copies
join notices on notices.id = copies.notice
left join fidelities on fidelities.copy = copies.url_key
left join stamped_hosts on stamped_hosts.host = substr(url_key, 1, instr(url_key || '/', '/') - 1)
where copies.source = :given and role = 'repost'
