"""The miniature web itself: it answers for every host it has, for no other, and for what the expectations name."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import html

from archive.urls import url_key
from crawler import demo
from tests.web import expected

BUREAU = "http://mzj.qingshan.example"
PORTAL = "http://www.minshengzc.example"
ROOT = Path(__file__).parents[2]
BY_HAND = (
    *("mzj.qingshan.example", "www.yunlingmz.example", "www.minshengzc.example", "fabu.zwpingtai.example"),
    *("mzj.heishixian.example", "169.254.169.254"),
)
RULES = """
[[answer]]
path = "/list"
query = { page = "2" }
file = "_answers/two.json"

[[answer]]
path = "/list"
method = "POST"
form = { page = "3" }
file = "_answers/posted.json"

[[answer]]
path = "/list"
file = "_answers/one.json"
"""


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[demo.Sites]:
    (tmp_path / "a.example").mkdir()
    (tmp_path / "a.example" / "index.html").write_text("民政", "utf-8")
    (tmp_path / "a.example" / "site.toml").write_text('charset = "gbk"', "utf-8")
    return demo.Sites(tmp_path)


def test_a_directory_answers_its_index_page_in_the_charset_of_the_host(sites: demo.Sites) -> None:
    answer = sites.answer("http://a.example/")

    assert "民政".encode("gbk") == answer.body
    assert (("Content-Type", "text/html"),) == answer.headers


def test_an_unknown_host_is_a_bad_gateway_and_an_unknown_path_is_not_found(sites: demo.Sites) -> None:
    assert 502 == sites.answer("http://b.example/").status
    assert 404 == sites.answer("http://a.example/gone.html").status
    assert 404 == sites.answer("http://a.example/robots.txt").status


def test_a_host_taken_down_answers_nothing_until_it_is_brought_up(sites: demo.Sites) -> None:
    sites.take_down("a.example")
    down = sites.answer("http://a.example/").status
    sites.bring_up("a.example")

    assert (504, 200) == (down, sites.answer("http://a.example/").status)


def test_pages_can_be_put_edited_and_removed(sites: demo.Sites) -> None:
    sites.put("http://a.example/n.html?id=1", "低保")
    sites.edit("http://a.example/n.html?id=1", "低保", "救助")
    edited = sites.answer("http://a.example/n.html?id=1")
    sites.remove("http://a.example/n.html?id=1")

    assert "救助".encode("gbk") == edited.body
    assert 404 == sites.answer("http://a.example/n.html?id=1").status


def test_an_edit_that_finds_nothing_says_so(sites: demo.Sites) -> None:
    with pytest.raises(ValueError, match="养老"):
        sites.edit("http://a.example/", "养老", "助老")


def test_the_proxy_answers_for_any_host_and_logs_what_it_was_asked(web: demo.Web) -> None:
    status, body = _ask(web, "GET", f"{PORTAL}/msxw/")

    assert 200 == status
    assert "民生新闻" in body.decode("gbk")
    assert [("GET", f"{PORTAL}/msxw/", 200)] == [(asked.method, asked.url, asked.status) for asked in web.log]


def test_the_proxy_refuses_to_tunnel(web: demo.Web) -> None:
    assert 405 == _ask(web, "CONNECT", "mzj.qingshan.example:443")[0]


def test_an_answer_is_told_by_query_form_and_method(tmp_path: Path) -> None:
    (tmp_path / "a.example" / "_answers").mkdir(parents=True)
    (tmp_path / "a.example" / "site.toml").write_text(RULES, "utf-8")
    for name in ("one", "two", "posted"):
        (tmp_path / "a.example" / "_answers" / f"{name}.json").write_text(name, "utf-8")
    sites = demo.Sites(tmp_path)
    url = "http://a.example/list"

    assert b"two" == sites.answer(f"{url}?size=9&page=2").body
    assert b"posted" == sites.answer(url, "POST", "page=3&size=9").body
    assert b"one" == sites.answer(f"{url}?page=7").body
    assert 404 == sites.answer("http://a.example/_answers/one.json").status
    assert (("Content-Type", "application/json"),) == sites.answer(url).headers


def test_a_calendar_has_a_next_month_however_far_one_goes(web: demo.Web) -> None:
    page = web.sites.answer("http://www.mijing.example/rcap/month-2104-12.html")

    assert 200 == page.status
    assert "/rcap/month-2105-01.html" in page.body.decode()
    assert "不存在" in web.sites.answer("http://www.mijing.example/rcap/day/2104-12-04.html").body.decode()


def test_every_expected_address_answers_as_expected(web: demo.Web) -> None:
    found = expected()
    live = [notice["original"] for notice in found["notices"] if notice["captured"]]
    live += [url for notice in found["notices"] for url in notice["reposts"]] + found["lists"] + list(found["parts"])
    live = [url for url in live if url and "/search.jsp?" not in url and "/dataproxy.jsp?" not in url]  # asked by POST

    assert {url: 200 for url in live if url} == {url: web.sites.answer(url).status for url in live if url}
    assert 404 == web.sites.answer(f"{BUREAU}/zwgk/tzgg/201808/t20180816_300917.html").status
    assert 502 == web.sites.answer("http://mzj.heishixian.example/info/1032/2210.htm").status


def test_the_counts_of_the_miniature_web_are_those_that_its_description_states() -> None:
    notices = expected()["notices"]
    by_hand = [notice for notice in notices if _is_by_hand(notice["original"] or next(iter(notice["reposts"]), ""))]

    assert 34 == len(by_hand)
    assert 31 == sum(notice["captured"] for notice in by_hand)
    assert 13 == sum(len(notice["reposts"]) for notice in by_hand)
    assert len(notices) == len({notice["title"] for notice in notices})


def test_the_hosts_of_the_families_are_what_their_script_writes() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_miniature_web.py", "--check"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (0, "") == (done.returncode, done.stderr)


def test_every_list_entry_is_an_expected_copy_or_an_expected_trap(web: demo.Web) -> None:
    found = expected()
    listed = {url_key(url) for page in found["lists"] if _is_by_hand(page) for url in _entries(web, page)}
    named_only = {url_key(f"{BUREAU}/zwgk/gsgg/202109/t20210902_311602.html")}
    notices = [
        notice for notice in found["notices"]
        if _is_by_hand(notice["original"] or next(iter(notice["reposts"]), ""))
    ]  # fmt: skip
    originals = {url_key(notice["original"]) for notice in notices if notice["captured"] and notice["original"]}
    reposts = {url_key(url) for notice in notices for url in notice["reposts"]}
    claimed = {url_key(notice["original"]) for notice in notices if notice["original"]}
    traps = {url_key(url) for url in found["not_notices"] if _is_by_hand(url)} - claimed

    assert (originals - named_only) | reposts | traps == listed


def _is_by_hand(url: str) -> bool:
    """Whether the address is on a host of the miniature web that no script wrote, or that it only names."""
    return urlsplit(url).hostname in BY_HAND


def _entries(web: demo.Web, page: str) -> list[str]:
    body = web.sites.answer(page).body
    tree = html.fromstring(body.decode("gbk" if page.startswith(PORTAL) else "utf-8"), base_url=page)
    tree.make_links_absolute()
    return [str(link.get("href")) for link in tree.cssselect(".tab-item a, .liebiao li a, .newslist li a")]


def _ask(web: demo.Web, method: str, target: str) -> tuple[int, bytes]:
    proxy = urlsplit(web.proxy)
    connection = http.client.HTTPConnection(proxy.hostname or "", proxy.port, timeout=10)
    try:
        connection.request(method, target)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
