"""What Hanweb writes into a column page or answers for its script: records of HTML, totals, and how to get more.

Three ways to write the records, seen 2012–2026: XML, `<datastore>…<record><![CDATA[<li>…</li>]]></record>`; an array of
a script, `dataStore = ['<li>…</li>', …]` or `InitData49468 = [ … ]`; and lines like `urls[i] = '/art/…';`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise, zip_longest

from lxml.html import HtmlElement

from archive.page import Unreadable, parse
from archive.records import Entry
from archive.text import tidy
from archive.urls import fetch_url
from crawler.families.anchors import MOST_LINKS, Anchor, looks_like_article, read_title
from crawler.families.printed import find_full_date, is_date
from crawler.families.rows import Row, read_date

_STORE = re.compile(r"<datastore\b[^<>]*>", re.I)
_STORE_END = re.compile(r"</datastore\s*>", re.I)
_RECORD = re.compile(r"<record\b[^<>]*>", re.I)
_RECORD_END = re.compile(r"</record\s*>", re.I)
_ID = re.compile(r"""\bid\s*=\s*["']?([\w-]+)""", re.I)
_NEXT = re.compile(r"""<nextgroup\b[^<>]*>.{0,40}?<a\b[^<>]*?\bhref\s*=\s*(?:"([^"]+)"|'([^']+)')""", re.I | re.S)
_TOTAL = re.compile(r"""<totalrecord>\s*(\d+)|\btotalRecord\s*=\s*["']?(\d+)""", re.I)
_PAGES = re.compile(r"""<totalpage>\s*(\d+)|\btotalPage\s*=\s*["']?(\d+)""", re.I)
_ARRAY = re.compile(r"\b(?:dataStore|InitData(\w*))\s*[=:]\s*\[", re.I)
_STRING = re.compile(r"""\s*+,?\s*+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")""", re.S)
_ASSIGNED = re.compile(r"""\b(\w+)\[\s*(?:i|\d+)\s*\]\s*=\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")""", re.I)
_CALL = re.compile(r"""\(\s*["']#([\w-]+)["']\s*\)\s*\.\s*jpage\s*\(\s*\{""", re.I)
_PARAMETERS = re.compile(r"\bajaxParam\s*:\s*(?:\{([^{}]*)\}|(\w+))", re.I)
_PAIR = re.compile(r"""["']?(\w+)["']?\s*:\s*(?:'([^']*)'|"([^"]*)"|([\w.+-]+))""")
_BROKEN_DATE = re.compile(r"(?<=[\d年月./-])[ \t]*[\r\n]\s*(?=[\d年月日./-])")
_MOST_LISTS = 50
"""Lists that scripts of one page draw; each may look through the page for what belongs to it."""
_TITLE_NAME = re.compile(r"title|head|name|subject", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One list: its records as HTML in their order, and what is stated beside them. `name` is its element's id."""

    name: str | None
    records: tuple[str, ...]
    next_href: str | None = None
    total: int | None = None
    pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """The call `$('#49468').jpage({…})`: where to ask for more records of the list with that id, and with what."""

    name: str
    proxy: str | None
    parameters: Mapping[str, str]
    per_page: int
    group: int
    """Pages that one answer holds."""
    total: int | None


def find_stores(text: str) -> list[Store]:
    """The lists of a page or of an answer, in their order; an empty one is among them."""
    pieces = _STORE.split(text)
    stores = [_read_xml(before, _STORE_END.split(piece, maxsplit=1)[0]) for before, piece in pairwise(pieces)]
    arrays = (_read_array(text, match) for match in islice(_ARRAY.finditer(text), _MOST_LISTS))
    return stores + [array for array in arrays if any("<" in record for record in array.records)]


def find_pagers(text: str) -> dict[str, Pager]:
    """The pagers that scripts of a page draw, by the id of their list."""
    calls = [*islice(_CALL.finditer(text), _MOST_LISTS)]
    pagers = {}
    for call, after in zip_longest(calls, calls[1:]):
        script = text[call.end() : after.start() if after else None].partition("</script")[0]
        pagers[call.group(1)] = Pager(
            name=call.group(1),
            proxy=_find(r"""\bproxyUrl\s*:\s*["']([^"']+)""", script),
            parameters=_read_parameters(script, text),
            per_page=int(_find(r"""\bperPage\s*:\s*["']?(\d+)""", script) or 15),
            group=int(_find(r"""\bgroupSize\s*:\s*["']?([1-9]\d{0,3})""", script) or 3),
            total=int(total) if (total := _find(r"""\btotalRecord\s*:\s*["']?(\d+)""", script)) else None,
        )
    return pagers


def read_pairs(text: str) -> dict[str, str]:
    """The pairs of an object as scripts write it, `{col:1,'appid':'1'}`, in their order."""
    return {name: next((v for v in values if v), "") for name, *values in _PAIR.findall(html.unescape(text))}


def read_records(records: Iterable[str], base: str, charset: str) -> Iterator[Entry]:
    """The entries of records in their order, each address once; a record without an address is passed over."""
    seen = set()
    for record in records:
        try:
            tree = parse(_BROKEN_DATE.sub("", record))
        except Unreadable:  # nothing but blanks
            continue
        rows = [row for row in tree.iter("li", "tr") if row.find(".//a") is not None]
        for element in rows if len(rows) > 1 else [tree]:
            entry = _read_row(element, base, charset)
            if entry is not None and entry.url not in seen:
                seen.add(entry.url)
                yield entry


def read_assigned(text: str, base: str, charset: str) -> Iterator[Entry]:
    """The entries of a page that writes them line by line, `urls[i] = '…'; headers[i] = '…';`."""
    rows: list[dict[str, str]] = [{}]
    for match in islice(_ASSIGNED.finditer(text), MOST_LINKS):
        name, *values = match.groups(default="")
        if name in rows[-1]:
            rows.append({})
        rows[-1][name] = tidy(html.unescape(_plain("".join(values))))
    for row in rows:
        address = row.pop("urls", "")
        try:
            url = fetch_url(address, base, charset=charset)
        except ValueError:  # no row of a list, or one without a page
            continue
        texts = [value for value in row.values() if value and not is_date(value)]
        named = [value for name, value in row.items() if _TITLE_NAME.search(name) and value in texts]
        date_raw = next((day for value in row.values() if is_date(value) and (day := find_full_date(value))), None)
        yield Entry(url=url, title=max(named or texts, key=len, default=None), date_raw=date_raw)


def _read_xml(before: str, body: str) -> Store:
    ids = _ID.findall(before[-400:])
    next_group = _NEXT.search(body)
    return Store(
        name=ids[-1] if ids else None,
        records=tuple(_content(piece) for piece in _RECORD.split(body)[1:]),
        next_href=html.unescape(next_group.group(1) or next_group.group(2)) if next_group else None,
        total=_number(_TOTAL, body),
        pages=_number(_PAGES, body),
    )


def _content(piece: str) -> str:
    """What one `<record>` holds: a CDATA section, else escaped HTML."""
    inner = _RECORD_END.split(piece, maxsplit=1)[0].strip()
    if inner.startswith("<![CDATA["):
        return inner.removeprefix("<![CDATA[").removesuffix("]]>")
    return html.unescape(inner)


def _read_array(text: str, match: re.Match[str]) -> Store:
    records, place = [], match.end()
    while (string := _STRING.match(text, place)) is not None:
        records.append(_plain(string.group(1) or string.group(2) or ""))
        place = string.end()
    return Store(
        name=match.group(1) or None, records=tuple(records), total=_number(_TOTAL, text), pages=_number(_PAGES, text)
    )


def _read_parameters(script: str, text: str) -> dict[str, str]:
    """The pairs of `ajaxParam`, which may be a variable of the page."""
    match = _PARAMETERS.search(script)
    if match is None:
        return {}
    pairs = match.group(1)
    return read_pairs(pairs if pairs else _find(rf"\b{match.group(2)}\s*=\s*\{{([^{{}}]*)\}}", text) or "")


def _read_row(element: HtmlElement, base: str, charset: str) -> Entry | None:
    """The row's document: of its links the one that looks like a document, with the longest title."""
    links = []
    for link in element.iter("a"):
        try:
            links.append(
                Anchor(element=link, url=fetch_url(link.get("href") or "", base, charset), title=read_title(link))
            )
        except ValueError:  # `javascript:`; another link may be the document's
            continue
    if not links:
        return None
    best = max(links, key=lambda link: (looks_like_article(link.url), len(link.title)))
    return Row(anchor=best, element=element, date_raw=read_date(Row(anchor=best, element=element))).entry()


def _plain(string: str) -> str:
    """A string of a script without its escapes."""
    return re.sub(r"\\(.)", lambda escape: " " if escape[1] in "rnt" else escape[1], string, flags=re.S)


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(match.group(1) or match.group(2)) if match else None


def _find(pattern: str, text: str) -> str | None:
    match = re.search(pattern, text, re.I)
    return match.group(1) if match else None
