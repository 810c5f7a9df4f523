-- What made the rows: of each version of the reader, how many captures it read last; then what settled them.
select 'reader' as part, reader_version as version, count(*) as captures from captures
where reader_version is not null
group by reader_version
union all
select key, value, null from archive_state where key in ('matcher_version', 'fold_version')
