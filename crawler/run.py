"""One crawl in this process: run it, and say how it went.

Twisted's reactor cannot be started twice, so a process runs one crawl.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scrapy import signals

from archive.records import Tally
from crawler.spiders.channel import ChannelSpider
from crawler.spiders.ending import FINISHED, INDEX_ENDED, INTERRUPTED, NIGHT_OVER, NO_ROOM, OUT_OF_TIME
from crawler.spiders.plan import Plan
from crawler.spiders.process import make_process

GOOD, BROKEN, NEEDS_A_LOOK, NOTHING_USABLE, STOPPED = 0, 1, 3, 4, 130
_FULL = ("No space left", "disk is full")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlResult:
    """How one crawl went. `reason` is `finished` unless something ended it before."""

    crawl: str
    reason: str
    tally: Tally
    new_entries: int
    """Entries asked for the first time, those included that an interrupted crawl had left."""
    issues: int
    """Issues that the crawl raised; those of the index are not counted."""
    left_alone: Mapping[str, str] = field(default_factory=dict)
    """Hosts that were not asked because they blocked an earlier crawl or asked for a pause: why, and until when."""
    why: str | None = None
    """Why it ended early, though in order: the disk is nearly full, or the night is over."""
    problem: str | None = None

    @property
    def exit_code(self) -> int:
        """The code of the command: see docs/operations.md."""
        if self.problem is not None:
            is_full = any(words in self.problem for words in _FULL)
            return BROKEN if is_full or self.reason not in (FINISHED, INDEX_ENDED) else NEEDS_A_LOOK
        if self.reason == INTERRUPTED:
            return STOPPED
        if self.reason == NO_ROOM:
            return NOTHING_USABLE
        if self.tally.asked and not self.tally.stored and self.tally.failed:
            return NOTHING_USABLE
        return NEEDS_A_LOOK if self.issues or self.reason not in (FINISHED, OUT_OF_TIME, NIGHT_OVER) else GOOD


def run_crawl(
    plan: Plan,
    folder: Path,
    *,
    log_file: Path | None = None,
    progress: Callable[[int, int], None] = lambda _done, _due: None,
) -> CrawlResult:
    """Crawl into an archive until nothing is left to ask and the index is level.

    Logs go to stderr, or to `log_file`. `progress` gets how many requests were asked and how many
    are known to come to.

    Raises: ArchiveError if the archive is in use; CatalogueError if it lacks a contact or its settings are wrong.
    """
    process = make_process(folder, log_file=log_file)
    crawler = process.create_crawler(ChannelSpider)
    task = process.crawl(crawler, plan=plan)

    def report() -> None:
        if isinstance(crawler.spider, ChannelSpider):
            done = crawler.spider.recording.tally.asked
            progress(done, done + crawler.spider.frontier.count_waiting())

    crawler.signals.connect(report, signals.response_received)
    process.start()
    # a second Ctrl-C leaves the task where it is: the reason below is then INTERRUPTED
    if task.done() and (problem := task.exception()) is not None:
        raise problem
    return _result(crawler.spider)


def _result(spider: object) -> CrawlResult:
    if not isinstance(spider, ChannelSpider):
        raise TypeError(f"the crawl ended without its spider: {spider!r}")
    ending = spider.ending
    return CrawlResult(
        crawl=spider.opened.crawl.id,
        reason=ending.reason or INTERRUPTED,
        tally=spider.recording.tally,
        new_entries=spider.new_entries,
        issues=spider.issues,
        left_alone=spider.blocks.left_alone,
        why=ending.why,
        problem=str(ending.problem) if ending.problem else None,
    )
