"""Table `attachments`: the files that copies link, which payload each is by now and what it says, or why there is none.

All of it is a function of the links of copies and of the captures of their addresses.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from archive.records import Link
from archive.store.captures import Row
from archive.store.files import KeptFile, versions_of
from archive.store.nearby import LEADING, LED
from archive.store.rows import ask, insert_all
from archive.store.times import read_instant
from archive.urls import url_key

NOT_YET = "not captured yet"
NAMES_ONLY = "names only: the files of this source are not fetched"
_HOPS = 5
_REASONS = {
    "robots": "robots.txt forbids it",
    "too_large": "too large",
    "gone": "gone",
    "soft_404": "gone",
    "refused": "not asked",
    "ok": "not a file",
    "wrong_type": "not a file",
    "stub": "not a file",
    "moved": "it leads elsewhere",
}
"""What the last answer of an address means for its file; of every other outcome the name says enough."""
_ELSEWHERE = "not here: it was as in an earlier capture, which no WARC file of this archive holds"
_LAST = "9999"
"""After every instant."""
_SAID = ("Forbidden by robots.txt",)
"""Details that say no more than their outcome."""


def put_links(db: Database, copy: str, source: str | None, links: Iterable[Link]) -> None:
    """Keep which files a copy links, none of a source without any; what is captured of them is told anew."""
    mode = next(ask(db, "select attachments from sources where key = ?", [source]), {"attachments": "all"})
    before = {row["url_key"] for row in ask(db, "select url_key from attachments where copy = ?", [copy])}
    db.execute("delete from attachments where copy = ?", [copy])
    rows = [
        {"copy": copy, "url": link.url, "url_key": url_key(link.url), "name": link.name, "skipped": NOT_YET}
        for link in (links if mode["attachments"] != "none" else ())
    ]
    insert_all(db, "attachments", rows, ignoring=True)
    mark_files(db, before | {str(row["url_key"]) for row in rows})


def drop_links(db: Database, copy: str) -> None:
    """A page is no copy any more: nobody links for it."""
    put_links(db, copy, None, ())


def versions_shown(db: Database, copy: str) -> dict[str, list[tuple[datetime, str]]]:
    """Address of each file that a copy links → since when it showed which digest, oldest first."""
    return {
        url: [(read_instant(version.seen_from), version.sha256) for version in versions_of(db, key)]
        for url, key in links_of(db, copy).items()
    }


def links_of(db: Database, copy: str) -> dict[str, str]:
    """Address → url key of the files that a copy links."""
    return {
        row["url"]: row["url_key"] for row in ask(db, "select url, url_key from attachments where copy = ?", [copy])
    }


def mark_files(db: Database, keys: Iterable[str]) -> None:
    """Note that it has to be told anew what stands at these addresses of files."""
    db.conn.executemany(
        "insert into dirty (step, url_key) values ('file', ?) on conflict do nothing", [(key,) for key in keys]
    )


def mark_answered(db: Database, key: str) -> None:
    """Note which files an answer at an address is about: the one there, and those that lead to it."""
    db.conn.execute(_MARK_ANSWERED, [key])


def mark_sources(db: Database, copies: Iterable[str]) -> set[str]:
    """Tell anew what these copies link: their source may take files otherwise now. Gives those that must be read."""
    anew: set[str] = set()
    for copy in copies:
        mark_files(db, links_of(db, copy).values())
        row = next(ask(db, _TAKEN_OTHERWISE, [copy]), None)
        if row is not None and row["listed"] != row["wanted"]:
            anew.add(copy)
    return anew


def linking(db: Database, key: str) -> list[str]:
    """The copies that link an address as a file."""
    return [row["copy"] for row in ask(db, "select copy from attachments where url_key = ? order by copy", [key])]


def named(db: Database, key: str) -> list[Link]:
    """The links to an address as a file, each name and spelling once."""
    rows = ask(db, "select distinct name, url from attachments where url_key = ? order by url, name", [key])
    return [Link(name=row["name"], url=row["url"]) for row in rows]


def put_name(db: Database, links: Iterable[Link], name: str) -> None:
    """Call files otherwise, wherever they are linked like this."""
    db.conn.executemany(
        "update attachments set name = ? where url = ? and name = ?", [(name, link.url, link.name) for link in links]
    )


def file_captures(db: Database, key: str) -> list[Row]:
    """What answered at an address of a file, and where that led at its time, oldest first.

    Given are files, and answers that one is as before.
    """
    return [
        row
        for row in ask(db, _SHOWN, [key])
        if row["url_key"] == key or row["url_key"] in _chain(db, key, str(row["fetched_at"]))
    ]


def put_shown(db: Database, key: str, file: KeptFile | None) -> None:
    """Say in the rows of an address what stands there, or why nothing does, and make it searchable with its notices."""
    said = (
        (file.reading.media_type, file.digest, file.size, file.reading.text, file.reading.unread)
        if file is not None
        else (None, None, None, None, _why_not(db, key))
    )
    db.execute(
        "update attachments set media_type = ?, payload_digest = ?, size = ?, text = ?, skipped = ? where url_key = ?",
        [*said, key],
    )
    if file is None:
        db.execute(
            "update attachments set skipped = ? where url_key = ? and skipped = ? and copy in"
            " (select url_key from copies join sources on sources.key = source where sources.attachments = 'names')",
            [NAMES_ONLY, key, NOT_YET],
        )
    notices = ask(
        db,
        "select distinct notices.id, best_copy from notices join copies on copies.notice = notices.id"
        " where copies.url_key in (select copy from attachments where attachments.url_key = ?)",
        [key],
    )
    for row in list(notices):
        mine = ask(db, "select url_key from copies where notice = ?", [row["id"]])
        text = attached_text(db, [copy["url_key"] for copy in mine], best_copy=row["best_copy"])
        db.execute(
            "update notices set attachments_text = ?1 where id = ?2 and attachments_text <> ?1", [text, row["id"]]
        )


def attached_text(db: Database, copies: Iterable[str], *, best_copy: str | None) -> str:
    """What the files say that the copies of one notice link, each file once: those of its best copy first."""
    rows = ask(
        db,
        "select attachments.text, files.sha256 from attachments join files using (payload_digest)"
        " where copy in (select value from json_each(?)) and attachments.text is not null"
        " order by copy is not ?, copy, attachments.url",
        [json.dumps(list(copies)), best_copy],
    )
    texts: dict[str, str] = {}
    for row in rows:
        texts.setdefault(row["sha256"], row["text"])
    return "\n".join(texts.values())


def _chain(db: Database, key: str, at: str) -> list[str]:
    """An address, and where it led at an instant: by what it last answered until then, else by its first answer."""
    keys = [key]
    while len(keys) <= _HOPS:
        row = next(
            ask(
                db,
                "select outcome, location_key from captures where url_key = ? and outcome in ('ok', 'moved')"
                " order by fetched_at > ?, case when fetched_at > ? then fetched_at end, fetched_at desc,"
                " record_id desc limit 1",
                [keys[-1], at, at],
            ),
            None,
        )
        if row is None or row["outcome"] != "moved" or row["location_key"] in (None, *keys):
            break
        keys.append(row["location_key"])
    return keys


def _why_not(db: Database, key: str) -> str:
    """Why nothing stands at an address of a file: what its last answer was."""
    row = next(
        ask(
            db,
            "select outcome, kind, detail from captures where url_key in (select value from json_each(?))"
            " order by fetched_at desc, outcome = 'moved', record_id desc limit 1",
            [json.dumps(_chain(db, key, _LAST))],
        ),
        None,
    )
    if row is None:
        return NOT_YET
    if row["outcome"] == "ok" and row["kind"] == "file":
        return _ELSEWHERE
    reason = _REASONS.get(row["outcome"], row["outcome"])
    detail = row["detail"] or ("a web page came in its place" if reason == "not a file" else None)
    if row["outcome"] == "soft_404" and detail:
        detail = f"a page came in its place that says {detail}"
    return f"{reason}: {detail}" if detail and detail not in _SAID else reason


_SHOWN = f"""{LED}
    select captures.* from captures join led using (url_key)
    where outcome = 'not_modified' or (outcome = 'ok' and payload_digest is not null and kind in ('file', 'other'))
    order by fetched_at, record_id
"""  # noqa: S608 (ours)

_TAKEN_OTHERWISE = """
    select exists (select 1 from attachments where copy = copies.url_key) as listed,
           coalesce(sources.attachments, 'all') <> 'none' and coalesce(
             (select json_array_length(fields, '$.attachments') from revisions where copy = copies.url_key
              order by number desc limit 1), 0) > 0 as wanted
    from copies left join sources on sources.key = copies.source where copies.url_key = ?
"""
# one statement, because every capture passes here
_MARK_ANSWERED = f"""{LEADING}
    insert into dirty (step, url_key)
    select 'file', key from leading where exists (select 1 from attachments where attachments.url_key = key)
    on conflict do nothing
"""  # noqa: S608 (ours)
