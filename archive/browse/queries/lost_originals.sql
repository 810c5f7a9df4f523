-- 撤下或失去的原文，以及尚存的转载
-- lost：withdrawn 采集后已撤下，missing 最近未见、尚待复查，never held 转载注明了原文而本档案未能采到。answer 为其网址最近一次的应答；
-- reposts 为转载网页数，still_live 为其中仍在线者，whole_text 为全文转载者。至多 500 份。
--
-- Originals withdrawn or lost, and the reposts that keep them
-- lost: withdrawn after it was captured; missing when last looked at, not yet certain; never held: reposts name it, but it
-- could not be captured. answer is what its address answered last; reposts are pages, still_live those still there,
-- whole_text those that leave nothing out. At most 500.
with lost as (
  select notice as id, iif(state = 'gone', 'withdrawn', 'missing') as lost, url_key, last_seen_at
  from copies
  where role = 'original' and state in ('gone', 'missing')
  union all
  select id, 'never held', null, null
  from notices
  where original_captured = 0 and original_url is not null
), shown as materialized (
  select lost.*, notices.title, notices.issuing_agency, notices.published_on, notices.original_url
  from lost
  join notices on notices.id = lost.id
  where instr(lost.lost, :lost) > 0
    and (:agency = '' or instr(notices.issuing_agency, :agency) > 0)
    and (:province = '' or instr(notices.province, :province) > 0)
    and (:from_year = '' or notices.year >= cast(:from_year as integer))
    and (:to_year = '' or notices.year <= cast(:to_year as integer))
  order by lost.lost = 'withdrawn' desc, lost.lost = 'missing' desc, notices.published_on desc, lost.id
  limit 500
), answered as materialized (
  select shown.id, coalesce(shown.url_key, max(claims.claimed_key)) as url_key
  from shown
  left join copies as claims on claims.notice = shown.id and claims.claimed_original = shown.original_url
  group by shown.id
)
select
  shown.id,
  shown.title,
  shown.issuing_agency,
  shown.published_on,
  shown.lost,
  shown.last_seen_at,
  (
    select outcome from captures where captures.url_key = answered.url_key order by fetched_at desc, id desc limit 1
  ) as answer,
  shown.original_url,
  count(copies.url_key) as reposts,
  coalesce(sum(copies.state = 'live'), 0) as still_live,
  coalesce(sum(fidelities.complete), 0) as whole_text
from shown
join answered on answered.id = shown.id
left join copies on copies.notice = shown.id and copies.role = 'repost'
left join fidelities on fidelities.copy = copies.url_key
group by shown.id
order by shown.lost = 'withdrawn' desc, shown.lost = 'missing' desc, shown.published_on desc, shown.id
