"""Opening and closing what a crawl writes into: the archive, its WARC file, the frontier, the index."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.archive import Archive, new_crawl_id
from archive.records import Crawl
from crawler.capture import Recording
from crawler.config import Config
from crawler.frontier.hosts import Hosts
from crawler.frontier.sqlite import SqliteFrontier
from crawler.pace import Pace
from crawler.spiders.plan import Plan

if TYPE_CHECKING:
    from archive.archive import IndexProcess, WarcWriter

_WORDS = {"closespider_timeout": "the time of --max-time was over"}
"""Why a walk was cut, by Scrapy's reason for the end of a crawl."""

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Opened:
    """A crawl's own hold on its archive, from the lock to the index's child."""

    archive: Archive
    crawl: Crawl
    writer: WarcWriter
    recording: Recording
    frontier: SqliteFrontier
    hosts: Hosts
    index: IndexProcess

    async def close(self, reason: str, *, ended: bool) -> None:
        """Say how the crawl ended, wait until the index is level with it, and let everything go.

        A crawl that was interrupted (`ended` is False) gets no end and does not wait: the next one goes on from here.
        """
        try:
            walks = self.frontier.finish(ended=ended, reason=_WORDS.get(reason, f"the crawl ended ({reason})"))
            if not ended:
                self.writer.close()
                return
            for walked in walks:
                self.recording.walked(walked)
            self.recording.end(reason)
            await asyncio.wrap_future(self.index.catch_up())
            logger.info("%s is level with the captures; `minzheng index` reads what comes later", self.archive.database)
        finally:
            self.release()

    def release(self) -> None:
        """Let everything go, as it is."""
        self.index.close()
        self.frontier.close()
        self.hosts.close()
        self.archive.close()


def open_crawl(archive: Archive, plan: Plan, config: Config, *, pace: Pace, per_host: int) -> Opened:
    """Begin a crawl in a locked archive: its record, its sources and channels, its frontier and its index."""
    started_at = datetime.now(UTC)
    frontier = SqliteFrontier(archive.crawl_db, known=archive.known, per_host=per_host, slot=pace.slot)
    crawl = Crawl(
        id=new_crawl_id(started_at),
        kind=plan.kind,
        started_at=started_at,
        vantage=config.vantage,
        agent=config.user_agent,
        resumes=frontier.unfinished() or archive.unfinished(),
    )
    channels = [channel for site in plan.sites for channel in site.channels]
    rewalk = {site.source.key: site.rewalk for site in plan.sites}
    whole = {site.source.key: site.channels for site in plan.catalogue}
    # those that are not due, too: what a crawl no longer notes has left the catalogue
    noted = {
        (channel.source, channel.url): channel for site in plan.sites for channel in whole.get(site.source.key, ())
    }
    writer = archive.record(crawl, plan.sources, {**noted, **{(one.source, one.url): one for one in channels}}.values())
    recording = Recording(writer)
    frontier.begin(crawl.id, channels, rewalk=rewalk, sync=recording.sync)
    # the hosts of the miniature web are ours: nothing of them is worth remembering
    hosts = Hosts(":memory:" if plan.kind == "demo" else archive.crawl_db)
    index = archive.start_index()
    return Opened(
        archive=archive,
        crawl=crawl,
        writer=writer,
        recording=recording,
        frontier=frontier,
        hosts=hosts,
        index=index,
    )
