"""A small invented site of each family, crawled to its end: every entry once, and no list page that is not there."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

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
