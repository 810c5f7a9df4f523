-- 撤下或失去的原文，以及尚存的转载
-- lost：withdrawn 采集后已撤下，missing 最近未见、尚待复查，never held 转载注明了原文而本档案未能采到。answer 为其网址最近一次的应答；
-- reposts 为转载网页数，still_live 为其中仍在线者，whole_text 为全文转载者。
--
-- Originals withdrawn or lost, and the reposts that keep them
-- lost: withdrawn after it was captured; missing when last looked at, not yet certain; never held: reposts name it, but it
-- could not be captured. answer is what its address answered last; reposts are pages, still_live those still there,
-- whole_text those that leave nothing out.
with lost as (
  select
    notices.id,
    iif(originals.state = 'gone', 'withdrawn', coalesce(originals.state, 'never held')) as lost,
    coalesce(originals.url_key, (
      select max(claimed_key) from copies where copies.notice = notices.id and claimed_original = notices.original_url
    )) as url_key,
    originals.last_seen_at
  from notices
  left join copies as originals on originals.notice = notices.id and originals.role = 'original'
  where originals.state in ('gone', 'missing') or (notices.original_captured = 0 and notices.original_url is not null)
)
select
  notices.id,
  notices.title,
  notices.issuing_agency,
  notices.published_on,
  lost.lost,
  lost.last_seen_at,
  (select outcome from captures where captures.url_key = lost.url_key order by fetched_at desc limit 1) as answer,
  notices.original_url,
  count(copies.url_key) as reposts,
  coalesce(sum(copies.state = 'live'), 0) as still_live,
  coalesce(sum(fidelities.complete), 0) as whole_text
from lost
join notices on notices.id = lost.id
left join copies on copies.notice = lost.id and copies.role = 'repost'
left join fidelities on fidelities.copy = copies.url_key
where instr(lost.lost, :lost) > 0
  and instr(coalesce(notices.issuing_agency, ''), :agency) > 0
  and instr(coalesce(notices.province, ''), :province) > 0
group by lost.id
order by lost.lost = 'withdrawn' desc, lost.lost = 'missing' desc, notices.published_on desc, notices.id
