-- The notices that a source shows, its own and those it reposts.
with chosen(n, id) as (
  select n, id from notices where id in (select notice from copies where source = :given)
)
