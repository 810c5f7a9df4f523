select count(*) = 2 from sqlite_master where name in ('facets', 'facets_src')
