"""Cells of an archive's tables: where they lead, and what is said beside codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.browse.serve import make_datasette
from tests.browsing import Browser, traced
from tests.build import an_archive


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = tmp_path_factory.mktemp("cells") / "notices.db"
    traced(path)
    db = an_archive(path)
    with db.conn:
        db.execute("insert into divisions (code, name, level) values ('420000', '湖北省', 'province')")
        db.execute("insert into divisions (code, name, level) values ('420100', '武汉市', 'city')")
        db.execute("update notices set division = '420100', province = '湖北省', city = '武汉市'")
        db.execute("update copies set state = 'gone' where role = 'repost'")
    db.close()
    browser = Browser(make_datasette(path))
    yield browser
    browser.close()


@pytest.mark.parametrize(
    ("page", "link"),
    [
        (
            "/notices/notices",
            '<a href="/agency/%E7%A4%BA%E4%BE%8B%E5%B8%82%E6%B0%91%E6%94%BF%E5%B1%80">示例市民政局</a>',
        ),
        ("/notices/notices", '<a href="/source/shili">示例市民政局</a>'),
        ("/notices/notices", '<a href="/place/420000">湖北省</a>'),
        ("/notices/notices", '<a href="/place/420100">武汉市</a>'),
        ("/notices/copies", '<a href="/source/zhuanzai">示例转载网</a>'),
        ("/notices/sources/zhuanzai", '<a href="/source/zhuanzai">zhuanzai</a>'),
        ("/notices/divisions/420100", '<a href="/place/420100">420100</a>'),
        (
            "/notices/most_reposted",
            '<a href="/agency/%E7%A4%BA%E4%BE%8B%E5%B8%82%E6%B0%91%E6%94%BF%E5%B1%80">示例市民政局</a>',
        ),
    ],
)
def test_a_cell_leads_to_the_page_of_what_it_names(room: Browser, page: str, link: str) -> None:
    assert link in room.get(page).text


def test_a_digest_is_shortened_and_whole_where_one_points_at_it(room: Browser) -> None:
    page = room.get("/notices/revisions").text
    digest = room.get("/notices/revisions.json?_shape=array").json()[0]["text_digest"]

    assert f'<code title="{digest}">{digest[:19]}…</code>' in page
    assert page.count(digest) == page.count(f'title="{digest}"')


def test_a_code_stays_and_a_chinese_page_says_what_it_means(room: Browser) -> None:
    zh, en = (room.get(f"/notices/copies?lang={code}").text for code in ("zh", "en"))

    assert '<span class="coded">repost</span> <span class="words">转载</span>' in zh
    assert '<span class="coded">gone</span> <span class="words">已撤下</span>' in zh
    assert 'type-str">repost</td>' in en


def test_a_code_that_nobody_knows_stays_as_it_is(room: Browser, tmp_path: Path) -> None:
    path = tmp_path / "notices.db"
    traced(path)
    db = an_archive(path)
    with db.conn:
        db.execute("update copies set state = '<b>'")
    db.close()
    browser = Browser(make_datasette(path))

    assert 'type-str">&lt;b&gt;</td>' in browser.get("/notices/copies").text
    browser.close()
