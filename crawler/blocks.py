"""What a block does to a host: it stops for the rest of the crawl, and is left alone for days.

What a block is, `archive/outcome.py` judges. A named block product, a challenge or a country filter stops the host at
once; a bare 401 or 403 may be about one page, so it takes several in a row. Nothing is tried to get round it: what is
still to be asked of the host ends as refused. How long later crawls leave it alone, `frontier/hosts.py` counts.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Final, Protocol, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.outcome import Verdict
from crawler.lists import Ask
from crawler.pace import name_of

STOP_OUTCOMES: Final = ("blocked", "challenge", "geo")
BARE_REFUSALS: Final = 3
"""How many 401 or 403 in a row, without the mark of a block product, stop a host."""
MOST_SILENT: Final = 5
"""How many requests in a row without an answer stop a host for the crawl. Each was tried again, and in both schemes: at
the usual time-out ten thousand of them would take weeks."""
LOOK_BELOW: Final = 16_384
"""Bytes as sent below which a 200 is looked at: block pages are small, and most notices are not."""
_ANSWERS: Final = ("ok", "not_modified")

logger = logging.getLogger(__name__)


class Blocked(IgnoreRequest):
    """A request that was not sent because its host stopped; the message names the host and why."""


class Capped(Blocked):
    """A request that was not sent because its source has given as much as one crawl takes."""


class Left(Protocol):
    """A host that is left alone."""

    @property
    def until(self) -> datetime:
        """The instant from which it may be asked again."""
        ...

    @property
    def why(self) -> str:
        """What it said."""
        ...


class Memory(Protocol):
    """What is remembered of hosts from crawl to crawl, by name without www."""

    def known(self) -> Mapping[str, Left]:
        """Hosts that blocked us or asked for a pause, those included whose time is over."""
        ...

    def block(self, host: str, why: str) -> datetime:
        """A host blocked us once more: until when it is left alone."""
        ...

    def rest(self, host: str, seconds: float, why: str) -> datetime:
        """A host asks for a pause: until when it is left alone."""
        ...

    def forgive(self, host: str) -> None:
        """A host answers again."""
        ...


class Blocks:
    """Which hosts have stopped in this crawl, and why; those first that earlier crawls were blocked by.

    Without a `memory` nothing is carried from crawl to crawl. The hosts in `asked_again` (names without www) are asked
    whatever is remembered of them, because a person named their source.
    """

    def __init__(self, memory: Memory | None = None, *, asked_again: Collection[str] = ()) -> None:
        self._memory = memory
        self._stopped: dict[str, str] = {}
        self._refusals: Counter[str] = Counter()
        self._files: Counter[str] = Counter()
        self._silences: Counter[str] = Counter()
        known = memory.known() if memory else {}
        self._blamed = set(known)
        self._left = {name: left for name, left in known.items() if name not in asked_again}
        self._told: dict[str, str] = {}

    def hear(self, url: str, verdict: Verdict) -> bool:
        """Take note of what came back for a URL; True if its host stops now, which is once a crawl."""
        name = name_of(url)
        self._silences.pop(name, None)
        if verdict.outcome not in STOP_OUTCOMES:
            self._refusals.pop(name, None)
            if verdict.outcome in _ANSWERS and name in self._blamed and name not in self._stopped and self._memory:
                self._blamed.discard(name)
                self._memory.forgive(name)
            return False
        self._refusals[name] += 1
        if name in self._stopped or (not is_stop_sign(verdict) and self._refusals[name] < BARE_REFUSALS):
            return False
        why = f"{verdict.outcome}: {verdict.detail}"
        self._stop(name, why, self._memory.block(name, why) if self._memory else None)
        return True

    def hear_file(self, url: str, verdict: Verdict) -> bool:
        """Take note of what came back for a file; True if its host stops now.

        Servers refuse files to whoever does not come from the page that links them: that says nothing of the pages. So
        a bare refusal of files stops the files of a host, and for this crawl only.
        """
        if verdict.outcome == "blocked" and not is_stop_sign(verdict):
            self._files[name_of(url)] += 1
            self._silences.pop(name_of(url), None)  # it answered
            return False
        self._files.pop(name_of(url), None)
        return self.hear(url, verdict)

    def why_no_files(self, url: str) -> str | None:
        """Why no file of the URL's host may be asked; None if one may."""
        refused = self._files[name_of(url)]
        return f"{refused} files in a row were refused" if refused >= BARE_REFUSALS else self.why(url)

    def hear_nothing(self, url: str) -> bool:
        """Take note that nothing came back for a URL; True if its host stops now. The next crawl asks it again."""
        name = name_of(url)
        self._silences[name] += 1
        if name in self._stopped or self._silences[name] < MOST_SILENT:
            return False
        self._stopped[name] = f"{self._silences[name]} requests in a row got no answer"
        return True

    def rest(self, url: str, seconds: float) -> bool:
        """Take note that a host asks for a pause which is too long for this crawl; True if it stops now."""
        name = name_of(url)
        if name in self._stopped:
            return False
        why = f"asks for a pause of {seconds:g} s"
        self._stop(name, why, self._memory.rest(name, seconds, why) if self._memory else None)
        return True

    def why(self, url: str) -> str | None:
        """Why the URL's host may not be asked; None if it may."""
        name = name_of(url)
        if name in self._stopped or name not in self._left:
            return self._stopped.get(name)
        left = self._left[name]
        if left.until <= datetime.now(UTC):
            return None
        why = f"{left.why}; {_until(left.until)}"
        if name not in self._told:
            logger.info("%s is not asked in this crawl: %s", name, why)
            self._told[name] = why
        return why

    @property
    def left_alone(self) -> Mapping[str, str]:
        """Hosts that something was to be asked of and that were left alone for what earlier crawls saw: why."""
        return dict(sorted(self._told.items()))

    def _stop(self, name: str, why: str, until: datetime | None) -> None:
        self._blamed.add(name)
        self._stopped[name] = why if until is None else f"{why}; {_until(until)}"


class BlockedSpider(Protocol):
    """What the middleware needs of a spider."""

    blocks: Blocks


class BlockMiddleware:
    """Refuses every request to a host that has stopped, robots.txt and redirects included."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy before the spider is opened."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let the request pass. Raises: Blocked if its host has stopped."""
        blocks = cast("BlockedSpider", self._crawler.spider).blocks
        ask = request.meta.get("ask")
        is_file = isinstance(ask, Ask) and ask.kind == "attachment"
        why = blocks.why_no_files(request.url) if is_file else blocks.why(request.url)
        if why is not None:
            raise Blocked(f"{name_of(request.url)} has stopped: {why}")


def is_stop_sign(verdict: Verdict) -> bool:
    """Whether one such answer stops its host: a shield, a challenge or a country filter that can be named."""
    is_bare = verdict.outcome == "blocked" and (verdict.detail or "").startswith("HTTP ")
    return verdict.outcome in STOP_OUTCOMES and not is_bare


def wants_look(status: int, size: int) -> bool:
    """Whether a page that is only stored must be parsed to tell a block; `size` counts the body as sent."""
    return status != 200 or size < LOOK_BELOW


def _until(instant: datetime) -> str:
    return f"left alone until {instant:%Y-%m-%d %H:%M} UTC"
