"""The crawled miniature web as a researcher meets it: over HTTP, with the stock search box, and from sqlite-utils."""

from __future__ import annotations

import json
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.browse.serve import start
from archive.store import open_reader
from archive.text import fold
from tests.e2e.commands import crawl_fast, run
from tests.web import expected, served

WORDS = ["低保", "养老服务", "民", "〔2021〕15号", "養老", "（2021）15号", "低保 公示"]


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
            for row in db.query("select title, text from notices")
            if all(word in _plain(row["title"]) or word in _plain(row["text"]) for word in wanted)
        ]
        db.close()
        return sorted(found)


def _plain(text: str) -> str:
    """Folded, without blanks, every kind of bracket alike."""
    folded = "".join(fold(text).split())
    return folded.translate(str.maketrans("〔〕［］【】（）[]", "()()()()()"))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The miniature web, crawled and served by a Datasette of its own."""
    folder = tmp_path_factory.mktemp("room") / "archive"
    with pytest.MonkeyPatch.context() as patch, served(patch):
        assert crawl_fast(folder).code in (0, 3)
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
