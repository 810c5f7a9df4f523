"""`minzheng crawl --all` as an operator runs it, on an archive whose own catalogue is the miniature web.

The second crawl finds nothing new: what it asks are the beginnings of the lists.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.store import open_reader
from archive.urls import host, url_key
from crawler.catalogue import load_catalogue
from crawler.demo import DEMO_SOURCES
from crawler.demo.proxy import Asked
from tests.e2e.commands import Done, minzheng
from tests.web import expected, served

AWAY = "http://www.xwtxs.example/politics/2023-05/11/c_112960.htm"
"""An entry of a bureau's list that has no page there."""
TRAPS_AND_GONE = 3 + 2
"""Requests beyond one a list: the second pages of three traps, and two originals that were gone and are wanted."""


@dataclass(frozen=True)
class Crawled:
    """An archive that was crawled twice: how each ended, and what it asked."""

    folder: Path
    done: tuple[Done, Done]
    asked: tuple[list[Asked], list[Asked]]

    def column(self, query: str) -> list[object]:
        """The first column of a query."""
        db = open_reader(self.folder / "notices.db")
        values = [next(iter(row.values())) for row in db.query(query)]
        db.close()
        return values


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("all") / "archive"
    shutil.copytree(DEMO_SOURCES, folder / "sources")
    (folder / "minzheng.toml").write_text('contact = "test@example.org"\nshipped = false\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, served(patch) as web:
        first = minzheng(folder, "crawl", "--all")
        until = len(web.log)
        second = minzheng(folder, "crawl", "--all")
        yield Crawled(folder, (first, second), (web.log[:until], web.log[until:]))


def test_every_notice_is_got_once_and_none_from_a_trap(crawled: Crawled) -> None:
    titles = Counter(crawled.column("select title from notices"))

    assert crawled.done[0].code == 3, crawled.done[0].err  # a block and four lists that are traps
    assert Counter(notice["title"] for notice in expected()["notices"]) == titles


def test_every_address_of_a_notice_is_asked_once(crawled: Crawled) -> None:
    asked = Counter(url_key(asked.url) for asked in crawled.asked[0])
    copies = {str(key) for key in crawled.column("select url_key from copies")}

    assert dict.fromkeys(copies, 1) == {key: asked[key] for key in copies}


def test_an_entry_that_leaves_its_host_is_kept_once_and_not_crawled_on(crawled: Crawled) -> None:
    there = [asked.url for asked in crawled.asked[0] if host(asked.url) == host(AWAY)]

    assert {AWAY, "http://www.xwtxs.example/robots.txt"} == set(there)
    assert [None] == crawled.column(f"select source from copies where url_key = '{url_key(AWAY)}'")


def test_a_second_crawl_asks_no_notice_again_and_of_each_list_its_beginning(crawled: Crawled) -> None:
    lists = {channel.url for site in load_catalogue(DEMO_SOURCES).values() for channel in site.channels}
    copies = {str(key) for key in crawled.column("select url_key from copies")}
    again = [asked.url for asked in crawled.asked[1] if not asked.url.endswith("/robots.txt")]

    assert [] == [url for url in again if url_key(url) in copies]
    assert len(again) == len(lists) + TRAPS_AND_GONE, again


def test_a_split_notice_is_one_copy_whose_parts_are_asked_once(crawled: Crawled) -> None:
    parts = {url_key(url) for url in expected()["parts"]}
    asked = Counter(url_key(asked.url) for asked in crawled.asked[0])

    assert dict.fromkeys(parts, 1) == {key: asked[key] for key in parts}
    assert set() == parts & {str(key) for key in crawled.column("select url_key from copies")}


def test_a_catalogue_s_word_on_what_is_no_longer_in_force_is_kept(crawled: Crawled) -> None:
    found = crawled.column("select validity from notices where source = 'dongting' order by validity")

    assert {"废止": 2, "失效": 2, None: 3} == Counter(found)


def test_a_paper_that_a_bureau_credits_stays_the_source_of_its_page(crawled: Crawled) -> None:
    found = crawled.column("select attribution from copies where source = 'lanxi' and url like '%/mtsj/%' order by url")

    assert ["浮源日报", "岚溪日报"] == found
