"""gkmlpt (政府信息公开目录平台): the disclosure catalogue of Guangdong's governments and bureaus.

`/gkmlpt/index` is a page without a list; its script states the site's number and the categories:
`window._CONFIG = {SID: '755031', TREE: [{"id": 2811, "name": "通知公告", …}]}`. The list is data:
`/gkmlpt/api/all/<category>?page=<n>&sid=<SID>` → `{"total": 137, "articles": [{"title", "url", …}]}`, a hundred a
page, newest first; category 0 is all of them. Articles may lie on other hosts. A channel's address is the index or
the first page of the data. Layout seen 2019–2026, in Guangdong only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from archive.dates import print_seconds
from archive.page import Unreadable
from archive.records import Channel, Entry, Page
from archive.text import tidy
from archive.urls import fetch_url
from crawler.families.options import unknown_options
from crawler.lists import Ask, Listing

OPTIONS = {"category": 'the number of a category of the catalogue; default "0", all of them'}
"""Every option with its meaning."""

_A_PAGE = 100  # articles, on every site seen
_MOST_PAGES = 2000  # asked at once, whatever total is stated
_SID = re.compile(r"""\bSID['"]?\s*:\s*['"]?(\d+)""")
_TREE = re.compile(r"""\bTREE['"]?\s*:\s*(?=\[)""")
_FIELDS = {
    "identifier": "index_number",
    "document_number": "document_number",
    "publisher": "attribution",
    "classify_main_name": "subject_category",
}
_DATES = ("display_publish_time", "first_publish_time", "date", "created_at", "create_time")
"""What dates an article, best first: seconds since 1970, or text."""


def first(channel: Channel) -> tuple[Ask, ...]:
    """The channel's own address."""
    return (Ask(url=channel.url, kind="list", channel=channel),)


def check(options: Mapping[str, str]) -> tuple[str, ...]:
    """`category`: a number."""
    wrong = unknown_options(options, OPTIONS, family="gkmlpt")
    if not options.get("category", "0").isdecimal():
        wrong += (f'category is {options["category"]!r}; it is a number from the address, like "2811" of #2811',)
    return wrong


def read(page: Page, channel: Channel) -> Listing:
    """Read the index of a catalogue, which has no entries and asks the data; or one page of the data.

    Raises: Unreadable if the page states no SID, the category is none of its own, or the data has no articles.
    """
    if page.html.lstrip().startswith("{"):
        return _read_data(page, channel)
    sid = _SID.search(page.html)
    if sid is None:
        raise Unreadable(f"{page.url}: no gkmlpt index: looked for window._CONFIG with a SID ({page.size} bytes)")
    category = channel.options.get("category", "0")
    names = _read_tree(page)
    if category != "0" and names and category not in names:
        some = ", ".join(f"{number} {name}" for number, name in list(names.items())[:8])
        raise Unreadable(f"{page.url}: category {category} is not in its TREE of {len(names)}: {some} …")
    base = page.url.partition("/gkmlpt/")[0]
    url = fetch_url(f"{base}/gkmlpt/api/all/{category}?page=1&sid={sid.group(1)}")
    return Listing(entries=(), asks=(Ask(url=url, kind="list", channel=channel),))


def _read_data(page: Page, channel: Channel) -> Listing:
    try:
        data = json.loads(page.html)
        articles = [article for article in data["articles"] if isinstance(article, dict)]
        total = int(data["total"])
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise Unreadable(f"{page.url}: no gkmlpt data: looked for articles and total: {problem!r}") from problem
    entries = tuple(entry for article in articles if (entry := _read_article(article, page)) is not None)
    if not entries:
        raise Unreadable(f"{page.url}: none of {len(articles)} articles has an address; total is {total}")
    asks = tuple(
        Ask(url=_turn_to(page, number), kind="list", channel=channel, page=number)
        for number in _further(_number(page), len(articles), total)
    )
    return Listing(entries=entries, asks=asks, total=total)


def _further(number: int, articles: int, total: int) -> range:
    """The next page; where a first page shows another number than a hundred, all pages, for later ones cannot tell."""
    if number == 1 and articles < _A_PAGE:
        return range(2, min(-(-total // articles), _MOST_PAGES) + 1)
    return range(number + 1, number + 2 if number * _A_PAGE < total else number + 1)


def _read_article(article: Mapping[str, object], page: Page) -> Entry | None:
    try:
        url = fetch_url(_text(article, "url") or _text(article, "post_url"), page.url)
    except ValueError:  # a stub without an address
        return None
    fields = {ours: value for theirs, ours in _FIELDS.items() if (value := _text(article, theirs))}
    if _holds(article, "is_abolished"):
        fields["validity"] = "废止"
    elif _holds(article, "is_expired"):
        fields["validity"] = "失效"
    dates = (print_seconds(_text(article, name)) for name in _DATES)
    return Entry(
        url=url, title=_text(article, "title") or None, date_raw=next(filter(None, dates), None), fields=fields
    )


def _text(article: Mapping[str, object], name: str) -> str:
    value = article.get(name)
    return tidy(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _holds(article: Mapping[str, object], name: str) -> bool:
    return article.get(name) is True or _text(article, name) in ("1", "true")


def _number(page: Page) -> int:
    (given,) = parse_qs(urlsplit(page.url).query).get("page", ["1"])[:1]
    return max(int(given), 1) if given.isdecimal() else 1


def _turn_to(page: Page, number: int) -> str:
    query = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    return fetch_url(urljoin(page.url, "?" + urlencode({**query, "page": number})))


def _read_tree(page: Page) -> dict[str, str]:
    """The categories by their number; empty where the tree is written in another way."""
    start = _TREE.search(page.html)
    if start is None:
        return {}
    try:
        tree, _ = json.JSONDecoder().raw_decode(page.html, start.end())
    except (ValueError, RecursionError):
        return {}
    return dict(_walk_tree(tree))


def _walk_tree(tree: object) -> Iterator[tuple[str, str]]:
    ahead = [tree]
    while ahead:
        node = ahead.pop(0)
        if isinstance(node, list):
            ahead = [*node, *ahead]
        elif isinstance(node, dict):
            if "id" in node:
                yield str(node["id"]), str(node.get("name", ""))
            ahead = [*(value for value in node.values() if isinstance(value, (list, dict))), *ahead]
