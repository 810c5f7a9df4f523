select coverage.source, sources.agency, coverage.channel, channels.name, month, coverage.state, listed, readable
from coverage
join sources on sources.key = coverage.source
left join channels on channels.source = coverage.source and channels.url = coverage.channel
where :source is null or coverage.source = :source
order by coverage.source, coverage.channel, month
