"""Only what is new: what a crawl leaves, the next one takes up; a quiet channel costs one request."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.blocks import MOST_SILENT
from crawler.demo import Web
from crawler.demo.hosts import Answer
from tests.crawler.crawling import Crawled, crawl, rows
from tests.crawler.test_family_crawls import NXCX, SITES, UCAP, put_articles, put_list, put_nxcx, put_ucap, title

HOME = "http://mzj.sanye.example"
LIST = f"{HOME}/tzgg/"
COUNT, SIZE = 45, 15
URLS = [f"{HOME}/tzgg/t{20240000 + number}_{number}.html" for number in range(COUNT, 0, -1)]
ETAG = {"ETag": '"one"'}


def put_notices(web: Web, urls: list[str] = URLS, *, etag: str | None = None) -> list[str]:
    """A list of three pages with its pager by script; each notice is of the day that its number says."""
    pages = -(-len(urls) // SIZE)
    lists = [LIST, *(f"{LIST}index_{number}.html" for number in range(1, pages))]
    for number, url in enumerate(lists):
        part = urls[number * SIZE : (number + 1) * SIZE]
        pager = f"<script>createPageHTML({pages}, {number}, 'index', 'html');</script>"
        put_list(web, url, part, pager)
        body = web.sites.answer(url).body.decode()
        for entry in part:
            name = int(entry.rsplit("_", 1)[1].removesuffix(".html"))
            day = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=name)
            row = f'{entry}">{title(part.index(entry))}</a>2024-01-09'
            body = body.replace(row, f'{entry}">关于第{name}号事项的通知</a>{day:%Y-%m-%d}')
        web.sites.put(url, body, headers={"ETag": etag} if etag and number == 0 else None)
    put_articles(web, urls)
    return lists


def go(folder: Path, **options: object) -> Crawled:
    return crawl(folder, addresses={LIST: "trs"}, **options)


def asked(web: Web, since: int = 0) -> Counter[str]:
    return Counter(one.url for one in web.log[since:] if not one.url.endswith("/robots.txt"))


def walks(folder: Path) -> list[tuple[object, ...]]:
    return rows(folder, "select how, pages, entries, new, total_pages, detail from walks order by crawl")


def articles(web: Web) -> Counter[str]:
    return Counter({url: count for url, count in asked(web).items() if url in URLS})


@pytest.mark.parametrize(
    ("options", "how"),
    [({"limit": 5}, "cut"), ({"since": "2024-02-08"}, "cut"), ({"max_time": 1.0}, "cut")],
    ids=["limit", "since", "max-time"],
)
def test_a_crawl_that_was_cut_after_page_one_hides_nothing_from_the_next(
    web: Web, tmp_path: Path, options: dict[str, object], how: str
) -> None:
    put_notices(web)
    web.sites.pause = 0.2 if "max_time" in options else 0.0
    go(tmp_path / "archive", **options)
    first = articles(web)
    web.sites.pause = 0.0
    crawled = go(tmp_path / "archive")

    assert crawled.code == 0, crawled.err
    assert len(first) < COUNT
    assert articles(web) == dict.fromkeys(URLS, 1)
    assert walks(tmp_path / "archive")[0][0] == how
    assert walks(tmp_path / "archive")[1][:3] == ("end", 3, COUNT)


def test_a_block_behind_page_one_hides_nothing_from_the_next_crawl(web: Web, tmp_path: Path) -> None:
    put_notices(web)
    page = web.sites.answer(URLS[3]).body
    web.sites.put(URLS[3], "<html><head><script>$_ts=window</script></head><body></body></html>", status=412)
    go(tmp_path / "archive")
    web.sites.put(URLS[3], page)
    go(tmp_path / "archive")
    kept = rows(tmp_path / "archive", "select count(*) from copies")
    first, second = walks(tmp_path / "archive")

    assert kept == [(COUNT,)]
    assert first[0] == "failed"
    assert "has stopped: challenge" in str(first[-1])
    assert second[0] == "end"


def test_an_error_behind_page_one_hides_nothing_from_the_next_crawl(web: Web, tmp_path: Path) -> None:
    lists = put_notices(web)
    page = web.sites.answer(lists[1]).body
    web.sites.put(lists[1], "<h1>404 Not Found</h1>", status=404)
    failed = go(tmp_path / "archive")
    web.sites.put(lists[1], page)
    crawled = go(tmp_path / "archive")

    assert (failed.code, crawled.code) == (3, 0), crawled.err
    assert articles(web) == dict.fromkeys(URLS, 1)
    assert walks(tmp_path / "archive")[0] == ("failed", 1, SIZE, SIZE, 3, "gone: HTTP 404")
    assert rows(tmp_path / "archive", "select kind, channel from issues") == [("list_failed", LIST)]


def test_a_list_that_did_not_change_ends_its_walk_at_once(web: Web, tmp_path: Path) -> None:
    put_notices(web, etag='"one"')
    go(tmp_path / "archive")
    before = len(web.log)
    crawled = go(tmp_path / "archive")

    assert crawled.code == 0, crawled.err
    assert [(one.url, one.status) for one in web.log[before:]][1:] == [(LIST, 304)]
    assert walks(tmp_path / "archive")[1][:4] == ("unchanged", 0, 0, 0)


@pytest.mark.parametrize("bounds", [{"limit": 5}, {"broken": True}], ids=["cut", "failed entries"])
def test_a_list_is_asked_for_whole_while_something_of_it_is_missing(
    web: Web, tmp_path: Path, bounds: dict[str, object]
) -> None:
    put_notices(web, etag='"one"')
    go(tmp_path / "archive", **bounds)
    before = len(web.log)
    go(tmp_path / "archive")

    assert (LIST, 200) in [(one.url, one.status) for one in web.log[before:]]
    assert rows(tmp_path / "archive", "select count(*) from copies") == [(COUNT,)]


@pytest.mark.parametrize("family", [*SITES, "ucap", "nxcx"])
def test_a_quiet_channel_costs_one_request(family: str, web: Web, tmp_path: Path) -> None:
    if family == "ucap":
        put_ucap(web, entries=8, size=3)
        column = f"{UCAP}/jsz/c113/common_list.shtml"
    elif family == "nxcx":
        put_nxcx(web, entries=18, size=3)
        column = f"{NXCX}/index.html"
    else:
        lists, urls = SITES[family](web)
        put_articles(web, urls)
        column = lists[0]
    crawl(tmp_path / "archive", addresses={column: family})
    before = len(web.log)
    crawled = crawl(tmp_path / "archive", addresses={column: family})

    assert crawled.code == 0, crawled.err
    assert asked(web, before).total() == 1


def test_a_beginning_that_no_longer_serves_is_replaced_in_the_same_crawl(web: Web, tmp_path: Path) -> None:
    lists, urls = SITES["gkmlpt"](web)
    put_articles(web, urls)
    crawl(tmp_path / "archive", addresses={lists[0]: "gkmlpt"})
    data = json.loads(web.sites.answer(lists[1]).body)
    web.sites.put(lists[1], "<h1>404 Not Found</h1>", status=404)
    web.sites.edit(lists[0], "SID: '7'", "SID: '8'")
    new = lists[1].replace("sid=7", "sid=8")
    web.sites.put(new, json.dumps(data), headers={"Content-Type": "application/json"})
    before = len(web.log)
    crawled = crawl(tmp_path / "archive", addresses={lists[0]: "gkmlpt"})

    assert crawled.code == 0, crawled.err
    assert list(asked(web, before)) == [lists[1], lists[0], new]


def test_a_beginning_that_leads_to_what_is_no_list_is_replaced_too(web: Web, tmp_path: Path) -> None:
    lists, urls = SITES["gkmlpt"](web)
    put_articles(web, urls)
    crawl(tmp_path / "archive", addresses={lists[0]: "gkmlpt"})
    new = lists[1].replace("sid=7", "sid=8")
    web.sites.put(new, web.sites.answer(lists[1]).body, headers={"Content-Type": "application/json"})
    error = lists[0].replace("/index", "/error.html")
    web.sites.put(error, "<html><body><h1>系统升级中</h1></body></html>")
    web.sites.put(lists[1], "", status=302, headers={"Location": error})
    web.sites.edit(lists[0], "SID: '7'", "SID: '8'")
    before = len(web.log)
    crawled = crawl(tmp_path / "archive", addresses={lists[0]: "gkmlpt"})

    assert crawled.code == 0, crawled.err
    assert list(asked(web, before)) == [lists[1], error, lists[0], new]


def test_a_beginning_that_fails_twice_is_an_issue(web: Web, tmp_path: Path) -> None:
    lists, urls = SITES["gkmlpt"](web)
    put_articles(web, urls)
    crawl(tmp_path / "archive", addresses={lists[0]: "gkmlpt"})
    web.sites.put(lists[1], "<h1>404 Not Found</h1>", status=404)
    crawled = crawl(tmp_path / "archive", addresses={lists[0]: "gkmlpt"})

    assert crawled.code == 3
    assert rows(tmp_path / "archive", "select how from walks order by crawl") == [("end",), ("failed",)]


def test_a_slow_walk_finds_what_slipped_into_the_middle(web: Web, tmp_path: Path) -> None:
    put_notices(web)
    go(tmp_path / "archive")
    slipped = f"{HOME}/tzgg/t20231224_5.html"
    put_notices(web, [*URLS[:40], slipped, *URLS[40:]])
    go(tmp_path / "archive")
    soon = asked(web)[slipped]
    with sqlite3.connect(tmp_path / "archive" / "crawl.db") as db:
        db.execute("update edges set to_end_at = '2026-01-01T00:00:00+00:00'")
    db.close()
    before = len(web.log)
    go(tmp_path / "archive")

    assert soon == 0
    assert asked(web, before)[slipped] == 1
    assert [row[0] for row in walks(tmp_path / "archive")] == ["end", "edge", "end"]


def test_pinned_entries_do_not_hide_what_is_new_below_them(web: Web, tmp_path: Path) -> None:
    put_notices(web)
    go(tmp_path / "archive")
    new = f"{HOME}/tzgg/t20240602_46.html"
    put_notices(web, [*URLS[30:], new, *URLS[:30]])
    before = len(web.log)
    go(tmp_path / "archive")

    assert asked(web, before)[new] == 1


def test_a_first_page_of_pinned_entries_that_stays_as_it_is_hides_nothing(web: Web, tmp_path: Path) -> None:
    put_notices(web, [*URLS[30:], *URLS[:30]], etag='"pinned"')
    go(tmp_path / "archive")
    new = f"{HOME}/tzgg/t20240602_46.html"
    put_notices(web, [*URLS[30:], new, *URLS[:30]], etag='"pinned"')
    before = len(web.log)
    go(tmp_path / "archive")

    assert asked(web, before)[new] == 1


def age(folder: Path, days: int) -> None:
    """Let the archive's copies be asked for and seen so many days ago."""
    with sqlite3.connect(folder / "notices.db") as db:
        at = f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%S.000Z}"
        db.execute("update copies set first_seen_at = ?, checked_at = ?", (at, at))
        db.execute("update captures set fetched_at = ?", (at,))
    db.close()


def test_copies_that_are_due_are_looked_at_again_once_and_on_condition(web: Web, tmp_path: Path) -> None:
    put_notices(web, etag='"list"')
    for url in URLS:
        web.sites.put(url, web.sites.answer(url).body, headers=ETAG)
    go(tmp_path / "archive")
    age(tmp_path / "archive", 2)
    before = len(web.log)
    crawled = go(tmp_path / "archive")

    assert crawled.code == 0, crawled.err
    assert asked(web, before) == dict.fromkeys([LIST, *URLS], 1)
    assert {one.status for one in web.log[before:] if one.url in URLS} == {304}


def test_what_is_held_of_a_page_is_not_said_of_another_that_it_leads_to(web: Web, tmp_path: Path) -> None:
    """A server that has an older page there would call it unmodified, and nobody would ever have seen it."""
    put_notices(web)
    web.sites.put(URLS[0], web.sites.answer(URLS[0]).body, headers=ETAG)
    go(tmp_path / "archive")
    age(tmp_path / "archive", 2)
    other = f"{HOME}/zcfg/t20240102_700.html"
    web.sites.put(other, web.sites.answer(URLS[0]).body.replace(b"</h1>", b"!</h1>"), headers=ETAG)
    web.sites.put(URLS[0], "", status=302, headers={"Location": other})
    before = len(web.log)
    go(tmp_path / "archive")

    assert [one.status for one in web.log[before:] if one.url == other] == [200]


def hang_up(web: Web, patch: pytest.MonkeyPatch, urls: list[str]) -> Counter[str]:
    """Answer nothing at all for these addresses; what was asked of them is counted."""
    tried: Counter[str] = Counter()
    answer = web.sites.answer

    def hang(url: str, *rest: str) -> Answer:
        if url in urls:
            tried[url] += 1
            raise ConnectionAbortedError(url)
        return answer(url, *rest)

    patch.setattr(web.sites, "answer", hang)
    return tried


def test_a_host_that_falls_silent_stops_and_loses_nothing(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_notices(web)
    with monkeypatch.context() as patch:
        tried = hang_up(web, patch, URLS)
        silent = go(tmp_path / "archive")
    crawled = go(tmp_path / "archive")

    assert (silent.code, len(tried)) == (3, MOST_SILENT)
    assert rows(tmp_path / "archive", "select kind, subject from issues") == [("host_silent", "mzj.sanye.example")]
    assert crawled.code == 0, crawled.err
    assert rows(tmp_path / "archive", "select count(*) from copies") == [(COUNT,)]


def test_copies_on_a_host_whose_rules_do_not_come_are_not_asked_for_one_by_one(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_notices(web)
    go(tmp_path / "archive")
    age(tmp_path / "archive", 2)
    hang_up(web, monkeypatch, [f"{HOME}/robots.txt"])
    crawled = go(tmp_path / "archive")

    assert crawled.told is not None
    assert crawled.told["tally"]["asked"] < 20


def test_a_copy_that_gives_no_answer_is_not_asked_for_at_every_crawl(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_notices(web)
    go(tmp_path / "archive")
    age(tmp_path / "archive", 2)
    tried = hang_up(web, monkeypatch, URLS[:2])
    go(tmp_path / "archive")
    once = dict(tried)
    crawled = go(tmp_path / "archive")

    assert crawled.code == 0, crawled.err
    assert (once, tried) == (dict.fromkeys(URLS[:2], 2), once)


def test_a_source_whose_host_stops_is_not_looked_at_again(web: Web, tmp_path: Path) -> None:
    put_notices(web)
    go(tmp_path / "archive")
    age(tmp_path / "archive", 2)
    web.sites.put(LIST, "<html><head><script>$_ts=window</script></head><body></body></html>", status=412)
    before = len(web.log)
    crawled = go(tmp_path / "archive")

    assert crawled.told is not None
    assert asked(web, before) == {LIST: 1}
    assert crawled.told["tally"]["refused"] == 0


def test_a_list_that_shows_page_one_for_every_number_is_an_issue(web: Web, tmp_path: Path) -> None:
    lists = put_notices(web)
    for url in lists[1:]:
        web.sites.put(url, web.sites.answer(LIST).body)
    crawled = go(tmp_path / "archive")

    assert crawled.code == 3
    assert articles(web) == dict.fromkeys(URLS[:SIZE], 1)
    said = (
        "after 1 page with 15 entries the site shows the same again, though it states 3 pages;"
        " look whether its pager still works as its family reads it"
    )
    assert rows(tmp_path / "archive", "select kind, subject, detail from issues") == [("list_repeats", LIST, said)]
    assert walks(tmp_path / "archive")[0][0] == "cut"


@pytest.mark.parametrize("media_type", ["text/html", "text/xml"])
def test_an_empty_store_where_more_is_stated_is_an_issue_whatever_it_is_sent_as(
    media_type: str, web: Web, tmp_path: Path
) -> None:
    column, further = f"{LIST}col9.html", f"{LIST}dataproxy.jsp?startrecord=3&endrecord=5&perpage=1&columnid=9"
    records = "".join(f'<record><![CDATA[<li><a href="{url}">{title(0)}</a></li>]]></record>' for url in URLS[:2])
    store = f"<datastore><nextgroup></nextgroup><recordset>{records}</recordset></datastore>"
    call = "jpage({totalRecord: 8, perPage: 1, proxyUrl: 'dataproxy.jsp', ajaxParam: {columnid: 9}})"
    lines = f'<div id="9"><script type="text/xml">{store}</script></div><script>$("#9").{call};</script>'
    web.sites.put(column, f"<html><body>{lines}</body></html>")
    empty = "<datastore><totalrecord>8</totalrecord><recordset></recordset></datastore>"
    web.sites.put(further, empty, headers={"Content-Type": media_type})
    put_articles(web, URLS[:2])
    crawled = crawl(tmp_path / "archive", addresses={column: "hanweb"})

    assert [("list_unreadable", further)] == rows(tmp_path / "archive", "select kind, subject from issues"), crawled.err


def test_an_issue_that_a_person_has_acknowledged_is_no_news(web: Web, tmp_path: Path) -> None:
    lists = put_notices(web)
    web.sites.put(lists[1], "<h1>404 Not Found</h1>", status=404)
    folder = tmp_path / "archive"
    news = go(folder)
    ruling = {
        "at": "2026-11-01T00:00:00+00:00", "who": "x", "what": "ack", "urls": [lists[1]], "why": "known",
        "about": "list_failed",
    }  # fmt: skip
    (folder / "decisions.jsonl").write_text(json.dumps(ruling) + "\n", "utf-8")

    assert (news.code, go(folder).code) == (3, 0)
