"""From the captures of one address to the sightings of its copy, and so to the copy and its revisions.

A payload is read once: what it says stands in the row of the revision that shows it, and is taken from there when
more captures come. Of an article that its site splits over several pages the first page is the copy.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, pairwise
from pathlib import Path

from archive import comparing, extract, warc
from archive.extract.evidence import doubts_of
from archive.looks import Shown, as_of, with_later_looks
from archive.page import Unreadable, open_page
from archive.records import Entry, Issue, Page, Reading, Revision
from archive.revise import Sighting, State, copy_of, revise, weigh, with_files
from archive.seen import Seen, Spot
from archive.store import Database, attachments, captures, copies, crawls, issues, likenesses, nearby, revisions
from archive.store.times import read_instant
from archive.text import normalise
from archive.urls import owner, url_key

logger = logging.getLogger(__name__)

_CONFLICT = "field_conflict"
"""A page says a field in two ways, and it matters which."""


@dataclass(slots=True)
class _Known:
    """What is known of an address without reading: the state each payload shows, and the states in their rows."""

    entry: Entry | None
    digests: dict[str, str] = field(default_factory=dict)
    kept: dict[tuple[str, ...], State] = field(default_factory=dict)
    readings: dict[str, Reading | None] = field(default_factory=dict)
    parts: list[Reading] = field(default_factory=list)
    """Every reading of a further page of it: what one of them named once gave an id, whatever is joined today."""


class Reader:
    """Reads the captures of addresses that are marked. The caller holds the transaction.

    `at` is called with a record's place before its body is looked at; bodies at the places in `skip` are not.
    """

    def __init__(self, db: Database, root: Path, *, at: Callable[[Spot], None], skip: frozenset[Spot]) -> None:
        self._db = db
        self._root = root
        self._at = at
        self._skip = skip
        self.is_first = False
        """Whether no copy was ever compared in this database."""
        self.pages: dict[Spot, Page] = {}
        """Pages that are open already, by the place of their record."""
        self.seen: dict[Spot, Seen] = {}
        """Pages that were read already by another process."""
        self.count = 0
        """How many article captures were read."""

    def read_marked(self, addresses: Mapping[str, str]) -> list[str]:
        """Read every address that is marked: its captures become a copy with its revisions. Gives the addresses."""
        read: list[str] = []
        while keys := copies.marked(self._db, "read", 100):
            for key in keys:
                copies.unmark(self._db, [key], "read")
                self._read(key, addresses)
            read += keys
        self.pages.clear()
        self.seen.clear()
        return read

    def _read(self, key: str, addresses: Mapping[str, str]) -> None:
        issues.drop_unread(self._db, key)
        rows = captures.article_captures(self._db, key)
        known = self._recall(key, rows)
        shown = [_shown(row) for row in captures.showing(self._db, key)]
        for one in shown:
            if one.payload and one.payload not in known.digests:
                self._reading(one, key, known)
        firsts = {url_key(read.part_of) for read in known.readings.values() if read and read.part_of}
        copies.mark(self._db, firsts - {key}, "read")
        shown = list(_fill(shown, known))
        if any(read.parts for read in known.readings.values() if read):
            sightings, digests = self._join(shown, key, known)
        else:
            sightings, digests = self._follow(shown, key, known)
        for row in rows:
            digest = digests.get(str(row["record_id"])) or self._digest(str(row["payload_digest"]), known)
            if digest is not None and (row["state_digest"], row["reader_version"]) != (digest, extract.READER_VERSION):
                captures.put_state(self._db, str(row["record_id"]), digest, extract.READER_VERSION)
        read = [reading for reading in known.readings.values() if reading is not None and reading.part_of is None]
        states = (one.state.reading for one in sightings)
        named = {reading.claimed_original for reading in (*read, *known.parts, *states)}
        claims = copies.claims(self._db, key) if known.digests else set()
        self._put(key, sightings, claims | {url_key(url) for url in named if url}, addresses)

    def _recall(self, key: str, rows: Sequence[captures.Row]) -> _Known:
        """What earlier readings left. Nothing where another reader made it, or where a text is split."""
        known = _Known(entry=crawls.entry_of(self._db, key))
        if any(row["reader_version"] not in (None, extract.READER_VERSION) for row in rows):
            return known
        kept = revisions.kept_states(self._db, key)
        if any(one.reading.parts for one in kept):
            return known
        for one in kept:
            length = len(normalise(one.reading.text))
            known.kept[one.payloads] = State(
                reading=one.reading, digest=one.state_digest, text_digest=one.text_digest, text_length=length
            )
        digests = {one.state_digest for one in kept}
        for row in rows:
            if row["state_digest"] in digests:  # one that no revision has is a part's
                known.digests[str(row["payload_digest"])] = str(row["state_digest"])
        return known

    def _follow(self, shown: Sequence[Shown], key: str, known: _Known) -> tuple[list[Sighting], dict[str, str]]:
        """The sightings of a page that is one whole. Of a row of equal states the last one read is the one to keep."""
        sightings: list[Sighting] = []
        for digest, group in groupby(shown, key=lambda one: self._digest(one.payload, known)):
            run = list(group)
            last = next((one for one in reversed(run) if self._state(one, key, known) is not None), None)
            state = self._state(last, key, known) if last is not None else None
            if digest is not None and last is not None and state is not None:
                sightings += [_sighting(one, state, (last.payload,)) for one in run]
        return sightings, {}

    def _state(self, one: Shown, key: str, known: _Known) -> State | None:
        """The state that an answer shows by itself, from its row or read again."""
        if (one.payload,) not in known.kept:
            reading = self._reading(one, key, known)
            if reading is None:
                return None
            known.kept[(one.payload,)] = weigh(reading)
        return known.kept[(one.payload,)]

    def _digest(self, payload: str, known: _Known) -> str | None:
        """The state that a payload shows by itself; None for one that cannot be read."""
        if payload not in known.digests:
            reading = known.readings.get(payload)
            if reading is None:
                return None
            if (payload,) not in known.kept:
                known.kept[(payload,)] = weigh(reading)
            return known.kept[(payload,)].digest
        return known.digests[payload]

    def _join(self, shown: Sequence[Shown], key: str, known: _Known) -> tuple[list[Sighting], dict[str, str]]:
        """The sightings of a split article, and the state that each record of its first page shows."""
        urls = {url for read in known.readings.values() if read for url in read.parts}
        parts = {url: self._part(url, key) for url in sorted(urls)}
        known.parts = [reading for part in parts.values() for _, reading in part]
        read = {one.payload: self._reading(one, key, known) for one in shown}
        shown = [one for one in shown if read[one.payload] is not None]
        looks = [*with_later_looks(shown, read, parts), None]
        states: dict[tuple[str, ...], State] = {}
        sightings: list[Sighting] = []
        digests: dict[str, str] = {}
        for look, after in pairwise(looks):
            first = read[look.payload] if look is not None else None
            if look is None or first is None:
                continue
            found = [as_of(parts[url], after) for url in first.parts]
            whole = [part for part in found if part is not None]
            payloads = (look.payload, *(part.payload for part, _ in whole))
            if payloads not in states:
                states[payloads] = weigh(extract.join_parts(first, [reading for _, reading in whole]))
            sightings.append(_sighting(look, states[payloads], payloads))
            digests[look.record_id] = states[payloads].digest
        return sightings, digests

    def _part(self, url: str, key: str) -> list[tuple[Shown, Reading]]:
        """The captures of a further page that say whose part they are, oldest first."""
        part_key = url_key(url)
        known = _Known(entry=crawls.entry_of(self._db, part_key))
        rows = map(_shown, captures.article_captures(self._db, part_key))
        read = [(one, self._reading(one, part_key, known)) for one in rows]
        return [(one, found) for one, found in read if found and found.part_of and url_key(found.part_of) == key]

    def _put(self, key: str, sightings: Sequence[Sighting], claims: set[str], addresses: Mapping[str, str]) -> None:
        was = nearby.is_copy(self._db, key)
        before = likenesses.printed(self._db, key) if was else None
        beside = nearby.same_page(self._db, key)
        if was:
            issues.drop_issues(self._db, _CONFLICT, copies.urls_of(self._db, [key]))
        if sightings:
            source = owner(key, addresses)
            kind = crawls.kind_of(self._db, source)
            copy = copy_of(sightings, source=source, kind=kind, claimed_keys=claims)
            copies.put_copy(self._db, copy)
            linked = attachments.versions_shown(self._db, key)
            states = revise(with_files(sightings, linked))
            revisions.put_revisions(self._db, key, states)
            copies.put_first(self._db, key)
            after = likenesses.printed(self._db, key)
            if before != after:
                found = sightings[-1].state.postings
                comparing.place(self._db, before, after, found, is_first=self.is_first)
            self._put_doubts(sightings[-1].url, states[-1])
            copies.mark(self._db, {key} | (beside ^ nearby.same_page(self._db, key)), "settle")
            copies.mark(self._db, [key], "fate")
        elif was:
            issues.drop_doubts(self._db, key)
            comparing.place(self._db, before, None, is_first=self.is_first)
            copies.mark(self._db, beside.union(copies.drop_copy(self._db, key)), "settle")
        if was != bool(sightings):  # what leads here leads to a document now, or no longer
            leading = nearby.leading_to(self._db, key)
            copies.mark(self._db, leading, "fate")
            copies.mark(self._db, {key, *leading} | nearby.claimers(self._db, leading), "settle")

    def _put_doubts(self, url: str, state: Revision) -> None:
        """Raise what the latest state of a page says in two ways; it is gone when the page, or its reader, says one."""
        doubts = doubts_of(state.reading)  # not `reading.doubts`, which no row keeps
        if doubts:
            detail = "\n".join(doubts)
            issue = Issue(kind=_CONFLICT, subject=url, detail=detail, raised_at=state.seen_from)
            issues.put_issue(self._db, issue, None)

    def _reading(self, one: Shown, key: str, known: _Known) -> Reading | None:
        """Read a payload, once. None, with an issue, when it cannot be read any more."""
        if one.payload not in known.readings:
            known.readings[one.payload] = self._read_payload(one, key, known)
        return known.readings[one.payload]

    def _read_payload(self, one: Shown, key: str, known: _Known) -> Reading | None:
        known.kept.pop((one.payload,), None)  # it may have been read with another entry
        for spot in captures.payload_places(self._db, one.payload, key):
            if spot in self._skip:
                return None
            self.count += 1
            seen = self.seen.get(spot)
            if seen is not None and seen.state is not None and seen.is_as_read_with(known.entry):
                known.kept[(one.payload,)] = seen.state
                return seen.state.reading
            self._at(spot)
            try:
                return extract.read(self._page(spot), known.entry)
            except (Unreadable, OSError) as error:
                raise_unreadable(self._db, one.url, str(error), one.at, spot[0])
            except Exception as error:  # noqa: BLE001 (the pipeline's edge: one page never stops the archive)
                blame(self._db, one.url, error, one.at, spot[0])
        return None

    def _page(self, spot: Spot) -> Page:
        page = self.pages.get(spot)
        if page is None:
            stored = warc.read_exchange(self._root, *spot)
            page = open_page(stored.url, stored.body or b"", stored.headers)
        return page


def raise_unreadable(db: Database, url: str, detail: str, at: datetime, warc_file: str) -> None:
    """Note that a page could not be read, and why."""
    issue = Issue(kind="unreadable", subject=url, detail=detail, raised_at=at)
    issues.put_issue(db, issue, warc.noting_crawl(warc_file))


def blame(db: Database, url: str, error: Exception, at: datetime, warc_file: str) -> None:
    """Note that a page made its reader fail, with the end of the traceback."""
    logger.warning("Reading %s failed: %r", url, error)
    raise_unreadable(db, url, "".join(traceback.format_exception(error, limit=-3)), at, warc_file)


def _shown(row: captures.Row) -> Shown:
    at = read_instant(str(row["fetched_at"]))
    return Shown(
        url=str(row["url"]),
        at=at,
        record_id=str(row["record_id"]),
        crawl=str(row["crawl"]),
        payload=str(row["payload_digest"]) if row["kind"] == "article" else "",
    )


def _sighting(one: Shown, state: State, payloads: tuple[str, ...]) -> Sighting:
    return Sighting(url=one.url, fetched_at=one.at, state=state, payloads=payloads)


def _fill(shown: Sequence[Shown], known: _Known) -> Iterator[Shown]:
    """The answers that show the copy; one that says it is as before shows what the last one before it showed."""
    last: Shown | None = None
    for one in shown:
        reading = known.readings.get(one.payload)
        if not one.payload:
            if last is not None:
                yield Shown(url=last.url, at=one.at, record_id=one.record_id, crawl=one.crawl, payload=last.payload)
        elif one.payload in known.digests or (reading is not None and reading.part_of is None):
            last = one
            yield one
