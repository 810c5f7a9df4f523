-- 各机关发布后改动与撤下的比例
-- 只计原文，改址后在新址的改动也算；looked_again 为采集后又看过的份数，只有它们的改动可能被发现，比例以它为分母。edited 不含仅排版的改动；一份文件在各类中各计一次。
--
-- How often agencies edit or withdraw what they published
-- Originals only, with the edits at the address to which their site moved them; looked_again are those that were looked
-- at again after their capture: only of these an edit can be known, so percentages are of them. edited leaves mere layout
-- out; a document counts once in each kind of edit it has.
with edits as materialized (
  select
    notices.id as notice,
    max(classes <> '["cosmetic"]') as edited,
    max(instr(classes, '"amount"') > 0) as amount,
    max(instr(classes, '"deadline"') > 0) as deadline,
    max(instr(classes, '"eligibility"') > 0) as eligibility,
    max(instr(classes, '"names"') > 0) as names
  from revisions
  cross join copies on copies.url_key = revisions.copy and copies.role in ('original', 'mirror')
  cross join notices
    on notices.id = copies.notice and (copies.role = 'original' or notices.best_copy = copies.url_key)
  where rank > 0
  group by notices.id
), originals as (
  select
    notices.issuing_agency,
    copies.state,
    coalesce(copies.checked_at, copies.last_seen_at) > copies.first_seen_at as looked_again,
    edits.*
  from copies
  join notices on notices.id = copies.notice
  left join edits on edits.notice = notices.id
  where copies.role = 'original'
    and (:agency = '' or instr(notices.issuing_agency, :agency) > 0)
    and (:province = '' or instr(notices.province, :province) > 0)
    and (:from_year = '' or notices.year >= cast(:from_year as integer))
    and (:to_year = '' or notices.year <= cast(:to_year as integer))
)
select
  coalesce(issuing_agency, '—') as issuing_agency,
  count(*) as originals,
  sum(looked_again) as looked_again,
  coalesce(sum(edited), 0) as edited,
  round(100.0 * coalesce(sum(edited), 0) / nullif(sum(looked_again), 0), 1) as edited_percent,
  coalesce(sum(amount), 0) as amount,
  coalesce(sum(deadline), 0) as deadline,
  coalesce(sum(eligibility), 0) as eligibility,
  coalesce(sum(names), 0) as names,
  sum(state = 'gone') as withdrawn,
  round(100.0 * sum(state = 'gone') / nullif(sum(looked_again), 0), 1) as withdrawn_percent
from originals
group by originals.issuing_agency
order by edited desc, withdrawn desc, originals desc, originals.issuing_agency
