-- 按相关度检索
-- 最相关的 20 份。空格表示“并且”，"…" 为整句，OR 或 | 表示“或者”，-词 排除，拉丁字母词尾 * 为前缀。
-- 片段前有〔附件〕者，所检之词只见于附件。
--
-- Ranked search
-- The 20 best notices for what you type. Blanks mean AND, "…" one phrase, OR or | either, -word excludes, word* is a
-- prefix (Latin letters and digits). Behind a mark in brackets it
-- is a file that the notice links that has the words.
with hits as materialized (
  -- +: sorted by rank itself, FTS5 works every rank out once more for what is shown
  select rowid as n, +rank as score
  from notices_fts
  where notices_fts match zh_match(:q)
  order by score, n
  limit 20
), snippets as materialized (
  select hits.n, score, zh_snippet(text, :q, 80) as in_text, zh_snippet(attachments_text, :q, 80) as in_files
  from hits join notices on notices.n = hits.n
)
select
  notices.id,
  zh_snippet(notices.title, :q, 200) as title,
  notices.document_number,
  notices.issuing_agency,
  notices.published_on,
  iif(instr(in_text, char(57344)) = 0 and instr(in_files, char(57344)) > 0, '〔附件〕' || in_files, in_text) as snippet,
  notices.copies
from snippets
join notices on notices.n = snippets.n
order by score, notices.n
