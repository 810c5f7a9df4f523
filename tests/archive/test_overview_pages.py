"""The overview, the crawls, and what all pages about the archive have in common."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from datasette.app import Datasette
from sqlite_utils import Database

from archive.browse.watch.measured import MEASURED_ON, PRECISION
from archive.labels import CLASSES, RULES
from archive.store.divisions import load_divisions
from archive.text import text_digest
from tests.browsing import Browser
from tests.build import PORTAL, a_copy, a_notice, a_revision, a_source, an_archive

PAGES = (
    "/dataset",
    "/changes",
    "/changes?class=amount&order=newest&agency=Bureau+of+Example&source=shili",
    "/crawls",
    "/crawls?source=shili",
    "/crawls/c2",
    "/crawls/nothing",
    "/agencies",
    "/agencies?q=Bureau",
    "/sources",
    "/agency/Bureau%20of%20Example",
    "/agency/nobody",
    "/source/shili",
    "/source/zhuanzai",
    "/source/nobody",
    "/place/nowhere",
    "/health",
    "/health/coverage",
    "/health/coverage?source=shili",
    "/health/issues?all=1",
)
ANYWHERE = ("/dataset", "/changes", "/crawls", "/agencies", "/places", "/sources", "/health", "/health/coverage")
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which every word is English, of four notices in two provinces, two crawls and some coverage."""
    path = tmp_path_factory.mktemp("overview") / "notices.db"
    with closing(an_archive(path)) as db:
        a_source(db, "shili", agency="Bureau of Example")
        a_source(db, "zhuanzai", kind="portal", agency="Portal of Example", home=PORTAL)
        _put_notices(db)
        _put_crawls(db)
        for month, state in (("2025-12", "partial"), ("2026-01", "complete"), ("2026-02", "unobserved")):
            row = {"source": "shili", "channel": "https://shi.example/l/", "month": month, "state": state}
            db["coverage"].insert({**row, "listed": 1, "readable": 1})
        db["archive_state"].upsert({"key": "matcher_version", "value": "7"}, pk="key")
    return path


def _put_notices(db: Database) -> None:
    for number, (day, province) in enumerate(
        (("2025-03-01", "North"), ("2025-04-01", "North"), ("2026-04-01", "South"), (None, None))
    ):
        notice = a_notice(
            db,
            f"Notice {number}",
            "Text." if number else "",
            url=f"https://shi.example/{number}.html",
            published_on=day,
            province=province,
            issuing_agency="Bureau of Example",
            issuing_agencies='["Bureau of Example"]',
            document_number=f"No. {number}" if number < 2 else None,
            document_type="notice",
            text_digest=text_digest("Text." if number else ""),
        )
        a_copy(db, notice, f"{PORTAL}{number}.htm", source="zhuanzai", text="Text.", title=f"Notice {number}")
        a_revision(
            db,
            f"shi.example/{number}.html",
            rank=1,
            classes='["amount"]',
            headline="1 > 2",
            seen_at=f"2026-05-0{number + 1}T00:00:00.000Z",
        )
    db["copies"].update(f"{PORTAL.partition('www.')[2]}0.htm", {"state": "gone"})
    db["fidelities"].insert(
        {
            "copy": f"{PORTAL.partition('www.')[2]}1.htm",
            "against": "x",
            "share": 1.0,
            "complete": 1,
            "days_later": 4,
            "numbers": "[]",
            "numbers_changed": 0,
            "wording": "[]",
            "wording_changed": 0,
            "moved": 0,
            "dropped": "[]",
            "added": 0.0,
            "added_words": "",
            "partial": 0,
            "made_of": "",
        }
    )


def _put_crawls(db: Database) -> None:
    started = "2026-03-01T00:00:00.000Z"
    whole = {"asked": 10, "stored": 7, "failed": 2, "refused": 1, "state": "complete", "reason": "finished"}
    db["crawls"].insert(
        {"id": "c1", "kind": "crawl", "started_at": started, "ended_at": "2026-03-01T02:03:04.000Z", **whole}
    )
    later = "2026-03-02T00:00:00.000Z"
    db["crawls"].insert({"id": "c2", "kind": "crawl", "state": "interrupted", "started_at": later, "vantage": "home"})
    for crawl, how, channel in (("c1", "end", "a"), ("c1", "failed", "b"), ("c2", "edge", "a")):
        db["walks"].insert(
            {
                "source": "shili",
                "channel": channel,
                "crawl": crawl,
                "started_at": later,
                "ended_at": later,
                "how": how,
                "pages": 2,
                "entries": 30,
                "new": 4,
            }
        )
    db.execute("update captures set crawl = 'c1'")
    db.execute("update captures set outcome = 'gone', kind = null where id = 1")


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Browser]:
    made = Browser(Datasette([str(folder)]))
    yield made
    made.close()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = tmp_path_factory.mktemp("empty") / "notices.db"
    with closing(an_archive(path)) as db:
        load_divisions(db)
    made = Browser(Datasette([str(path)]))
    yield made
    made.close()


def cells(page: str) -> list[list[str]]:
    """The words of every table's rows."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]


def words(cell: str) -> str:
    return unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", "", cell)).strip()


def test_the_overview_counts_everything_there_is(browser: Browser, folder: Path) -> None:
    page = browser.get("/dataset?lang=en").text
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>(?:<a [^>]+>)?([^<]+)", page))
    with closing(an_archive(folder)) as db:
        counts = {name: db[name].count for name in ("notices", "copies", "captures", "revisions")}

    assert str(counts["notices"]) == facts["Notices"]
    assert str(counts["copies"]) == facts["Copies (addresses)"]
    assert str(counts["captures"]) == facts["Captures"]
    assert str(counts["revisions"]) == facts["Revisions"]
    assert "1 bureaus, 1 portals" == facts["Sources"]
    assert "2025-03-01 – 2026-04-01" == facts["Published"]
    assert "7" == facts["Version of the matcher"]


def test_the_overview_leads_to_a_release_and_of_a_release_gives_its_name(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(folder, tmp_path / "notices.db"))
    with closing(an_archive(path)) as db:
        db.execute("create table release (key text primary key, value text)")
        db["release"].insert_all(
            {"key": key, "value": value} for key, value in (("name", "2026.1"), ("selection.options", "{}"))
        )
    shown = Browser(Datasette([str(path)]))
    of_release = words(shown.get("/dataset?lang=en").text)
    shown.close()
    of_archive = words(browser.get("/dataset?lang=en").text)

    assert "--release 2026.1" in of_archive
    assert "Minzheng Archive 2026.1[DS/OL]" in of_release
    assert "--release" not in of_release


@pytest.mark.parametrize("path", ["/", "/dataset", "/sources", "/source/zhuanzai"])
def test_every_figure_with_a_link_to_rows_leads_to_as_many(browser: Browser, path: str) -> None:
    page = browser.get(path).text
    found = re.findall(r'<a href="(/notices/[a-z_]+(?:\?[^"]*)?)">([\d,]+)</a>', page)

    assert found
    for href, count in found:
        table, _, conditions = unescape(href).partition("?")
        answer = browser.get(f"{table}.json?{conditions}&_size=0")
        assert (href, int(count.replace(",", ""))) == (href, answer.json()["filtered_table_rows_count"])


def test_the_overview_says_how_often_a_field_is_filled_by_year_and_by_province(browser: Browser) -> None:
    rows = cells(browser.get("/dataset?lang=en").text)
    (head,) = [row for row in rows if row[:2] == ["Year", "Notices"]]
    number = head.index("Document number")

    assert ["Document number", "2", "50.0%"] in rows
    assert ["Text", "3", "75.0%"] in rows
    assert {"2026": "0%", "2025": "100%", "(not known)": "0%"} == {
        row[0]: row[number] for row in rows if len(row) == len(head) and row[0] in {"2026", "2025", "(not known)"}
    }
    assert {"North": "100%", "South": "0%"} == {
        row[0]: row[number] for row in rows if len(row) == len(head) and row[0] in {"North", "South"}
    }


def test_the_overview_tells_coverage_by_year(browser: Browser) -> None:
    rows = cells(browser.get("/dataset?lang=en").text)

    assert ["2026", "1", "0", "1", "50%"] in rows
    assert ["2025", "0", "1", "0", "0%"] in rows


def test_the_measured_precision_is_that_of_the_documentation() -> None:
    told = (Path(__file__).parents[2] / "docs" / "tracing.md").read_text(encoding="utf-8")
    figures = {figure for words in PRECISION.values() for figure in re.findall(r"\d+,\d{3}|0\.\d+", words.en)}

    assert MEASURED_ON in told
    assert {"16,935", "16,936", "0.97"} < figures
    assert {figure for figure in figures if figure not in told} == set()
    for (rule, match_class), words in PRECISION.items():
        if found := re.fullmatch(r"([\d,]+) of ([\d,]+) right .*", words.en):
            assert f"{found[1]} of {found[2]}" in re.search(rf"\| {rule}, {match_class} \|.*", told)[0]


def test_crawls_say_how_their_requests_and_their_walks_ended(browser: Browser, folder: Path) -> None:
    rows = cells(browser.get("/crawls?lang=en").text)
    with closing(an_archive(folder)) as db:
        captures = db["captures"].count

    assert "no endinterrupted, or still running" == rows[1][1]
    assert ["2:03:04", "10 = 7 + 2 + 1", f"ok {captures - 1} · gone 1"] == rows[2][1:4]
    assert "read to the end 1 · a list page failed 1" == rows[2][4]
    assert "home" == rows[1][5]


def test_one_crawl_is_told_source_by_source(browser: Browser) -> None:
    page = browser.get("/crawls/c1?lang=en").text

    assert ["Bureau of Example", "read to the end 1 · a list page failed 1", "4", "60", "8"] in cells(page)


def test_crawls_of_a_source_are_those_that_walked_it(browser: Browser) -> None:
    assert 2 == browser.get("/crawls?source=shili").text.count('<a href="/crawls/c')
    assert 0 == browser.get("/crawls?source=zhuanzai").text.count('<a href="/crawls/c')


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_english_has_no_chinese_but_the_way_to_it(browser: Browser, path: str) -> None:
    page = browser.get(f"{path}{'&' if '?' in path else '?'}lang=en").text

    assert ["中", "文"] == CHINESE.findall(page)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_script_or_a_style_within_it(browser: Browser, path: str) -> None:
    answer = browser.get(path)

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert [] == re.findall(r"<script(?![^>]* src=)|<style| style=| on\w+=", answer.text)
    assert "warc" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_every_link_within_the_archive_leads_somewhere(browser: Browser, path: str) -> None:
    known = ("/search", "/notice/", "/notices", "/-/", "/?")
    links = {unescape(link) for link in re.findall(r'href="(/[^"#]*)', browser.get(path).text)}
    ours = {link for link in links if not link.startswith(known) and link != "/"}

    assert {link for link in ours if browser.get(link).status_code != 200} <= {path, *_in_languages(path)}


def _in_languages(path: str) -> set[str]:
    """A page that is not found leads to itself in the other language."""
    return {f"{path}?lang={language}" for language in ("zh", "en")}


@pytest.mark.parametrize("path", ANYWHERE)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_archive_has_every_page(empty: Browser, path: str, language: str) -> None:
    answer = empty.get(f"{path}?lang={language}")

    assert 200 == answer.status_code
    assert "<h1>" in answer.text
    if language == "en" and path != "/places":
        assert ["中", "文"] == CHINESE.findall(answer.text)


def test_every_measured_rule_is_one_that_matches_make() -> None:
    assert {rule for rule, _ in PRECISION} <= set(RULES)
    assert {match_class for _, match_class in PRECISION} <= set(CLASSES)
