select count(*) = 1 as is_one from sqlite_master where type = 'table' and name = 'release'
