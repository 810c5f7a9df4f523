"""Feeds: what feed readers make of them, whatever they hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from archive.browse.atom import Entry, Feed, lasting_id, write_feed

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
HOSTILE = "关于<b>&amp;</b>]]>\x00\x0b\ud800\ufffe的\"通知'"


def a_feed(**columns: Any) -> Feed:
    known = {
        "id": lasting_id("changes"),
        "title": "变更",
        "page": "https://shili.example/changes",
        "address": "https://shili.example/changes.atom",
        "language": "zh-CN",
        "updated_at": AT,
    }
    return Feed(**known | columns)


def an_entry(number: int = 1, **columns: Any) -> Entry:
    known = {
        "id": lasting_id("notice", str(number)),
        "title": f"通知{number}",
        "address": f"https://shili.example/notice/{number}",
        "updated_at": AT + timedelta(days=number),
    }
    return Entry(**known | columns)


def read(feed: Feed, entries: list[Entry]) -> Any:
    return feedparser.parse(write_feed(feed, entries), response_headers={"content-type": "application/atom+xml"})


@pytest.mark.parametrize("entries", [[], [an_entry()], [an_entry(number) for number in range(50)]])
def test_a_feed_of_nothing_of_one_and_of_many_is_read_without_a_complaint(entries: list[Entry]) -> None:
    found = read(a_feed(), entries)

    assert not found.bozo
    assert "atom10" == found.version
    assert [entry.title for entry in entries] == [entry.title for entry in found.entries]


def test_a_feed_was_updated_when_its_newest_entry_was_wherever_that_stands() -> None:
    found = read(a_feed(), [an_entry(1), an_entry(7), an_entry(3)])

    assert "2026-03-09T01:00:00Z" == found.feed.updated


def test_a_feed_of_nothing_was_updated_when_the_archive_last_looked() -> None:
    assert "2026-03-02T01:00:00Z" == read(a_feed(), []).feed.updated


def test_hostile_words_are_text_and_what_xml_cannot_hold_is_dropped() -> None:
    entry = an_entry(title=HOSTILE, summary=HOSTILE, authors=[HOSTILE], categories=[HOSTILE])
    written = write_feed(a_feed(title=HOSTILE, subtitle=HOSTILE), [entry])
    names = {"a": "http://www.w3.org/2005/Atom"}
    told = ET.fromstring(written).findall(".//a:title", names)

    assert ["关于<b>&amp;</b>]]>的\"通知'"] * 2 == [one.text for one in told]
    assert not feedparser.parse(written).bozo


def test_a_feed_says_its_own_address_its_page_and_its_language() -> None:
    found = read(a_feed(), [])

    assert {
        "self": "https://shili.example/changes.atom",
        "alternate": "https://shili.example/changes",
    } == {link.rel: link.href for link in found.feed.links}
    assert "zh-CN" == found.feed.title_detail.language


def test_an_entry_keeps_its_authors_its_classes_and_its_instants_in_utc() -> None:
    beijing = timezone(timedelta(hours=8))
    entry = an_entry(
        authors=["示例市民政局", "示例市财政局"],
        categories=["金额"],
        published_at=datetime(2026, 3, 1, tzinfo=beijing),
        summary="每人每月 300 元改为 320 元",
    )
    (found,) = read(a_feed(), [entry]).entries

    assert ["示例市民政局", "示例市财政局"] == [author.name for author in found.authors]
    assert ["金额"] == [tag.term for tag in found.tags]
    assert "2026-02-28T16:00:00Z" == found.published
    assert "每人每月 300 元改为 320 元" == found.summary


def test_an_id_is_the_same_for_ever_and_another_for_another_thing() -> None:
    assert "urn:uuid:c030fc58-f6f6-5485-abd9-fb8992a96007" == lasting_id("notice", "abc")
    assert lasting_id("notice", "abc") != lasting_id("notice", "abd") != lasting_id("notic", "eabd")
