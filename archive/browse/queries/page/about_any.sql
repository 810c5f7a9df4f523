select exists (select 1 from chosen) as is_any
