"""Addresses: what is the same page, what is another, what is no address."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import safe_url_string

from archive.urls import address, fetch_url, find_urls, host, is_site_root, owner, twin, url_key

PAGE = "http://mzj.linshui.example/gk_12/tzgg/202203/t20220318_4410027.html"
KEY = "mzj.linshui.example/gk_12/tzgg/202203/t20220318_4410027.html"
SHARED_TABLE = Path(__file__).parents[2].parent / "shared" / "bench" / "url_cases.tsv"

SAME_PAGE = {
    "scheme": PAGE.replace("http", "https"),
    "www": PAGE.replace("//", "//www."),
    "upper-case host": PAGE.replace("http://mzj.linshui", "HTTP://MZJ.Linshui"),
    "root dot": PAGE.replace("example/", "example./"),
    "port 80": PAGE.replace("example/", "example:80/"),
    "port 443": PAGE.replace("http:", "https:").replace("example/", "example:443/"),
    "empty port": PAGE.replace("example/", "example:/"),
    "user": PAGE.replace("//", "//reader:secret@"),
    "two slashes": PAGE.replace("/tzgg", "//tzgg"),
    "dot segments": PAGE.replace("/tzgg", "/./zcwj/../tzgg"),
    "above the root": PAGE.replace("/gk", "/../../gk"),
    "escaped dots": PAGE.replace("/tzgg", "/zcwj/%2E%2e/tzgg"),
    "escaped letter": PAGE.replace("gk_12", "%67k%5f12"),
    "anchor": PAGE + "#top",
    "empty fragment": PAGE + "#",
    "empty query": PAGE + "?",
    "shared in a chat": PAGE + "?from=groupmessage&isappinstalled=0",
    "shared twice": PAGE + "?from=timeline?from=singlemessage",
    "campaign": PAGE + "?utm_source=wechat&utm_campaign=",
    "cache": PAGE + "?_=1647590400123",
    "random": PAGE + "?r=0.8431&t=1647590400123",
    "spm": PAGE + "?spm=1001.2014.3001.5502",
    "unfilled": PAGE + "?v=$$time$$",
    "session": PAGE + ";jsessionid=9F1C2ABB0D",
    "label": "阅读原文：" + PAGE,
    "label and sentence": f"（来源：临水市民政局，{PAGE}）",
    "full stop": PAGE + "。",
    "comma and words": PAGE + "，请遵照执行",
    "words glued on": PAGE + "责任编辑",
    "words after a blank": PAGE + " 责任编辑：某某",
    "second address": PAGE + " http://other.example/a.html",
    "quotes": f"“{PAGE}”",
    "brackets": f"[{PAGE}]",
    "markup": f'<a href="{PAGE}">原文</a>',
    "wrapped": PAGE.replace("/tzgg", "/\n tzgg") + "\u3000",
    "zero-width": PAGE.replace("/tzgg", "\u200b/tzgg\ufeff"),
    "trailing escaped blank": PAGE + "%20",
    "full width": "".join(chr(ord(char) + 0xFEE0) for char in PAGE),
    "full-width colon": PAGE.replace(":", "："),
    "no scheme": PAGE.removeprefix("http://"),
    "two slashes only": PAGE.removeprefix("http:"),
    "one slash": PAGE.replace("//", "/", 1),
    "three slashes": PAGE.replace("//", "///", 1),
    "two schemes": "https://" + PAGE,
    "colon lost": "http://" + PAGE.replace(":", ""),
    "first letter lost": PAGE[1:],
    "backslashes": PAGE.replace("/", "\\"),
    "defanged": PAGE.replace("http", "hxxp").replace(".", "[.]", 1),
    "mobile host": PAGE.replace("//", "//wap."),
    "mobile path": PAGE.replace("/gk", "/m/gk"),
    "mobile page": PAGE.replace(".html", "_wap.html"),
}

OTHER_PAGE = {
    "port": PAGE.replace("example/", "example:8011/"),
    "path case": PAGE.replace("tzgg", "TZGG"),
    "neighbour": PAGE.replace("27.html", "28.html"),
    "part": PAGE.replace(".html", "_1.html"),
    "sub-domain": PAGE.replace("mzj.", "tzxm.mzj."),
    "host in the user's place": PAGE.replace("//", "//mzj.linshui.example@").replace("example/", "other.example/"),
    "escaped slash": PAGE.replace("/tzgg", "%2Ftzgg"),
    "parameter": PAGE + "?id=3",
    "home page": "http://mzj.linshui.example/",
}


@pytest.mark.parametrize("found", SAME_PAGE.values(), ids=SAME_PAGE)
def test_all_spellings_of_a_page_have_one_key(found):
    assert url_key(found) == KEY


@pytest.mark.parametrize("found", OTHER_PAGE.values(), ids=OTHER_PAGE)
def test_another_page_has_another_key(found):
    assert url_key(found) != KEY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.example/list/", "http://a.example/list"),
        ("http://a.example/list/", "http://a.example/list/index.shtml"),
        ("http://a.example/list/", "http://a.example/list/Default.aspx"),
        ("http://a.example", "http://www.a.example/index.html"),
        ("http://a.example/index.php?a=show&id=7", "http://a.example/?id=7&a=show"),
        ("http://a.example/v.asp?id=7&lm=%b9%ab%b8%e6", "http://a.example/v.asp?lm=%B9%AB%B8%E6&amp;id=7"),
        ("http://a.example/v.asp?id=7&", "http://a.example/v.asp?&&id=7"),
        ("http://a.example/v.asp?id=7", "http://a.example/v.asp？id=7"),
        ("http://a.example/公告/1.html", "http://a.example/%e5%85%ac%e5%91%8a/1.html"),
        ("http://民政局.中国/1.html", "http://xn--dgt32swyf.xn--fiqs8s/1.html"),
        ("http://民政局.中国/1.html", "http://民政局。中国/1.html"),
        ("http://a.example/content/post_3.html", "http://a.example/content/mpost_3.html"),
        ("http://a.example/col/col31/", "http://a.example/col/col31/index.html?uid=5&pageNum=2"),
        ("http://[2001:DB8:0::7]/a", "https://[2001:db8::7]/a"),
        ("http://a.example/x.html?xxgkhide=1", "http://a.example/x.html"),
    ],
)
def test_what_leads_to_the_same_page_has_one_key(one, other):
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.example/list/", "http://a.example/list/index_1.html"),
        ("http://a.example/v.jsp?ref=12&v=3", "http://a.example/v.jsp?ref=13&v=3"),
        ("http://a.example/v.jsp?ref=12&v=3", "http://a.example/v.jsp?ref=12&v=4"),
        ("http://a.example/v.jsp?from=12", "http://a.example/v.jsp?from=13"),
        ("http://a.example/v.jsp?t=1352506", "http://a.example/v.jsp?t=1352507"),
        ("http://a.example/v.asp?lm=%CD%A8%D6%AA", "http://a.example/v.asp?lm=%B9%AB%B8%E6"),
        ("http://a.example/公告/1.html", "http://a.example/%B9%AB%B8%E6/1.html"),
        ("http://a.example/app/#/detail?id=1", "http://a.example/app/#/detail?id=2"),
        ("http://a.example/system/count//0115005/c1.shtml", "http://a.example/system/count/0115005/c1.shtml"),
        ("http://m.example/a", "http://wap.example/a"),
    ],
)
def test_what_selects_content_stays_in_the_key(one, other):
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "#",
        "#top",
        "?",
        "/a.html",
        "a.html",
        "../a/b.shtml",
        "附件1.doc",
        "见附件",
        "第1.2节",
        "javascript:void(0)",
        "JavaScript:window.open('http://a.example/')",
        "java\nscript:;",
        "mailto:mzj@a.example",
        "mzj@163.com",
        "tel:02312345",
        "data:text/html,http://a.example/",
        "ftp://a.example/a",
        "file:///etc/passwd",
        "http://",
        "http:///",
        "https:",
        "http://:80/",
        "http://a..example/",
        "http://-a.example/",
        "http://通知/",
        "http://[::1/",
        "http://[mzj]/",
        "http://a.example:0/",
        "http://a.example:65536/",
        "http://a.example:port/",
        "http://a.example/" + "a" * 9000,
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        fetch_url(text)
    with pytest.raises(ValueError, match=r"\w"):
        url_key(text)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("HTTPS://WWW.A.Example:443/Gk/../B", "https://www.a.example/B"),
        ("http://a.example:8011/", "http://a.example:8011/"),
        ("http://a.example/v.asp?lm=%cd%a8&B=%u901A&c=1?d", "http://a.example/v.asp?lm=%cd%a8&B=%u901A&c=1?d"),
        ("http://a.example/v.asp?copy=1&amp;reg=2&#38;c=3", "http://a.example/v.asp?copy=1&reg=2&c=3"),
        ("http://a.example/system/count//01/c.shtml", "http://a.example/system/count//01/c.shtml"),
        ("http://a.example/go?to=http://b.example//c", "http://a.example/go?to=http://b.example//c"),
        ("http://a.example/a%2fb%zz", "http://a.example/a%2Fb%zz"),
        ("http://a.example/附件 1.doc", "http://a.example/%E9%99%84%E4%BB%B6%201.doc"),
        ("http://a.example/通知（2021）.pdf", "http://a.example/%E9%80%9A%E7%9F%A5%EF%BC%882021%EF%BC%89.pdf"),
        ("http://a.example/a_(1).html", "http://a.example/a_(1).html"),
        ("http://a.example/?t=养老：一&u=2", "http://a.example/?t=%E5%85%BB%E8%80%81%EF%BC%9A%E4%B8%80&u=2"),
        ("http://a.example/#/detail?id=1", "http://a.example/#/detail?id=1"),
        ("http://a.example/#/", "http://a.example/"),
        ("http://①②⑦.0.0.1/", "http://127.0.0.1/"),
    ],
)
def test_the_fetch_form_is_cleaned_and_asks_for_the_same(found, expected):
    assert fetch_url(found) == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("./202203/t1.html", "https://a.example/gk/tzgg/202203/t1.html"),
        ("../../x.html", "https://a.example/x.html"),
        ("/x.html#top", "https://a.example/x.html"),
        ("?page=2", "https://a.example/gk/tzgg/index.html?page=2"),
        ("#/detail/3", "https://a.example/gk/tzgg/index.html?c=1#/detail/3"),
        ("//b.example/x", "https://b.example/x"),
        ("http://b.example/x", "http://b.example/x"),
        ("www.b.example/x", "http://www.b.example/x"),
        ("notice.html", "https://a.example/gk/tzgg/notice.html"),
        ("通知 一.doc", "https://a.example/gk/tzgg/%E9%80%9A%E7%9F%A5%20%E4%B8%80.doc"),
        ("v.asp?lm=通知", "https://a.example/gk/tzgg/v.asp?lm=%CD%A8%D6%AA"),
        ("\n /x\n.html ", "https://a.example/x.html"),
        ("files\\a.doc", "https://a.example/gk/tzgg/files/a.doc"),
    ],
)
def test_a_link_is_read_against_its_page_and_its_charset(link, expected):
    assert fetch_url(link, "https://a.example/gk/tzgg/index.html?c=1", "gb2312") == expected


@pytest.mark.parametrize("link", ["", "#", "#zoom", "javascript:;", "mailto:a@b.example", "weixin://x"])
def test_a_link_to_no_other_page_is_refused(link):
    with pytest.raises(ValueError, match="address"):
        fetch_url(link, "https://a.example/")


def test_a_slash_lost_in_the_middle_of_a_list_address_stays_lost():
    base = "http://a.example/system/count//0115005/000/c1.shtml"

    assert fetch_url("c2.shtml", base) == "http://a.example/system/count//0115005/000/c2.shtml"


def test_an_unknown_charset_is_named():
    with pytest.raises(ValueError, match="unknown charset 'gb9999'"):
        fetch_url("http://a.example/?q=通知", charset="gb9999")


@pytest.mark.parametrize("old", ["http://www.mz-old.example/a.html", "http://m.mz-old.example/a.html"])
def test_a_retired_host_is_its_successor(old):
    assert url_key(old, aliases={"mz-old.example": "mzj.example"}) == "mzj.example/a.html"


def test_aliases_in_a_circle_come_to_an_end():
    assert url_key("http://a.example/", aliases={"a.example": "b.example", "b.example": "a.example"}) == "a.example/"


def test_addresses_are_cut_out_of_running_text_in_order():
    text = (
        "原文链接:http://a.example/1.html责任编辑；另见（https://b.example/x_(2).html?y=1&z=2），"
        "网站www.c.example。邮箱a@www.d.example，ｈｔｔｐ：／／ｅ．ｅｘａｍｐｌｅ／１"
    )

    assert find_urls(text) == (
        "http://a.example/1.html",
        "https://b.example/x_(2).html?y=1&z=2",
        "www.c.example",
        "ｈｔｔｐ：／／ｅ．ｅｘａｍｐｌｅ／１",
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://WWW.A.example:8080/x?u=http://b.example/", "www.a.example"),
        ("a.example/x", "a.example"),
        ("a.example:8011/x?u=http://b.example/", "a.example"),
        ("http://[2001:db8::7]:80/", "[2001:db8::7]"),
    ],
)
def test_the_host_is_lower_case_and_without_port(url, expected):
    assert host(url) == expected


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        ("https://mzj.a.example/", "mzj.a.example/"),
        ("http://www.a.example/mzj/index.html", "a.example/mzj/"),
        ("http://www.a.example/bm?x=1", "a.example/bm/"),
    ],
)
def test_an_address_is_a_prefix_of_keys(home, expected):
    assert address(home) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("a.example/", "county"),
        ("a.example/x/y.html", "county"),
        ("a.example/mzj", "bureau"),
        ("a.example/mzj?id=3", "bureau"),
        ("a.example/mzj/1.html", "bureau"),
        ("a.example/mzjd/1.html", "county"),
        ("a.example:8011/mzj/1.html", None),
        ("b.a.example/mzj/1.html", None),
    ],
)
def test_the_longest_address_owns_a_key(key, expected):
    assert owner(key, {"a.example/": "county", "a.example/mzj/": "bureau"}) == expected


def test_a_twin_has_the_other_scheme():
    assert twin(PAGE) == PAGE.replace("http:", "https:")
    assert twin(twin(PAGE)) == PAGE


@pytest.mark.parametrize(
    ("key", "expected"), [("a.example/", True), ("a.example/x", False), ("a.example/?id=1", False)]
)
def test_only_a_home_page_is_the_root_of_a_site(key, expected):
    assert is_site_root(key) == expected


_PIECES = st.sampled_from([
    "http://", "https:", "www.", "mzj.a.example", "/", "//", "/..", "%2e", "%", "%%35F", "?from=timeline", "&amp;",
    "#/", ":80", "@", "[", "&", "=", "？", "ｈｔｔｐ", "index.html", "_=1647590400123", ".doc", "通知", "。", "（",
    " ", "\n",
])  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=4), max_size=9).map("".join), st.sampled_from(["", "http://a.example/"]))
def test_cleaning_twice_equals_once_and_does_not_change_the_key(tail, head):
    try:
        fetched = fetch_url(head + tail)
    except ValueError:
        return

    assert fetch_url(fetched) == fetched
    assert fetch_url(fetched, "http://b.example/x") == fetched
    assert url_key(fetched) == url_key(head + tail)
    assert safe_url_string(fetched) == fetched, "Scrapy would ask for something else"


@given(st.text())
def test_a_text_is_an_address_or_refused(text):
    find_urls(text)
    for base in ("", "http://a.example/x"):
        try:
            url = fetch_url(text, base)
        except ValueError:
            continue

        assert url.isascii()
        assert url.startswith(("http://", "https://"))


def _shared_rows():
    with SHARED_TABLE.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_shared_table_of_addresses_holds():
    if not SHARED_TABLE.exists():
        pytest.skip("bench/url_cases.tsv is not beside this checkout (../shared)")
    keys, wrong = {}, []
    for row in _shared_rows():
        try:
            key = url_key(row["url"], aliases={"mca-old.example": "mca.gov.cn"})
        except ValueError:
            key = None
        base = keys.setdefault(row["group"], key)
        right = {"base": key is not None, "same": key == base, "diff": key not in {base, None}, "invalid": key is None}
        if not right[row["rel"]]:
            wrong.append(f"{row['id']} {row['note']}: {row['url']} → {key}")

    assert wrong == []
