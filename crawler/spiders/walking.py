"""The walks of a crawl: where each begins, and what its list pages lead to."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response

from archive.page import Unreadable, header
from archive.records import Channel, Entry, Headers
from crawler.budgets import Budgets, entry_key, is_growing
from crawler.families import FAMILIES
from crawler.freshness import rechecks
from crawler.frontier import Ended, Frontier, Recognised
from crawler.frontier.asks import channel_key
from crawler.frontier.scheduler import ask_request
from crawler.lists import Ask, Listing
from crawler.spiders.answers import Answer, headers_of
from crawler.spiders.issues import Issues
from crawler.spiders.opening import Opened
from crawler.spiders.plan import Plan
from crawler.spiders.walk import Bounds, take_step
from crawler.spiders.wanted import conditions

logger = logging.getLogger(__name__)

_STORE = re.compile(r"\s*(<\?xml[^>]*>\s*)?<datastore")
"""Data that some servers send as text/html: a store without the records it owes is no page past the end."""


class Walking:
    """Walks the channels of a plan."""

    def __init__(self, plan: Plan, opened: Opened, issues: Issues) -> None:
        self._plan = plan
        self._frontier: Frontier = opened.frontier
        self._recording = opened.recording
        self._issues = issues
        self._budgets = Budgets(opened.crawl.started_at.date())
        self._heads: set[str] = set()
        """Channels, by key, whose walks began elsewhere than at their own addresses."""
        self._stated: dict[str, int] = {}
        """How many list pages each list states, by the key of its channel."""
        self.new_entries = opened.frontier.count_entries()
        """Entries asked in this crawl, those included that an interrupted one left."""

    def begin(self) -> Iterator[Request]:
        """Ask where each walk begins; the pages that an interrupted one has asked are known and dropped.

        A walk begins at the list page that the channel's address leads to, where an earlier walk has learnt it; it is
        asked whether it has changed, if nothing is missing behind it.
        """
        for site in self._plan.sites:
            if not site.channels:
                logger.warning("%s has no channels yet; nothing is asked of it", site.source.key)
            for channel in site.channels:
                asks = FAMILIES[channel.family].first(channel)
                head = self._frontier.head(channel)
                if head.ask is not None:
                    asks = (head.ask,)
                    self._heads.add(channel_key(channel))
                asked_if = conditions(head.etag, head.last_modified) if len(asks) == 1 else ()
                for ask in asks:
                    yield ask_request(replace(ask, headers=(*ask.headers, *asked_if)))

    def read(self, answer: Answer, ask: Ask, response: Response) -> Iterator[Request | Ended]:
        """Note the entries of a list page that came, ask those that are new, and the next page where the walk goes on.

        A page that cannot be read is an issue, unless the walk began there to spare the channel's own address a visit.
        """
        channel, page = ask.channel, answer.page or answer.data
        if channel is None or page is None:
            yield from self.leave(ask, answer.url, why_not(answer))
            return
        try:
            listing = FAMILIES[channel.family].read(page, channel)
        except Unreadable as problem:
            if answer.verdict.kind == "article" and channel.url in self._plan.by_address:
                yield Ended()  # the address of one article: it is kept, and that is all
                return
            if answer.verdict.outcome != "stub" or _STORE.match(page.html):
                yield from self.leave(ask, answer.url, str(problem), kind="list_unreadable")
            elif ask.page > max(1, self._stated.get(channel_key(channel), 0)):
                logger.info("%s lies past the end of its list: %s", answer.url, why_not(answer))
                yield Ended(walk="end")
            else:
                yield from self.leave(ask, answer.url, why_not(answer))
            return
        for doubt in listing.doubts:
            logger.info("%s: %s", answer.url, doubt)
        headers = headers_of(response)
        yield from self._follow(listing, ask, channel, list_url=answer.url, headers=headers)

    def leave(self, ask: Ask, url: str, why: str, *, kind: str = "list_failed") -> Iterator[Request | Ended]:
        """Leave a list page that did not come or serve; its channel is looked through again next time."""
        instead = self.begin_instead(ask)
        if instead:
            logger.info("%s no longer serves as the beginning of its list: %s", url, why)
            yield from map(ask_request, instead)
            yield Ended(walk="unread")
            return
        self._issues.put(kind, url, why, ask=ask)
        yield Ended(how="failed", why=why)

    def begin_instead(self, ask: Ask) -> tuple[Ask, ...]:
        """Where the walk begins after all when this ask, at which it began to spare a request, does not serve; once."""
        channel = ask.channel
        # the ask may bear another address by now, to which the site has led it
        if channel is None or ask.page > 1 or channel_key(channel) not in self._heads:
            return ()
        self._heads.discard(channel_key(channel))  # the channel's own address may lead here again: then it has failed
        return FAMILIES[channel.family].first(channel)

    def _follow(
        self, listing: Listing, ask: Ask, channel: Channel, *, list_url: str, headers: Headers
    ) -> Iterator[Request | Ended]:
        entries = _by_key(listing.entries)
        self._stated[channel_key(channel)] = listing.pages or 0
        recognised = self._frontier.recognise(channel, list(entries))
        told = Ended(
            total=listing.total,
            pages=listing.pages,
            etag=header(headers, "ETag"),
            last_modified=header(headers, "Last-Modified"),
            is_column=not entries and len(listing.asks) == 1,
        )
        trap = self._find_trap(listing, entries, ask)
        if trap is not None:
            self._issues.put("list_endless", channel.url, trap, ask=ask)
            yield replace(told, walk="cut", why=trap)
            return
        step = take_step(entries, recognised, has_next=bool(listing.asks), bounds=self._bounds())
        self._note_entries(step.listed, recognised, channel, list_url=list_url)
        self.new_entries += len(step.asked)
        for entry in step.asked.values():
            yield ask_request(Ask(url=entry.url, kind="entry", channel=channel, entry=entry))
        if step.walk == "on":
            for further in listing.asks:
                yield ask_request(replace(further, channel=channel, page=max(further.page, ask.page + 1)))
        # under bounds every page may leave something behind, which no walk that goes on from here would come by
        is_cut = step.walk == "cut" or self._bounds().is_bounded
        told = replace(told, walk="cut" if is_cut else step.walk, why=self._plan.bounds if is_cut else None)
        if recognised.looped and listing.asks and not is_cut and (repeats := _repeats(listing, recognised)):
            self._issues.put("list_repeats", channel.url, repeats, ask=ask)
            if _states_more(listing, recognised):
                told = replace(told, walk="cut", why=repeats)
        yield replace(told, listed=tuple(step.listed), newest=step.newest)

    def _find_trap(self, listing: Listing, entries: Mapping[str, Entry], ask: Ask) -> str | None:
        if ask.channel is None:
            return None
        urls = (*(one.url for one in listing.asks), *(one.url for one in entries.values()))
        longer = next((url for url in urls if is_growing(url)), None)
        if longer is not None and not is_growing(ask.channel.url):
            return f"{longer}: the path repeats its own folders; a relative link of {ask.url} is set wrongly"
        return self._budgets.spend(channel_key(ask.channel), ask, entries.values(), stated=listing)

    def _note_entries(
        self, listed: Mapping[str, Entry], recognised: Recognised, channel: Channel, *, list_url: str
    ) -> None:
        for key, entry in listed.items():
            if key in recognised.unlisted:
                self._recording.listed(entry, source=channel.source, channel=channel.url, list_url=list_url)

    def _bounds(self) -> Bounds:
        limit = self._plan.limit
        left = None if limit is None else max(0, limit - self.new_entries)
        return Bounds(since=self._plan.since, until=self._plan.until, limit=left)


def ask_rechecks(plan: Plan, opened: Opened) -> Iterator[Ask]:
    """The copies of the plan's sources that are due to be looked at again, the most overdue first.

    None under `--limit`, `--since` and `--until`, which want certain new entries, unless `--recheck` is given too.
    """
    if plan.bounds and plan.recheck is None:
        return
    sites = {site.source.key: site for site in (*plan.rechecked, *plan.sites)}
    now = opened.recording.now()
    for copy in rechecks(opened.archive.held(sites, before=now), sites, now=now, every=plan.recheck):
        yield Ask(url=copy.url, kind="recheck", headers=conditions(copy.etag, copy.last_modified))


def _repeats(listing: Listing, recognised: Recognised) -> str | None:
    """Why a page that shows nothing but what the walk has shown may hide the rest of its list; None if it does not."""
    if not recognised.is_last or not (_states_more(listing, recognised) or recognised.pages == 1):
        return None
    told = [_count(number, noun) for number, noun in ((listing.pages, "page"), (listing.total, "entry")) if number]
    stated = f", though it states {' and '.join(told)}" if told else ""
    return (
        f"after {_count(recognised.pages, 'page')} with {_count(recognised.shown, 'entry')} the site shows the same"
        f" again{stated};"
        " look whether its pager still works as its family reads it"
    )


def _count(number: int, noun: str) -> str:
    """`1 page`, `2 entries`."""
    return f"{number} {noun if number == 1 else noun.removesuffix('y') + ('ies' if noun.endswith('y') else 's')}"


def _states_more(listing: Listing, recognised: Recognised) -> bool:
    """Whether the list states at least twice what it has shown; sites count a few more than they list."""
    pages, total = listing.pages or 0, listing.total or 0
    return 2 * recognised.pages <= pages or (not pages and 2 * recognised.shown <= total)


def is_unchanged(answer: Answer, ask: Ask) -> bool:
    """Whether the server says that the first list page is as it was when we read it."""
    return answer.verdict.outcome == "not_modified" and any(name.startswith("If-") for name, _ in ask.headers)


def why_not(answer: Answer) -> str:
    """Why an answer is no list page, for a person."""
    return f"{answer.verdict.outcome}: {answer.verdict.detail or answer.verdict.kind or 'no HTML'}"


def _by_key(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by key in their order, the first of each; one without a proper address is left out."""
    found: dict[str, Entry] = {}
    for entry in entries:
        try:
            found.setdefault(entry_key(entry), entry)
        except ValueError as problem:
            logger.info("An entry without an address: %s", problem)
    return found
