select count(*) as masked from archive_state where key = 'masked'
