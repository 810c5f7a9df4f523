-- 发布后的改动，最要紧者在前
-- 只看原文网页自身的改动，改址后在新址的也算。edit_class 可填 amount 金额、deadline 期限、eligibility 资格条件、names 名单、
-- validity 效力、attachment 附件、contact 联系方式、title 标题、text 其他文字等，空为全部（仅排版者除外）。
-- 改动发生在 unchanged_until 与 found_at 之间（UTC）；days_after 为距发布至多几天。至多 500 处。
--
-- Edits after publication, what matters most first
-- Of originals' own pages only, also at the address to which their site moved them. edit_class: amount, deadline,
-- eligibility, names, validity, attachment, contact, title, text …; blank means all but mere layout. The edit was made
-- between unchanged_until and found_at (UTC); days_after is how long after publication, at most. At most 500.
select
  notices.id,
  notices.title,
  notices.issuing_agency,
  notices.published_on,
  revisions.headline,
  revisions.classes,
  before.seen_to as unchanged_until,
  revisions.seen_from as found_at,
  cast(julianday(date(revisions.seen_from, '+8 hours')) - julianday(notices.published_on) as integer) as days_after,
  revisions.number as revision
from revisions
cross join copies on copies.url_key = revisions.copy and copies.role in ('original', 'mirror')
cross join notices
  on notices.id = copies.notice and (copies.role = 'original' or notices.best_copy = copies.url_key)
left join revisions as before on before.copy = revisions.copy and before.number = revisions.number - 1
where revisions.rank > 0
  and iif(:edit_class = '', revisions.classes <> '["cosmetic"]', instr(revisions.classes, '"' || :edit_class || '"') > 0)
  and (:agency = '' or instr(notices.issuing_agency, :agency) > 0)
  and (:province = '' or instr(notices.province, :province) > 0)
  and (:from_year = '' or notices.year >= cast(:from_year as integer))
  and (:to_year = '' or notices.year <= cast(:to_year as integer))
order by revisions.rank, revisions.seen_from desc, revisions.copy, revisions.number
limit 500
