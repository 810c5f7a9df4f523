-- The notices of bureaus in a place, or in any place that belongs to it.
with recursive places(code) as (
  select :given
  union select divisions.code from divisions join places on parent = places.code
)
select n from notices where division in (select code from places)
