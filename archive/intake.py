"""One record of a WARC file becomes rows: captures, notes, and the copies that article captures show.

Nothing here depends on the order of records: a page is read with the first entry that ever listed it, whenever
that entry arrives, and a revisit is judged as the payload it repeats, whenever that payload arrives.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archive import extract, warc
from archive.outcome import Verdict, judge
from archive.page import Unreadable, content_type, header, is_html, open_page
from archive.records import (
    Capture,
    Channel,
    Crawl,
    CrawlEnd,
    Entry,
    Failure,
    Issue,
    Listed,
    Page,
    Reading,
    Source,
    Walked,
)
from archive.revise import Sighting, State, copy_of, revise, weigh
from archive.store import Database, captures, copies, crawls, issues, nearby
from archive.store.times import read_instant
from archive.urls import fetch_url, owner, url_key

logger = logging.getLogger(__name__)

Spot = tuple[str, int]
"""A WARC file and the offset of a record in it."""


class Intake:
    """Takes records into the database. The caller holds the transaction.

    `at` is called with each record's place before its body is looked at, so that whoever watches knows which
    page is to blame; bodies at the places in `skip` are not looked at.
    """

    def __init__(
        self, db: Database, root: Path, *, at: Callable[[Spot], None], skip: frozenset[Spot] = frozenset()
    ) -> None:
        self._db = db
        self._root = root
        self._at = at
        self._skip = skip
        self._pages: dict[Spot, Page] = {}
        self._addresses: dict[str, str] | None = None
        self.read = 0
        """How many article captures were read."""

    def take(self, record: warc.StoredExchange | warc.StoredNote | warc.Damage) -> None:
        """Take one record."""
        match record:
            case warc.StoredExchange():
                self._take_exchange(record)
            case warc.StoredNote():
                self._take_note(record)
            case warc.Damage():
                self._raise(
                    "damaged_warc", f"{record.warc_file}@{record.offset}", record.detail, _EPOCH, record.warc_file
                )

    def read_marked(self) -> None:
        """Read every address that is marked: its captures become a copy with its revisions."""
        while keys := copies.marked(self._db, "read", 100):
            for key in keys:
                copies.unmark(self._db, [key])
                self._read(key)
        self._pages.clear()

    @property
    def addresses(self) -> dict[str, str]:
        """Address prefix → source, as the notes so far say."""
        if self._addresses is None:
            self._addresses = crawls.addresses(self._db)
        return self._addresses

    def _take_exchange(self, stored: warc.StoredExchange) -> None:
        spot = (stored.place.warc_file, stored.place.offset)
        verdict, page = self._judge_kept(stored, spot)
        location = _location(stored)
        capture = Capture(
            url=stored.url,
            url_key=_key(stored.url),
            raw_url=stored.raw_url,
            fetched_at=stored.fetched_at,
            status=stored.status,
            outcome=verdict.outcome,
            kind=verdict.kind,
            content_type=content_type(stored.headers),
            charset=page.charset if page is not None else None,
            payload_digest=stored.payload_digest,
            location=location,
            crawl=warc.crawl_of(stored.place.warc_file),
            place=stored.place,
            detail=verdict.detail,
            transport=stored.transport,
            etag=header(stored.headers, "ETag"),
            last_modified=header(stored.headers, "Last-Modified"),
        )
        led = self._leads(capture)
        if captures.put_capture(self._db, capture, revisit=stored.body is None):
            if self._leads(capture) != led:
                before = nearby.leading_to(self._db, capture.url_key)
                copies.mark(self._db, {capture.url_key} | nearby.claimers(self._db, before), "settle")
            self._mark_after(capture)
            if page is not None and verdict.kind == "article":
                self._pages[spot] = page
        elif capture.kind == "article":  # its place may be another now, and matches name places
            copies.mark(self._db, [capture.url_key], "settle")

    def _mark_after(self, capture: Capture) -> None:
        """Note what a new capture changes: its copy, and revisits that waited for it."""
        captures.judge_revisits(self._db, capture)
        if capture.kind == "article":
            copies.mark(self._db, [capture.url_key], "read")

    def _leads(self, capture: Capture) -> tuple[str, str | None]:
        """Where an address leads by now, and what page that is: whose claims hold hangs on it."""
        return nearby.end_of(self._db, capture.url_key), nearby.kind_of_page(self._db, capture.url_key)

    def _judge_kept(self, stored: warc.StoredExchange, spot: Spot) -> tuple[Verdict, Page | None]:
        if stored.status == 304:
            return Verdict(outcome="not_modified", kind=None, detail=None), None
        if stored.body is None and not 200 <= stored.status < 300:
            return judge(stored.status, stored.headers, stored.url, None, 0), None
        if stored.body is None:
            judged = captures.judged_as(self._db, stored.payload_digest or "", _key(stored.url))
            return judged or Verdict(outcome="ok", kind=None, detail=None), None
        if spot in self._skip:
            detail = "not read: reading it twice exceeded the time or memory the index may take"
            self._raise("unreadable", stored.url, detail, stored.fetched_at, stored.place.warc_file)
            return Verdict(outcome="ok", kind="other", detail=detail), None
        self._at(spot)
        return self._judge(stored)

    def _judge(self, stored: warc.StoredExchange) -> tuple[Verdict, Page | None]:
        body = stored.body or b""
        page = None
        try:
            if is_html(stored.headers, body):
                page = open_page(stored.url, body, stored.headers)
            return judge(stored.status, stored.headers, stored.url, page, len(body)), page
        except Unreadable as error:
            if 200 <= stored.status < 300:
                self._raise("unreadable", stored.url, str(error), stored.fetched_at, stored.place.warc_file)
            verdict = judge(stored.status, stored.headers, stored.url, None, len(body))
            return Verdict(outcome=verdict.outcome, kind="other", detail=str(error)), None
        except Exception as error:  # noqa: BLE001 (the pipeline's edge: one page never stops the archive)
            self._blame(stored.url, error, stored.fetched_at, stored.place.warc_file)
            return Verdict(outcome="ok", kind="other", detail=f"not read: {error!r}"), None

    def _take_note(self, stored: warc.StoredNote) -> None:
        crawl = warc.crawl_of(stored.place.warc_file)
        match stored.note:
            case Source() as source:
                agencies = crawls.put_source(self._db, source, stored.at)
                if agencies:
                    self._own(source, agencies)
            case Channel() as channel:
                crawls.put_channel(self._db, channel, stored.at)
            case Crawl() | Walked() | CrawlEnd() as run:
                self._take_run(run, crawl, stored.place.warc_file)
            case Listed() as listed:
                key = crawls.put_entry(self._db, listed)
                if captures.article_captures(self._db, key):
                    copies.mark(self._db, [key], "read")
            case Issue() as issue:
                issues.put_issue(self._db, issue, crawl)
            case Failure() as failure:
                captures.put_capture(self._db, _failed(failure, stored), revisit=False)

    def _take_run(self, run: Crawl | Walked | CrawlEnd, crawl: str, warc_file: str) -> None:
        """How a crawl began, went along its channels, and ended."""
        match run:
            case Crawl():
                kind = "ingest" if warc.was_taken_in(warc_file) else run.kind
                crawls.put_crawl(self._db, replace(run, kind=kind))
            case Walked():
                crawls.put_walk(self._db, run, crawl)
            case CrawlEnd():
                crawls.put_crawl_end(self._db, warc.noting_crawl(warc_file), run)

    def _own(self, source: Source, agencies: Sequence[str]) -> None:
        """Ask anew whose the copies and notices are that a changed source may have won or lost."""
        self._addresses = None
        mine = copies.under(self._db, source)
        for key in mine:
            copies.put_owner(self._db, key, owner(key, self.addresses))
        copies.mark(self._db, mine | copies.about(self._db, source, agencies), "settle")

    def _read(self, key: str) -> None:
        issues.drop_unread(self._db, key)
        entry = crawls.entry_of(self._db, key)
        states: dict[str, State | None] = {}
        sightings = []
        for row in captures.article_captures(self._db, key):
            digest = str(row["payload_digest"])
            if digest not in states:
                reading = self._read_payload(digest, key, entry, row)
                states[digest] = weigh(reading) if reading is not None else None
            state = states[digest]
            if state is not None:
                sightings.append(
                    Sighting(
                        url=str(row["url"]),
                        fetched_at=read_instant(str(row["fetched_at"])),
                        record_id=str(row["record_id"]),
                        state=state,
                    )
                )
        if sightings:
            self._put_copy(key, sightings)

    def _put_copy(self, key: str, sightings: Sequence[Sighting]) -> None:
        source = owner(key, self.addresses)
        revisions = revise(sightings)
        copy = copy_of(sightings, source=source, kind=crawls.kind_of(self._db, source))
        copies.put_copy(self._db, copy, revisions)
        for sighting in sightings:
            captures.put_state(self._db, sighting.record_id, sighting.state.digest, extract.READER_VERSION)
        copies.mark(self._db, [key], "settle")

    def _read_payload(self, digest: str, key: str, entry: Entry | None, row: captures.Row) -> Reading | None:
        """Read the payload kept for a capture. None, with an issue, when it cannot be read any more."""
        at = read_instant(str(row["fetched_at"]))
        for spot in captures.payload_places(self._db, digest, key):
            if spot in self._skip:
                return None
            self._at(spot)
            self.read += 1
            try:
                return extract.read(self._page(spot), entry)
            except (Unreadable, OSError) as error:
                self._raise("unreadable", str(row["url"]), str(error), at, spot[0])
            except Exception as error:  # noqa: BLE001 (the pipeline's edge: one page never stops the archive)
                self._blame(str(row["url"]), error, at, spot[0])
        return None

    def _page(self, spot: Spot) -> Page:
        page = self._pages.get(spot)
        if page is None:
            stored = warc.read_exchange(self._root, *spot)
            page = open_page(stored.url, stored.body or b"", stored.headers)
        return page

    def _blame(self, url: str, error: Exception, at: datetime, warc_file: str) -> None:
        logger.warning("Reading %s failed: %r", url, error)
        self._raise("unreadable", url, "".join(traceback.format_exception(error, limit=-3)), at, warc_file)

    def _raise(self, kind: str, subject: str, detail: str, at: datetime, warc_file: str) -> None:
        issue = Issue(kind=kind, subject=subject, detail=detail, raised_at=at)
        issues.put_issue(self._db, issue, warc.crawl_of(warc_file))


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _location(stored: warc.StoredExchange) -> str | None:
    """Where a redirect leads, or None when it leads to no address."""
    value = header(stored.headers, "Location")
    if value is None or not 300 <= stored.status < 400:
        return None
    try:
        return fetch_url(value, stored.url)
    except ValueError:
        return None


def _key(url: str) -> str:
    """The url key, or the address itself where a foreign WARC holds what is none."""
    try:
        return url_key(url)
    except ValueError:
        return url


def _failed(failure: Failure, stored: warc.StoredNote) -> Capture:
    return Capture(
        url=failure.url,
        url_key=_key(failure.url),
        raw_url=failure.raw_url,
        fetched_at=failure.fetched_at,
        status=None,
        outcome=failure.outcome,
        kind=None,
        content_type=None,
        charset=None,
        payload_digest=None,
        location=None,
        crawl=warc.crawl_of(stored.place.warc_file),
        place=stored.place,
        detail=failure.detail,
    )
