"""A small invented site of each family, crawled to its end: every entry once, and no list page that is not there."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

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


@pytest.mark.parametrize("family", ["nfcms", "vsb", "jhtml", "gkmlpt", "hanweb", "jpaas"])
def test_a_site_is_asked_for_its_list_pages_and_its_entries_once(family: str, web: Web, tmp_path: Path) -> None:
    lists, urls = SITES[family](web)
    put_articles(web, urls)
    crawled = crawl(tmp_path / "archive", addresses={lists[0]: family})

    assert crawled.code == 0, crawled.err
    assert Counter([*lists, *urls]) == Counter(url for url in asked(web) if not url.endswith("/robots.txt"))


def test_groups_that_begin_with_the_pages_own_records_are_walked_to_the_end(web: Web, tmp_path: Path) -> None:
    lists, urls = put_hanweb_groups(web)
    put_articles(web, urls)
    crawled = crawl(tmp_path / "archive", addresses={lists[0]: "hanweb"})

    assert crawled.code == 0, crawled.err
    assert dict.fromkeys([*lists, *urls], 1) == asked(web)


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


def put_hanweb(web: Web) -> tuple[list[str], list[str]]:
    """Eight records: three in the column page, the others by their numbers, with POST."""
    home = "http://mzj.yinxing.example"
    pairs = {"col": 1, "appid": "1", "webid": 7, "path": "/", "columnid": 2002, "unitid": "88002"}
    proxy, query = "/module/web/jpage/dataproxy.jsp", f"&perpage=1&{urlencode(pairs)}"
    numbers = ("startrecord=4&endrecord=6", "startrecord=7&endrecord=8")
    lists = [f"{home}/col/col2002/index.html", *(f"{home}{proxy}?{number}{query}" for number in numbers)]
    urls = [f"{home}/art/2024/1/9/art_2002_{number}.html" for number in range(5008, 5000, -1)]
    call = f"totalRecord:8,proxyUrl:'{proxy}',perPage:1,groupSize:3,ajaxParam:{pairs}"
    put_column(web, lists[0], store(urls[:3]), f"<script>$('#88002').jpage({{{call}}});</script>")
    for url, part in zip(lists[1:], (urls[3:6], urls[6:]), strict=True):
        web.sites.put(url, store(part, total=8), headers={"Content-Type": "text/xml"})
    return lists, urls


def put_hanweb_groups(web: Web) -> tuple[list[str], list[str]]:
    """Six records in groups of two, with a link from each to the next; the first group is the column page's."""
    home = "http://mzj.yinhai.example"
    links = [f"/module/web/jpage/dataproxy.jsp?page={n}&columnid=kQ8h%2BZ1x%3D&unitid=Vt0" for n in (1, 2, 3)]
    lists = [f"{home}/col/col104/index.html", *(home + link for link in links)]
    urls = [f"{home}/art/2024/1/9/art_104_{number}.html" for number in range(706, 700, -1)]
    put_column(web, lists[0], store(urls[:2], after=links[0]))
    for place, url in enumerate(lists[1:]):
        after = f".{links[place + 1].removeprefix('/module/web/jpage')}" if place < 2 else ""
        text = store(urls[2 * place : 2 * place + 2], total=6, after=after)
        web.sites.put(url, text, headers={"Content-Type": "text/html"})
    return lists, urls


def put_column(web: Web, url: str, records: str, script: str = "") -> None:
    text = "<p>银杏市民政局通知公告栏目，公布本市民政工作的通知、公告与公示，欢迎查阅并提出宝贵意见。</p>"
    web.sites.put(url, f'<html><body>{text}<div id="88002"><script type="text/xml">{records}</script></div>{script}')


def store(urls: list[str], *, total: int | None = None, after: str = "") -> str:
    """Records as Hanweb writes them, with a link to the next group."""
    rows = "".join(
        f"<record><![CDATA[<li><a href='{url}'>{title(int(url[-8:-5]))}</a><span>2024-01-09</span></li>]]></record>"
        for url in urls
    )
    said = "" if total is None else f"<totalrecord>{total}</totalrecord>"
    group = f'<nextgroup><![CDATA[<a href="{after}"></a>]]></nextgroup>' if after else ""
    return f"<datastore>{said}{group}<recordset>{rows}</recordset></datastore>"


def put_jpaas(web: Web) -> tuple[list[str], list[str]]:
    """A column that only says what to ask, and three answers: fragments of HTML in JSON."""
    home = "http://www.hongye.example"
    pairs = {"parseType": "bulidstatic", "webId": "8d82", "pageType": "column", "tagId": "列表", "pageId": "c52d"}
    unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    numbers = ["", *(f"&paramJson=%7B%22pageNo%22%3A{number}%2C%22pageSize%22%3A2%7D" for number in (2, 3))]
    lists = [f"{home}/xwdt/tzgg/index.html", *(f"{home}{unit}?{urlencode(pairs)}{number}" for number in numbers)]
    urls = [f"{home}/xwdt/tzgg/art/2024/art_{number:032x}.html" for number in range(5, 0, -1)]
    put_column(web, lists[0], "", f'<script url="{unit}" queryData="{pairs}"></script>')
    for place, url in enumerate(lists[1:]):
        rows = "".join(
            f'<li><a href="{one}">{title(n)}</a>2024-01-09</li>' for n, one in enumerate(urls) if n // 2 == place
        )
        fragment = f'<ul>{rows}</ul><div class="pagination" rows="2" count="5" pageNo="{place + 1}"></div>'
        web.sites.put(url, json.dumps({"data": {"html": fragment}}), headers=JSON)
    return lists, urls


SITES = {
    "nfcms": put_nfcms,
    "vsb": put_vsb,
    "jhtml": put_jhtml,
    "gkmlpt": put_gkmlpt,
    "hanweb": put_hanweb,
    "jpaas": put_jpaas,
}
