-- The notices that a source shows, its own and those it reposts.
select n from notices where id in (select notice from copies where source = :given)
