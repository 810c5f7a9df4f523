-- Bureaus of a place and of all that belongs to it, and bureaus that publish (:publishers, a JSON list).
with recursive places(code) as (
  select :given
  union select divisions.code from divisions join places on parent = places.code
)
select key, agency, kind from sources
where kind = 'bureau' and (division in (select code from places) or key in (select value from json_each(:publishers)))
order by key
