"""What tells a trap from a long list: walks that bring nothing, that leave time, or that go on without any end.

A list of ten thousand notices on a thousand pages is no trap. A calendar shows pages for ever, but soon they are
empty or lie in the future; a site that puts session ids into its addresses shows the same titles and days for ever;
a relative link that is set wrongly makes a path grow by the same folder at each page. What none of these tells ends
at a number of pages, which a total that the list itself states may raise.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from urllib.parse import urlsplit

from archive.dates import read_day
from archive.records import Entry
from archive.urls import url_key
from crawler.lists import Ask, Listing

MOST_PAGES = 2000
"""List pages of one form in one walk, where the list does not state more."""
MOST_PAGES_STATED = 20_000
"""However many pages a list states."""
MOST_ENTRIES = 200_000
"""Entries of one form in one walk."""
MOST_BARREN = 5
"""List pages in a row without an entry that is new to the walk."""
FUTURE = timedelta(days=31)
"""Nothing is published so far ahead; a second or later page whose days all are is a calendar's."""
DEEPEST = 24
"""Folders in a path."""

_LONG_ID = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGITS = re.compile(r"\d+")
_SESSION = re.compile(r"(?<=[?&;])([\w-]+)=(?:" + _LONG_ID.pattern + r")(?=[&?;/]|$)|/\([A-Z]\([0-9a-z]{16,}\)\)", re.I)
# a month in an address: `/2031-05.html`, `?year=2031&month=5`
_MONTH = re.compile(
    r"(?<![\d-])(2\d{3})-(0[1-9]|1[0-2])(?![\d-])|\by(?:ear)?=(2\d{3})&m(?:onth)?=(\d{1,2})(?!\d)", re.I
)
_NARROWER = "give the channel the address of a narrower list, or ask for the notices by --from FILE"
# the same one to four folders three times in a row
_GROWTH = re.compile(r"((?:/[^/]+){1,4})\1\1(?=/|$)")


def pattern(url: str) -> str:
    """The form of an address: ids as `*`, numbers as `#`."""
    return _DIGITS.sub("#", _LONG_ID.sub("*", url_key(url)))


def is_growing(url: str) -> bool:
    """Whether the path repeats its own folders, as one does that a wrong relative link makes longer at each page."""
    path = urlsplit(url).path
    repeated = _GROWTH.search(path)
    return path.count("/") > DEEPEST or (repeated is not None and re.search(r"[^\d/]", repeated.group(1)) is not None)


def entry_key(entry: Entry) -> str:
    """What an entry is known by: its url key; where a session id stands in it, the rest with its title and day.

    A long id in the query may as well name the document, so title and day must be the same too.

    Raises: ValueError if it has no address.
    """
    key = url_key(entry.url)
    bare = _SESSION.sub(lambda found: f"{found.group(1)}=*" if found.group(1) else "", key)
    return key if bare == key or not entry.title else f"{bare} {entry.title} {entry.date_raw or ''}".rstrip()


class Budgets:
    """What the walks of one crawl have spent so far, each by the key of its channel."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._pages: Counter[tuple[str, str]] = Counter()
        self._entries: Counter[tuple[str, str]] = Counter()
        self._shown: defaultdict[str, set[int]] = defaultdict(set)
        self._barren: Counter[str] = Counter()

    def spend(self, channel: str, ask: Ask, entries: Collection[Entry], *, stated: Listing) -> str | None:
        """Take note of one list page: its entries that have addresses, and what it states.

        Gives why the walk has to end there, if it does: the form of the addresses, how many were seen, and what to do.
        Nothing of the page is to be asked then.
        """
        form = pattern(ask.url)
        self._pages[channel, form] += 1
        brings = self._brings_new(channel, entries)
        self._barren[channel] = 0 if brings else self._barren[channel] + 1
        if ask.page > 1 and self._is_calendar(ask.url, entries):
            return f"{form}: page {ask.page} lies in the future, as a calendar's pages do; {_NARROWER}"
        if self._barren[channel] > MOST_BARREN:
            return f"{form}: {self._barren[channel]} pages in a row show no entry that is new; {_NARROWER}"
        if self._pages[channel, form] > _most_pages(stated):
            return f"{form}: more than {_most_pages(stated)} list pages; {_NARROWER}"
        for listed in {pattern(entry.url) for entry in entries}:
            if self._entries[channel, listed] > max(MOST_ENTRIES, 2 * (stated.total or 0)):
                return f"{listed}: {self._entries[channel, listed]} entries; {_NARROWER}"
        return None

    def _brings_new(self, channel: str, entries: Collection[Entry]) -> bool:
        """Whether an entry's title and day, in addresses of its form, are new to this walk."""
        forms = [pattern(entry.url) for entry in entries]
        self._entries.update((channel, form) for form in forms)
        marks = {
            hash((entry.title or entry.url, entry.date_raw, form)) for entry, form in zip(entries, forms, strict=True)
        }
        is_new = not marks <= self._shown[channel]
        self._shown[channel] |= marks
        return is_new

    def _is_calendar(self, url: str, entries: Collection[Entry]) -> bool:
        named = _MONTH.search(url)
        if named is not None:
            year, month = int(named[1] or named[3]), int(named[2] or named[4])
            return (year, month) > (self._today.year, self._today.month + 1)
        days = [day for entry in entries if entry.date_raw and (day := read_day(entry.date_raw))]
        return bool(days) and min(days) > self._today + FUTURE


def _most_pages(listing: Listing) -> int:
    return max(MOST_PAGES, min(2 * (listing.pages or 0), MOST_PAGES_STATED))
