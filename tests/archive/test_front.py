"""The front page of a server: ours where it serves one archive, Datasette's wherever it is somebody else's."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from archive.browse.policies import OWN_POLICY
from archive.browse.serve import make_datasette
from archive.browse.statements import canned_queries
from tests.browsing import Browser, traced
from tests.build import an_archive

OURS = 'class="holdings"'


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = tmp_path_factory.mktemp("front") / "notices.db"
    traced(path)
    browser = Browser(make_datasette(path))
    yield browser
    browser.close()


def asked(path: Path, *others: Path, **settings: Any) -> str:
    browser = Browser(Datasette([str(path), *map(str, others)], **settings))
    page: str = browser.get("/").text
    browser.close()
    return page


def test_it_says_what_is_held_and_leads_to_the_newest_and_to_every_question(room: Browser) -> None:
    answer = room.get("/?lang=en")
    counts = dict(re.findall(r"<dt>(.*?)</dt><dd><a [^>]*>(.*?)</a></dd>", answer.text))

    assert OWN_POLICY.split(";")[0] in answer.headers["content-security-policy"]
    assert {
        "Notices": "2",
        "Originals held": "1",
        "Reposts": "1",
        "Bureaus": "1",
        "Other sites": "1",
    }.items() <= counts.items()
    assert "关于提高低保标准的通知</a>" in answer.text
    for query in canned_queries():
        assert f'<a href="/notices/{query.name}">{query.title.en}</a>' in answer.text


def test_it_is_in_the_language_asked_for(room: Browser) -> None:
    zh, en = (re.sub(r"<t[dh].*?</t[dh]>", "", room.get(f"/?lang={code}").text) for code in ("zh", "en"))

    assert "<h1>民政公告档案</h1>" in zh
    assert "<h1>Minzheng Archive</h1>" in en
    assert set(re.findall("[一-鿿]+", en)) == {"中文"}


def test_an_empty_archive_has_one(tmp_path: Path) -> None:
    an_archive(tmp_path / "notices.db").close()

    assert "尚无公告" in asked(tmp_path / "notices.db")


def test_a_title_or_a_template_of_the_user_keeps_the_stock_page(tmp_path: Path) -> None:
    path = tmp_path / "notices.db"
    traced(path)
    (tmp_path / "index.html").write_text("<p>mine</p>", encoding="utf-8")

    assert OURS in asked(path)
    assert "<h1>My archive</h1>" in asked(path, metadata={"title": "My archive"})
    assert asked(path, template_dir=str(tmp_path)) == "<p>mine</p>"


def test_a_server_with_another_database_keeps_the_stock_page(tmp_path: Path) -> None:
    one, two = tmp_path / "notices.db", tmp_path / "shop.db"
    traced(one)
    with sqlite3.connect(two) as conn:
        conn.execute("create table shoes (id)")
    conn.close()

    assert OURS not in asked(one, two)
    assert "shop" in asked(one, two)
