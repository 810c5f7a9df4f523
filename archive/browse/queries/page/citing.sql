-- By which citations other notices name this one: those that do something with it first, then the newest.
select citations.kind, citations.notice, citations.sentence, notices.title, notices.document_number, notices.published_on
from citations
join notices on notices.id = citations.notice
where citations.cited_notice = :id
order by citations.kind = 'mentions', notices.published_on desc, citations.notice, citations.number
limit :limit
