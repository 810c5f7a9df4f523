select count(*) = 2 from sqlite_master where name in ('archive_state', 'notices_fts')
