"""Questions of `docs/asking-a-release.md`, an archive to ask them of, and what that answers by its own queries.

A question is asked of the release alone, in SQL or in pandas, as the page prints it.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import chdir, closing
from pathlib import Path
from statistics import median_low
from typing import Any, Literal, get_args

from archive.browse.statements import canned_queries
from archive.export.formats import EXPORTERS
from archive.store import Database, open_reader
from archive.store.divisions import load_divisions, place
from archive.store.search import register
from archive.store.tables import table_rows, tables_of
from archive.urls import notice_id, url_key
from tests.build import BUREAU, a_copy, a_notice, a_revision, a_source, an_archive
from tests.editions import Release, released

Question = Literal["by_province", "lags", "edits", "coded"]
Row = tuple[Any, ...]

PAGE = (Path(__file__).parents[1] / "docs" / "asking-a-release.md").read_text("utf-8")
SECTIONS: Mapping[Question, str] = dict(
    zip(get_args(Question), re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:], strict=True)
)
QUERIES = {query.name: query for query in canned_queries()}


def printed(question: Question, language: str) -> str:
    """The lines for a question in one language."""
    [lines] = re.findall(rf"```{language}\n(.*?)```", SECTIONS[question], re.DOTALL)
    return str(lines)


def in_sql(folder: Path, question: Question, codes: Sequence[Row] = ()) -> list[Row]:
    """What a plain sqlite3 answers from the database of the release `r1` in a folder."""
    conn = sqlite3.connect(f"file:{folder / 'r1' / 'notices.sqlite'}?immutable=1", uri=True)
    conn.execute("create temp table codes (id, topic)")
    conn.executemany("insert into codes values (?, ?)", codes)
    rows = conn.execute(printed(question, "sql")).fetchall()
    conn.close()
    return rows


def in_pandas(folder: Path, question: Question, codes: Sequence[Row] = ()) -> list[Row]:
    """What pandas answers from its CSV files."""
    lines = [f"{notice},{topic}\n" for notice, topic in codes]
    (folder / "r1" / "codes.csv").write_text("".join(["id,topic\n", *lines]), "utf-8")
    names: dict[str, Any] = {}
    with chdir(folder / "r1"):
        exec(compile(printed(question, "python"), "docs/asking-a-release.md", "exec"), names)
    answer = names["answer"].astype(object)
    return list(answer.where(answer.notna(), None).itertuples(index=False, name=None))


class Asked:
    """An archive, to be asked its own queries."""

    def __init__(self, database: Path) -> None:
        self.conn = sqlite3.connect(database)
        self.conn.row_factory = sqlite3.Row
        register(self.conn)

    def close(self) -> None:
        """Let it go."""
        self.conn.close()

    def by_province(self) -> dict[tuple[str, int | None], tuple[int, int]]:
        """Province and year → how many notices about 低保, and how many months of its bureaus nobody saw."""
        found = {
            (row["province"], row["year"] if row["year"] != "—" else None): (row["notices"], 0)
            for row in self._told("notices_by_province", q="低保")
        }
        bureaus = dict(self.conn.execute("select key, division from sources where kind = 'bureau'").fetchall())
        for row in self._told("coverage_by_month"):
            if row["source"] in bureaus:
                cell = (place(bureaus[row["source"]])[0] or "—", int(row["year"]))
                notices, unobserved = found.get(cell, (0, 0))
                found[cell] = (notices, unobserved + row["unobserved"])
        return found

    def lags(self) -> set[Row]:
        """Portal, how many documents, and the median of days; the last of all portals whose days are believed."""
        sites = [row for row in self._told("repost_lag") if row["kind"] == "portal" and row["dated"]]
        portals = {(row["site"], row["dated"], row["half_within"]) for row in sites}
        days = self.conn.execute(
            "select c.source, c.notice, min(julianday(c.published_on) - julianday(o.published_on)) as days"
            " from copies c join copies o on o.notice = c.notice and o.role = 'original'"
            " join sources on sources.key = c.source and kind = 'portal'"
            " where c.role = 'repost' and c.source <> 'jinri' group by 1, 2 having days >= 0"
        )
        lags = [row["days"] for row in days]
        return portals | {("—", len(lags), median_low(lags))}

    def edits(self) -> list[Row]:
        """Edits of originals, what matters most first."""
        names = ("id", "title", "published_on", "headline", "classes", "unchanged_until", "found_at")
        return [spaced(tuple(row[name] for name in names)) for row in self._told("edits")]

    def _told(self, name: str, **given: str) -> list[sqlite3.Row]:
        query = QUERIES[name]
        return self.conn.execute(query.sql, dict.fromkeys(query.parameters, "") | given).fetchall()


def spaced(row: Row) -> Row:
    """A row whose lists are spelled as Python spells JSON, whoever wrote them."""
    return tuple(json.dumps(json.loads(cell)) if str(cell).startswith("[") else cell for cell in row)


def make_archive(folder: Path) -> None:
    """Make an archive with notices of three provinces and the state, portals, gaps and edits; and its release `r1`."""
    with closing(an_archive(folder / "notices.db")) as db:
        load_divisions(db)
        with db.atomic():
            fill(db)
    with closing(open_reader(folder / "notices.db")) as db:
        write_tables(released(db, folder / "r1"))


def make_coded(folder: Path) -> set[Row]:
    """Make two releases; gives rows coded on the first, with the id that each has in `r1` and whether it is divided.

    One notice is as it was, one has another id, one was divided, one is not there any more.
    """
    same, moved, divided, lost = (notice_id(url_key(f"{BUREAU}{number}.html")) for number in range(4))
    away = url_key("https://www.zixun.example/2.html")
    part = notice_id(away)
    with closing(an_archive(folder / "notices.db")) as db:
        for number in range(4):
            a_notice(db, url=f"{BUREAU}{number}.html")
        a_copy(db, divided, f"https://{away}")
        first = released(db, folder / "r0")
        db.execute("pragma foreign_keys = off")
        db.execute("update notices set id = 'moved' where id = ?", [moved])
        db["aliases"].insert({"alias": moved, "kind": "id", "notice": "moved"})
        db["notices"].insert({"id": part, "best_copy": away, "original_captured": 0})
        db.execute("update copies set notice = ? where url_key = ?", [part, away])
        db.execute("delete from notices where id = ?", [lost])
        db.execute("delete from copies where notice = ?", [lost])
        second = released(db, folder / "r1", first)
    expected = {(same, 1, same, 0), (moved, 2, "moved", 0), (divided, 3, divided, 1), (lost, 4, None, 0)}
    write_tables(second)
    return expected


def fill(db: Database) -> None:
    places = {"hubei": "420000", "hunan": "430000", "shanghai": "310000", "guojia": None}
    for key, division in places.items():
        a_source(db, key, agency=f"{key}民政局", home=f"https://mzj.{key}.example/")
        db["sources"].update(key, {"division": division})
    for key in ("zixun", "ribao", "jinri"):
        a_source(db, key, kind="portal", agency=f"{key}网", home=f"https://www.{key}.example/")
    titles = ["关于低保复核的通知", "养老服务补贴公告", "关于做好低保工作的意见"]
    for number in range(18):
        source = list(places)[number % 4]
        province, _ = place(places[source])
        day = f"202{1 + number % 3}-0{1 + number % 9}-1{number % 7}" if number != 6 else None
        text = "各区县：\n请按低保标准执行。" if number % 5 == 0 else f"各区县：\n第{number}号事项。"
        url = f"https://mzj.{source}.example/tzgg/{number}.html"
        said = {"published_on": day, "province": province, "division": places[source], "issuing_agency": f"{source}局"}
        notice = a_notice(db, titles[number % 3], text, url=url, source=source, **said)
        db.execute("update copies set published_on = ? where notice = ?", [day, notice])
        for portal, later in (("zixun", number % 4), ("ribao", number % 6 - 1), ("jinri", 0)):
            if number % 2 or portal == "zixun":
                shown = f"date('{day}', '+{later} days')" if day else "null"
                at = f"https://www.{portal}.example/{number}.html"
                key = a_copy(db, notice, at, source=portal, text=text)
                db.execute(f"update copies set published_on = {shown} where url_key = ?", [key])
        if number % 3 == 0:
            edit(db, url_key(url), number)
    edit(db, url_key("https://www.zixun.example/1.html"), 1)
    db["stamped_hosts"].insert({"host": "jinri.example", "pages": 40, "same_day": 40})
    file = {"copy": url_key("https://mzj.hunan.example/tzgg/1.html"), "url": f"{BUREAU}1.pdf", "name": "附件"}
    db["attachments"].insert({**file, "text": "低保标准表"})
    db.execute(
        "update notices set attachments_text = '低保标准表' where id = (select notice from copies where url_key = ?)",
        [file["copy"]],
    )
    for source in (*places, "zixun"):
        for month, state in (("2021-12", "complete"), ("2022-01", "partial"), ("2022-02", "unobserved")):
            for channel in ("a", "b"):
                seen = "complete" if channel == "b" and source == "hunan" else state
                counts = dict.fromkeys(("listed", "captured", "readable"), None if seen == "unobserved" else 2)
                row = {"source": source, "channel": channel, "month": month, "state": seen}
                db["coverage"].insert({**row, **counts})


def edit(db: Database, key: str, number: int) -> None:
    """One edit of a page, of a kind that the number says."""
    classes, rank = [(["amount"], 1), (["cosmetic"], 9), (["deadline", "text"], 2)][number // 3 % 3]
    at = f"2024-0{1 + number % 9}-01T00:00:00.000Z"
    a_revision(
        db, key, text="改", seen_at=at, classes=json.dumps(classes), rank=rank, headline=f"第{number}处", changed="[]"
    )


def write_tables(release: Release) -> None:
    """Write every table of a release as CSV."""
    with closing(open_reader(release.database)) as db:
        for table in tables_of(db):
            with EXPORTERS["csv"].write(release.folder / f"{table.name}.csv", table) as sink:
                for rows in table_rows(db, table):
                    sink(rows)
