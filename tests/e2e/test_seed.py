"""The page the project starts from: a portal's repost of a bureau's notice, with the original up and down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.demo import Web
from tests.e2e.commands import crawl_fast, minzheng
from tests.shared import need_shared, seed_title

PORTAL = "http://www.mszx.org.cn/mzzx/20211105/1.html"
ORIGINAL = "http://mzj.cq.gov.cn/sy_218/bmdt/mzyw/202111/t20211104_9926756.html"
LIST = (
    '<html><body><div class="list"><ul>'
    '<li><a href="/mzzx/20211105/1.html">{title}</a><span>2021-11-05</span></li>'
    '<li><a href="/mzzx/20211104/9.html">一个不再存在的网页的标题文字</a><span>2021-11-04</span></li>'
    '<li><a href="/mzzx/20211103/8.html">又一个不再存在的网页的标题文字</a><span>2021-11-03</span></li>'
    "</ul></div></body></html>"
)


@pytest.fixture
def seeded(web: Web) -> Web:
    """The portal's page behind a list page of ours, and the bureau's page."""
    html = {"Content-Type": "text/html"}
    web.sites.put("http://www.mszx.org.cn/mzzx/", LIST.format(title=seed_title()), headers=html)
    web.sites.put(PORTAL, need_shared("seed", "portal.html").read_bytes(), headers=html)
    web.sites.put(ORIGINAL, need_shared("seed", "original.html").read_bytes(), headers=html)
    return web


def crawl(folder: Path) -> dict[str, object]:
    """Crawl the portal and give the one notice that comes of it, as it is exported."""
    done = crawl_fast(folder, "mszx")
    assert done.code in (0, 3), done.err
    assert minzheng(folder, "export", folder / "out", "--format", "jsonl").code == 0
    [line] = (folder / "out" / "notices.jsonl").read_text(encoding="utf-8").splitlines()
    found: dict[str, object] = json.loads(line)
    return found


def shown(folder: Path) -> dict[str, dict[str, object]]:
    """Its copies by address, as `show` prints them."""
    [notice] = [json.loads(minzheng(folder, "show", PORTAL, "--json").out)]
    return {copy["url"]: copy for copy in notice["copies"]}


def test_one_notice_with_its_original_and_its_repost(seeded: Web, tmp_path: Path) -> None:
    notice = crawl(tmp_path / "archive")
    copies = shown(tmp_path / "archive")

    assert (notice["original_url"], notice["original_captured"]) == (ORIGINAL, True)
    assert {url: (copy["role"], copy["published_on"]) for url, copy in copies.items()} == {
        ORIGINAL: ("original", "2021-11-04"),
        PORTAL: ("repost", "2021-11-05"),
    }
    assert notice["title"] == seed_title()
    assert notice["issuing_agency"] == "重庆市民政局"
    assert (notice["published_on"], notice["source"], notice["division"]) == ("2021-11-04", "chongqing", "500000")
    assert [copies[url]["attribution"] for url in (ORIGINAL, PORTAL)] == ["重庆市民政局"] * 2
    assert [copies[url]["author"] for url in (ORIGINAL, PORTAL)] == [None, None]
    check_text(str(notice["text"]))


def test_an_unreachable_original_stays_wanted_and_the_repost_bears_witness(seeded: Web, tmp_path: Path) -> None:
    seeded.sites.take_down("mzj.cq.gov.cn")
    notice = crawl(tmp_path / "archive")
    copies = shown(tmp_path / "archive")

    assert (notice["original_url"], notice["original_captured"]) == (ORIGINAL, False)
    assert {url: copy["role"] for url, copy in copies.items()} == {PORTAL: "repost"}
    assert (notice["issuing_agency"], notice["published_on"]) == ("重庆市民政局", "2021-11-05")
    check_text(str(notice["text"]))

    seeded.sites.bring_up("mzj.cq.gov.cn")
    again = crawl(tmp_path / "archive")

    assert again["original_captured"] is True
    assert again["id"] == notice["id"]


def paragraphs() -> list[str]:
    """The notice's paragraphs, as a reader saw them between the byline and the link to the original."""
    seen = next(need_shared("seed").glob("*.txt")).read_text(encoding="utf-8")
    body = seen[seen.index("作者:佚名") : seen.index("原文链接")].split("\n")[1:]
    return [line.strip() for line in body if line.strip()]


def check_text(text: str) -> None:
    """Its twelve paragraphs, and nothing that is not the notice."""
    assert len(paragraphs()) == 12
    assert text.split("\n") == paragraphs()
