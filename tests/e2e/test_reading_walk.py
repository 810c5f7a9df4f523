"""A researcher walks through the reading room in Chromium: from a search to a citation, an agency, its feed."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import feedparser
import pytest
from axe_playwright_python.sync_playwright import Axe

from archive.browse.serve import start
from archive.store import open_reader
from tests.crawler.crawling import crawl
from tests.web import served

pytestmark = pytest.mark.browser

NOTICE = "http://mzj.qingshan.example/zwgk/tzgg/202111/t20211102_312079.html"
TITLE = "关于开展养老服务机构冬季消防安全检查的通知"
AGENCY = "青山市民政局"
WIDTHS = [1280, 360]
GRAVE = {"serious", "critical"}


@dataclass(frozen=True)
class Room:
    """A served archive of a bureau and a portal, in which one notice was edited twice."""

    address: str
    notice: str
    capture: str

    def pages(self) -> dict[str, str]:
        """A name and an address of every kind of page, the stock ones among them."""
        notice, agency = self.notice, urllib.parse.quote(AGENCY)
        return {
            "front": "/",
            "search": "/search?q=养老",
            "search-nothing": "/search?q=没有这个词&year=2020",
            "notice": f"/notice/{notice}",
            "revision": f"/notice/{notice}/r/1",
            "day": f"/notice/{notice}?at=2001-01-01",
            "diff": f"/notice/{notice}/diff?from=1&to=3",
            "diff-whole": f"/notice/{notice}/diff?from=1&to=3&show=whole",
            "missing": "/notice/aaaaaaaaaaaa",
            "capture": f"/capture/{self.capture}?field=published_on",
            "rendered": f"/capture/{self.capture}/view",
            "agency": f"/agency/{agency}",
            "agencies": "/agencies",
            "place": "/place/420000",
            "places": "/places",
            "source": "/source/qingshan",
            "portal": "/source/minshengzc",
            "sources": "/sources",
            "changes": "/changes",
            "crawls": "/crawls",
            "dataset": "/dataset",
            "health": "/health",
            "coverage": "/health/coverage",
            "issues": "/health/issues",
            "database": "/notices",
            "table": "/notices/notices?_search=养老",
            "row": "/notices/notices/1",
            "query": "/notices/edits",
        }


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("walk") / "archive"
    with pytest.MonkeyPatch.context() as patch, served(patch) as web:
        assert crawl(folder, only=["qingshan", "minshengzc"]).code == 0
        for old, new in (("12月20日", "12月10日"), ("市社会福利院：", "市社会福利院、市救助站：")):
            web.sites.edit(NOTICE, old, new)
            assert crawl(folder, only=[], articles=[NOTICE]).code == 0
    db = open_reader(folder / "notices.db")
    [notice] = [row["id"] for row in db.query("select id from notices where title = ?", [TITLE])]
    [capture] = [
        row["record_id"]
        for row in db.query("select record_id from captures where url = ? order by fetched_at limit 1", [NOTICE])
    ]
    db.close()
    address, process = start(folder)
    try:
        yield Room(address.rstrip("/"), notice, capture)
    finally:
        process.terminate()
        process.communicate(timeout=30)


@dataclass
class Walker:
    """A window and what its console said."""

    page: Any
    said: list[str] = field(default_factory=list)
    take: Callable[[str], None] = lambda _name: None


@pytest.fixture
def walker(request: pytest.FixtureRequest, chromium: Any, pictures: Path) -> Iterator[Walker]:
    """A window of each width, in Chinese; `take` keeps a picture of it, and holds that nothing sticks out."""
    width = request.param
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    walker = Walker(page)
    page.on("console", lambda message: walker.said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: walker.said.append(f"{page.url}: {error}"))

    def take(name: str) -> None:
        page.screenshot(path=pictures / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} sticks out"

    walker.take = take
    yield walker
    context.close()


@pytest.mark.parametrize("walker", WIDTHS, indirect=True)
def test_from_a_search_to_a_citation_an_agency_and_its_feed(room: Room, walker: Walker) -> None:
    page = walker.page
    page.goto(f"{room.address}/")
    page.get_by_role("searchbox").fill("养老")
    page.get_by_role("button", name="检索").click()
    page.get_by_role("link", name="青民函〔2021〕61号").or_(page.get_by_role("link", name=TITLE)).first.wait_for()
    found = page.locator("mark", has_text="养老").count()
    assert found > 1
    walker.take("walk-1-search")

    page.get_by_role("link", name="通知", exact=True).first.click()
    page.wait_for_url(re.compile("type="))
    assert 0 < page.locator("mark", has_text="养老").count() <= found
    walker.take("walk-2-filtered")

    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_url(f"**/notice/{room.notice}*")
    assert TITLE == page.get_by_role("heading", level=1).inner_text()
    assert "12月10日" in page.locator("main").inner_text()
    walker.take("walk-3-notice")

    page.locator("#revisions a[href*='/diff']").first.click()
    page.wait_for_url("**/diff?*")
    assert {"ins", "del"} <= set(page.locator("main ins, main del").evaluate_all("all => all.map(x => x.localName)"))
    walker.take("walk-4-diff")

    page.go_back()
    cited = page.get_by_label("GB/T 7714—2025").inner_text()
    assert f"{AGENCY}. {TITLE}: 青民函〔2021〕61号[EB/OL]. (2021-11-02)[" in cited
    address = re.search(r"https?://[^\s]+/notice/\S+?\?text=[0-9a-f-]+", cited)
    assert address is not None
    page.goto(address[0])
    assert "市救助站" in page.locator("main").inner_text()
    walker.take("walk-5-cited")

    page.get_by_role("link", name=AGENCY, exact=True).first.click()
    page.wait_for_url("**/agency/**")
    assert page.locator("main svg").count() > 0
    walker.take("walk-6-agency")

    feed = page.get_by_role("link", name=re.compile("Atom")).first.get_attribute("href")
    answer = page.request.get(urllib.parse.urljoin(page.url, feed))
    read = feedparser.parse(answer.body())
    assert not read.bozo, read.bozo_exception
    assert TITLE in [entry.title for entry in read.entries]
    assert [] == walker.said


@pytest.mark.parametrize(("walker", "tag"), [(1280, "zh-CN"), (360, "en")], indirect=["walker"])
def test_every_page_fits_says_nothing_to_the_console_and_can_be_used_by_all(
    room: Room, walker: Walker, pictures: Path, tag: str
) -> None:
    page = walker.page
    grave: list[str] = []
    for name, where in room.pages().items():
        answer = page.goto(f"{room.address}{where}{'&' if '?' in where else '?'}lang={tag[:2]}")
        assert answer.status == (404 if name in {"missing", "day"} else 200), (name, answer.status)
        if name == "rendered":  # somebody's page, whose looks are its own
            page.screenshot(path=pictures / f"{name}-{tag}.png", full_page=True)
            continue
        walker.take(name)
        assert tag == page.locator("html").get_attribute("lang")
        grave += [f"{name}: {fault}" for fault in grave_faults(page)]

    assert [] == grave
    assert [] == [line for line in walker.said if "404" not in line]


@pytest.mark.parametrize("walker", WIDTHS[:1], indirect=True)
def test_a_picture_without_words_is_a_grave_fault(room: Room, walker: Walker) -> None:
    walker.page.goto(f"{room.address}/sources")
    walker.page.evaluate("document.querySelector('main').append(document.createElement('img'))")

    assert ["image-alt"] == [fault.split()[0] for fault in grave_faults(walker.page)]


def grave_faults(page: Any) -> list[str]:
    """What axe finds serious or critical: the rule, the place and what would mend it."""
    return [
        f"{one['id']} {node['target']} {node['failureSummary']}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]
