"""One record of a WARC file becomes rows: captures, notes, and the copies that article captures show.

Nothing here depends on the order of records: a page is read with the first entry that ever listed it, whenever
that entry arrives, and a revisit is judged as the payload it repeats, whenever that payload arrives.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archive import comparing, extract, warc
from archive.ahead import Ahead
from archive.outcome import Verdict, judge
from archive.page import Unreadable, content_type, header, is_html, open_page
from archive.records import (
    Capture,
    Channel,
    Crawl,
    CrawlEnd,
    Failure,
    Issue,
    Listed,
    Page,
    Source,
    Walked,
)
from archive.seen import Seen, Spot, is_worth_seeing
from archive.sightings import Reader, blame, raise_unreadable
from archive.store import Database, attachments, captures, copies, crawls, fates, issues, nearby, relations
from archive.urls import fetch_url, owner, url_key

logger = logging.getLogger(__name__)


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
        self.reader = Reader(db, root, at=at, skip=skip)
        self._addresses: dict[str, str] | None = None
        self.ahead: Ahead | None = None
        """Who looks at pages ahead; None while this process looks for itself."""

    def ask(self, record: warc.StoredExchange) -> None:
        """Have a page looked at ahead, with the entry known by now."""
        if self.ahead is not None and _spot(record) not in self._skip and is_worth_seeing(record):
            self.ahead.ask(_spot(record), crawls.entry_of(self._db, _key(record.url)), record)

    def ask_again(self, key: str) -> None:
        """Have the pages of an address that is held looked at ahead."""
        if self.ahead is not None:
            entry = crawls.entry_of(self._db, key)
            for spot in captures.page_places(self._db, key):
                if spot not in self._skip:
                    self.ahead.ask(spot, entry)

    def take_again(self, key: str) -> None:
        """Judge anew what is held of an address; it is read anew when it is marked for that."""
        issues.drop_judged(self._db, key)
        captures.forget_states(self._db, key)
        for spot in captures.places(self._db, key):
            try:
                stored = warc.read_exchange(self._root, *spot)
            except (ValueError, OSError) as error:
                logger.warning("%s@%d is judged as it was: %s", *spot, error)
            else:
                capture = self._look(stored)
                led = self._leads(capture)
                if captures.put_verdict(self._db, capture):
                    self._follow_up(capture, led, is_revisit=False)

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

    def read_marked(self) -> list[str]:
        """Read every address that is marked: its captures become a copy with its revisions. Gives the addresses."""
        return self.reader.read_marked(self.addresses)

    @property
    def addresses(self) -> dict[str, str]:
        """Address prefix → source, as the notes so far say."""
        if self._addresses is None:
            self._addresses = crawls.addresses(self._db)
        return self._addresses

    def _take_exchange(self, stored: warc.StoredExchange) -> None:
        capture = self._look(stored)
        led = self._leads(capture)
        if captures.put_capture(self._db, capture, revisit=stored.body is None):
            self._follow_up(capture, led, is_revisit=stored.body is None)
        elif capture.kind == "article" or nearby.is_copy(self._db, capture.url_key):
            # its place may be another now, and matches name places
            captures.forget_states(self._db, capture.url_key)
            copies.mark(self._db, [capture.url_key], "read")

    def _look(self, stored: warc.StoredExchange) -> Capture:
        """What an exchange is kept as. Of an article what was read, or is open to be read, is at hand for a while."""
        spot = _spot(stored)
        verdict, page = self._judge_kept(stored, spot)
        if isinstance(page, Seen):
            self.reader.seen[spot] = page
        elif page is not None and verdict.kind == "article":
            self.reader.pages[spot] = page
        return Capture(
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
            location=_location(stored),
            crawl=warc.noting_crawl(stored.place.warc_file),
            place=stored.place,
            detail=verdict.detail,
            transport=stored.transport,
            etag=header(stored.headers, "ETag"),
            last_modified=header(stored.headers, "Last-Modified"),
        )

    def _follow_up(self, capture: Capture, led: tuple[str, str | None, bool], *, is_revisit: bool) -> None:
        """Mark all that hangs on a capture that is new, or that is judged otherwise than before."""
        captures.judge_revisits(self._db, capture)
        self._mark_after(capture, is_revisit=is_revisit)
        attachments.mark_answered(self._db, capture.url_key)
        if self._leads(capture) != led:
            before = nearby.leading_to(self._db, capture.url_key)
            copies.mark(self._db, {capture.url_key, *before} | nearby.claimers(self._db, before), "settle")
            copies.mark(self._db, before, "fate")

    def _mark_after(self, capture: Capture, *, is_revisit: bool) -> None:
        """Note what a new capture changes: its copy, what became of it, and the first page of which it is a part."""
        key = capture.url_key
        if not is_revisit and captures.is_repeated(self._db, key, capture.payload_digest):
            captures.forget_states(self._db, key)  # it may be read from another place now
            copies.mark(self._db, [key], "read")
        is_copy = nearby.is_copy(self._db, key)
        if capture.kind == "article" or (capture.outcome == "not_modified" and is_copy):
            copies.mark(self._db, [key], "read")
        if is_copy:
            copies.mark(self._db, [key], "fate")
            if capture.outcome == "moved":  # it may lead to where the page is now
                copies.mark(self._db, [key], "settle")

    def _leads(self, capture: Capture) -> tuple[str, str | None, bool]:
        """Where an address leads by now, what page that is, and whether it is dead: whose claims hold hangs on it."""
        key = capture.url_key
        return nearby.end_of(self._db, key), nearby.kind_of_page(self._db, key), nearby.is_dead(self._db, key)

    def _judge_kept(self, stored: warc.StoredExchange, spot: Spot) -> tuple[Verdict, Page | Seen | None]:
        if stored.status == 304:
            return Verdict(outcome="not_modified", kind=None, detail=None), None
        if stored.body is None and not 200 <= stored.status < 300:
            return judge(stored.status, stored.headers, stored.url, None, 0), None
        if stored.body is None:
            judged = captures.judged_as(self._db, stored.payload_digest or "", _key(stored.url))
            return judged or Verdict(outcome="ok", kind=None, detail=None), None
        if spot in self._skip:
            detail = "not read: reading it twice exceeded the time or memory the index may take"
            raise_unreadable(self._db, stored.url, detail, stored.fetched_at, stored.place.warc_file)
            return Verdict(outcome="ok", kind="other", detail=detail), None
        seen = self.ahead.take(spot) if self.ahead is not None else None
        if seen is not None and seen.reader_version == extract.READER_VERSION:
            return seen.verdict, seen
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
                raise_unreadable(self._db, stored.url, str(error), stored.fetched_at, stored.place.warc_file)
            verdict = judge(stored.status, stored.headers, stored.url, None, len(body))
            return Verdict(outcome=verdict.outcome, kind="other", detail=str(error)), None
        except Exception as error:  # noqa: BLE001 (the pipeline's edge: one page never stops the archive)
            blame(self._db, stored.url, error, stored.fetched_at, stored.place.warc_file)
            return Verdict(outcome="ok", kind="other", detail=f"not read: {error!r}"), None

    def _take_note(self, stored: warc.StoredNote) -> None:
        crawl = warc.noting_crawl(stored.place.warc_file)
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
                self._take_entry(listed)
            case Issue() as issue:
                issues.put_issue(self._db, issue, crawl)
            case Failure() as failure:
                self._take_failure(_failed(failure, stored))

    def _take_failure(self, capture: Capture) -> None:
        if captures.put_capture(self._db, capture, revisit=False):
            attachments.mark_answered(self._db, capture.url_key)
            if nearby.is_copy(self._db, capture.url_key):
                copies.mark(self._db, [capture.url_key], "fate")

    def _take_entry(self, listed: Listed) -> None:
        """A page is read with the first entry that ever listed it."""
        key = url_key(listed.entry.url)
        before = crawls.entry_of(self._db, key)
        crawls.put_entry(self._db, listed)
        if crawls.entry_of(self._db, key) != before and captures.forget_states(self._db, key):
            copies.mark(self._db, [key], "read")

    def _take_run(self, run: Crawl | Walked | CrawlEnd, crawl: str, warc_file: str) -> None:
        """How a crawl began, went along its channels, and ended."""
        match run:
            case Crawl():
                kind = "ingest" if warc.was_taken_in(warc_file) else run.kind
                crawls.put_crawl(self._db, replace(run, kind=kind))
                fates.mark_crawl(self._db, run.id)
                if run.resumes is not None:  # what two crawls saw was seen by one
                    for crawl in crawls.gone_on_with(self._db, run.id):
                        copies.mark(self._db, fates.seen_by(self._db, crawl), "settle")
            case Walked():
                crawls.put_walk(self._db, run, crawl)
            case CrawlEnd():
                crawls.put_crawl_end(self._db, warc.noting_crawl(warc_file), run)

    def _own(self, source: Source, agencies: Sequence[str]) -> None:
        """Ask anew whose the copies and notices are that a changed source may have won or lost."""
        self._addresses = None
        mine = copies.under(self._db, source)
        beside = nearby.same_pages(self._db, mine)
        for key in mine:
            copies.put_owner(self._db, key, owner(key, self.addresses))
        beside |= nearby.same_pages(self._db, mine)
        copies.mark(self._db, attachments.mark_sources(self._db, mine), "read")
        comparing.place_again(self._db, mine)
        copies.mark(self._db, mine, "fate")
        touched = mine | beside | copies.about(self._db, source, agencies)
        copies.mark(self._db, touched, "settle")
        relations.mark_around(self._db, touched)

    def _raise(self, kind: str, subject: str, detail: str, at: datetime, warc_file: str) -> None:
        issue = Issue(kind=kind, subject=subject, detail=detail, raised_at=at)
        issues.put_issue(self._db, issue, warc.noting_crawl(warc_file))


def _spot(stored: warc.StoredExchange) -> Spot:
    return stored.place.warc_file, stored.place.offset


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
        crawl=warc.noting_crawl(stored.place.warc_file),
        place=stored.place,
        detail=failure.detail,
    )
