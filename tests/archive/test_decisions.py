"""Rulings on disk: what a person said is kept, and what cannot be read is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.decisions import DecisionsError, append_decision, read_decisions, standing_rulings
from archive.index import Index
from archive.records import Decision
from archive.store import open_writer
from tests.captures import NOW, an_exchange, article, write_warc

URLS = ("http://mzj.qingshan.example/1.html", "http://www.zixun.example/2.html")
MERGE = Decision(at=NOW, who="a person", what="merge", urls=URLS, why="one notice")


def test_what_is_appended_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    append_decision(path, MERGE)
    append_decision(path, MERGE)

    assert read_decisions(path) == [MERGE, MERGE]


def test_a_torn_line_takes_no_later_ruling_along(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text('{"at": "2026', encoding="utf-8")
    append_decision(path, MERGE)

    with pytest.raises(DecisionsError, match="line 1"):
        read_decisions(path)
    path.write_text(path.read_text("utf-8").partition("\n")[2], encoding="utf-8")
    assert read_decisions(path) == [MERGE]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ('"urls": []', "a list of the addresses"),
        ('"urls": "http://a.example/1"', "a list of the addresses"),
        ('"urls": ["http://a.example/1", "a page"]', "no web address: 'a page'"),
        ('"urls": ["http://a.example/1", "http://a.example/2"], "at": "2026-03-02T01:00:00"', "without its zone"),
    ],
)
def test_a_line_that_says_nothing_usable_is_named(said: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    rest = '"at": "2026-03-02T01:00:00Z", "who": "a person", "what": "merge", "why": "one notice"'
    path.write_text(f"{{{rest}, {said}}}\n", encoding="utf-8")

    with pytest.raises(DecisionsError, match=rf"line 1: .*{named}"):
        read_decisions(path)


def test_a_ruling_that_was_taken_out_of_the_file_is_undone(tmp_path: Path) -> None:
    pages = [an_exchange(url, article(f"第{n}号", paragraphs=[f"正文{n}。" * 40])) for n, url in enumerate(URLS)]
    write_warc(tmp_path / "warc", "20260302T010000Z-aaaaaa", pages)
    append_decision(tmp_path / "decisions.jsonl", MERGE)
    db = open_writer(tmp_path / "notices.db")
    index = Index(tmp_path, db, run="test")
    index.catch_up()
    assert _notices(db) == 1
    (tmp_path / "decisions.jsonl").write_text("", encoding="utf-8")
    index.catch_up()

    assert _notices(db) == 2
    db.close()


@given(st.permutations(range(6)))
def test_what_holds_does_not_depend_on_the_order_of_the_lines(order: list[int]) -> None:
    said = [
        MERGE,
        replace(MERGE, what="split"),
        replace(MERGE, who="another"),
        replace(MERGE, at=NOW + timedelta(1), retired_at=NOW),
        replace(MERGE, urls=(*URLS, "http://www.zixun.example/3.html")),
        replace(MERGE, what="split", at=NOW + timedelta(1), retired_at=NOW, urls=URLS[::-1]),
    ]

    assert standing_rulings(said) == standing_rulings([said[place] for place in order])
    assert [(one.what, len(one.urls)) for one in standing_rulings(said)] == [("merge", 3), ("split", 2)]


def _notices(db: Database) -> int:
    return db.table("notices").count
