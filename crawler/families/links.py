"""Sites whose lists no family reads: selectors and a pager from the catalogue.

```toml
channel = [{ name = "通知公告", url = "https://mzj.xx.example/tzgg/", item = "ul.news li", next = "a.next" }]
```
`item` selects the rows; `link`, `title` and `date` are looked for inside a row. The pager is either `next`, the
link or links to further pages, or `pages`, the form of their names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from archive.page import Unreadable
from archive.records import Channel, Entry, Page
from archive.text import tidy
from archive.urls import fetch_url
from crawler.families.anchors import page_base, read_title
from crawler.families.options import unknown_options
from crawler.families.pager import find_next_link, stated_entries, stated_pages
from crawler.families.printed import find_date, texts_of
from crawler.lists import Ask, Listing

OPTIONS = {
    "item": "selector of a row (required); it may be the link itself",
    "link": "selector of the link in a row; default `a`",
    "title": "selector of the title in a row, or `selector@attribute`; default: the link's title",
    "date": "selector of the date in a row, or `selector@attribute`; default: the first date printed in the row",
    "date_pattern": "regular expression searched in the row's text; group 1 is the date",
    "next": "selector of the links to further pages; default: 下一页",
    "pages": "name of further pages with {n}: `index_{n}.html`, `?page={n}`",
    "second": "the number of the second page in `pages`; default 2",
    "total": "regular expression searched in the page; group 1 is the number of pages (required with `pages`)",
}
"""Every option with its meaning."""

_SELECTORS = ("item", "link", "title", "date", "next")
_PATTERNS = ("date_pattern", "total")


def first(channel: Channel) -> tuple[Ask, ...]:
    """The channel's own address."""
    return (Ask(url=channel.url, kind="list", channel=channel),)


def check(options: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with the options: unknown or missing ones, selectors and patterns that do not parse."""
    wrong = list(unknown_options(options, OPTIONS, family="links"))
    if not options.get("item"):
        wrong.append("option 'item' is missing: the selector of a row, like \"ul.news li\"")
    wrong += [
        f"{name} = {options[name]!r} is no CSS selector" for name in _SELECTORS if not _is_selector(options.get(name))
    ]
    wrong += [
        f"{name} = {options[name]!r} is no regular expression with one group"
        for name in _PATTERNS
        if not _is_pattern(options.get(name))
    ]
    if "pages" in options and "{n}" not in options["pages"]:
        wrong.append(f'pages = {options["pages"]!r} has no {{n}}: write it as "index_{{n}}.html"')
    if "pages" in options and "total" not in options:
        wrong.append("option 'total' is missing: with `pages`, the page must say how many there are")
    if "pages" in options and "next" in options:
        wrong.append("options 'next' and 'pages' are both given; keep one")
    if not options.get("second", "2").isdecimal():
        wrong.append(f"second = {options['second']!r} is no number")
    return tuple(wrong)


def read(page: Page, channel: Channel) -> Listing:
    """Read a list page with the channel's selectors; entries in the page's order.

    Raises: Unreadable if the selector of rows finds nothing, or rows without a link.
    """
    rows = _select(page.tree, channel.options["item"])
    if not rows:
        raise Unreadable(f"{page.url}: item = {channel.options['item']!r} finds nothing")
    entries = tuple(entry for row in rows if (entry := _read_row(page, row, channel.options)) is not None)
    if not entries:
        raise Unreadable(f"{page.url}: none of the {len(rows)} rows of item = {channel.options['item']!r} has a link")
    return Listing(
        entries=entries,
        asks=_ask_further(page, channel),
        total=stated_entries(page),
        pages=_total(page, channel.options) or stated_pages(page),
    )


def _read_row(page: Page, row: HtmlElement, options: Mapping[str, str]) -> Entry | None:
    links = [row] if row.tag == "a" and "link" not in options else _select(row, options.get("link", "a"))
    for link in links:
        try:
            url = fetch_url(link.get("href") or "", page_base(page), charset=page.charset)
        except ValueError:  # `javascript:`, an empty href: not the row's document
            continue
        if urlsplit(url).scheme not in ("http", "https"):
            continue
        title = _value(row, options["title"]) if "title" in options else read_title(link)
        return Entry(url=url, title=title or None, date_raw=_read_date(row, options))
    return None


def _read_date(row: HtmlElement, options: Mapping[str, str]) -> str | None:
    if pattern := options.get("date_pattern"):
        match = re.search(pattern, tidy("".join(texts_of(row))))
        return match.group(1) if match else None
    if "date" in options:
        return _value(row, options["date"]) or None
    whole = row
    if row.tag == "a":
        whole = next(row.iterancestors("li", "tr", "dd", "p"), row)
    return find_date(texts_of(whole))


def _ask_further(page: Page, channel: Channel) -> tuple[Ask, ...]:
    if "pages" in channel.options:
        return _ask_numbered(page, channel)
    if "next" not in channel.options:
        turn = find_next_link(page)
        return (Ask(url=turn.url, kind="list", channel=channel, page=turn.number or 2),) if turn else ()
    urls: dict[str, None] = {}
    for link in _select(page.tree, channel.options["next"]):
        try:
            url = fetch_url(link.get("href") or "", page_base(page), charset=page.charset)
        except ValueError:  # the last page often has 下一页 without an address
            continue
        if url != page.url:
            urls[url] = None
    return tuple(Ask(url=url, kind="list", channel=channel, page=place) for place, url in enumerate(urls, start=2))


def _ask_numbered(page: Page, channel: Channel) -> tuple[Ask, ...]:
    """The next page by the form of its name; this page's own number is read from its address."""
    form, second = channel.options["pages"], int(channel.options.get("second", "2"))
    before, after = form.split("{n}", 1)
    named = re.search(re.escape(before.lstrip("./")) + r"(\d+)" + re.escape(after) + "$", page.url)
    number = int(named.group(1)) + 1 if named else second
    place = number - second + 2
    if place > (_total(page, channel.options) or 1):
        return ()
    url = fetch_url(form.replace("{n}", str(number)), page_base(page), charset=page.charset)
    return (Ask(url=url, kind="list", channel=channel, page=place),)


def _total(page: Page, options: Mapping[str, str]) -> int | None:
    match = re.search(options["total"], page.html) if "total" in options else None
    return int(match.group(1)) if match and match.group(1).isdecimal() else None


def _value(row: HtmlElement, selector: str) -> str:
    """The text, or the named attribute, of the first element that the selector finds in the row."""
    css, _, attribute = selector.partition("@")
    found = [row] if not css.strip() else _select(row, css)
    if not found:
        return ""
    return tidy(found[0].get(attribute.strip()) or "") if attribute else tidy("".join(texts_of(found[0])))


def _select(element: HtmlElement, css: str) -> list[HtmlElement]:
    return list(CSSSelector(css, translator="html")(element))


def _is_selector(css: str | None) -> bool:
    """Whether a selector, or the part of it before `@attribute`, parses; an absent one is fine."""
    selector = (css or "").partition("@")[0].strip()
    if not selector:
        return True
    try:
        CSSSelector(selector, translator="html")
    except SelectorError:
        return False
    return True


def _is_pattern(pattern: str | None) -> bool:
    if pattern is None:
        return True
    try:
        return re.compile(pattern).groups == 1
    except re.error:
        return False
