"""The crawled miniature web as a researcher meets it: over HTTP, with the stock search box, and from sqlite-utils."""

from __future__ import annotations

import json
import re
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.browse.serve import start
from archive.browse.statements import canned_queries
from archive.store import open_reader
from archive.store.words import MARK_END, MARK_START
from archive.text import fold
from crawler.demo import Web
from tests.crawler.crawling import crawl
from tests.e2e.commands import crawl_fast, run
from tests.web import expected, served

DOCUMENT = Path(__file__).parents[2] / "docs" / "queries.md"
WORDS = ["低保", "养老服务", "民", "〔2021〕15号", "養老", "（2021）15号", "低保 公示"]

EDITED = "http://mzj.qingshan.example/zwgk/tzgg/202108/t20210819_311394.html"
CITING = "http://mzj.qingshan.example/zwgk/tzgg/202111/t20211118_312353.html"
REMOVED = "http://mzj.qingshan.example/zwgk/tzgg/202111/t20211102_312079.html"


def change(web: Web) -> None:
    """What happens between two looks: a sum is edited in silence, a notice repeals another, a third is taken down."""
    web.sites.edit(EDITED, "救助金额在两千元以内的", "救助金额在三千元以内的")
    web.sites.edit(
        CITING,
        "单次救助不超过三千元。",
        "单次救助不超过三千元。《青山市民政局关于进一步规范临时救助工作的通知》（青民发〔2021〕28号）同时废止。",
    )
    web.sites.remove(REMOVED)


@dataclass(frozen=True)
class Room:
    """A served archive."""

    address: str
    database: Path

    def get(self, path: str, **query: str) -> str:
        """What an address of the server answers."""
        url = f"{self.address.rstrip('/')}{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=30) as answer:
            return str(answer.read().decode())

    def scan(self, words: str) -> list[str]:
        """Titles of the notices that hold every word, by looking at all of them."""
        db = open_reader(self.database)
        wanted = [_plain(word) for word in words.split()]
        found = [
            row["title"]
            for row in db.query("select title, text, attachments_text, document_number from notices")
            if all(any(word in _plain(said or "") for said in row.values()) for word in wanted)
        ]
        db.close()
        return sorted(found)


def _plain(text: str) -> str:
    """Folded, without blanks, every kind of bracket alike."""
    folded = "".join(fold(text).split())
    return folded.translate(str.maketrans("〔〕［］【】（）[]", "()()()()()"))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The miniature web, crawled, changed, looked at again, and served by a Datasette of its own."""
    folder = tmp_path_factory.mktemp("room") / "archive"
    with pytest.MonkeyPatch.context() as patch, served(patch) as web:
        assert crawl_fast(folder).code in (0, 3)
        change(web)
        assert crawl(folder, only=[], articles=[EDITED, CITING, REMOVED]).code in (0, 3)
    address, process = start(folder)
    try:
        yield Room(address, folder / "notices.db")
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize("words", WORDS)
def test_the_stock_search_box_finds_what_a_scan_finds(room: Room, words: str) -> None:
    answer = json.loads(room.get("/notices/notices.json", _search=words, _shape="array", _size="max", _col="title"))

    assert room.scan(words)
    assert sorted(row["title"] for row in answer) == room.scan(words)


@pytest.mark.parametrize("words", WORDS)
def test_sqlite_utils_finds_what_a_scan_finds(room: Room, words: str) -> None:
    sql = "select title from notices where n in (select rowid from notices_fts where notices_fts match zh_match(:q))"
    done = run([sys.executable, "-m", "sqlite_utils", "query", room.database, sql, "-p", "q", words])

    assert done.code == 0, done.err
    assert sorted(row["title"] for row in json.loads(done.out)) == room.scan(words)


def test_every_notice_has_its_page_and_facets_are_offered(room: Room) -> None:
    rows = json.loads(room.get("/notices/notices.json", _shape="array", _size="max"))
    page = room.get("/notices/notices")

    assert len(rows) == len(expected()["notices"])
    for row in rows:
        assert row["title"] in room.get(f"/notice/{row['id']}")
    assert [name for name in ("source", "province", "year") if f"_facet={name}" not in page and name not in page] == []


@dataclass(frozen=True)
class Sample:
    """What docs/queries.md shows of a query on the demo: some columns of its first rows, and how many it gives."""

    name: str
    conditions: dict[str, str]
    count: int
    rows: list[dict[str, str]]


def samples() -> list[Sample]:
    """The samples of the document, in its order."""
    told = re.findall(
        r"^\[`(\w+)`\].*?^Demo(?:, with `([^`]*)`)?: (\d+) rows?[^\n]*\n\n(.*?)\n\n",
        DOCUMENT.read_text("utf-8"),
        re.M | re.S,
    )
    found = []
    for name, conditions, count, table in told:
        head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines())
        shown = [dict(zip(head, row, strict=True)) for row in rows]
        found.append(Sample(name, dict(urllib.parse.parse_qsl(conditions)), int(count), shown))
    return found


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_the_questions_have_the_answers_that_the_document_shows(room: Room, sample: Sample) -> None:
    rows = json.loads(room.get(f"/notices/{sample.name}.json", _shape="array", **sample.conditions))
    shown = [{name: _as_printed(row[name]) for name in sample.rows[0]} for row in rows[: len(sample.rows)]]

    assert sample.rows == shown
    assert sample.count == len(rows)


def test_the_command_of_the_document_asks_the_same(room: Room) -> None:
    (command,) = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text("utf-8"), re.S)
    told = command.replace("sqlite-utils", f"{sys.executable} -m sqlite_utils").replace(
        "notices.db", str(room.database)
    )
    done = run(["sh", "-c", told])

    assert done.code == 0, done.err
    assert json.loads(done.out) == json.loads(room.get("/notices/repost_lag.json", _shape="array", agency="民政"))


def test_every_question_has_a_sample() -> None:
    assert [query.name for query in canned_queries()] == sorted(sample.name for sample in samples())


def _as_printed(value: object) -> str:
    return "" if value is None else str(value).replace(MARK_START, "").replace(MARK_END, "")
