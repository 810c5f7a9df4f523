"""The hits behind a search page: the first of them are the first of all, and counts are of all of them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator

import pytest

from archive.browse.search import found
from archive.browse.search.asked import LISTS, Asked, Sort
from archive.browse.search.found import count, count_by, find, find_all
from archive.store.search import register
from tests.searching import Row, a_searched_archive

ASKED = (Asked(), Asked(q="养老"), Asked(q="养"), Asked(q="没有的词"), Asked(province=("甲省",), edited=True))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sqlite3.Connection, list[Row]]]:
    """An archive of 60 notices, read as Datasette reads it, and what they are."""
    path = tmp_path_factory.mktemp("found") / "notices.db"
    rows = a_searched_archive(path)
    conn = sqlite3.connect(path)
    conn.text_factory = lambda text: str(text, "utf-8", "replace")
    register(conn)
    yield conn, rows
    conn.close()


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "_AT_ONCE", 4)


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked.q}{len(asked.chosen)}")
def test_the_first_hits_are_the_first_of_all_however_many_are_asked_for(
    archive: tuple[sqlite3.Connection, list[Row]], asked: Asked, sort: Sort
) -> None:
    asked = asked.sorted_by(sort)
    every = find_all(archive[0], asked)

    for most in (1, 3, 20, 59, 60, 61, 1000):
        assert every[:most] == list(find(archive[0], asked, most=most).first)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked.q}{len(asked.chosen)}")
def test_what_is_counted_alone_is_what_is_counted_with_everything(
    archive: tuple[sqlite3.Connection, list[Row]], asked: Asked
) -> None:
    found = find(archive[0], asked, most=1)

    assert found.total == count(archive[0], asked) == len(find_all(archive[0], asked))
    assert {name: found.counts[name] for name in LISTS} == {name: count_by(archive[0], asked, name) for name in LISTS}


def test_a_notice_counts_for_each_of_its_names_and_one_without_any_for_none(
    archive: tuple[sqlite3.Connection, list[Row]],
) -> None:
    conn, rows = archive
    counts = find(conn, Asked(), most=1).counts

    assert Counter(name for row in rows for name in row["agency"]) == counts["agency"]
    assert Counter(name for row in rows for name in row["source"]) == counts["source"]
    assert Counter(row["type"] for row in rows) == counts["type"]
    assert Counter(row["day"] and row["day"][:7] for row in rows) == counts["month"]
