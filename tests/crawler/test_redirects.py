"""Redirects: wherever a `Location` leads, the request ends, and so does the crawl."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.demo import Web
from crawler.spiders.redirects import Redirects
from tests.crawler.crawling import crawl, rows

QINGSHAN = "http://mzj.qingshan.example"
LIST = f"{QINGSHAN}/zwgk/tzgg/"
NO_ADDRESS = ["http://[::1", "http://:80/", "http://mz.example:99999/", "http://......./", "http://mz.example:x/"]


@pytest.mark.parametrize("location", [*NO_ADDRESS, "javascript:alert(1)", "file:///etc/hostname"])
def test_a_location_that_is_no_address_leaves_the_answer_as_it_is(location: str) -> None:
    response = Response(LIST, status=302, headers={"Location": location})

    assert response is Redirects.from_crawler(get_crawler()).process_response(Request(LIST), response)


def test_a_crawl_ends_though_redirects_lead_nowhere(web: Web, tmp_path: Path) -> None:
    """A row whose redirect could not be kept would never end, and its host would wait for it for ever."""
    articles = [f"{QINGSHAN}/{number}.html" for number in range(len(NO_ADDRESS))]
    for url, location in zip(articles, NO_ADDRESS, strict=True):
        web.sites.put(url, "", status=302, headers={"Location": location})
    web.sites.put(LIST, "", status=302, headers={"Location": "http://:80/"})
    crawled = crawl(tmp_path / "archive", articles=articles, only=["qingshan"])

    assert crawled.told is not None, crawled.err
    assert "finished" == crawled.told["reason"]
    assert len(articles) + 2 == crawled.told["tally"]["asked"] == crawled.told["tally"]["stored"]
    assert [("list_failed", LIST)] == rows(tmp_path / "archive", "select kind, subject from issues")


def test_a_cookie_for_a_whole_domain_makes_no_request_of_its_own(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """tldextract, with which Scrapy looks at a cookie's domain, would fetch the list of public suffixes."""
    monkeypatch.setenv("TLDEXTRACT_CACHE", str(tmp_path / "suffixes"))
    page = f"{QINGSHAN}/a.html"
    web.sites.put(page, "<p>公告</p>", headers={"Set-Cookie": "seen=1; Domain=.qingshan.example"})
    crawl(tmp_path / "archive", articles=[page], only=[])

    assert [f"{QINGSHAN}/robots.txt", page] == [one.url for one in web.log]
