-- An id that a notice has or had, or the url key of a copy or of a named original → the id it has now.
select coalesce(
  (select id from notices where id = :given),
  (select notice from aliases where alias = :given),
  (select notice from copies where url_key = :url_key),
  (select notice from aliases where alias = :url_key)
) as id
