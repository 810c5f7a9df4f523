select key, agency, kind, division from sources order by key
