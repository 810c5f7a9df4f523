"""Tables `copies`, `claims`, `attachments` and `parts`, and what waits to be read or settled again (`dirty`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from archive.cms_ids import cms_id
from archive.records import Copy, FirstState, Held, Reading, Source, Want, Witness
from archive.store.attachments import drop_links, put_links
from archive.store.citations import faces, put_citations
from archive.store.crawls import begun_as
from archive.store.likenesses import drop_likenesses, likenesses
from archive.store.nearby import follow, kind_of_page, moved_to
from archive.store.relations import forget_notice, mark_around
from archive.store.rows import ask, insert_all, upsert
from archive.store.stamps import is_stamped
from archive.store.times import day, instant, read_day, read_instant
from archive.text import MIN_COMPARED, normalise
from archive.urls import notice_id, url_key

Step = Literal["look", "read", "file", "fate", "compare", "settle", "relate"]


def put_copy(db: Database, copy: Copy) -> None:
    """Keep a copy as its captures now say, with every claim, and the attachments and parts of the latest."""
    upsert(db, "copies", _copy_row(copy), "url_key")
    db.execute("delete from claims where copy = ?", [copy.url_key])
    claims = ({"copy": copy.url_key, "claimed_key": key, "cms_id": cms_id(key)} for key in copy.claimed_keys)
    insert_all(db, "claims", claims)
    put_links(db, copy.url_key, copy.source, copy.reading.attachments)
    db.execute("delete from parts where copy = ?", [copy.url_key])
    parts = (
        {"copy": copy.url_key, "number": number, "url": url, "url_key": url_key(url)}
        for number, url in enumerate(copy.reading.parts, 1)
    )
    insert_all(db, "parts", parts)


def put_first(db: Database, key: str) -> None:
    """Keep beside a copy what its first revision showed."""
    db.execute(
        "update copies set (first_title, first_published_on, first_text_digest) ="
        " (select title, json_extract(fields, '$.published_on'), text_digest from revisions"
        " where copy = url_key and number = 1) where url_key = ?",
        [key],
    )


def drop_copy(db: Database, key: str) -> list[str]:
    """Take away what was read as a copy and is none; its notice goes with its last copy. Gives the copies beside it."""
    row = next(ask(db, "select notice from copies where url_key = ?", [key]), None)
    if row is None:
        return []
    drop_links(db, key)
    mark_around(db, [key])
    drop_likenesses(db, key)
    for table in ("matches", "fidelities", "revisions", "claims", "parts"):
        db.execute(f"delete from {table} where copy = ?", [key])  # noqa: S608 (names of ours)
    db.execute("delete from copies where url_key = ?", [key])
    db.execute("delete from aliases where alias in (?, ?)", [key, notice_id(key)])
    beside = [mate["url_key"] for mate in ask(db, "select url_key from copies where notice = ?", [row["notice"]])]
    if not beside and row["notice"] is not None:
        called = faces(db, [row["notice"]])
        forget_notice(db, row["notice"])
        db.execute("delete from aliases where notice = ?", [row["notice"]])
        db.execute("delete from notices where id = ?", [row["notice"]])
        put_citations(db, [], called)
    return beside


def claims(db: Database, key: str) -> set[str]:
    """What a copy ever named as its original, by url key."""
    return {row["claimed_key"] for row in ask(db, "select claimed_key from claims where copy = ?", [key])}


def wanted_parts(db: Database) -> list[Want]:
    """Further pages of split texts that nobody answered for since their first page was last seen, by url key."""
    rows = ask(
        db,
        "select parts.url, parts.url_key, parts.copy from parts join copies on copies.url_key = parts.copy"
        " where copies.state = 'live' and not exists (select 1 from captures where captures.url_key = parts.url_key"
        " and outcome in ('ok', 'not_modified', 'moved', 'gone', 'soft_404') and fetched_at >= copies.last_seen_at)"
        " order by parts.url_key, parts.copy",
    )
    wants = {row["url_key"]: row for row in reversed(list(rows))}
    return [Want(url=row["url"], url_key=key, kind="part", because=row["copy"]) for key, row in sorted(wants.items())]


def mark(db: Database, keys: Iterable[str], step: Step) -> None:
    """Note that these addresses have to be read again, their state told again, or to be settled again."""
    db.conn.executemany(
        "insert into dirty (step, url_key) values (?, ?) on conflict do nothing", [(step, key) for key in keys]
    )


def mark_all(db: Database, step: Step) -> None:
    """Note the same of every copy."""
    db.execute(
        "insert into dirty (step, url_key) select ?, url_key from copies where true on conflict do nothing", [step]
    )


def marked(db: Database, step: Step, limit: int, *, after: str = "") -> list[str]:
    """Addresses that wait for a step, by url key, from the one behind `after` on."""
    rows = db.execute(
        "select url_key from dirty where step = ? and url_key > ? order by url_key limit ?", [step, after, limit]
    )
    return [key for (key,) in rows]


def waiting(db: Database, step: Step) -> int:
    """How many addresses wait for a step."""
    return int(db.execute("select count(*) from dirty where step = ?", [step]).fetchone()[0])


def are_none(db: Database) -> bool:
    """Whether there is no copy yet."""
    return db.execute("select 1 from copies limit 1").fetchone() is None


def unmark(db: Database, keys: Iterable[str], step: Step) -> None:
    """A step is done for these addresses."""
    db.conn.executemany("delete from dirty where step = ? and url_key = ?", [(step, key) for key in keys])


def under(db: Database, source: Source) -> set[str]:
    """Copies whose address is, or was, one of this source's."""
    held = db.execute("select url_key from copies where source = ?", [source.key])
    mine = _beginning(db, "select url_key from copies where url_key", source.addresses)
    return mine | {key for (key,) in held}


def addresses_of(db: Database, source: str) -> set[str]:
    """Every address, by url key, that was asked for under a source's addresses, and the parts of its copies."""
    row = db.execute("select addresses from sources where key = ?", [source]).fetchone()
    asked = _beginning(db, "select url_key from captures where url_key", json.loads(row[0]) if row else ())
    parts = db.execute(
        "select parts.url_key from parts join copies on copies.url_key = parts.copy where copies.source = ?", [source]
    )
    return asked | {key for (key,) in parts}


def about(db: Database, source: Source, agencies: Sequence[str]) -> set[str]:
    """Copies of notices that are, or may now be, this source's: by their original's address or the issuing agency."""
    found = _beginning(
        db,
        "select url_key from copies where notice in (select notice from aliases where alias",
        source.addresses,
        end=")",
    )
    for agency in agencies:
        found |= {row["url_key"] for row in ask(db, "select url_key from copies where issuing_agency = ?", [agency])}
    rows = ask(db, "select url_key from copies where notice in (select id from notices where source = ?)", [source.key])
    return found | {row["url_key"] for row in rows}


def put_owner(db: Database, key: str, source: str | None) -> None:
    """Say whose address a copy's is."""
    db.execute("update copies set source = ? where url_key = ?", [source, key])


def sighted(db: Database, key: str) -> tuple[str, datetime]:
    """A copy's address and when it was first seen."""
    row = next(ask(db, "select url, first_seen_at from copies where url_key = ?", [key]))
    return row["url"], read_instant(row["first_seen_at"])


def held(db: Database, sources: Iterable[str], before: datetime) -> list[Held]:
    """Copies of these sources that were last asked for before then, those that are gone too; oldest check first."""
    rows = ask(
        db,
        "select copies.url, copies.url_key, source, state, first_seen_at, checked_at, latest.etag, latest.last_modified"
        ", (select max(fetched_at) from captures where captures.url_key = copies.url_key and outcome <> 'refused')"
        "  as asked_at"
        " from copies left join captures latest on latest.id = ("
        "  select id from captures where captures.url_key = copies.url_key and kind = 'article'"
        "  order by fetched_at desc, record_id desc limit 1)"
        " where source in (select value from json_each(?)) and checked_at < ?"
        " order by checked_at, copies.url_key",
        [json.dumps(list(sources)), instant(before)],
    )
    return [
        Held(
            url=row["url"],
            url_key=row["url_key"],
            source=row["source"],
            state=row["state"],
            first_seen_at=read_instant(row["first_seen_at"]),
            checked_at=read_instant(row["checked_at"]),
            asked_at=read_instant(row["asked_at"]) if row["asked_at"] is not None else None,
            etag=row["etag"],
            last_modified=row["last_modified"],
        )
        for row in rows
    ]


def urls_of(db: Database, keys: Iterable[str]) -> list[str]:
    """The addresses of copies, in fetch form."""
    return [sighted(db, key)[0] for key in keys]


def witnesses(db: Database, keys: Iterable[str]) -> list[Witness]:
    """The copies at these addresses, as tracing sees them."""
    found: list[Witness] = []
    for key in keys:
        rows = ask(
            db,
            "select copies.*, coalesce(sources.kind, 'unknown') as source_kind, revisions.text, revisions.number"
            " from copies left join sources on sources.key = copies.source"
            " join revisions on revisions.copy = copies.url_key where url_key = ?"
            " order by revisions.number desc limit 1",
            [key],
        )
        like = likenesses(db, key)
        found.extend(
            Witness(
                url=row["url"],
                url_key=row["url_key"],
                kind=row["source_kind"],
                title=row["title"],
                published_on=None if is_stamped(db, key) else read_day(row["published_on"]),
                attribution=row["attribution"],
                agency=row["issuing_agency"],
                claimed_url=row["claimed_original"],
                claimed_key=follow(db, row["claimed_key"]) if row["claimed_key"] else None,
                claim_evidence=json.loads(row["evidence"]).get("claimed_original"),
                claim_kind=kind_of_page(db, row["claimed_key"]) if row["claimed_key"] else None,
                text=row["text"],
                text_digest=row["text_digest"],
                text_length=row["text_length"],
                document_number=row["document_number"],
                like=tuple(one for one in like if one.veto is None),
                parted=frozenset(one.other for one in like if one.veto is not None),
                source=row["source"],
                cms_id=row["cms_id"],
                first_seen_at=read_instant(row["first_seen_at"]),
                last_seen_at=read_instant(row["last_seen_at"]),
                first_crawl=_crawl_at(db, key, row["first_seen_at"]),
                last_crawl=_crawl_at(db, key, row["last_seen_at"]),
                files=_files(db, key) if row["text_length"] < MIN_COMPARED else frozenset(),
                first=_first_state(db, key) if row["number"] > 1 else None,
                moved_to=moved_to(db, key, row["last_seen_at"]),
            )
            for row in rows
        )
    return found


def _crawl_at(db: Database, key: str, at: str) -> str:
    rows = ask(
        db, "select crawl from captures where url_key = ? and fetched_at = ? order by record_id limit 1", [key, at]
    )
    return next((begun_as(db, row["crawl"]) for row in rows), "")


def _files(db: Database, key: str) -> frozenset[str]:
    return frozenset(row["name"] for row in ask(db, "select name from attachments where copy = ?", [key]))


def _first_state(db: Database, key: str) -> FirstState:
    row = next(
        ask(
            db,
            "select first_title, first_published_on, revisions.text_digest, text from copies"
            " join revisions on copy = url_key and number = 1 where url_key = ?",
            [key],
        )
    )
    return FirstState(
        title=row["first_title"],
        published_on=read_day(row["first_published_on"]),
        text=row["text"],
        text_digest=row["text_digest"],
        text_length=len(normalise(row["text"])),
    )


def fields_of(reading: Reading) -> dict[str, str | list[str] | None]:
    """The fields of a reading as they stand in `copies`, and among others in `revisions.fields`."""
    return {
        "title": reading.title,
        "published_on": day(reading.published_on),
        "published_at": instant(reading.published_at) if reading.published_at else None,
        "published_raw": reading.published_raw,
        "written_on": day(reading.written_on),
        "written_raw": reading.written_raw,
        "effective_on": day(reading.effective_on),
        "effective_raw": reading.effective_raw,
        "document_number": reading.document_number,
        "document_number_raw": reading.document_number_raw,
        "document_type": reading.document_type,
        "index_number": reading.index_number,
        "issuing_agency": reading.issuing_agency,
        "issuing_agencies": list(reading.issuing_agencies),
        "issuing_agency_raw": reading.issuing_agency_raw,
        "attribution": reading.attribution,
        "attribution_raw": reading.attribution_raw,
        "author": reading.author,
        "author_raw": reading.author_raw,
        "site_name": reading.site_name,
        "channel_name": reading.channel_name,
        "subject_category": reading.subject_category,
        "claimed_original": reading.claimed_original,
        "validity": reading.validity,
        "validity_raw": reading.validity_raw,
    }


def _beginning(db: Database, sql: str, addresses: Sequence[str], *, end: str = "") -> set[str]:
    """What a query that ends with the name of a column of url keys finds under some addresses."""
    found: set[str] = set()
    for prefix in addresses:
        for test, bound in (("= ?", [prefix.rstrip("/")]), (">= ? and {} < ?", [prefix, prefix + "\U0010ffff"])):
            rows = ask(db, f"{sql} {test.format(sql.rpartition(' ')[2])}{end}", bound)
            found.update(row["url_key"] for row in rows)
    return found


def _copy_row(copy: Copy) -> dict[str, object]:
    fields = fields_of(copy.reading)
    return {
        **fields,
        "issuing_agencies": _json(fields["issuing_agencies"]),
        "url": copy.url,
        "url_key": copy.url_key,
        "source": copy.source,
        "claimed_key": copy.claimed_key,
        "cms_id": cms_id(copy.url_key),
        "text_digest": copy.text_digest,
        "text_length": copy.text_length,
        "evidence": _json(dict(copy.reading.evidence)),
        "conflicts": _json([asdict(conflict) for conflict in copy.reading.conflicts]),
        "first_seen_at": instant(copy.first_seen_at),
        "last_seen_at": instant(copy.last_seen_at),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
