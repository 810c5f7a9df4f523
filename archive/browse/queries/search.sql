-- 检索 Search: the 20 best notices for what you type
-- 空格表示“并且”，"…" 为整句，OR 或 | 表示“或者”，-词 排除，拉丁字母词尾 * 为前缀。
-- Blanks mean AND, "…" one phrase, OR or | either, -word excludes, word* a prefix (Latin letters and digits).
with hits as materialized (
  select rowid as n, rank as score
  from notices_fts
  where notices_fts match zh_match(:q)
  order by rank
  limit 20
)
select
  notices.id,
  zh_snippet(notices.title, :q, 200) as title,
  notices.document_number,
  notices.issuing_agency,
  notices.published_on,
  zh_snippet(notices.text, :q, 80) as snippet,
  notices.copies
from hits
join notices on notices.n = hits.n
order by hits.score, notices.n
