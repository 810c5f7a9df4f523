"""Tables `notices`, `matches`, `aliases`: what settling decided, written for one closed set of copies at a time."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.records import Match, Plan, Settlement
from archive.store.aliases import put_aliases
from archive.store.attachments import attached_text
from archive.store.citations import faces, put_citations
from archive.store.divisions import place
from archive.store.relations import forget_notice, mark_around, stand
from archive.store.rows import ask, insert, update, upsert
from archive.store.times import instant
from archive.urls import owner, url_key

Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Which run settles, for the log of moves."""

    id: str
    at: datetime


def put_settlement(
    db: Database, closed: Iterable[str], settlement: Settlement, run: Run | None, addresses: Mapping[str, str]
) -> int:
    """Write the notices, matches and aliases of a closed set of addresses. Returns how many copies moved.

    Moves are logged as the run's; without one nothing was given out yet that could have moved.
    A notice whose id changed keeps its row; a notice left without copies goes, its id lives on as an alias.
    What the notices cite, and who cites them, is told anew; what those that changed are related to waits to be.
    """
    keys = [match.copy for match in settlement.matches]
    copies = {key: _one(db, "select * from copies where url_key = ?", key) for key in keys}
    before = {key: row["notice"] for key, row in copies.items()}
    after = {match.copy: match.notice for match in settlement.matches}
    new = {plan.id for plan in settlement.plans}
    old_ones = {str(notice) for notice in before.values() if notice}
    called = faces(db, old_ones | new)
    stood = {notice: stand(db, notice) for notice in new}
    _keep_rows(db, settlement.plans, before)
    for plan in settlement.plans:
        _put_notice(db, plan, copies, addresses)
    for match in settlement.matches:
        _put_match(db, match, settlement, before[match.copy], run)
    for touched in old_ones | new:
        db.execute("delete from aliases where notice = ?", [touched])
    for old in old_ones - new:
        forget_notice(db, old)
        db.execute("delete from notices where id = ?", [old])
    roots = {plan.original_key: plan.id for plan in settlement.plans if plan.original_key is not None}
    put_aliases(db, {*closed, *roots}, roots)
    put_citations(db, sorted(new), called)
    restless: set[object] = {notice for notice in new if stand(db, notice) != stood[notice]}
    restless |= {notice for key in keys if before[key] != after[key] for notice in (before[key], after[key])}
    mark_around(db, [key for key in keys if after[key] in restless])
    return sum(before[key] not in (None, after[key]) for key in keys)


def settled_by(db: Database) -> str | None:
    """The version of tracing that settled every copy; None where that is not known."""
    row = db.execute("select value from archive_state where key = 'matcher_version'").fetchone()
    return row[0] if row is not None else None


def put_settled_by(db: Database, version: str) -> None:
    """Note which version of tracing settles every copy."""
    upsert(db, "archive_state", {"key": "matcher_version", "value": version}, "key")


def find(db: Database, text: str) -> str | None:
    """The id of the notice that an id, a former id or an address of a copy or original names."""
    row = next(ask(db, "select id from notices where id = ?", [text]), None)
    if row is not None:
        return str(row["id"])
    keys = [text]
    with contextlib.suppress(ValueError):
        keys.append(url_key(text))
    for key in keys:
        row = next(ask(db, "select notice from aliases where alias = ?", [key]), None)
        if row is not None:
            return str(row["notice"])
    return None


def members(db: Database, notice: str) -> list[str]:
    """The addresses of a notice's copies and of its named original, the best copy first."""
    found = ask(
        db,
        "select copies.url from copies join notices on notices.id = copies.notice where copies.notice = ?"
        " order by copies.url_key <> notices.best_copy, copies.url_key",
        [notice],
    )
    urls = [row["url"] for row in found]
    named = _one(db, "select original_url, original_captured from notices where id = ?", notice)
    if named["original_url"] and not named["original_captured"]:
        urls.append(str(named["original_url"]))
    return urls


def _keep_rows(db: Database, plans: tuple[Plan, ...], before: Mapping[str, object]) -> None:
    """Give the row of a notice that goes to one that comes, when they share their best copy: ids follow by cascade."""
    new = {plan.id for plan in plans}
    gone = {str(notice) for notice in before.values() if notice} - new
    for plan in plans:
        old = before.get(plan.best_copy)
        if old in gone and not _exists(db, plan.id):
            db.execute("update notices set id = ? where id = ?", [plan.id, old])
            gone.discard(str(old))


def _put_notice(db: Database, plan: Plan, copies: Mapping[str, Row], addresses: Mapping[str, str]) -> None:
    best = copies[plan.best_copy]
    mine = [copies[key] for key in plan.roles]
    text = _one(
        db, "select text, text_digest from revisions where copy = ? order by number desc limit 1", plan.best_copy
    )
    publisher = _publisher(db, plan, best, addresses)
    agencies = _issuers(db, best) or ([publisher["agency"]] if publisher else [])
    agency = agencies[0] if agencies else None
    division = _division(db, publisher, agency)
    province, city = place(division) if division else (None, None)
    row = {
        "id": plan.id,
        "original_url": plan.original_url,
        "original_captured": int(plan.original_captured),
        "issuing_agency": agency,
        "issuing_agencies": json.dumps(agencies, ensure_ascii=False),
        "best_copy": plan.best_copy,
        "copies": len(mine),
        "source": publisher["key"] if publisher else best["source"],
        "division": division,
        "province": province,
        "city": city,
        "text": text["text"],
        "text_digest": text["text_digest"],
        "attachments_text": attached_text(db, plan.roles, best_copy=plan.best_copy),
        "first_seen_at": min(str(copy["first_seen_at"]) for copy in mine),
        "last_seen_at": max(str(copy["last_seen_at"]) for copy in mine),
    }
    taken = (
        "title",
        "document_type",
        "document_number",
        "index_number",
        "published_on",
        "written_on",
        "effective_on",
        "validity",
    )
    row.update({name: best[name] for name in taken})
    if _exists(db, plan.id):
        update(db, "notices", row, "id")
    else:
        insert(db, "notices", row)


def _publisher(db: Database, plan: Plan, best: Row, addresses: Mapping[str, str]) -> Row | None:
    """The bureau whose document it is: who owns the original's address, else the best copy's source if a bureau."""
    key = owner(plan.original_key, addresses) if plan.original_key else best["source"]
    row = _one(db, "select * from sources where key = ?", key) if key else {}
    return row if row and row["kind"] == "bureau" else None


def _issuers(db: Database, best: Row) -> list[object]:
    """Who issued it, as the best copy says: not a portal that the page only names as where it comes from."""
    said = json.loads(str(best["issuing_agencies"])) or ([best["issuing_agency"]] if best["issuing_agency"] else [])
    where = json.loads(str(best["evidence"]))
    read = str(where.get("issuing_agency"))
    is_cell = read.startswith("table:") and best["issuing_agency"] == best["attribution"]
    if not is_cell and read not in ("account", where.get("attribution")):
        return said
    return [name for name in said if not _is_portal(db, name)]


def _is_portal(db: Database, agency: object) -> bool:
    """Whether a name is that of a portal, and of no bureau."""
    kinds = {row["kind"] for row in ask(db, "select kind from sources where agency = ?", [agency])}
    return "portal" in kinds and "bureau" not in kinds


def _division(db: Database, publisher: Row | None, agency: object) -> str | None:
    """The publisher's place; for a document known only from a portal, the place of the bureau of that name."""
    if publisher is not None:
        return str(publisher["division"]) if publisher["division"] else None
    known = "select division from sources where agency = ? and kind = 'bureau' order by key"
    row = _one(db, known, agency) if agency else {}
    return str(row["division"]) if row.get("division") else None


def _put_match(db: Database, match: Match, settlement: Settlement, old: object, run: Run | None) -> None:
    plan = next(plan for plan in settlement.plans if plan.id == match.notice)
    shown = _one(
        db,
        "select warc_file || '@' || warc_offset as place from captures where url_key = ? and kind = 'article'"
        " order by fetched_at desc, record_id desc limit 1",
        match.copy,
    )
    evidence = {**match.evidence, "capture": str(shown.get("place", ""))}
    upsert(
        db,
        "matches",
        {
            "copy": match.copy,
            "notice": match.notice,
            "rule": match.rule,
            "class": match.match_class,
            "confidence": match.confidence,
            "evidence": json.dumps(evidence, ensure_ascii=False, sort_keys=True),
        },
        "copy",
    )
    db.execute(
        "update copies set notice = ?, role = ? where url_key = ?", [match.notice, plan.roles[match.copy], match.copy]
    )
    if run is not None and old is not None and old != match.notice:
        insert(
            db,
            "match_history",
            {
                "copy": match.copy,
                "from": old,
                "to": match.notice,
                "run": run.id,
                "at": instant(run.at),
                "why": match.rule,
            },
        )


def _exists(db: Database, notice: str) -> bool:
    return bool(_one(db, "select n from notices where id = ?", notice))


def _one(db: Database, sql: str, value: object) -> Row:
    return next(ask(db, sql, [value]), {})
