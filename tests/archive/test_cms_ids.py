"""The ids that sites give their documents, as addresses show them."""

from __future__ import annotations

import pytest

from archive.cms_ids import cms_id
from archive.urls import url_key

ONE = [
    (
        "http://mzj.shili.gov.cn/sy_218/bmdt/202111/t20211104_9926756.html",
        "https://mzj.shili.gov.cn/zwgk/tzgg/202111/t20211104_9926756.html",
        "http://mzj.shili.gov.cn/sy_218/bmdt/202111/t20211104_9926756_wap.html",
        "https://www.shili.gov.cn/bm/mzj/202111/t20211104_9926756.shtml",
    ),
    ("http://mz.shili.example/art/2024/3/1/art_12_345.html", "http://m.mz.shili.example/art/2024/3/1/art_77_345.html"),
    (
        "http://mz.shili.example/art/2024/art_0123456789abcdef0123456789abcdef.html",
        "http://xxgk.shili.example/c100/202403/0123456789abcdef0123456789abcdef.shtml",
    ),
    ("http://mz.shili.example/info/1001/2345.htm", "http://www.mz.shili.example/info/1088/2345.htm"),
    ("http://mz.shili.example/tz/content/post_88.html", "http://mz.shili.example/gk/content/mpost_88.html"),
    ("http://mz.shili.example/a/content_31.html", "http://mz.shili.example/b/c/content_31.shtml"),
    ("http://mz.shili.example/n1/n2/c31/content.html", "http://mz.shili.example/n7/c31/content.html"),
    ("http://mz.shili.example/a/2024030108000012345/index.shtml", "http://mz.shili.example/b/2024030108000012345/"),
]

APART = [
    ("http://mz.shili.gov.cn/a/t20211104_99.html", "http://mz.jiadi.gov.cn/a/t20211104_99.html"),
    ("http://mz.shili.gov.cn/a/t20211104_99.html", "http://mz.shili.gov.cn.clone.example/a/t20211104_99.html"),
    ("http://mz.shili.example/info/1001/2345.htm", "http://jy.shili.example/info/1001/2345.htm"),
    ("http://mz.shili.example/info/1/2.htm", "http://mz.shili.example/content_2.html"),
    ("http://mz.shili.example/a/t20211104_99.html", "http://mz.shili.example/a/t20211104_99_1.html"),
]

NONE = [
    "http://mz.shili.example/",
    "http://mz.shili.example/tzgg/index_2.html",
    "http://mz.shili.example/view.jsp?id=2345",
    "http://mz.shili.example/a/202111/1.html",
]


@pytest.mark.parametrize("urls", ONE)
def test_columns_hosts_and_pages_for_phones_share_an_id(urls: tuple[str, ...]) -> None:
    [found] = {cms_id(url_key(url)) for url in urls}

    assert found is not None


@pytest.mark.parametrize(("one", "other"), APART)
def test_another_site_another_count_and_a_later_part_do_not(one: str, other: str) -> None:
    assert cms_id(url_key(one)) != cms_id(url_key(other))


@pytest.mark.parametrize("url", NONE)
def test_an_address_without_one_has_none(url: str) -> None:
    assert cms_id(url_key(url)) is None
