-- The last capture that showed a state.
select record_id
from captures
where url_key = :copy and kind = 'article' and fetched_at between :seen_from and :seen_to
order by fetched_at desc, id desc
limit 1
