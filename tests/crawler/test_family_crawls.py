"""A small invented site of each family, crawled to its end: every entry once, and no list page that is not there."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from crawler.demo import Web
from tests.crawler.crawling import crawl

UCAP = "http://mzj.jinshazhou.example"
NXCX = "http://www.minzhengbu.example/n152/n165"
JSON = {"Content-Type": "application/json;charset=UTF-8"}


def test_a_column_whose_list_is_json_is_crawled_to_its_total(web: Web, tmp_path: Path) -> None:
    urls = put_ucap(web, entries=8, size=3)
    column = f"{UCAP}/jsz/c113/common_list.shtml"
    crawled = crawl(tmp_path / "archive", addresses={column: "ucap"})

    assert crawled.code == 0, crawled.err
    assert dict.fromkeys([*urls, column, *(api(page) for page in (1, 2, 3))], 1) == asked(web)


def test_pages_that_count_down_are_crawled_from_both_ends(web: Web, tmp_path: Path) -> None:
    urls = put_nxcx(web, entries=18, size=3)
    crawled = crawl(tmp_path / "archive", addresses={f"{NXCX}/index.html": "nxcx"})
    pages = [f"{NXCX}/index_1284_{number}.html" for number in range(1, 6)]

    assert crawled.code == 0, crawled.err
    assert dict.fromkeys([*urls, f"{NXCX}/index.html", *pages], 1) == asked(web)


def test_a_new_entry_of_pages_that_count_down_costs_both_ends_and_no_more(web: Web, tmp_path: Path) -> None:
    put_nxcx(web, entries=36, size=3)
    crawl(tmp_path / "archive", addresses={f"{NXCX}/index.html": "nxcx"})
    before = len(web.log)
    put_nxcx(web, entries=37, size=3)
    crawl(tmp_path / "archive", addresses={f"{NXCX}/index.html": "nxcx"})

    assert [f"{NXCX}/c37/content.html"] == [url for url in asked(web, before) if "content" in url]
    assert sum("index" in url for url in asked(web, before)) <= 6


@pytest.mark.parametrize("family", ["nfcms", "vsb", "jhtml", "gkmlpt"])
def test_a_site_is_asked_for_its_list_pages_and_its_entries_once(family: str, web: Web, tmp_path: Path) -> None:
    lists, urls = {"nfcms": put_nfcms, "vsb": put_vsb, "jhtml": put_jhtml, "gkmlpt": put_gkmlpt}[family](web)
    put_articles(web, urls)
    crawled = crawl(tmp_path / "archive", addresses={lists[0]: family})

    assert crawled.code == 0, crawled.err
    assert Counter([*lists, *urls]) == Counter(url for url in asked(web) if not url.endswith("/robots.txt"))


def put_ucap(web: Web, *, entries: int, size: int) -> list[str]:
    """A UCAP column whose list a script draws; beside it, links that are years old."""
    urls = [f"{UCAP}/jsz/c113/2024{number:02}/{number:032x}.shtml" for number in range(entries, 0, -1)]
    script = f"get('/common/search/' + id + '?_isAgg=true&_isJson=true&_pageSize={size}&page=' + page)"
    web.sites.put(
        f"{UCAP}/jsz/c113/common_list.shtml",
        f'<html><head><meta name="channelId" content="8b0e37"></head><body><h2>政策文件</h2>'
        f'<ul><li><a href="/jsz/c113/2019.shtml">{title(0)}</a>2019-01-11</li></ul>'
        f"<script>{script}</script></body></html>",
    )
    for page, start in enumerate(range(0, entries, size), start=1):
        results = [
            {"title": title(entries - place), "url": url.removeprefix("http:"), "publishedTimeStr": "2024-01-09"}
            for place, url in enumerate(urls[start : start + size], start=start)
        ]
        data = {"page": page, "rows": size, "total": entries, "results": results}
        web.sites.put(api(page, size), json.dumps({"data": data}), headers=JSON)
    put_articles(web, urls)
    return urls


def api(page: int, size: int = 3) -> str:
    query = f"_isAgg=true&_isJson=true&_pageSize={size}&_template=index&_rangeTimeGte=&_channelName=&page={page}"
    return f"{UCAP}/common/search/8b0e37?{query}"


def put_nxcx(web: Web, *, entries: int, size: int) -> list[str]:
    """An nX/cX column whose numbers count down to the oldest page, all of them hidden links on every page."""
    urls = [f"{NXCX}/c{number}/content.html" for number in range(entries, 0, -1)]
    starts = range(0, entries, size)
    hidden = "".join(f'<a href="index_1284_{number}.html"></a>' for number in range(1, len(starts)))
    for page, start in enumerate(starts):
        rows = "".join(
            f'<tr><td><a class="artitlelist" href="{url}">{title(entries - place)}</a></td><td>2024-01-09</td></tr>'
            for place, url in enumerate(urls[start : start + size], start=start)
        )
        web.sites.put(
            f"{NXCX}/index_1284_{len(starts) - page}.html" if page else f"{NXCX}/index.html",
            f'<html><body><div id="comp_1284"><table class="article">{rows}</table>'
            f'<div style="display:none">{hidden}</div></div></body></html>',
        )
    put_articles(web, urls)
    return urls


def put_articles(web: Web, urls: list[str]) -> None:
    for number, url in zip(range(len(urls), 0, -1), urls, strict=True):
        lines = "".join(
            f"<p>第{number}件事项第{line}条：请各单位结合实际认真落实，并于月底前报送情况。</p>" for line in range(9)
        )
        web.sites.put(url, f"<html><body><h1>{title(number)}</h1><p>时间：2024-01-09</p>{lines}</body></html>")


def title(number: int) -> str:
    return f"关于做好第{number}批民政服务事项办理工作的通知"


def asked(web: Web, before: int = 0) -> dict[str, int]:
    """How often each address was asked, robots.txt left out."""
    return dict(Counter(seen.url for seen in web.log[before:] if not seen.url.endswith("/robots.txt")))


def put_nfcms(web: Web) -> tuple[list[str], list[str]]:
    """Three pages counted from 1; each document is listed with its twin for phones."""
    lists = [f"http://mzj.haimen.example/tzgg/{name}" for name in ("", "index_2.html", "index_3.html")]
    urls = [f"http://mzj.haimen.example/tzgg/content/post_{number}.html" for number in range(3006, 3000, -1)]
    for number, url in enumerate(lists, start=1):
        shown = [twin for url in urls[2 * number - 2 : 2 * number] for twin in (url.replace("post_", "mpost_"), url)]
        put_list(web, url, shown, f"<script>createPageHTML(3, {number}, 'index', 'html');</script>")
    return lists, urls


def put_vsb(web: Web) -> tuple[list[str], list[str]]:
    """Three pages: the second is called 2.htm, the last 1.htm."""
    lists = [f"http://mzj.baoling.example/{name}.htm" for name in ("tzgg", "tzgg/2", "tzgg/1")]
    urls = [f"http://mzj.baoling.example/info/1011/{number}.htm" for number in range(6006, 6000, -1)]
    for place, (url, after) in enumerate(zip(lists, (*lists[1:], None), strict=True)):
        link = f'<a href="{after}">下页</a>' if after else "下页"
        put_list(web, url, urls[2 * place : 2 * place + 2], f'<span class="p_next p_fun">{link}</span>')
    return lists, urls


def put_jhtml(web: Web) -> tuple[list[str], list[str]]:
    """Three pages of a column that is a file of its own; 下一页 of the last leads past the end."""
    lists = [f"http://www.songyuan.example/{name}.jhtml" for name in ("tzgg", "tzgg_2", "tzgg_3")]
    urls = [f"http://www.songyuan.example/tzgg/{number}.jhtml" for number in range(4806, 4800, -1)]
    for number, url in enumerate(lists, start=1):
        turn = f"{number}/3页 <a onclick=\"location.href='tzgg_{number + 1}.jhtml'\">下一页</a>"
        put_list(web, url, urls[2 * number - 2 : 2 * number], turn)
    return lists, urls


def put_gkmlpt(web: Web) -> tuple[list[str], list[str]]:
    """An index without entries and three pages of data behind it; one article lies on another host."""
    home = "http://www.haimen.example/hmmzj/gkmlpt"
    lists = [f"{home}/index", *(f"{home}/api/all/0?page={number}&sid=7" for number in (1, 2, 3))]
    urls = [f"{home}/content/1/{number}/post_{number}.html" for number in range(1004, 1000, -1)]
    urls.append("http://www.donghai.example/gkmlpt/content/2/2001/post_2001.html")
    config = "<script>window._CONFIG = {SID: '7', TREE: []};</script>"
    web.sites.put(lists[0], f'<html><body>{config}<a href="guide">指南</a><a href="annual">年报</a></body></html>')
    for place, url in enumerate(lists[1:]):
        listed = [{"title": title(number), "url": url} for number, url in enumerate(urls[2 * place : 2 * place + 2])]
        web.sites.put(url, json.dumps({"total": len(urls), "articles": listed}), headers=JSON)
    return lists, urls


def put_list(web: Web, url: str, urls: list[str], pager: str) -> None:
    rows = "".join(f'<li><a href="{url}">{title(number)}</a>2024-01-09</li>' for number, url in enumerate(urls))
    web.sites.put(url, f'<html><body><h2>通知公告</h2><ul class="list">{rows}</ul>{pager}</body></html>')
