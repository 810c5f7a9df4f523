-- Every hit with what it is counted by and where it stands in the order that is asked for. A list of agencies or
-- sources is one text, a name a line; marks are bits: original held 1, reposted 2, with files 4, edited 8, gone 16.
-- Texts are given as bytes: Datasette has every text decoded by a function in Python, and most of these are the same.
with found(n, score) as (
  select rowid, iif(:order = 'relevance', rank, null) from notices_fts where :has_words and notices_fts match zh_match(:q)
  union all
  select n, null from facets where not :has_words
)
select facets.n,
  case :order
    when 'relevance' then score
    when 'newest' then cast(coalesce(published_on, '') as blob)
    else cast(coalesce(published_on, '9999') as blob)
  end as place,
  cast(substr(published_on, 1, 7) as blob) as month,
  cast(document_type as blob) as document_type,
  cast(agencies as blob) as agencies,
  cast(province as blob) as province,
  cast(city as blob) as city,
  cast(sources as blob) as sources,
  original_held + 2 * reposted + 4 * with_files + 8 * edited + 16 * original_gone as marks
from found
join facets on facets.n = found.n
where (:type = '[]' or document_type in (select value from json_each(:type)))
  and (:province = '[]' or province in (select value from json_each(:province)))
  and (:city = '[]' or city in (select value from json_each(:city)))
  and (:agency = '[]' or exists (select 1 from json_each(:agency)
    where instr(char(10) || agencies || char(10), char(10) || value || char(10))))
  and (:source = '[]' or exists (select 1 from json_each(:source)
    where instr(char(10) || sources || char(10), char(10) || value || char(10))))
  and (:first is null or published_on >= :first)
  and (:last is null or published_on <= :last)
  and case :role when 'original' then original_held when 'reposted' then reposted
    when 'repost_only' then not original_held else 1 end
  and (not :files or with_files)
  and (not :edited or edited)
  and (not :gone or original_gone)
