"""Makers of rows for tests: each takes only what the test is about and fills in the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.store import open_writer
from archive.text import normalise, text_digest
from archive.trace.original import notice_id
from archive.urls import host, url_key

BUREAU = "https://mzj.shili.example/"
PORTAL = "https://www.zhuanzai.example/"
SEEN_AT = "2026-03-02T01:00:00Z"


def an_archive(path: Path) -> Database:
    """An empty `notices.db` with every table and the search index."""
    return open_writer(path)


def a_source(db: Database, key: str, *, kind: str = "bureau", agency: str = "示例市民政局", home: str = BUREAU) -> str:
    """A source, unless there is one of this key; gives its key."""
    if not db["sources"].count_where("key = ?", [key]):
        db["sources"].insert(
            {
                "key": key,
                "kind": kind,
                "agency": agency,
                "home": home,
                "family": "trs",
                "addresses": f'["{host(home)}/"]',
            }
        )
    return key


def a_notice(
    db: Database,
    title: str = "关于开展示例工作的通知",
    text: str = "各区县民政局：\n现将示例工作有关事项通知如下。",
    *,
    url: str | None = None,
    source: str = "shili",
    **columns: Any,
) -> str:
    """A notice with its original copy, a first revision and one capture; gives its id.

    Other columns of `notices` go by name. With `original_captured=0` the notice has no copy until one is made.
    """
    url = url or f"{BUREAU}tzgg/{db['notices'].count + 1}.html"
    known = notice_id(url_key(url))
    captured = columns.setdefault("original_captured", 1)
    row = {"id": known, "title": title, "text": text, "original_url": url, "source": a_source(db, source)}
    columns.setdefault("text_digest", text_digest(text))
    db["notices"].insert(
        {**row, "best_copy": url_key(url), "first_seen_at": SEEN_AT, "last_seen_at": SEEN_AT} | columns
    )
    if captured:
        a_copy(db, known, url, source=source, role="original", rule="original", text=text, title=title)
    return known


def a_copy(
    db: Database,
    notice: str,
    url: str,
    *,
    source: str = "shili",
    role: str = "repost",
    rule: str = "equal_text",
    evidence: dict[str, str] | None = None,
    title: str | None = None,
    text: str = "",
    **columns: Any,
) -> str:
    """A copy with the match that ties it to its notice, a first revision and a capture; gives its url key.

    `evidence` is the match's; other columns of `copies` go by name.
    """
    key = url_key(url)
    match_class = {"explicit_link": "link", "equal_text": "exact", "ruling": "ruling"}.get(rule, "self")
    db["copies"].insert(
        {
            "url_key": key,
            "url": url,
            "notice": notice,
            "role": role,
            "source": a_source(db, source),
            "title": title,
            "text_digest": text_digest(text),
            "text_length": len(normalise(text)),
            "first_seen_at": SEEN_AT,
            "last_seen_at": SEEN_AT,
        }
        | columns
    )
    db["matches"].insert(
        {
            "copy": key,
            "notice": notice,
            "rule": rule,
            "class": match_class,
            "confidence": 1.0,
            "evidence": json.dumps(evidence or {}, ensure_ascii=False),
        }
    )
    a_revision(db, key, title=title, text=text)
    a_capture(db, url)
    db.execute("update notices set copies = copies + 1 where id = ?", [notice])
    return key


def a_revision(db: Database, copy: str, *, text: str = "", seen_at: str = SEEN_AT, **columns: Any) -> int:
    """The next revision of a copy; gives its number. Other columns of `revisions` go by name."""
    number = db["revisions"].count_where("copy = ?", [copy]) + 1
    db["revisions"].insert(
        {
            "copy": copy,
            "number": number,
            "seen_from": seen_at,
            "seen_to": seen_at,
            "text": text,
            "text_digest": text_digest(text),
            "state_digest": text_digest(f"{number} {text}"),
        }
        | columns
    )
    return number


def a_capture(db: Database, url: str, **columns: Any) -> int:
    """A capture of a URL, an ok article by default; gives its integer key. Other columns go by name."""
    number = db["captures"].count + 1
    row = {
        "url": url,
        "url_key": url_key(url),
        "fetched_at": SEEN_AT,
        "status": 200,
        "outcome": "ok",
        "kind": "article",
        "record_id": f"<urn:test:{number}>",
        "warc_file": "2026/20260302T010000Z-abcdef-00000.warc.gz",
        "warc_offset": number * 1000,
        "warc_end": number * 1000 + 999,
        "crawl": "20260302T010000Z-abcdef",
    }
    return int(db["captures"].insert(row | columns).last_pk)


def a_citation(db: Database, notice: str, *, cited_notice: str | None = None, **columns: Any) -> int:
    """The next citation of a notice, a mention of an invented title by default; gives its integer key."""
    row = {
        "notice": notice,
        "number": db["citations"].count_where("notice = ?", [notice]) + 1,
        "kind": "mentions",
        "title": "示例管理办法",
        "cited_notice": cited_notice,
        "raw": "《示例管理办法》",
        "sentence": "根据《示例管理办法》，制定本通知。",
        "copy": "mzj.shili.example/tzgg/1.html",
    }
    return int(db["citations"].insert(row | columns).last_pk)
