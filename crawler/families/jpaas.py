"""Hanweb jpaas: the list is a block of the page that a script fetches as a fragment of HTML in JSON.

The column page holds `<script url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{…}">`, and
the script asks with GET `…/build/unit?parseType=bulidstatic&webId=…&tplSetId=…&pageType=column&tagId=…&editType=null`
`&pageId=…` (the misspelling is the system's). The answer's `data.html` holds the rows and a pager with `rows`,
`count` and `pageNo`, as attributes of an element or inside its own `queryData`; further pages add
`paramJson={"pageNo":2,"pageSize":15}`. A channel's address may also be that of the first answer, which spares a
request a crawl. Some columns keep about six months only. Layout seen 2020–2026.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from lxml.html import HtmlElement

from archive.page import Unreadable, parse
from archive.records import Channel, Entry, Page
from archive.urls import fetch_url
from crawler.families.anchors import find_anchors, looks_like_article
from crawler.families.datastore import read_pairs
from crawler.families.options import unknown_options
from crawler.families.rows import fill_gaps, find_blocks
from crawler.lists import Ask, Listing

OPTIONS = {"tag": "tagId of the block that is the list, like `信息列表`, where a page has several blocks"}
"""Every option with its meaning."""

_UNIT = re.compile(r"/front/page/build/unit(?=$|\?)")
_LIST_NAME = re.compile(r"列表|分页|信息|内容|list|page", re.I)
_OTHER_NAME = re.compile(r"导航|菜单|位置|面包屑|标题|栏目名|左侧|右侧|推荐|热点|nav|menu", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbers:
    """What a pager states: the number of its page from 1, rows a page, rows in all."""

    number: int
    rows: int
    count: int


def first(channel: Channel) -> tuple[Ask, ...]:
    """The column's own address, which says what to ask."""
    return (Ask(url=channel.url, kind="list", channel=channel),)


def check(options: Mapping[str, str]) -> tuple[str, ...]:
    """`tag`, see `OPTIONS`."""
    return unknown_options(options, OPTIONS, family="jpaas")


def read(page: Page, channel: Channel) -> Listing:
    """Read a column page, which as a rule has no entries and only leads on, or one JSON answer.

    Entries in the fragment's order, newest first as a rule.

    Raises: Unreadable if a page has no block to ask for, or an answer has no rows.
    """
    if page.html.lstrip().startswith("{"):
        return _read_answer(page, channel)
    units = find_units(page)
    wanted = channel.options.get("tag")
    chosen = [url for tag, url in units if wanted in (None, tag)]
    if not chosen:
        blocks = f"; its blocks are {', '.join(tag for tag, _ in units)}" if units else ""
        looked = f"with tagId {wanted}" if wanted else "of …/front/page/build/unit"
        raise Unreadable(f"{page.url}: no jpaas list: looked for a queryData {looked}{blocks}")
    drawn = _find_numbers(page.tree)
    if drawn and drawn.count:  # the page came with its first rows
        return _list(page, drawn, _turn(chosen[0], drawn), channel)
    ask = _ask(chosen[0], 1, channel)
    doubts = (f"several blocks: {', '.join(tag for tag, _ in units)}; if the first is not the list, give `tag`",)
    return Listing(entries=(), asks=(ask,), doubts=doubts if len(chosen) > 1 else ())


def find_units(page: Page) -> list[tuple[str, str]]:
    """The blocks that scripts of the page fetch: tagId and address, the likeliest list first."""
    units: dict[str, str] = {}
    for element in page.tree.iter():
        address, query = element.get("url") or "", element.get("querydata")
        pairs = read_pairs(query) if query and _UNIT.search(address) else {}
        with suppress(ValueError):  # an address that is none; another block may be the list
            if pairs:
                url = fetch_url(f"{address}?{urlencode(pairs, quote_via=quote)}", page.url)
                units.setdefault(url, pairs.get("tagId", ""))
    likely = sorted(units.items(), key=lambda unit: (bool(_OTHER_NAME.search(unit[1])), not _LIST_NAME.search(unit[1])))
    return [(tag, url) for url, tag in likely]


def _read_answer(page: Page, channel: Channel) -> Listing:
    try:
        answer = json.loads(page.html)
    except ValueError as error:
        raise Unreadable(f"{page.url}: not JSON: {error}; it starts with {page.html[:40]!r}") from error
    data = answer.get("data")
    fragment = data.get("html") if isinstance(data, dict) else None
    if not isinstance(fragment, str) or not fragment.strip():
        raise Unreadable(f"{page.url}: the answer has no data.html (it has {', '.join(answer)})")
    shown = replace(page, url=channel.url, html=fragment, tree=parse(fragment))
    numbers = _find_numbers(shown.tree)
    try:
        return _list(shown, numbers, _turn(page.url, numbers), channel)
    except Unreadable as problem:
        raise Unreadable(f"{page.url}: {problem}") from problem


def _list(shown: Page, numbers: _Numbers | None, turn: str | None, channel: Channel) -> Listing:
    asks = (_ask(turn, numbers.number + 1, channel),) if turn and numbers else ()
    entries = _read_rows(shown)
    if numbers is None:
        return Listing(entries=entries)
    return Listing(entries=entries, asks=asks, total=numbers.count, pages=-(-numbers.count // numbers.rows))


def _read_rows(shown: Page) -> tuple[Entry, ...]:
    anchors = find_anchors(shown)
    blocks = find_blocks(anchors)
    if blocks:
        return tuple(row.entry() for row in fill_gaps(blocks[0], anchors).rows)
    single = {anchor.url: anchor.title for anchor in anchors if anchor.title and looks_like_article(anchor.url)}
    if not single:
        raise Unreadable(f"no jpaas list: no row with a document among {len(anchors)} links")
    return tuple(Entry(url=url, title=title) for url, title in single.items())


def _find_numbers(tree: HtmlElement) -> _Numbers | None:
    """The pager's own numbers: attributes `rows`, `count`, `pageNo` of one element, or pairs in its `queryData`."""
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        said = read_pairs(element.get("querydata") or "")
        values = {name: said.get(name) or element.get(name.lower()) or "" for name in ("pageNo", "rows", "count")}
        if all(value.isdecimal() for value in values.values()) and int(values["rows"]) > 0:
            return _Numbers(number=int(values["pageNo"]), rows=int(values["rows"]), count=int(values["count"]))
    return None


def _turn(url: str, numbers: _Numbers | None) -> str | None:
    """The address of the next page; None on the last."""
    if numbers is None or numbers.number * numbers.rows >= numbers.count:
        return None
    asked = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    try:
        own = json.loads(asked.get("paramJson") or "{}")
    except ValueError:  # the page's script wrote it as Python would; only the numbers matter
        own = {}
    own = own if isinstance(own, dict) else {}
    own |= {"pageNo": numbers.number + 1, "pageSize": numbers.rows}
    asked["paramJson"] = json.dumps(own, ensure_ascii=False, separators=(",", ":"))
    return fetch_url(urlsplit(url)._replace(query=urlencode(asked, quote_via=quote)).geturl())


def _ask(url: str, number: int, channel: Channel) -> Ask:
    # some sites answer their own pages only, and a reader's browser says so
    return Ask(url=url, kind="list", channel=channel, page=number, headers=(("Referer", channel.url),))
