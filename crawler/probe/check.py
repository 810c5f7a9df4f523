"""Whether a source can still be read: one list page a channel, a few of its articles, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from archive.archive import read_article
from archive.records import Channel, Entry, Kind, Outcome, Reading
from archive.urls import host
from crawler.lists import Ask, Site
from crawler.probe.found import key_of
from crawler.probe.reading import Seen, see_list
from crawler.probe.replay import NOT_IN_FILE
from crawler.spiders.survey import Got, Road

ARTICLES = 3
"""Of each channel."""
NEEDED = ("title", "published_on", "text")
"""What every notice has; the other fields are on some kinds of documents only."""
FIELDS = (*NEEDED, "issuing_agency", "attribution", "document_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCheck:
    """What one article gave. `reading` is None where the answer was no article."""

    url: str
    outcome: Outcome
    kind: Kind | None
    detail: str | None
    reading: Reading | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields it does not give."""
        return tuple(name for name in FIELDS if not getattr(self.reading, name, None))

    @property
    def is_good(self) -> bool:
        """It is a file, or an article with everything that a notice needs."""
        return self.kind == "file" or (self.reading is not None and not set(NEEDED) & set(self.missing))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCheck:
    """What one channel gave; `problem` names the first thing that keeps it from being read."""

    seen: Seen
    articles: tuple[ArticleCheck, ...] = ()

    @property
    def is_absent(self) -> bool:
        """The road does not lead to the list: a file that holds other things."""
        return self.seen.got.verdict.detail == NOT_IN_FILE

    @property
    def problem(self) -> str | None:
        """Why the channel fails; None when its list and at least one of its articles read."""
        if self.seen.problem is not None:
            return self.seen.problem
        if self.articles and not any(article.is_good for article in self.articles):
            lacking = sorted({name for article in self.articles for name in article.missing if name in NEEDED})
            if all(article.reading is None for article in self.articles):
                return f"none of {len(self.articles)} entries is an article: {_words(self.articles[0])}"
            return f"no article has all of {', '.join(NEEDED)}: missing {', '.join(lacking)}"
        return None


Keep = Callable[[Entry, Channel, str], None]
"""Notes that an entry was listed: the entry, its channel, the list page that had it."""


async def check_site(
    site: Site,
    road: Road,
    *,
    articles: int = ARTICLES,
    holds: Callable[[str], bool] = lambda _url: True,
    keep: Keep = lambda _entry, _channel, _url: None,
) -> tuple[ChannelCheck, ...]:
    """Check each channel of a site, in its order.

    `holds` tells which addresses the road can give; those it cannot are not chosen as articles. `keep` is called for
    each entry before it is asked.
    """
    return tuple([await _check(channel, road, articles, holds, keep) for channel in site.channels])


async def _check(channel: Channel, road: Road, articles: int, holds: Callable[[str], bool], keep: Keep) -> ChannelCheck:
    seen = await see_list(channel, road)
    if seen.problem is not None or seen.listing is None:
        return ChannelCheck(seen=seen)
    chosen = choose(seen.listing.entries, channel, articles, holds=holds)
    checked = []
    for entry in chosen:
        keep(entry, channel, seen.got.url)
        checked.append(_read(entry, await road.ask(Ask(url=entry.url, kind="entry", channel=channel, entry=entry))))
    return ChannelCheck(seen=seen, articles=tuple(checked))


def choose(
    entries: Iterable[Entry], channel: Channel, number: int, *, holds: Callable[[str], bool]
) -> tuple[Entry, ...]:
    """The first entries that the road can give, those on the channel's own host before others."""
    given = {key_of(entry.url): entry for entry in entries if holds(entry.url)}
    ordered = sorted(given.values(), key=lambda entry: host(entry.url) != host(channel.url))
    return tuple(ordered[:number])


def _read(entry: Entry, got: Got) -> ArticleCheck:
    verdict = got.verdict
    is_article = got.page is not None and verdict.outcome == "ok" and verdict.kind == "article"
    return ArticleCheck(
        url=entry.url,
        outcome=verdict.outcome,
        kind=verdict.kind,
        detail=verdict.detail,
        reading=read_article(got.page, entry) if is_article and got.page is not None else None,
    )


def _words(article: ArticleCheck) -> str:
    told = f"{article.outcome} {article.kind or ''}".strip()
    return f"{article.url} is {told}" + (f" ({article.detail})" if article.detail else "")
