"""Table `decisions`: the image of `decisions.jsonl`, one row a line, and what follows from it for sources."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlite_utils import Database

from archive.records import Decision, Ruled
from archive.store.times import day, instant, read_day, read_instant
from archive.urls import url_key


def put_decisions(db: Database, decisions: Sequence[Decision]) -> set[str]:
    """Make the table equal to the file. Returns the url keys whose merges and splits came, went or changed."""
    rows = [_row(line, decision) for line, decision in enumerate(decisions, start=1)]
    held = list(db.query("select * from decisions order by line"))
    if held == rows:
        return set()
    db.execute("delete from decisions")
    db.table("decisions").insert_all(rows, pk="line")
    changed = [row for row in rows if row not in held] + [row for row in held if row not in rows]
    return {
        url_key(url) for row in changed if row["what"] in ("merge", "split") for url in json.loads(str(row["urls"]))
    }


def all_decisions(db: Database, what: Ruled | None = None) -> list[Decision]:
    """Every ruling, or those of one kind, in the order of its line."""
    return [
        Decision(
            at=read_instant(row["at"]),
            who=row["who"],
            what=row["what"],
            urls=tuple(json.loads(row["urls"])),
            why=row["why"],
            about=row["about"],
            until=read_day(row["until"]),
            retired_at=read_instant(row["retired_at"]) if row["retired_at"] else None,
        )
        for row in db.query("select * from decisions where what = coalesce(?, what) order by line", [what])
    ]


def put_pauses(db: Database) -> None:
    """Say of each source whether a person paused it, until when and why; a reader tells whether that day is over."""
    db.execute("update sources set state = 'active', until = null, why = null where state <> 'active'")
    said = db.query("select about, until, why, retired_at from decisions where what = 'pause' order by at, line")
    for row in {row["about"]: row for row in said}.values():
        if row["retired_at"] is None:
            db.execute(
                "update sources set state = 'paused', until = ?, why = ? where key = ?",
                [row["until"], row["why"], row["about"]],
            )


def _row(line: int, decision: Decision) -> dict[str, object]:
    return {
        "line": line,
        "at": instant(decision.at),
        "who": decision.who,
        "what": decision.what,
        "urls": json.dumps(decision.urls, ensure_ascii=False),
        "why": decision.why,
        "about": decision.about,
        "until": day(decision.until),
        "retired_at": instant(decision.retired_at) if decision.retired_at else None,
    }
