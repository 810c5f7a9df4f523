"""Hanweb's disclosure directory: a table that a script of the column page asks of `/module/xxgk/search.jsp`.

The script posts `infotypeId`, `jdid`, `area` and `divid` with `currpage`, or has a function load them; the answer is
a table of `tr.tr_main_value_odd` and `_even`, with `共7条记录 第1/3页` under it. We send the pairs in the address as
well as in the form, for the answer does not repeat them. Layout seen 2014–2025.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from archive.page import Unreadable
from archive.records import Channel, Page
from archive.urls import fetch_url
from crawler.families.anchors import page_base
from crawler.families.datastore import read_pairs
from crawler.families.documents import list_documents
from crawler.families.pager import stated_entries, stated_place
from crawler.lists import Ask, Listing

_SEARCH = re.compile(r"/module/xxgk/search\.jsp", re.I)
_CALL = re.compile(r"""(/module/xxgk/search\.jsp)([^;]{0,800})""", re.I)
_LITERAL = re.compile(r"""'([^'\n]*)'|"([^"\n]*)\"""")
_OBJECT = re.compile(r"\{([^{}]*)\}")
_BOX = re.compile(r"""['"](div\d+)['"]""")
_NAMES = ("infotypeId", "jdid", "area", "divid")
_DOCUMENT = re.compile(r"/art/\d{4}/(\d{1,2}/\d{1,2}/)?art_\w+\.html?$", re.I)
_FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def is_directory_answer(page: Page) -> bool:
    """Whether the page is an answer of `search.jsp`."""
    return _SEARCH.search(urlsplit(page.url).path) is not None


def ask_directory(page: Page, channel: Channel) -> Ask | None:
    """The ask for the first rows of a column whose list is a directory; None where no script asks for one."""
    for text in (*(script.text or "" for script in page.tree.iter("script")), *page.tree.xpath("//iframe/@src")):
        call = _CALL.search(text)
        pairs = _read_call(call[2]) if call else {}
        if call and pairs.keys() & {"infotypeId", "jdid", "area"}:
            base = fetch_url(call[1], page_base(page))
            return _ask(base, {**pairs, "currpage": "1"}, channel)
    return None


def read_directory(page: Page, channel: Channel) -> Listing:
    """Read one answer: its rows, and the next page where it states that there is one.

    Raises: Unreadable where an answer that should have rows has none.
    """
    asked = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    number = int(asked["currpage"]) if asked.get("currpage", "").isdecimal() else 1
    place, total = stated_place(page), stated_entries(page)
    shown = replace(page, url=channel.url)
    try:
        entries = list_documents(shown, _DOCUMENT, like="Hanweb directory /art/2024/3/5/art_10694_1203.html")
    except Unreadable as problem:
        if number == 1 and total != 0:
            raise Unreadable(f"{page.url}: {problem}") from problem
        return Listing(entries=(), total=total, doubts=("an answer without rows: past the end, or refused",))
    asks: tuple[Ask, ...] = ()
    if place is None or number < place[1]:
        base = page.url.partition("?")[0]
        asks = (_ask(base, {**asked, "currpage": f"{number + 1}"}, channel),)
    return Listing(entries=entries, asks=asks, total=total, pages=place[1] if place else None)


def _read_call(code: str) -> dict[str, str]:
    """The pairs that a script sends: those of the address, written in pieces, and those of an object."""
    literals = [html.unescape(one or other) for one, other in _LITERAL.findall(f"'{code}")]
    address = "".join(literal for literal in literals if "=" in literal).removeprefix("?")
    pairs = {name: value for name, value in parse_qsl(address, keep_blank_values=True) if re.fullmatch(r"\w+", name)}
    sent = _OBJECT.search(code)
    if sent:
        pairs |= {name: value for name, value in read_pairs(sent[1]).items() if name in _NAMES}
    box = _BOX.search(code)
    if box and "divid" not in pairs:
        pairs["divid"] = box[1]
    pairs.pop("currpage", None)
    return pairs


def _ask(url: str, pairs: Mapping[str, str], channel: Channel) -> Ask:
    return Ask(
        url=fetch_url(f"{url}?{urlencode(pairs)}"),
        kind="list",
        channel=channel,
        page=int(pairs["currpage"]) + 1,
        method="POST",
        body=urlencode(pairs).encode("ascii"),
        headers=(("Referer", channel.url), ("Content-Type", _FORM)),
    )
