"""The pages of health, asked in process as a browser would."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette

from archive.index import Index
from archive.records import Issue
from archive.store import open_writer
from tests.archive.test_coverage import LIST, OTHER, a_channel, a_walk, instant, listed
from tests.browsing import Browser
from tests.captures import write_warc

NEVER = "http://mzj.qingshan.example/never/"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """An archive of a channel walked wholly, one that later failed, and one that was never walked."""
    at = "2026-03-02"
    entries = [*listed("低保", "2026-01-05", at=at), *listed("养老", "2026-02-05", at=at, read=False)]
    issue = Issue(
        kind="list_failed", subject="<b>", detail="连接<超时>", raised_at=instant(at), source="qingshan", channel=OTHER
    )
    records = [a_channel(), a_channel(OTHER), a_channel(NEVER), *entries, a_walk(at)]
    write_warc(
        tmp_path / "warc",
        "20260302T040000Z-aaaaaa",
        [*records, issue, a_walk(at, "failed", channel=OTHER, pages=0)],
        at=instant(at),
    )
    with closing(open_writer(tmp_path / "notices.db")) as db:
        Index(tmp_path, db, run="test").catch_up()
    browser = Browser(Datasette([str(tmp_path / "notices.db")]))
    yield browser
    browser.close()


def test_the_strip_hatches_what_nobody_looked_at_and_prints_a_true_0(browser: Browser) -> None:
    page = browser.get("/health/coverage").text

    assert 'class="month complete" title="2026-01 采全，列出 1，可读 1"' in page
    assert 'class="month partial" title="2026-02 不全，列出 1，可读 0"' in page
    assert 'class="month complete" title="2026-03 采全，列出 0，可读 0"' in page
    assert page.count('<td class="month unobserved" title="2026-03 未观测">') == 2


@pytest.mark.parametrize("path", ["/health", "/health/coverage", "/health/issues"])
def test_a_database_of_an_older_version_has_no_pages_of_health(browser: Browser, tmp_path: Path, path: str) -> None:
    with closing(sqlite3.connect(tmp_path / "notices.db")) as db, db:
        db.execute("delete from _sqlite_migrations where id = (select max(id) from _sqlite_migrations)")
    answer = browser.get(path)

    assert answer.status_code == 404
    assert "出自旧版程序" in answer.text


@pytest.mark.parametrize("path", ["/health", "/health/coverage", "/health/issues", "/notices/-/health/issues"])
def test_the_pages_are_there_under_the_strict_policy(browser: Browser, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 200
    assert (
        "script-src" in answer.headers["content-security-policy"]
        or "default-src 'none'" in answer.headers["content-security-policy"]
    )
    assert "style=" not in answer.text


@pytest.mark.parametrize(("lang", "state"), [("zh", "故障"), ("en", "broken")])
def test_health_names_the_state_and_its_reason_in_the_language_asked_for(
    browser: Browser, lang: str, state: str
) -> None:
    page = browser.get(f"/health?lang={lang}").text

    assert state in page
    assert ("could not be walked" in page) is (lang == "en")


def test_issues_are_shown_with_what_they_say_escaped(browser: Browser) -> None:
    page = browser.get("/health/issues").text

    assert "连接&lt;超时&gt;" in page
    assert "<b>" not in page
    assert "列表页未取得" in page


def test_coverage_of_one_source_is_shown_alone(browser: Browser) -> None:
    assert LIST in browser.get("/health/coverage?source=qingshan").text
    assert LIST not in browser.get("/health/coverage?source=zixun").text
