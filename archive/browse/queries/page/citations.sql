-- What a notice names, in the order of its text, and the notice that is meant where it is held.
select citations.kind, citations.document_number, citations.title, citations.sentence, cited_notice,
  notices.title as cited_title
from citations
left join notices on notices.id = citations.cited_notice
where citations.notice = :id
order by citations.number
limit :limit
