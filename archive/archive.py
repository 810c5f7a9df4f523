"""The archive's door: one folder with its captures and rulings (facts) and its database (derived).

`warc/` and `decisions.jsonl` are the facts; `notices.db` can be made from them at any time. Whoever writes holds
`archive.lock`; readers need nothing and never create anything.
"""

from __future__ import annotations

import logging
import secrets
from base64 import b32encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from archive.decisions import DecisionsError, append_decision, holding, not_held, read_decisions
from archive.lock import Held, Lock
from archive.records import Channel, Crawl, Decision, Entry, Exchange, Note, Page, Reading, Source, Want
from archive.records import Held as HeldCopy
from archive.store import Database, captures, copies, crawls, is_current, notices, open_reader, wants
from archive.store.times import read_instant
from archive.urls import notice_id, url_key

if TYPE_CHECKING:  # commands that only read start twice as fast without them
    from archive.standing import SourceHealth as SourceHealth  # noqa: PLC0414 (part of the door)
    from archive.store.exports import AnswerRow
    from archive.store.successors import Successor
    from archive.warc import Earlier, StoredExchange
    from archive.warc import WarcWriter as WarcWriter  # noqa: PLC0414 (part of the door)
    from archive.worker import IndexProcess as IndexProcess  # noqa: PLC0414 (part of the door)

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

_INSTANT = timedelta(milliseconds=1)
"""What tells two instants apart in the database."""


class ArchiveError(Exception):
    """The archive cannot be used as asked; the message says why and what to do. `exit_code` is a command's."""

    def __init__(self, message: str, exit_code: int = 4) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Archive:
    """One archive folder, to read (`open`) or to write (`lock`)."""

    def __init__(self, path: Path, lock: Lock | None = None) -> None:
        """Use `open` or `lock`."""
        self.path = path
        self.warc = path / "warc"
        self.database = path / "notices.db"
        self.crawl_db = path / "crawl.db"
        self.decisions = path / "decisions.jsonl"
        self._lock = lock
        self._reader: Database | None = None

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an archive to read. Raises: ArchiveError when there is none; it is never made by reading."""
        archive = cls(path)
        if not archive.warc.is_dir() and not archive.database.is_file():
            raise ArchiveError(f"{path} holds no archive; `minzheng crawl` or `minzheng ingest` makes one")
        return archive

    @classmethod
    def lock(cls, path: Path, *, holder: str) -> Self:
        """Open an archive to write, making it if need be; files left open by a crash are mended first.

        Raises: ArchiveError naming the holder when somebody else writes.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
            lock = Lock(path / "archive.lock", holder)
        except Held as error:
            raise ArchiveError(str(error)) from error
        except OSError as error:
            raise ArchiveError(f"{path} cannot be written: {error.strerror or error}") from error
        archive = cls(path, lock)
        from archive.warc import repair

        archive.warc.mkdir(exist_ok=True)
        repair(archive.warc)
        return archive

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the database and the lock go."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def known(self, keys: Iterable[str]) -> set[str]:
        """Those of the url keys that the archive holds an answer for."""
        return self._ask(lambda db: captures.known(db, keys), set())

    def wanted(self, now: datetime) -> tuple[Want, ...]:
        """What the archive asks for: originals that copies name and that were never captured, and parts of split texts.

        Each by url key. Originals that did not come are wanted ever more rarely; a part is asked for again whenever
        its first page was looked at again.
        """
        return self._ask(lambda db: tuple(wants.wanted(db, now)), ())

    def held(self, sources: Iterable[str], *, before: datetime) -> Iterator[HeldCopy]:
        """Copies of these sources that nobody asked for since `before`, those that are gone too; oldest first."""
        nothing: list[HeldCopy] = []
        yield from self._ask(lambda db: copies.held(db, sources, before), nothing)

    def walked(self) -> dict[tuple[str, str], datetime]:
        """When the last walk of each channel (source key, url) began, however it ended."""
        return self._ask(crawls.last_walks, {})

    def acked(self, today: date) -> frozenset[tuple[str, str]]:
        """Kind and subject of each issue that a person has seen and put off until today or a later day."""
        return frozenset((decision.about or "", decision.urls[0]) for decision in holding(self.rulings(), "ack", today))

    def paused(self, today: date) -> dict[str, Decision]:
        """The sources, by key, that a person has paused until today or a later day."""
        return {decision.about or "": decision for decision in holding(self.rulings(), "pause", today)}

    def health(self, now: datetime) -> tuple[SourceHealth, ...]:
        """How every source stands that was walked, or of which there are copies or issues; by key."""
        from archive.standing import standing

        return self._ask(lambda db: standing(db, now, read_decisions(self.decisions)).sources, ())

    def listed(self, channel: str) -> dict[str, str]:
        """Url key → title of every entry that a channel (its url) ever showed; an untitled one has an empty title."""
        nothing: dict[str, str] = {}
        return self._ask(lambda db: crawls.listed(db, channel), nothing)

    def answer(self, url: str) -> Exchange | None:
        """The newest page that the archive holds of an address, with its body; None where it holds none."""
        from archive.store.exports import answers_about, full_answer
        from archive.warc import read_exchange

        def place(db: Database) -> AnswerRow | None:
            kept = next((one for one in answers_about(db, url_key(url)) if one.outcome == "ok"), None)
            return full_answer(db, kept) if kept is not None and kept.revisit else kept

        nothing: AnswerRow | None = None
        kept = self._ask(place, nothing)
        return None if kept is None else _as_exchange(read_exchange(self.warc, kept.warc_file, kept.offset))

    def unfinished(self) -> str | None:
        """The id of the last crawl, when it was interrupted."""
        return self._ask(crawls.last_unfinished, None)

    def find(self, id_or_url: str) -> str | None:
        """The id of the notice that an id, a former id or an address names."""
        return self._ask(lambda db: notices.find(db, id_or_url), None)

    def tracing_changed(self) -> str | None:
        """That the notices were settled by another version of tracing than ours, and what to do; None if they were not.

        New copies are settled by ours all the same.
        """
        from archive.trace import MATCHER_VERSION

        version = self._ask(notices.settled_by, None)
        if version in (None, MATCHER_VERSION):
            return None
        return (
            f"tracing changed since the copies were settled (by version {version}, now {MATCHER_VERSION}):"
            " `minzheng rebuild --matches --dry-run` tells what would move, and without --dry-run publishes it"
        )

    def successors(self, given: str) -> tuple[Successor, ...]:
        """The notices, beside the one it opens, that hold a part of what an id once stood for; none for an address."""
        from archive.store.successors import successors

        nothing: list[Successor] = []
        return tuple(self._ask(lambda db: successors(db, given), nothing))

    def address(self, id_or_url: str) -> str | None:
        """The address a ruling can name: the copy or named original that the address or the id is of, else the best
        witness of a notice's id."""
        notice = self.find(id_or_url)
        if notice is None:
            return None
        members = self.members(notice)
        return next((url for url in members if _is_named(url, id_or_url)), members[0])

    def members(self, notice: str) -> tuple[str, ...]:
        """The addresses of a notice's copies and of its named original, the best copy first."""
        none: list[str] = []
        return tuple(self._ask(lambda db: notices.members(db, notice), none))

    def record(self, crawl: Crawl, sources: Iterable[Source], channels: Iterable[Channel]) -> WarcWriter:
        """Begin the WARC files of a crawl, with what it knows of its sources and channels. The lock is needed."""
        from archive.warc import WarcWriter

        self._need_lock()
        writer = WarcWriter(self.warc, crawl, earlier=self._earlier, latest=self._latest)
        notes: list[Note] = [crawl, *sources, *channels]
        for note in notes:
            writer.note(note, at=crawl.started_at)
        return writer

    def start_index(
        self, progress: Callable[[int, int], None] | None = None, *, workers: int | None = None
    ) -> IndexProcess:
        """Start the index as a child process; `workers` read pages where there are many, by default one a core.

        The lock is needed.
        """
        from archive.worker import IndexProcess

        self._need_lock()
        return IndexProcess(self.path, database=self.database, progress=progress, workers=workers)

    def rulings(self) -> list[Decision]:
        """Every ruling, a line each. Raises: ArchiveError naming a line that cannot be read."""
        try:
            return read_decisions(self.decisions)
        except DecisionsError as error:
            raise ArchiveError(str(error), 1) from error

    def rule(self, decision: Decision) -> Decision:
        """Append a person's ruling as it is given back; the index carries it out. The lock is needed.

        It is later than all that were held when it was made, whatever the clocks of other machines said of those.
        """
        self._need_lock()
        after = max((one.at + _INSTANT for one in self.rulings()), default=decision.at)
        ruling = replace(decision, at=max(after, decision.at))
        append_decision(self.decisions, ruling)
        return ruling

    def take_over(self, others: Iterable[Decision], *, taken_from: str) -> tuple[Decision, ...]:
        """Append the rulings of another archive that are not held yet, and say of each where it came from.

        The lock is needed.
        """
        self._need_lock()
        new = not_held(self.rulings(), others)
        for one in new:
            append_decision(self.decisions, replace(one, taken_from=one.taken_from or taken_from))
        return tuple(new)

    def _earlier(self, key: str, digest: str) -> Earlier | None:
        return _as_earlier(self._ask(lambda db: captures.earlier(db, key, digest), None))

    def _latest(self, key: str) -> Earlier | None:
        return _as_earlier(self._ask(lambda db: captures.latest(db, key), None))

    def _ask(self, question: Callable[[Database], Answer], nothing: Answer) -> Answer:
        """Ask the database over one kept connection; `nothing` while the index has not made it yet."""
        if self._reader is None and self.database.is_file():
            reader = open_reader(self.database)
            if is_current(reader):
                self._reader = reader
            else:
                reader.close()
        return nothing if self._reader is None else question(self._reader)

    def _need_lock(self) -> None:
        if self._lock is None:
            raise ArchiveError(f"{self.path} is open for reading; use Archive.lock to write")


def read_warc(file: Path) -> Iterator[Exchange | Note]:
    """The exchanges and notes of a WARC file, ours or anybody's, in its order; of a request only the method is told.

    A revisit has the body that it repeats; where the file does not hold that, and where it is damaged, it is left out.
    """
    from archive.warc import Damage, StoredNote, scan

    bodies: dict[str, bytes] = {}
    for record in scan(file):
        if isinstance(record, StoredNote):
            yield record.note
        elif isinstance(record, Damage):
            logger.warning("%s is damaged at %s: %s", file, record.offset, record.detail)
        else:
            digest = record.payload_digest or ""
            body = bodies.get(digest) if record.body is None else bodies.setdefault(digest, record.body)
            if body is not None:
                yield _as_exchange(replace(record, body=body))


def invent_page(page: Page) -> tuple[str, str]:
    """The source of a page and its address with text and hosts invented, for a fixture that may be shared.

    Raises: ValueError where no invention was found.
    """
    from archive.invented import invent

    return invent(page.html, page.url)


def read_article(page: Page, entry: Entry | None = None) -> Reading:
    """What a page says, as the index reads it; `entry` is the row of a list that led to it."""
    from archive.extract import read

    return read(page, entry)


def _as_exchange(record: StoredExchange) -> Exchange:
    return Exchange(
        url=record.url,
        raw_url=record.raw_url,
        method=record.method,
        request_headers=(),
        request_body=b"",
        status=record.status,
        reason="",
        headers=record.headers,
        body=record.body or b"",
        fetched_at=record.fetched_at,
        transport=record.transport,
    )


def _as_earlier(row: captures.Row | None) -> Earlier | None:
    from archive.warc import Earlier

    if row is None:
        return None
    return Earlier(
        url=str(row["url"]), fetched_at=read_instant(str(row["fetched_at"])), record_id=str(row["record_id"])
    )


def _is_named(url: str, text: str) -> bool:
    """Whether a text is an address, or the id that its key makes."""
    key = url_key(url)
    try:
        return text == notice_id(key) or url_key(text) == key
    except ValueError:
        return False


def new_crawl_id(started_at: datetime) -> str:
    """An id that sorts by time: `20261123T164200Z-` and six base32 characters."""
    return f"{started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{b32encode(secrets.token_bytes(5)).decode().lower()[:6]}"
