"""The canned queries: what they count, and that the document about them says what they are."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.browse.statements import PARAMETERS, RESULTS, Query, canned_queries
from archive.labels import FIELDS
from archive.store.search import register
from tests.build import PORTAL, a_citation, a_copy, a_notice, a_revision, a_source, an_archive

DOCUMENT = Path(__file__).parents[2] / "docs" / "queries.md"
QUERIES = {query.name: query for query in canned_queries()}
OTHER = "https://www.ling.example/"


def section(query: Query) -> str:
    """What the document says of a query."""
    found = re.search(rf"^## [^\n]*\n\n\[`{query.name}`\].*?(?=^## |\Z)", DOCUMENT.read_text("utf-8"), re.M | re.S)
    assert found is not None, f"tell of {query.name} in docs/queries.md"
    return found[0]


def test_there_are_twelve_questions_and_the_search() -> None:
    assert len(QUERIES) == 13
    assert "search" in QUERIES


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.name)
def test_the_document_shows_each_query_as_it_is(query: Query) -> None:
    told = section(query)

    assert f"## {query.title.zh} · {query.title.en}\n" in told
    assert f"asks for {', '.join(f'`{name}`' for name in query.parameters)}.\n" in told
    assert query.description.zh in told
    assert query.description.en in told.replace(".\n", ". ")
    assert f"```sql\n{query.sql}\n```" in told


def test_the_document_tells_of_no_query_that_is_not_there() -> None:
    assert set(QUERIES) == set(re.findall(r"^\[`(\w+)`\]", DOCUMENT.read_text("utf-8"), re.M))


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.name)
def test_what_may_be_filled_in_has_words_in_both_languages(query: Query) -> None:
    asked = set(re.findall(r":([a-z_]+)", query.sql))

    assert set(query.parameters) == asked
    assert all(PARAMETERS[name].zh and PARAMETERS[name].en for name in asked)


class Asked:
    """An archive that is asked a canned query; what is not given is left blank."""

    def __init__(self, db: Database) -> None:
        self.db = db
        register(db.conn)

    def rows(self, name: str, **given: str) -> list[dict[str, Any]]:
        query = QUERIES[name]
        blank = dict.fromkeys(query.parameters, "")
        cursor = self.db.conn.execute(query.sql, blank | given)
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Asked]:
    db = an_archive(tmp_path / "notices.db")
    a_source(db, "menhu", kind="portal", agency="示例门户", home=PORTAL)
    yield Asked(db)
    db.close()


def test_every_query_answers_an_empty_archive_and_names_columns_that_have_words(archive: Asked) -> None:
    for query in QUERIES.values():
        cursor = archive.db.conn.execute(query.sql, dict.fromkeys(query.parameters, ""))
        columns = {column[0] for column in cursor.description}

        assert set() == {name for name in columns if not name.isdigit()} - set(RESULTS) - set(FIELDS), query.name
        assert [] == cursor.fetchall()


def test_a_notice_counts_once_however_many_pages_carry_it(archive: Asked) -> None:
    notice = a_notice(archive.db, published_on="2021-03-01", province="示例省", document_type="通知")
    for number in range(3):
        a_copy(archive.db, notice, f"{PORTAL}{number}.htm", source="menhu", published_on="2021-03-02")

    (by_province,) = archive.rows("notices_by_province")
    (by_type,) = archive.rows("document_types")
    (whom,) = archive.rows("who_reposts_whom")
    (most,) = archive.rows("most_reposted")
    assert ("示例省", 2021, 1) == (by_province["province"], by_province["year"], by_province["notices"])
    assert (1, 100.0) == (by_type["notices"], by_type["percent"])
    assert ("示例门户", "示例市民政局", 1, 3) == (whom["site"], whom["agency"], whom["notices"], whom["pages"])
    assert 1 == most["sites"]


def test_what_is_unknown_has_a_row_of_its_own(archive: Asked) -> None:
    a_notice(archive.db)

    assert [("—", "—", 1)] == [
        (row["province"], row["year"], row["notices"]) for row in archive.rows("notices_by_province")
    ]
    assert [("—", "—")] == [(row["year"], row["document_type"]) for row in archive.rows("document_types")]


def test_a_blank_condition_stands_for_everything_and_a_given_one_narrows(archive: Asked) -> None:
    a_notice(archive.db, "低保通知", published_on="2021-03-01", province="湖北省")
    a_notice(archive.db, "养老通知", published_on="2022-03-01", province="湖南省")
    a_notice(archive.db, "无日期")

    def provinces(**given: str) -> list[str]:
        return [row["province"] for row in archive.rows("notices_by_province", **given)]

    assert ["湖北省", "湖南省", "—"] == provinces()
    assert ["湖北省"] == provinces(q="低保")
    assert ["湖南省"] == provinces(province="湖南")
    assert ["湖南省"] == provinces(from_year="2022")
    assert ["湖北省"] == provinces(to_year="2021")


@pytest.mark.parametrize(
    ("days", "half", "nine_tenths"),
    [([3], 3, 3), ([0, 4], 0, 4), ([1, 2, 9], 2, 9), (list(range(1, 11)), 5, 9), ([-2, 1, 2], 1, 2)],
)
def test_half_of_the_reposts_came_within_so_many_days(
    archive: Asked, days: list[int], half: int, nine_tenths: int
) -> None:
    for number, later in enumerate(days):
        notice = a_notice(archive.db, f"第{number}号", published_on="2021-03-10")
        archive.db.execute("update copies set published_on = '2021-03-10' where notice = ?", [notice])
        a_copy(archive.db, notice, f"{PORTAL}{number}.htm", source="menhu", published_on=f"2021-03-{10 + later:02}")

    (row,) = archive.rows("repost_lag")
    assert (half, nine_tenths) == (row["half_within"], row["nine_tenths_within"])
    assert (len(days), sum(day < 0 for day in days)) == (row["documents"], row["early"])


def test_of_several_pages_of_one_site_the_earliest_is_its_repost(archive: Asked) -> None:
    notice = a_notice(archive.db, published_on="2021-03-01")
    archive.db.execute("update copies set published_on = '2021-03-01'")
    for day in ("09", "03", "05"):
        a_copy(archive.db, notice, f"{PORTAL}{day}.htm", source="menhu", published_on=f"2021-03-{day}")

    (row,) = archive.rows("repost_lag")
    assert (1, 2) == (row["documents"], row["half_within"])


def test_days_of_a_site_that_prints_the_day_of_capture_are_not_believed(archive: Asked) -> None:
    notice = a_notice(archive.db, published_on="2021-03-01")
    archive.db.execute("update copies set published_on = '2021-03-01'")
    a_copy(archive.db, notice, f"{PORTAL}1.htm", source="menhu", published_on="2026-03-02")
    archive.db["stamped_hosts"].insert({"host": "zhuanzai.example", "pages": 30, "same_day": 30})

    (row,) = archive.rows("repost_lag")
    assert (1, 0, None) == (row["documents"], row["dated"], row["half_within"])


def test_a_site_that_no_source_has_goes_by_its_host(archive: Asked) -> None:
    notice = a_notice(archive.db)
    key = a_copy(archive.db, notice, f"{OTHER}1.htm", claimed_key="mzj.shili.example/tzgg/1.html")
    archive.db.execute("update copies set source = null where url_key = ?", [key])

    for name in ("repost_lag", "who_reposts_whom", "originals_named"):
        (row,) = archive.rows(name)
        assert ("ling.example", "unknown") == (row["site"], row["kind"])
    assert (1, 1) == (row["linked"], row["leads_there"])


def test_a_repost_of_what_no_site_of_ours_published_names_whom_it_has_it_from(archive: Asked) -> None:
    for number, columns in enumerate(({"issuing_agency": "邻市民政局"}, {}, {})):
        notice = a_notice(
            archive.db, url=f"{OTHER}{number}.html", source="menhu", original_captured=0, best_copy="x", **columns
        )
        printed = {"attribution": "岚溪日报"} if number == 1 else {}
        a_copy(archive.db, notice, f"{PORTAL}{number}.htm", source="menhu", **printed)

    assert {"邻市民政局", "岚溪日报", "www.ling.example"} == {row["agency"] for row in archive.rows("who_reposts_whom")}


def test_edits_come_by_what_matters_and_mere_layout_not_at_all(archive: Asked) -> None:
    for rank, classes, headline in ((9, '["text"]', "乙"), (1, '["amount", "text"]', "甲"), (13, '["cosmetic"]', "丙")):
        a_notice(archive.db, headline, issuing_agency="示例市民政局")
        (copy,) = (row["url_key"] for row in archive.db.query("select url_key from copies order by rowid desc limit 1"))
        a_revision(archive.db, copy, seen_at="2026-04-01T00:00:00Z", rank=rank, classes=classes, headline=headline)
        archive.db["copies"].update(copy, {"checked_at": "2026-04-01T00:00:00Z"})
    a_notice(archive.db, "未再看", issuing_agency="示例市民政局")

    assert ["甲", "乙"] == [row["headline"] for row in archive.rows("edits")]
    assert ["甲"] == [row["headline"] for row in archive.rows("edits", edit_class="amount")]
    (row,) = archive.rows("edits_by_agency")
    assert (4, 3, 2, 66.7, 1) == tuple(
        row[name] for name in ("originals", "looked_again", "edited", "edited_percent", "amount")
    )


def test_an_edit_of_a_page_that_its_site_had_moved_is_an_edit_of_the_original(archive: Asked) -> None:
    notice = a_notice(archive.db, "移址", url=f"{OTHER}old.html", issuing_agency="示例市民政局")
    moved, other = (
        a_copy(archive.db, notice, f"{OTHER}{name}.html", role="mirror", rule="same_document")
        for name in ("new", "beside")
    )
    archive.db.execute("update notices set best_copy = ? where id = ?", [moved, notice])
    archive.db.execute("update copies set state = 'moved', checked_at = '2026-04-01' where role = 'original'")
    for copy in (moved, other):
        a_revision(archive.db, copy, seen_at="2026-04-01T00:00:00Z", rank=1, classes='["amount"]', headline=copy)

    assert [moved] == [row["headline"] for row in archive.rows("edits")]
    (row,) = archive.rows("edits_by_agency")
    assert (1, 1, 1) == (row["originals"], row["edited"], row["amount"])


def test_a_lost_original_is_told_with_what_keeps_it(archive: Asked) -> None:
    gone = a_notice(archive.db, "撤下", url=f"{OTHER}1.html")
    archive.db.execute("update copies set state = 'gone'")
    a_copy(archive.db, gone, f"{PORTAL}1.htm", source="menhu", state="gone")
    a_copy(archive.db, gone, f"{PORTAL}2.htm", source="menhu")
    never = a_notice(archive.db, "未采", url=f"{OTHER}2.html", original_captured=0)
    a_copy(archive.db, never, f"{PORTAL}3.htm", claimed_original=f"{OTHER}2.html", claimed_key="ling.example/2.html")
    a_notice(archive.db, "在线")

    assert [("撤下", "withdrawn", "ok", 2, 1), ("未采", "never held", None, 1, 1)] == [
        (row["title"], row["lost"], row["answer"], row["reposts"], row["still_live"])
        for row in archive.rows("lost_originals")
    ]


def test_a_document_is_cited_once_by_each_that_cites_it(archive: Asked) -> None:
    held = a_notice(archive.db, "示例管理办法")
    for year in ("2020", "2021"):
        citing = a_notice(archive.db, f"{year}年通知", published_on=f"{year}-01-01")
        a_citation(archive.db, citing, cited_notice=held)
        a_citation(archive.db, citing, cited_notice=held, kind="repeals")
    a_citation(archive.db, citing, title="别的办法", title_key="别的办法")

    assert [("示例管理办法", held, 2, 2), ("别的办法", None, 1, 0)] == [
        (row["title"], row["id"], row["cited_by"], row["repealed_by"]) for row in archive.rows("most_cited")
    ]


def test_a_month_that_nobody_looked_at_is_no_zero(archive: Asked) -> None:
    for channel, month, state, listed in (
        *(("a", "2021-01", "complete", 0), ("b", "2021-01", "complete", 2)),
        *(("a", "2021-02", "complete", 0), ("b", "2021-02", "unobserved", None)),
        *(("a", "2021-03", "unobserved", None), ("b", "2021-03", "unobserved", None)),
        ("a", "2021-04", "complete", 0),
        ("a", "2021-05", "partial", 3),
    ):
        archive.db["coverage"].insert(
            {"source": "menhu", "channel": channel, "month": month, "state": state, "listed": listed}
        )

    (row,) = archive.rows("coverage_by_month")
    assert ["2", "0+", "?", "0", "3+", None] == [row[f"{month:02}"] for month in range(1, 7)]
    assert 1 == row["unobserved"]


def test_files_that_were_not_read_are_told_once_of_the_copy_that_is_read_first(archive: Asked) -> None:
    notice = a_notice(archive.db, "有附件")
    (best,) = (row["best_copy"] for row in archive.db.query("select best_copy from notices"))
    other = a_copy(archive.db, notice, f"{PORTAL}1.htm", source="menhu")
    for copy, name, skipped in (
        (best, "甲.pdf", "no text: a scan"),
        (best, "乙.docx", None),
        (other, "甲.pdf", "names only"),
    ):
        archive.db["attachments"].insert({"copy": copy, "url": f"{OTHER}{name}", "name": name, "skipped": skipped})

    (row,) = archive.rows("unread_attachments")
    assert (2, 1, "甲.pdf", "no text") == tuple(row[name] for name in ("files", "unread", "unread_files", "reasons"))
    assert [] == archive.rows("unread_attachments", reason="names only")


def test_zh_match_works_in_every_condition_that_asks_for_words(archive: Asked) -> None:
    for hostile in ('"', "NEAR(", "*", "低保 OR", "\0"):
        for name, query in QUERIES.items():
            if "q" in query.parameters:
                archive.rows(name, q=hostile)


def test_what_a_query_gives_is_the_same_twice(archive: Asked) -> None:
    for number in range(5):
        notice = a_notice(archive.db, f"第{number}号", published_on="2021-03-01")
        a_copy(archive.db, notice, f"{PORTAL}{number}.htm", source="menhu")

    with sqlite3.connect(":memory:") as conn:
        archive.db.conn.backup(conn)
        again = Asked(Database(conn))
        conn.execute("vacuum")
        for name in QUERIES:
            assert archive.rows(name) == again.rows(name)
    conn.close()
