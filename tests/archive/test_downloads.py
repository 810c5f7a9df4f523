"""All hits as files: in every form the hits of the page, all of them, in their order, and nothing that runs."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlencode

import feedparser
import openpyxl
import pytest
import rispy

from archive.browse.downloads.forms import COLUMNS, DOWNLOADS, write_xlsx
from archive.browse.serve import make_datasette
from archive.workbook import LONGEST, cut
from tests.browsing import Browser, run_apart
from tests.build import a_notice, an_archive
from tests.searching import LONG, Row, a_searched_archive, having

IDS: dict[str, Callable[[bytes], list[str]]] = {
    "json": lambda body: [one["id"] for one in json.loads(body)["notices"]],
    "csv": lambda body: [row[0] for row in _csv(body)[1:]],
    "xlsx": lambda body: [str(row[0].value) for row in list(_sheet(body).iter_rows())[1:]],
    "ris": lambda body: [one["id"].partition("-")[0] for one in rispy.loads(body.decode())],
    "gbt.txt": lambda body: re.findall(r"\[EB/OL\].*/notice/([a-z2-7]{12})/r/", body.decode()),
    "bib": lambda body: re.findall(r"^@online\{([a-z2-7]{12})", body.decode(), re.M),
    "csl.json": lambda body: [one["id"].partition("-")[0] for one in json.loads(body)],
    "atom": lambda body: [entry.link.rpartition("/")[2] for entry in feedparser.parse(body).entries],
}
"""Of each form the ids in it, in its order."""


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, list[Row]]]:
    """An archive of more notices than are read at once, and what they are."""
    path = tmp_path_factory.mktemp("downloaded") / "notices.db"
    rows = a_searched_archive(path, notices=130)
    browser = Browser(make_datasette(path))
    yield browser, rows
    browser.close()


def get(browser: Browser, ending: str, **query: str) -> Any:
    answer = browser.get(f"/search.{ending}?{urlencode(query)}")
    assert answer.status_code == 200, answer.text
    return answer


def _csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def _sheet(body: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(body))["notices"]


def test_every_form_is_tried_here() -> None:
    assert DOWNLOADS.keys() == IDS.keys()


@pytest.mark.parametrize("ending", DOWNLOADS)
@pytest.mark.parametrize(
    "query",
    [{}, {"q": "养老"}, {"q": "养老", "province": "甲省", "files": "1"}, {"q": "没有的词"}, {"q": "低保", "page": "3"}],
)
def test_a_file_has_all_hits_and_no_others(
    searched: tuple[Browser, list[Row]], ending: str, query: dict[str, str]
) -> None:
    browser, rows = searched
    keep = (lambda row: row["province"] == "甲省" and row["files"]) if "province" in query else bool
    expected = having(rows, query.get("q", ""), keep)
    answer = get(browser, ending, **query)
    ids = IDS[ending](answer.content)

    assert expected == set(ids)
    assert len(expected) == len(ids) == int(answer.headers["x-total-count"])


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("ending", ["csv", "xlsx", "ris", "atom"])
def test_a_file_is_in_the_order_of_the_page(searched: tuple[Browser, list[Row]], ending: str, sort: str) -> None:
    browser, _ = searched
    page = browser.get(f"/search?{urlencode({'q': '养老', 'sort': sort})}").text
    shown = re.findall(r'<h3><a href="/notice/([a-z2-7]{12})">', page)

    assert shown == IDS[ending](get(browser, ending, q="养老", sort=sort).content)[: len(shown)]


def test_a_feed_is_of_the_newest_first_unless_asked_otherwise(searched: tuple[Browser, list[Row]]) -> None:
    browser, _ = searched

    assert IDS["atom"](get(browser, "atom", q="养老", sort="newest").content) == IDS["atom"](
        get(browser, "atom", q="养老").content
    )


def test_a_feed_is_parsed_without_complaint_and_is_of_this_search(searched: tuple[Browser, list[Row]]) -> None:
    browser, _ = searched
    one = feedparser.parse(get(browser, "atom", q="养老", province="甲省").content)
    other = feedparser.parse(get(browser, "atom", q="养老").content)

    assert (False, False) == (one.bozo, other.bozo)
    assert "养老 · 甲省" in one.feed.title
    assert one.feed.id != other.feed.id
    assert one.feed.id == feedparser.parse(get(browser, "atom", q="养老", province="甲省", page="2").content).feed.id


def test_a_csv_runs_no_formula_and_opens_as_utf8(searched: tuple[Browser, list[Row]]) -> None:
    browser, rows = searched
    body = get(browser, "csv").content
    cells = [cell for row in _csv(body) for cell in row]

    assert body.startswith(b"\xef\xbb\xbf")
    assert list(COLUMNS) == _csv(body)[0]
    assert any(row["title"].startswith("=1+1") for row in rows)
    assert [] == [cell for cell in cells if cell[:1] in set("=+-@＝＋－＠\t\r\n")]
    assert "'=1+1" in "\n".join(cells)


def test_a_workbook_has_text_as_text_and_numbers_as_numbers(searched: tuple[Browser, list[Row]]) -> None:
    browser, rows = searched
    sheet = _sheet(get(browser, "xlsx").content)
    head = [cell.value for cell in sheet[1]]
    titles = {row["id"]: row["title"] for row in rows}
    lines = {str(line[0].value): dict(zip(head, line, strict=True)) for line in list(sheet.iter_rows())[1:]}

    assert list(COLUMNS) == head
    assert {"s"} == {line["title"].data_type for line in lines.values()}
    assert titles == {notice: line["title"].value for notice, line in lines.items()}
    assert {int} == {type(line["year"].value) for line in lines.values()} - {type(None)}
    assert {"b"} == {line["original_captured"].data_type for line in lines.values()}
    assert all(line["address"].value.endswith(f"/notice/{notice}") for notice, line in lines.items())


def test_a_cell_that_is_too_long_ends_with_where_the_whole_is(searched: tuple[Browser, list[Row]]) -> None:
    browser, rows = searched
    long = next(row for row in rows if LONG in row["texts"][1])
    sheet = _sheet(get(browser, "xlsx", q="养" * 50).content)
    [cell] = [line[COLUMNS.index("text")].value for line in list(sheet.iter_rows())[1:]]

    assert LONGEST == len(cell)
    assert long["texts"][1].startswith(cell[:32_000])
    assert f"/notice/{long['id']}〕" in cell[-100:]
    assert LONG in get(browser, "json", q="养" * 50).text


@pytest.mark.parametrize("text", ["短", "长" * LONGEST, "长" * (LONGEST + 1), "𠮷" * LONGEST, "a𠮷" * LONGEST])
def test_no_cell_is_longer_than_a_workbook_takes(text: str) -> None:
    shown = cut(text, "http://x.example/notice/aaaabbbbcccc")

    assert len(shown.encode("utf-16-le")) // 2 <= LONGEST
    assert (shown == text) == (len(text.encode("utf-16-le")) // 2 <= LONGEST)


def test_a_workbook_says_what_was_asked_for(searched: tuple[Browser, list[Row]]) -> None:
    browser, rows = searched
    book = openpyxl.load_workbook(io.BytesIO(get(browser, "xlsx", q="养老", source="zhuan", lang="zh").content))
    said = {str(line[0].value): line[1].value for line in book["search"].iter_rows()}

    assert str(len(having(rows, "养老", lambda row: "zhuan" in row["source"]))) == said["total"]
    assert ("养老", "转载网") == (said["检索词"], said["来源站点"])
    assert said["address"].startswith("http://localhost/search?q=")


def test_a_json_file_has_what_the_export_has_and_where_it_is_shown(searched: tuple[Browser, list[Row]]) -> None:
    browser, rows = searched
    found = get(browser, "json", q="养老").json()
    texts = {row["id"]: row["texts"][1] for row in rows}

    assert len(found["notices"]) == found["total"]
    assert set(COLUMNS) == set(found["notices"][0])
    assert {one["id"]: one["text"] for one in found["notices"]} == {
        one["id"]: texts[one["id"]] for one in found["notices"]
    }


def test_a_reference_leads_to_the_text_that_was_found(searched: tuple[Browser, list[Row]]) -> None:
    browser, rows = searched
    edited = {row["id"] for row in rows if row["edited"]}
    for one in rispy.loads(get(browser, "ris", q="养老", edited="1").text):
        notice = one["id"].partition("-")[0]
        path = one["urls"][0].removeprefix("http://localhost")

        assert notice in edited
        assert re.fullmatch(rf"/notice/{notice}/r/2\?text=[0-9a-f]{{12}}-[0-9a-f]{{12}}", path)


@pytest.mark.parametrize("ending", ["ris", "bib"])
def test_a_reference_is_the_one_that_the_notice_itself_gives(searched: tuple[Browser, list[Row]], ending: str) -> None:
    browser, _ = searched
    whole = get(browser, ending, q="养老", files="1")
    ids = IDS[ending](whole.content)

    assert ids
    assert whole.text == "\n".join(browser.get(f"/notice/{notice}.{ending}").text for notice in ids)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"q": "养老 低保", "lang": "zh"}, "民政公告-养老-低保-{}.csv"),
        ({"q": '../"养老"\r\nx: y', "lang": "zh"}, "民政公告-养老-x-y-{}.csv"),
        ({"lang": "en"}, "minzheng-{}.csv"),
    ],
)
def test_a_file_is_named_by_its_words_and_how_many_there_are(
    searched: tuple[Browser, list[Row]], query: dict[str, str], name: str
) -> None:
    answer = get(searched[0], "csv", **query)
    given = answer.headers["content-disposition"]
    total = answer.headers["x-total-count"]

    assert name.format(total) == unquote(given.partition("filename*=UTF-8''")[2])
    assert f'attachment; filename="minzheng-{total}.csv"' in given
    assert "nosniff" == answer.headers["x-content-type-options"]


def test_a_file_is_written_piece_by_piece_and_stops_when_nobody_takes_it(
    searched: tuple[Browser, list[Row]],
) -> None:
    datasette = searched[0].datasette
    sent: list[dict[str, Any]] = []

    async def take(most: int) -> None:
        asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> dict[str, Any]:
            for message in asked:
                return message
            while len([one for one in sent if one.get("body")]) < most:
                await asyncio.sleep(0)
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            await asyncio.sleep(0.01)

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/search.json",
            "raw_path": b"/search.json",
            "query_string": b"",
            "headers": [],
        }
        await datasette.app()(scope, receive, send)

    run_apart(take(most=1000))
    whole = [len(one["body"]) for one in sent if one["type"] == "http.response.body"]
    sent.clear()
    run_apart(take(most=1))
    broken = [one for one in sent if one["type"] == "http.response.body"]

    assert len(whole) >= 2
    assert len(broken) < len(whole)
    assert not any(not one["more_body"] for one in broken)


@pytest.mark.parametrize("ending", DOWNLOADS)
def test_the_same_search_gives_the_same_bytes(searched: tuple[Browser, list[Row]], ending: str) -> None:
    browser, _ = searched

    assert get(browser, ending, q="养老").content == get(browser, ending, q="养老").content


def test_a_workbook_bears_no_instant_but_that_of_the_last_look(searched: tuple[Browser, list[Row]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(get(searched[0], "xlsx", q="养老").content))
    said = {str(line[0].value): line[1].value for line in book["search"].iter_rows()}

    assert said["looked_at"] == book.properties.created.replace(tzinfo=UTC).isoformat()


def test_a_workbook_that_nobody_takes_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told = SimpleNamespace(address="http://x.example/", total=9, looked_at=datetime(2026, 4, 1, tzinfo=UTC), asked=())
    line = SimpleNamespace(address="http://x.example/1", values={"id": "1"})
    pieces = write_xlsx(told, [line] * 9)
    next(pieces)

    assert any(tmp_path.iterdir())

    pieces.close()

    assert [] == list(tmp_path.iterdir())


def test_a_file_that_an_index_writes_beside_holds_what_was_found_when_it_was_begun(tmp_path: Path) -> None:
    path = tmp_path / "notices.db"
    rows = a_searched_archive(path, notices=130)
    last = find_last(path)
    browser = Browser(make_datasette(path))
    sent: list[bytes] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message.get("body") and not any(sent):
            db = an_archive(path)
            a_notice(db, "养老的新公告", url="https://jia.example/new.html")
            db.execute("update copies set notice = null where notice = ?", [last])
            db.execute("delete from matches where notice = ?", [last])
            db.execute("delete from notices where id = ?", [last])
            db.close()
        sent.append(message.get("body", b""))

    scope = {"type": "http", "method": "GET", "path": "/search.json", "raw_path": b"/search.json"}
    run_apart(browser.datasette.app()({**scope, "query_string": b"sort=oldest", "headers": []}, receive, send))
    found = json.loads(b"".join(sent))
    browser.close()

    assert len(rows) == found["total"]
    assert {row["id"] for row in rows} - {last} == {one["id"] for one in found["notices"]}


def find_last(path: Path) -> str:
    """The notice that is written last, of those without a date."""
    db = an_archive(path)
    (found,) = db.execute("select id from notices where published_on is null order by n desc limit 1").fetchone()
    db.close()
    return str(found)


def test_other_endings_are_no_address_of_ours(searched: tuple[Browser, list[Row]]) -> None:
    assert 404 == searched[0].get("/search.zip?q=x").status_code


def test_a_database_of_an_older_program_says_so(tmp_path: Path) -> None:
    db = an_archive(tmp_path / "notices.db")
    for kind, name in db.execute("select type, name from sqlite_master where name like 'facets%'").fetchall():
        if kind != "table":
            db.execute(f"drop {kind} {name}")
    db.close()
    browser = Browser(make_datasette(tmp_path / "notices.db"))
    answer = browser.get("/search.csv")
    browser.close()

    assert 404 == answer.status_code
