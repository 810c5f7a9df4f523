-- The hits of one page in the order given, with the words found marked. Of files only where the text has none.
with asked as materialized (select key as place, value as n from json_each(:hits)),
texts as materialized (
  select place, asked.n, zh_snippet(text, :q, 140) as in_text from asked join notices on notices.n = asked.n
)
select notices.id, zh_snippet(title, :q, 400) as title, zh_snippet(document_number, :q, 200) as document_number,
  notices.document_type, notices.published_on, notices.province, notices.city, facets.agencies, notices.copies,
  original_url, original_held, reposted, with_files, edited, original_gone, in_text,
  iif(instr(in_text, char(57344)), '', zh_snippet(attachments_text, :q, 140)) as in_files,
  sources.agency as source_agency
from texts
join notices on notices.n = texts.n
join facets on facets.n = texts.n
left join sources on sources.key = notices.source
order by place
