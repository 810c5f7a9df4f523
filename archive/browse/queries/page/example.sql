select id, title, issuing_agency, published_on
from notices
where n in (select rowid from notices_fts where notices_fts match zh_match('养老服务'))
order by published_on desc
limit 20
