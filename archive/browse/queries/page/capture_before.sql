-- Where the record before one in its file ends: a request may stand between them.
select coalesce(max(warc_end), 0) as after from captures where warc_file = :warc_file and warc_end <= :warc_offset
