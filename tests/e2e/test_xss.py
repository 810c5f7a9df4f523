"""Markup of ill will, kept by a crawl in every place that a page shows: in a real browser nothing of it runs."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

from archive.archive import Archive
from archive.browse.serve import start
from archive.records import Channel, Entry, Issue, Listed, Source
from archive.store import Database, open_reader
from tests.captures import NOW, an_exchange, crawled
from tests.hostile import spelt
from tests.payloads import PAYLOADS

BASE = "http://mzj.qingshan.example/tzgg/"
PORTAL = "http://www.zixun.example/a/"
TOGETHER = 8
"""Payloads of one page: each stands in every place of it."""
ELSEWHERE = """() => [...document.querySelectorAll('[href], [action], [src], [formaction], [data]')]
    .flatMap(one => ['href', 'action', 'src', 'formaction', 'data'].map(name => one.getAttribute(name)))
    .filter(address => address && !/^https?:$/.test(new URL(address, location).protocol))"""
"""Addresses in a page that lead elsewhere than to http and https."""


class Room(NamedTuple):
    """Where the archive is served, every address in it that is worth a look, and what was stored of the payloads."""

    address: str
    paths: list[str]
    stored: str


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """An archive of a bureau and a portal of ill will: two crawls, so that there are edits."""
    archive = Archive(tmp_path_factory.mktemp("xss") / "archive")
    archive.path.mkdir()
    groups = [PAYLOADS[at : at + TOGETHER] for at in range(0, len(PAYLOADS), TOGETHER)]
    at = NOW + timedelta(302)
    notes = [
        Source(key="mal", agency=PAYLOADS[0], kind="bureau", home="http://mal.example/", note=PAYLOADS[5]),
        Channel(source="mal", name=PAYLOADS[5], url="http://mal.example/l/", family="trs"),
        *(Issue(kind=one, subject=one, detail=one, raised_at=at, source="mal") for one in PAYLOADS[::6]),
        *(listed(number, group) for number, group in enumerate(groups)),
    ]
    pages = [an_exchange(address(number, group), page(group)) for number, group in enumerate(groups)]
    pages += [an_exchange(f"{PORTAL}{number}.html", page(group, of=number)) for number, group in enumerate(groups)]
    crawled(archive, 302, [*notes, *pages]).close()
    edited = [an_exchange(one.url, one.body.decode().replace("第一", "第二"), at=NOW + timedelta(1)) for one in pages]
    crawled(archive, 303, edited).close()
    server, process = start(archive.path)
    yield Room(server, *look_through(archive))
    process.communicate(timeout=30)


def address(number: int, group: tuple[str, ...]) -> str:
    return f"{BASE}{number}.html?x={quote(group[0], safe='<>()=')}"


def listed(number: int, group: tuple[str, ...]) -> Listed:
    entry = Entry(url=address(number, group), title=" ".join(group), date_raw=group[0])
    return Listed(entry=entry, source="qingshan", channel=BASE, list_url=BASE, listed_at=NOW)


def page(group: tuple[str, ...], of: int | None = None) -> str:
    """A page with the payloads as words wherever a reader of pages looks, and at its end as markup."""
    shown = [html.escape(one) for one in group]
    every = " ".join(shown)
    cells = "".join(f"<tr><td>{one}</td><td>第一</td></tr>" for one in shown)
    files = "".join(f'<p><a href="/f/{n}.xlsx">{one}.xlsx</a></p>' for n, one in enumerate(shown))
    claim = f'<p>原文链接：<a href="{shown[0]}">{shown[0]}</a> {BASE}{of}.html</p>' if of is not None else ""
    return (
        f'<html><head><meta charset="utf-8"><title>{every}</title>'
        f'<meta name="ArticleTitle" content="关于{every}的通知">'
        f'<meta name="PubDate" content="2026-03-01 09:00"><meta name="ContentSource" content="{shown[1]}">'
        f'<meta name="Author" content="{shown[2]}"><meta name="SiteName" content="{shown[3]}"></head><body>'
        f'<h1>关于{every}的通知</h1><div class="info">来源：{shown[1]} 作者：{shown[2]} 时间：2026-03-01 09:00</div>'
        f'<div class="TRS_Editor"><p>青民发〔2026〕{len(every)}号</p>'
        + "".join(
            f"<p>第一条　各区民政局应当就下列事项依法办理：{one}。具体办法另行规定，请认真贯彻执行。</p>"
            for one in shown
        )
        + f"<p>根据《{shown[4]}管理办法》（{shown[5]}〔2020〕1号）制定。</p><table>{cells}</table>{files}{claim}</div>"
        + "".join(group)
        + "</body></html>"
    )


def look_through(archive: Archive) -> tuple[list[str], str]:
    """Addresses of every kind of page, ours and stock; and all texts that the archive now holds."""
    with closing(open_reader(archive.database)) as db:
        tables = column(db, "select name from sqlite_master where type = 'table' and name not glob '*_fts*'")
        notices = column(db, "select id from notices order by n")
        records = column(db, f"select record_id from captures where url glob '{BASE}*' order by id")
        sources = column(db, "select key from sources")
        agencies = column(db, "select distinct issuing_agency from notices where issuing_agency is not null")
        stored = json.dumps([row for name in tables for row in db.query(f"select * from {name}")], ensure_ascii=False)
    ours = ["", "search", "changes", "agencies", "places", "sources", "dataset", "health", "health/coverage", "crawls"]
    ours += ["health/issues?all=1", "search?q=", *(f"notice/{one}" for one in notices)]
    ours += [f"notice/{one}{more}" for one in notices[::3] for more in ("/r/1", "/diff?from=1&to=2", "/diff")]
    ours += [f"capture/{one}{more}" for one in records[:8] for more in ("?field=title", "/view")]
    ours += [f"search?q={spelt(one)}&agency={spelt(one)}" for one in PAYLOADS[::6]]
    ours += [f"source/{key}" for key in sources] + [f"agency/{spelt(one)}" for one in (*agencies, PAYLOADS[5])]
    stock = [f"notices/{name}?_size=30" for name in tables if not name.startswith(("sqlite_", "_"))]
    stock += ["notices", "notices/notices/1", "notices/notices?_search=alert&_facet=title"]
    return [*ours, *stock, "notices?sql=select+title+from+notices"], stored


def column(db: Database, sql: str) -> list[str]:
    return [value for (value,) in db.execute(sql)]


def test_no_two_payloads_are_the_same() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


def test_a_crawl_stores_nearly_all_of_them_as_they_stand(room: Room) -> None:
    """Else the look at the pages would prove nothing. Blanks are tidied, and what no text holds is dropped."""
    lost = [one for one in PAYLOADS if json.dumps(" ".join(one.split()), ensure_ascii=False)[1:-1] not in room.stored]

    assert len(lost) <= 3, lost


@pytest.mark.browser
def test_no_script_runs_the_console_stays_empty_and_links_lead_to_the_web(room: Room, chromium: Any) -> None:
    said: list[str] = []
    tab = chromium.new_page()
    where = ""

    def tell(words: str) -> None:
        said.append(f"{where[:80]}: {words[:200]}")

    tab.on("console", lambda message: tell(message.text) if "status of 404" not in message.text else None)
    tab.on("pageerror", lambda error: tell(str(error)))
    tab.on("dialog", lambda dialog: (tell(f"RAN {dialog.message}"), dialog.dismiss()))
    for where in room.paths:
        answer = tab.goto(room.address + where, wait_until="load")
        if answer.status != 200 and not where.startswith("agency/"):
            tell(f"status {answer.status}")
        for found in tab.evaluate(ELSEWHERE):
            tell(f"leads to {found}")
    tab.close()

    assert [] == said
