"""`minzheng demo` as a newcomer runs it: what it must find, and what it must not take for a notice."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from archive.store.functions import prepare_connection
from archive.urls import fetch_url, url_key
from tests.web import PROXY_NAMES, ExpectedNotice, expected


@dataclass(frozen=True)
class Demo:
    """A demo that was run to its end."""

    code: int
    out: str
    err: str
    db: sqlite3.Connection


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    env = {name: value for name, value in os.environ.items() if name.lower() not in PROXY_NAMES}
    done = subprocess.run(
        [sys.executable, "-m", "crawler.cli", "--archive", str(folder / "archive"), "demo", "--no-serve"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=env,
    )
    found = list(folder.rglob("notices.db"))
    assert len(found) == 1, done.stderr
    db = sqlite3.connect(f"file:{found[0]}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    yield Demo(done.returncode, done.stdout, done.stderr, db)
    db.close()


def test_the_demo_ends_well_and_says_what_it_found(demo: Demo) -> None:
    assert 0 == demo.code, demo.err
    notices = expected()["notices"]
    copies = sum(len(_whole(notice)[3]) for notice in notices)

    assert f"{len(notices)} notices, {copies} copies of them" in demo.out
    assert "民政事务部" in demo.out
    assert f"and {len(notices) - 30} more" in demo.out


def test_every_notice_is_found_once_with_its_original_and_its_reposts(demo: Demo) -> None:
    found = {
        row["title"]: (
            row["original_url"],
            bool(row["original_captured"]),
            row["published_on"],
            _copies(demo, row["id"]),
        )
        for row in demo.db.execute("select id, title, original_url, original_captured, published_on from notices")
    }

    assert {notice["title"]: _whole(notice) for notice in expected()["notices"]} == found


def test_every_original_was_captured_or_printed_and_is_in_the_form_to_fetch(demo: Demo) -> None:
    """Where it was not captured, the copy is named that prints it."""
    rows = demo.db.execute(
        "select original_url, original_captured,"
        " (select min(url) from captures where captures.url = original_url and outcome = 'ok') as captured,"
        " (select min(url) from copies where claimed_original = original_url) as printed_by"
        " from notices where original_url is not null"
    ).fetchall()

    assert len(rows) > 100
    assert [] == [tuple(row) for row in rows if not (row["captured"] or row["printed_by"])]
    assert [] == [tuple(row) for row in rows if bool(row["captured"]) != bool(row["original_captured"])]
    assert [row["original_url"] for row in rows] == [fetch_url(row["original_url"]) for row in rows]


def test_every_repost_was_traced_in_the_manner_it_was_made(demo: Demo) -> None:
    manners = {url_key(url): manner for notice in expected()["notices"] for url, manner in notice["reposts"].items()}
    rules = {row["copy"]: row["rule"] for row in demo.db.execute("select copy, rule from matches")}

    equal_manners = ("same text", "same site")
    linked = {key: rules.get(key) for key, manner in manners.items() if manner not in (*equal_manners, "none")}
    equal = {key: rules.get(key) for key, manner in manners.items() if manner in equal_manners}

    assert dict.fromkeys(linked, "explicit_link") == linked
    assert dict.fromkeys(equal, "equal_text") == equal


def test_what_is_no_notice_is_kept_with_its_outcome(demo: Demo) -> None:
    traps = expected()["not_notices"]
    outcomes = {url: _outcomes(demo, url) for url in traps}

    assert dict.fromkeys(traps, True) == {url: traps[url] in outcomes[url] for url in traps}, outcomes


def test_every_list_page_was_read_and_none_became_a_copy(demo: Demo) -> None:
    keys = {url_key(url) for url in expected()["lists"]}
    copies = {row["url_key"] for row in demo.db.execute("select url_key from copies")}
    captured = {row["url_key"]: row["kind"] for row in demo.db.execute("select url_key, kind from captures")}

    assert set() == keys & copies
    assert set() == keys - captured.keys()
    assert set() == {key for key, kind in captured.items() if kind == "list"} - keys


def test_a_list_that_is_a_trap_is_told_and_no_other_is(demo: Demo) -> None:
    about_lists = "select kind, subject from issues where kind like 'list%'"

    assert expected()["walks"] == {row["subject"]: row["kind"] for row in demo.db.execute(about_lists)}


def test_every_address_was_asked_once(demo: Demo) -> None:
    """An address that answers; of lists that are asked with a form, each form once."""
    keys = {key for notice in expected()["notices"] for key in _whole(notice)[3]}
    rows = demo.db.execute("select url_key, count(*) as n from captures where outcome = 'ok' group by url_key")
    asked = {row["url_key"]: row["n"] for row in rows}

    assert dict.fromkeys(keys, 1) == {key: asked.get(key) for key in keys}


def test_every_request_ended_as_a_record(demo: Demo) -> None:
    crawl = demo.db.execute("select * from crawls").fetchone()

    assert "demo" == crawl["kind"]
    assert crawl["asked"] == crawl["stored"] + crawl["failed"] + crawl["refused"]


def test_no_text_holds_a_link_line_a_disclaimer_or_a_footer(demo: Demo) -> None:
    chrome = ["原文链接", "阅读原文", "免责声明", "版权所有", "分享到", "关闭窗口", "主办：", "浏览次数", "作者:佚名"]
    rows = demo.db.execute("select title, text from notices").fetchall()
    in_a_file = "宝岩市民政局关于推进2023年地名标志更新工作的通知"

    assert [] == [(word, row["text"]) for row in rows for word in chrome if word in row["text"]]
    assert [in_a_file] == [row["title"] for row in rows if row["text"].count("\n") < 1]


def test_a_disclosure_table_gives_the_fields_of_its_document(demo: Demo) -> None:
    row = demo.db.execute("select * from notices where document_number = '青民发〔2021〕15号'").fetchone()

    assert ("青山市民政局关于调整城乡居民最低生活保障标准的通知", "通知") == (row["title"], row["document_type"])
    assert ("11429900X/2021-00138", "2021-05-18", "2021-05-20") == (
        row["index_number"],
        row["written_on"],
        row["published_on"],
    )
    assert ["青山市民政局"] == json.loads(row["issuing_agencies"])


def test_every_file_is_held_with_its_notice_by_name_digest_and_text(demo: Demo) -> None:
    rows = demo.db.execute(
        "select attachments.url, copies.url as notice, name, sha256, read_as, skipped, attachments.text"
        " from attachments join copies on copies.url_key = copy left join files using (payload_digest)"
    ).fetchall()
    says = {url: file["says"] for url, file in expected()["files"].items()}
    found = {
        row["url"]: {
            "notice": row["notice"],
            "name": row["name"],
            "sha256": (row["sha256"] or "").removeprefix("sha256:"),
            "read_as": row["read_as"],
            "says": said if (said := says.get(row["url"], "")) in (row["text"] or row["skipped"]) else row["text"],
        }
        for row in rows
    }

    assert expected()["files"] == found
    assert len(found) == len(rows)
    assert f"{len(rows)} files that they link, {len(rows)} captured" in demo.out


def test_a_word_of_a_file_finds_the_notice_that_links_it(demo: Demo) -> None:
    """Whether it stands in a PDF, a Word document, a workbook or the list of an archive, and not in the notice."""
    query = (
        "select original_url from notices_fts join notices on n = notices_fts.rowid"
        " where notices_fts match zh_match(?) and notices.text not like '%' || ? || '%'"
    )
    many, second = "http://mzj.baoyan.example/info/1011/4840.htm", "http://mzj.qingshan.example/zwgk/tzgg/202107/"
    in_files = {
        **dict.fromkeys(("填报须知", "银杏颐养中心", "第二福利院", "承诺书样式"), many),
        "竹溪社区": f"{second}t20210722_311120.html",
    }
    prepare_connection(demo.db)

    assert in_files == {word: demo.db.execute(query, (word, word)).fetchone()[0] for word in in_files}


def _whole(notice: ExpectedNotice) -> tuple[str | None, bool, str, dict[str, str]]:
    roles = {"same site": "mirror"}
    copies = {url_key(url): roles.get(manner, "repost") for url, manner in notice["reposts"].items()}
    if "alone" in notice:
        copies[url_key(notice["alone"])] = "unknown"
    if notice["captured"] and notice["original"]:
        copies[url_key(notice["original"])] = "original"
    return notice["original"], notice["captured"], notice["published_on"], copies


def _copies(demo: Demo, notice: str) -> dict[str, str]:
    rows = demo.db.execute("select url_key, role from copies where notice = ?", (notice,))
    return {row["url_key"]: row["role"] for row in rows}


def _outcomes(demo: Demo, url: str) -> set[str]:
    rows = demo.db.execute("select outcome from captures where url_key = ?", (url_key(url),))
    return {row["outcome"] for row in rows}
