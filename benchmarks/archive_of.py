"""An archive of any size to try things on: `notices.db` of invented notices, the same every time.

usage: python benchmarks/archive_of.py [N] DIR [--seed 1]

Makes DIR/notices.db with N notices (100,000 unless told) through the functions that the index writes with: sources at
real divisions on hosts under .example, channels, crawls, walks, list entries, captures, copies with their revisions,
files, matches, citations, states and coverage. There are no WARC files behind it, and texts mean nothing; see
benchmarks/invented_notices.py. Of the notices about
 30 % are held from more than one address, 8 % only as a repost (the original is named but not captured), 3 % without
 any original, 5 % were edited, 3 % are gone, 14 % link files (seven in ten of these could be read).
Of the channels one in six was walked in part only and one in twenty never. Takes a few minutes.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from invented_notices import Author, Draft
from invented_sources import FIRST, Publisher, invent_bureaus, invent_crawls, invent_portals, invent_walks

from archive.dates import BEIJING
from archive.extract.state import state_digest
from archive.files import FILES_VERSION
from archive.records import (
    Capture,
    Channel,
    Citation,
    CitationKind,
    Crawl,
    CrawlEnd,
    Entry,
    FileReading,
    Link,
    Listed,
    Match,
    Outcome,
    Place,
    Plan,
    Reading,
    Role,
    Settlement,
    Tally,
)
from archive.revise import Sighting, State, copy_of, revise
from archive.store import Database, open_draft
from archive.store.attachments import put_shown
from archive.store.captures import put_capture, put_indexed_to
from archive.store.copies import mark, put_copy, put_first
from archive.store.coverage import put_coverage
from archive.store.crawls import addresses, put_channel, put_crawl, put_crawl_end, put_entry, put_source, put_walk
from archive.store.divisions import Division, load_divisions
from archive.store.fates import judge_fates
from archive.store.fidelities import put_fidelity
from archive.store.files import KeptFile, Version, put_file, put_versions
from archive.store.notices import put_settled_by, put_settlement
from archive.store.revisions import put_revisions
from archive.store.times import instant
from archive.text import digest_of, normalise
from archive.trace import MATCHER_VERSION
from archive.trace.fidelity import Printing, measure
from archive.urls import notice_id, url_key

BATCH = 500
_CITED: tuple[CitationKind, ...] = ("mentions", "repeals", "revises", "explains")


def main() -> None:
    """Make the archive and tell how big it is."""
    parser = argparse.ArgumentParser(description="Make an archive of invented notices.")
    parser.add_argument("notices", nargs="?", type=int, default=100_000)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    path = asked.folder / "notices.db"
    if path.exists():
        sys.exit(f"{path} is there already: name a new folder")
    began = time.process_time()
    make_archive(path, asked.notices, seed=asked.seed)
    print(f"{path}: {path.stat().st_size / 1e6:,.0f} MB, {time.process_time() - began:.0f} s of CPU")


def make_archive(path: Path, notices: int, *, seed: int = 1) -> None:
    """Write a new database of so many notices."""
    db = open_draft(path)
    with db.atomic():
        load_divisions(db)
    maker = Maker(db, seed)
    with db.atomic():
        maker.put_sources()
    for start in range(0, notices, BATCH):
        with db.atomic():
            for number in range(start, min(start + BATCH, notices)):
                maker.put_notice(number)
    with db.atomic():
        maker.finish()
    db.execute("insert into notices_fts (notices_fts) values ('optimize')")
    db.execute("analyze")
    db.execute("pragma wal_checkpoint(truncate)").close()
    db.close()


class Maker:
    """Puts sources, then one notice after another, then what hangs on all of them."""

    def __init__(self, db: Database, seed: int) -> None:
        self._db = db
        self._chance = random.Random(seed)
        rows = db.query("select code, name, name_en, parent, level from divisions order by code")
        divisions = [Division(**row) for row in rows]
        self._author = Author(seed, [division.name for division in divisions])
        self._bureaus = invent_bureaus(self._chance, divisions)
        self._portals = invent_portals(self._chance)
        self._crawls = list(invent_crawls())
        self._weights = list(accumulate((place + 3) ** -0.8 for place in range(len(self._bureaus))))
        self._offset = 0
        self._serial: dict[tuple[str, int], int] = {}
        self._numbers: list[tuple[str, str]] = []
        self._gone: list[str] = []
        self._addresses: dict[str, str] = {}

    def put_sources(self) -> None:
        """Sources, channels, crawls and how each channel was walked."""
        for publisher in (*self._bureaus, *self._portals):
            put_source(self._db, publisher.source, FIRST)
            for channel in publisher.channels:
                put_channel(self._db, channel, FIRST)
                for walked, crawl in invent_walks(self._chance, channel, self._crawls):
                    put_walk(self._db, walked, crawl.id)
        self._addresses = addresses(self._db)
        for crawl in self._crawls:
            put_crawl(self._db, crawl)
            tally = Tally(asked=5_000, stored=4_950, failed=40, refused=10)
            end = CrawlEnd(ended_at=crawl.started_at + timedelta(hours=7), reason="finished", tally=tally)
            put_crawl_end(self._db, crawl.id, end)
            put_indexed_to(self._db, _warc(crawl), 1_000_000_000, f"sha256:{digest_of(crawl.id)[7:]}")

    def put_notice(self, number: int) -> None:
        """One notice: its original, unless that was not captured, its reposts, and what settling makes of them."""
        chance = self._chance
        bureau = chance.choices(self._bureaus, cum_weights=self._weights)[0]
        published = date(2026, 10, 20) - timedelta(days=int(8_000 * chance.random() ** 1.8))
        document_number = self._number(bureau, published.year) if chance.random() < 0.35 else None
        draft = self._author.write(bureau.source.agency, published.year, document_number)
        channel = chance.choice(bureau.channels)
        url = f"{channel.url}{published:%Y%m}/t{published:%Y%m%d}_{number}.html"
        reading = self._read(draft, url, bureau, published, document_number)
        fate = chance.random()
        is_captured, is_named = fate >= 0.11, fate >= 0.03
        reposts = chance.choices((0, 1, 2, 5, 12), weights=(75, 16, 5, 3, 1))[0]
        copies = [(url, bureau, channel, reading)] if is_captured else []
        for again in range(max(reposts, not is_captured)):
            portal = chance.choice(self._portals)
            column = chance.choice(portal.channels)
            other = f"{column.url}{published:%Y-%m}/{number}_{again}.htm"
            copies.append((other, portal, column, self._reposted(reading, other, bureau, is_named=is_named)))
        if not is_captured and is_named and chance.random() < 0.15:
            self._list(url, channel, reading, self._crawls[self._first_crawl(published)])  # its month is not whole
        for at, (address, publisher, column, said) in enumerate(copies):
            self._put_copy(address, publisher, column, said, may_change=at == 0)
        self._settle(url, is_captured=is_captured, is_named=is_named, copies=[(c[0], c[3]) for c in copies])
        if document_number is not None and is_captured:
            self._numbers.append((document_number, draft.title))

    def finish(self) -> None:
        """Judge what is gone, work out the coverage; nothing waits then to be done."""
        mark(self._db, self._gone, "fate")
        judge_fates(self._db)
        put_coverage(self._db)
        put_settled_by(self._db, MATCHER_VERSION)
        self._db.execute("delete from dirty")

    def _put_copy(
        self, url: str, publisher: Publisher, channel: Channel, reading: Reading, *, may_change: bool
    ) -> None:
        """A copy as so many looks at it showed it."""
        chance, key = self._chance, url_key(url)
        first = self._first_crawl(reading.published_on or FIRST.date())
        looks = sorted({first, *chance.choices(range(first, len(self._crawls)), k=chance.choices((0, 1), (8, 2))[0])})
        readings = [reading] * len(looks)
        if may_change and chance.random() < 0.05:
            looks = sorted({first, *chance.choices(range(first, len(self._crawls)), k=chance.randint(1, 3))})
            readings = [reading]
            for _ in looks[1:]:
                readings.append(self._edited(readings[-1]))
        self._list(url, channel, reading, self._crawls[first])
        sightings: list[Sighting] = []
        for look, said in zip(looks, readings, strict=True):
            state = _weigh(said)
            capture = self._capture(url, self._crawls[look], digest=digest_of(f"{key}{state.digest}"))
            put_capture(self._db, capture, revisit=bool(sightings) and sightings[-1].state.digest == state.digest)
            payloads = (str(capture.payload_digest),)
            sightings.append(Sighting(url=url, fetched_at=capture.fetched_at, state=state, payloads=payloads))
        claimed = {url_key(reading.claimed_original)} if reading.claimed_original else set()
        revisions = revise(sightings)
        kind = publisher.source.kind
        put_copy(self._db, copy_of(sightings, source=publisher.source.key, kind=kind, claimed_keys=claimed))
        put_revisions(self._db, key, revisions)
        put_first(self._db, key)
        for link, text in zip(reading.attachments, self._files, strict=True):
            self._put_file(link, text, self._crawls[first])
        if chance.random() < 0.03:
            for crawl in self._crawls[looks[-1] + 1 :][:4]:
                put_capture(self._db, self._capture(url, crawl, outcome="gone"), revisit=False)
            self._gone.append(key)

    def _list(self, url: str, channel: Channel, reading: Reading, crawl: Crawl) -> None:
        listed = Listed(
            entry=Entry(url=url, title=reading.title, date_raw=str(reading.published_on)),
            source=channel.source,
            channel=channel.url,
            list_url=channel.url,
            listed_at=crawl.started_at,
        )
        put_entry(self._db, listed)

    def _put_file(self, link: Link, text: str | None, crawl: Crawl) -> None:
        if text is None:
            put_shown(self._db, url_key(link.url), None)
            return
        digest = digest_of(text)
        capture = self._capture(link.url, crawl, digest=digest, kind="file")
        put_capture(self._db, capture, revisit=False)
        media = {"pdf": "application/pdf"}.get(link.name.rpartition(".")[2], "application/vnd.ms-excel")
        reading = FileReading(media_type=media, read_as=link.name.rpartition(".")[2], text=text)
        file = KeptFile(digest=digest, sha256=digest, size=len(text) * 5, reading=reading)
        seen = instant(capture.fetched_at)
        put_file(self._db, file, FILES_VERSION)
        version = Version(digest=digest, sha256=digest, seen_from=seen, seen_to=seen)
        put_versions(self._db, url_key(link.url), [version])
        put_shown(self._db, url_key(link.url), file)

    def _settle(self, url: str, *, is_captured: bool, is_named: bool, copies: Sequence[tuple[str, Reading]]) -> None:
        keys = {url_key(address): reading for address, reading in copies}
        best = next(iter(keys))
        root = url_key(url) if is_captured or is_named else best
        roles: dict[str, Role] = {key: "original" if key == root and is_captured else "repost" for key in keys}
        plan = Plan(
            id=notice_id(root),
            original_key=url_key(url) if is_named or is_captured else None,
            original_url=url if is_named or is_captured else None,
            original_captured=is_captured,
            best_copy=best,
            roles=roles,
        )
        matches = tuple(self._match(key, plan, reading, keys[best]) for key, reading in keys.items())
        put_settlement(self._db, keys, Settlement(plans=(plan,), matches=matches, doubts={}), None, self._addresses)
        printings = {key: _printing(key, reading) for key, reading in keys.items()}
        for key in list(keys)[1:]:
            put_fidelity(self._db, measure(printings[best], printings[key]), "")

    def _match(self, key: str, plan: Plan, reading: Reading, best: Reading) -> Match:
        if plan.roles[key] == "original" or key == plan.best_copy:
            rule, match_class, evidence = ("original" if plan.original_captured else "alone"), "self", {}
        elif reading.claimed_original:
            rule, match_class = "explicit_link", "link"
            captured = "yes" if plan.original_captured else "no"
            evidence = {"claimed_original": reading.claimed_original, "read": "body", "captured": captured}
        else:
            is_same = reading.text == best.text
            rule, match_class = ("equal_text", "exact") if is_same else ("near_text", "full")
            evidence = {"same_text_as": best.url}
        confidence = {"link": 0.98, "exact": 0.97, "full": 0.93}.get(match_class, 1.0)
        return Match(
            copy=key, notice=plan.id, rule=rule, match_class=match_class, confidence=confidence, evidence=evidence
        )

    def _read(self, draft: Draft, url: str, bureau: Publisher, published: date, document_number: str | None) -> Reading:
        folder = url.rpartition("/")[0]
        self._files = [text for _, text in draft.files]
        links = [
            Link(name=name, url=f"{folder}/P{published:%Y%m%d}{at}{name}") for at, (name, _) in enumerate(draft.files)
        ]
        written = published - timedelta(days=self._chance.randint(0, 9))
        joint = self._chance.random() < 0.06
        agencies = (bureau.source.agency, bureau.source.agency.replace("民政", "财政")) if joint else ()
        where = {"title": "meta:ArticleTitle", "published_on": "meta:PubDate", "text": "body:TRS_Editor"}
        return Reading(
            url=url,
            title=draft.title,
            published_on=published,
            published_raw=str(published),
            written_on=written if self._chance.random() < 0.6 else None,
            document_number=document_number,
            document_number_raw=document_number,
            document_type=draft.kind,
            issuing_agency=bureau.source.agency,
            issuing_agencies=agencies or (bureau.source.agency,),
            site_name=bureau.source.agency,
            validity=self._chance.choices((None, "有效", "失效", "废止"), weights=(80, 15, 3, 2))[0],
            text=draft.text,
            citations=tuple(self._citations()),
            attachments=tuple(links),
            evidence=where | {"issuing_agency": "body"},
        )

    def _reposted(self, reading: Reading, url: str, bureau: Publisher, *, is_named: bool) -> Reading:
        """The same as a portal shows it: its own address and date, and the original's link on every second."""
        later = (reading.published_on or FIRST.date()) + timedelta(days=int(30 * self._chance.random() ** 3))
        return replace(
            reading,
            url=url,
            published_on=later,
            published_raw=str(later),
            attribution=bureau.source.agency,
            text=self._author.edit(reading.text) if self._chance.random() < 0.15 else reading.text,
            claimed_original=reading.url if is_named and self._chance.random() < 0.5 else None,
            document_number_raw=None,
            validity=None,
            evidence=dict(reading.evidence) | {"attribution": "byline"},
        )

    def _edited(self, reading: Reading) -> Reading:
        if self._chance.random() < 0.1 and reading.title:
            return replace(
                reading, title=reading.title.replace("工作", "有关工作"), text=self._author.edit(reading.text)
            )
        return replace(reading, text=self._author.edit(reading.text))

    def _citations(self) -> Iterator[Citation]:
        if not self._numbers or self._chance.random() > 0.2:
            return
        for number, title in dict.fromkeys(self._chance.choices(self._numbers, k=self._chance.randint(1, 3))):
            kind = self._chance.choices(_CITED, weights=(85, 8, 4, 3))[0]
            raw = f"《{title}》（{number}）"
            yield Citation(kind=kind, document_number=number, title=title, raw=raw, sentence=f"依据{raw}，制定本件。")

    def _number(self, bureau: Publisher, year: int) -> str:
        serial = self._serial[bureau.prefix, year] = self._serial.get((bureau.prefix, year), 0) + 1
        return f"{bureau.prefix}〔{year}〕{serial}号"

    def _first_crawl(self, published: date) -> int:
        """Number of the first crawl after a day."""
        days = (datetime(published.year, published.month, published.day, tzinfo=BEIJING) - FIRST).days
        return min(max(0, days // 28 + 1), len(self._crawls) - 1)

    def _capture(
        self,
        url: str,
        crawl: Crawl,
        *,
        digest: str | None = None,
        outcome: Outcome = "ok",
        kind: str | None = "article",
    ) -> Capture:
        self._offset += 20_000
        is_ok = outcome == "ok"
        return Capture(
            url=url,
            url_key=url_key(url),
            raw_url=None,
            fetched_at=crawl.started_at + timedelta(seconds=self._offset // 20_000 % 20_000),
            status=200 if is_ok else 404,
            outcome=outcome,
            kind=kind if is_ok else None,  # type: ignore[arg-type]  # article or file
            content_type="text/html; charset=utf-8" if kind == "article" else "application/octet-stream",
            charset="utf-8" if kind == "article" and is_ok else None,
            payload_digest=digest,
            location=None,
            crawl=crawl.id,
            place=Place(
                warc_file=_warc(crawl),
                offset=self._offset,
                end=self._offset + 19_999,
                record_id=f"urn:uuid:00000000-0000-4000-8000-{self._offset:012x}",
            ),
            transport="tls",
        )


def _weigh(reading: Reading) -> State:
    """As `archive.revise.weigh`, without the postings that nobody compares here."""
    plain = normalise(reading.text)
    return State(
        reading=reading,
        digest=state_digest(reading, plain),
        text_digest=digest_of(plain),
        text_length=len(plain),
    )


def _printing(key: str, reading: Reading) -> Printing:
    return Printing(
        key=key,
        title=reading.title,
        text=reading.text,
        text_digest=digest_of(normalise(reading.text)),
        published_on=reading.published_on,
        files=reading.attachments,
    )


def _warc(crawl: Crawl) -> str:
    return f"{crawl.started_at:%Y}/{crawl.id}-00000.warc.gz"


if __name__ == "__main__":
    main()
