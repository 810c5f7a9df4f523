"""UCAP (开普): lists as pages, `common_list.shtml`, or as JSON by the column's id.

A page of the list is `common_list.shtml`, the second `common_list_2.shtml` (counted from 1); an inline script prints
`createPageHTML('page_div', pages, current, 'common_list', 'shtml', entries)`. Where the list is drawn in the browser,
`<meta name="channelId">` names the column, and a script asks
`/common/search/<channelId>?_isAgg=true&_isJson=true&_pageSize=20&_template=index&_rangeTimeGte=&_channelName=&page=1`
(or `/search/…`, `/searchList/…`), whose answer states `total` and gives each document's metadata beside its link. The
links that such a page holds as well may be years old, so they are not read. Layout seen 2020–2026.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit

from archive.page import Unreadable
from archive.records import Channel, Entry, Page
from archive.text import tidy
from archive.urls import fetch_url
from crawler.families.documents import list_documents
from crawler.families.options import unknown_options
from crawler.families.pager import (
    ask_page,
    find_next_link,
    read_script_pager,
    stated_entries,
    stated_pages,
    turn_script_page,
)
from crawler.lists import Ask, Listing

OPTIONS = {
    "counts_from": 'number of the first page in the pager, "0" or "1"; default 1',
    "api": "path of the JSON list, like `/common/search/`, where a script in a file of its own names it",
}
"""Every option with its meaning."""

# key of the metadata, or its label → our field; keys differ between sites, labels are the fallback. Seen 2020–2026.
_FIELDS = {
    **dict.fromkeys(("indexnum", "indexno", "索引号"), "index_number"),
    **dict.fromkeys(("refno", "writtentext", "发文字号", "文号"), "document_number"),
    **dict.fromkeys(("theme", "主题分类"), "subject_category"),
    **dict.fromkeys(("aging", "validity", "有效性", "时效性"), "validity"),
    **dict.fromkeys(("source", "来源"), "attribution"),
    **dict.fromkeys(("author", "作者"), "author"),
    **dict.fromkeys(("writedate", "writtendate", "成文日期"), "written_on"),
    **dict.fromkeys(("writtendepartment", "发文机关", "制定机关"), "issuing_agency"),
    **dict.fromkeys(("pubdate", "发布日期"), "published_on"),
}
_DOCUMENT = re.compile(r"(/\d{6}/[0-9a-f]{32}|/c\d+_\d+|/content_\d+|/c\d+/content)\.s?html?$", re.I)
_API_IN_SCRIPT = re.compile(r"""(/(?:[\w-]+/)*search(?:List)?/)[^;]{0,160}?_isJson=true""")
_SIZE_IN_SCRIPT = re.compile(r"""(?:_pageSize|page_?size)["']?\s*[=:]\s*["']?(\d{1,3})\b""", re.I)
_USUAL_SIZE = "20"
_TAG = re.compile(r"<[^>]*>")

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def first(channel: Channel) -> tuple[Ask, ...]:
    """The channel's own address, which holds the newest entries or the column's id."""
    return (Ask(url=channel.url, kind="list", channel=channel),)


def check(options: Mapping[str, str]) -> tuple[str, ...]:
    """`counts_from` and `api`, see `OPTIONS`."""
    wrong = unknown_options(options, OPTIONS, family="ucap")
    if options.get("counts_from", "1") not in ("0", "1"):
        wrong += (f'counts_from is {options["counts_from"]!r}; it is "0" or "1"',)
    if not re.fullmatch(r"/([\w-]+/)+", options.get("api", "/search/")):
        wrong += (f'api is {options["api"]!r}; it is a path like "/common/search/"',)
    return wrong


def read(page: Page, channel: Channel) -> Listing:
    """Read a page of the list, or one JSON answer of it; entries in its order, newest first as a rule.

    A column page whose list is JSON has no entries of its own: it asks the first answer.

    Raises: Unreadable if a page has neither a list nor the address of its JSON, or an answer has no results.
    """
    if page.html.lstrip().startswith("{"):
        return _read_answer(page, channel)
    ask = _ask_json(page, channel)
    return Listing(entries=(), asks=(ask,)) if ask else _read_page(page, channel)


def _ask_json(page: Page, channel: Channel) -> Ask | None:
    """The first answer of a list that a script draws; None where the page prints its list."""
    script = "\n".join(element.text or "" for element in page.tree.iter("script"))
    named = _API_IN_SCRIPT.search(script)
    path = channel.options.get("api") or (named.group(1) if named else None)
    column = _column(page)
    if column is None and "api" in channel.options:
        raise Unreadable(f'{page.url}: no <meta name="channelId">, which names the column in the list at {path}')
    if path is None or column is None:
        return None
    size = _SIZE_IN_SCRIPT.search(script)
    asked = {"_isAgg": "true", "_isJson": "true", "_pageSize": size.group(1) if size else _USUAL_SIZE}
    query = urlencode({**asked, "_template": "index", "_rangeTimeGte": "", "_channelName": "", "page": "1"})
    return Ask(url=fetch_url(f"{path}{column}?{query}", page.url), kind="list", channel=channel)


def _column(page: Page) -> str | None:
    """The column's id as its page says it: `<meta name="channelId" content="8b0e…">`."""
    for element in page.tree.iter("meta"):
        content = (element.get("content") or "").strip()
        if (element.get("name") or "").lower() == "channelid" and re.fullmatch(r"[\w-]+", content):
            return content
    return None


def _read_page(page: Page, channel: Channel) -> Listing:
    try:
        entries = list_documents(page, _DOCUMENT, like="UCAP /c113003/202309/<32 hex digits>.shtml")
    except Unreadable as problem:
        if column := _column(page):
            advice = f'its column is {column}: if its list is JSON, give the channel api = "/common/search/"'
            raise Unreadable(f"{problem}; {advice}") from problem
        raise
    pager = read_script_pager(page)
    if pager is None:
        asks = ask_page(find_next_link(page), channel)
        return Listing(entries=entries, asks=asks, total=stated_entries(page), pages=stated_pages(page))
    turn = turn_script_page(page, pager, counts_from=int(channel.options.get("counts_from", "1")))
    is_doubtful = pager.current == 0 and "counts_from" not in channel.options
    return Listing(
        entries=entries,
        asks=ask_page(turn, channel),
        total=pager.entries if pager.entries is not None else stated_entries(page),
        pages=pager.pages,
        doubts=('the pager counts from 0: give the channel counts_from = "0"',) if is_doubtful else (),
    )


def _read_answer(page: Page, channel: Channel) -> Listing:
    data = _data(page)
    results = data.get("results")
    entries = tuple(_read_results(page, results if isinstance(results, list) else []))
    if not entries:
        raise Unreadable(
            f"{page.url}: the answer has no results with an address (it has {', '.join(data) or 'nothing'})"
        )
    asked = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    total = _number(data.get("total"))
    number = _number(data.get("page")) or _number(asked.get("page")) or 1
    size = _number(data.get("rows")) or _number(asked.get("_pageSize")) or len(entries)
    pages = None if total is None else -(-total // size)
    asks: tuple[Ask, ...] = ()
    if pages is not None and number < pages:
        query = urlencode({**asked, "page": str(number + 1)})
        url = fetch_url(f"?{query}", page.url)
        asks = (Ask(url=url, kind="list", channel=channel, page=number + 1),)
    return Listing(entries=entries, asks=asks, total=total, pages=pages)


def _data(page: Page) -> dict[str, Json]:
    """The answer's `data`; some sites wrap it in `results`."""
    try:
        answer: Json = json.loads(page.html)
    except ValueError as error:
        raise Unreadable(f"{page.url}: not JSON: {error}; it starts with {page.html[:40]!r}") from error
    for name in ("results", "data"):
        inner = answer.get(name) if isinstance(answer, dict) else None
        answer = inner if isinstance(inner, dict) else answer
    return answer if isinstance(answer, dict) else {}


def _read_results(page: Page, results: list[Json]) -> Iterator[Entry]:
    for result in results:
        address = result.get("url") if isinstance(result, dict) else None
        if not isinstance(result, dict) or not isinstance(address, str):
            continue
        try:
            url = fetch_url(address, page.url)
        except ValueError:  # an entry without a page of its own
            continue
        fields = _read_fields(result)
        printed = fields.pop("published_on", None)
        date_raw = _text(result.get("publishedTimeStr")) or printed
        yield Entry(url=url, title=_text(result.get("title")), date_raw=date_raw, fields=fields)


def _read_fields(result: Mapping[str, Json]) -> dict[str, str]:
    """The metadata of one document by our field names; `null` in words is an empty field, and so are unknown ones."""
    fields: dict[str, str] = {}
    groups = result.get("domainMetaList")
    for group in groups if isinstance(groups, list) else []:
        pairs = group.get("resultList") if isinstance(group, dict) else None
        for pair in pairs if isinstance(pairs, list) else []:
            if not isinstance(pair, dict):
                continue
            key, label, value = str(pair.get("key")), str(pair.get("name")), _text(pair.get("value"))
            name = _FIELDS.get(key) or _FIELDS.get(label)
            if name and value and value != "null":
                fields.setdefault(name, value)
    return fields


def _text(value: Json) -> str | None:
    """A value as display text, without the tags that search results mark their hits with."""
    return tidy(html.unescape(_TAG.sub("", value))) or None if isinstance(value, str) else None


def _number(value: Json) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None
