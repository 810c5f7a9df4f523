-- Bureaus of that name, and bureaus that publish (:publishers, a JSON list).
select key, agency, kind from sources
where kind = 'bureau' and (agency = :given or key in (select value from json_each(:publishers)))
order by key
