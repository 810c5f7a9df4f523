"""The further pages of an article that its site splits, from the bar of page numbers in its text or right behind it.

    共3页 [上一页] 1 [2] [3] [下一页]        123.html · 123_2.html · 123_3.html

The systems that write such bars (织梦 `123_2.html`, PHPCMS `show-5-123-2.html`, JEECMS `123_2.jhtml`, scripts that
take `?page=2`) differ in everything but this: the addresses are the page's own with a number, and the numbers are those
that the links show. Nothing less counts: links to the next article are called otherwise, a list is no article, and a
bar under a text that takes `?page=2` may be that of its comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from archive.extract.body import Body
from archive.extract.lines import Line, Lines
from archive.extract.parts import MOST_PARTS, Parts
from archive.records import Page
from archive.urls import fetch_url

_BEHIND: Final = 12  # lines behind the text in which its bar begins
_LONGEST: Final = 300  # characters of a line of a bar
_WORDS: Final = re.compile(
    r"(?:共\s*+\d++\s*+页|第\s*+\d++\s*+页|[上下前后]一?页|首页|[尾末]页|最后一页|分页|页码|当前页?|\d{1,3}+"
    r"|[/\s\[\]()（）【】|:：.…,，‹›«»<>])++"
)
_TURN: Final = re.compile("[上下前后]一?页")
_NAME: Final = re.compile(r"(.+?)(?:([_-])(\d{1,3}))?(\.(?:s?html?|jhtml|jsp|aspx?|php))", re.IGNORECASE)
_IS_LIST: Final = re.compile(r"(?:index|list|node|default|column|channel|col|more|page)(?![a-z])", re.IGNORECASE)
_NUMBER_IN_QUERY: Final = ("page", "p", "pn", "pageno", "pageindex", "currentpage", "page_no")

Number = Callable[[str], int | None]
"""Which number an address has among those of an article: 0 without any, None if it is none of them."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the addresses of one article's pages are numbered."""

    number: Number
    write: Callable[[int], str]


def find_page_bar(page: Page, lines: Lines, body: Body, text: Sequence[Line]) -> Parts:
    """Find the further pages of a split article by its bar, or from a further page the first. Empty without one."""
    for bar in _bars(lines, body):
        if sum(line.linked for line in text) * 2 > sum(len(line.text) for line in text):
            break  # rows of links, and the bar is theirs
        links = [(_shown(link), url) for link, url in _addresses(page, bar)]
        for shape in _shapes(page.url, is_inside=bar[0].number < body.end):
            found = _read_bar(page.url, links, shape)
            if found is not None:
                return replace(found, bar=frozenset(line.number for line in bar))
    return Parts()


def _bars(lines: Lines, body: Body) -> Iterator[list[Line]]:
    """Runs of lines that say pages and numbers only and can be turned, from within the text to a little behind it."""
    near = lines.all[body.start : body.end + _BEHIND * 2]
    if not any("页" in line.text and _TURN.search(line.text) for line in near if len(line.text) <= _LONGEST):
        return  # as nearly all pages
    bar: list[Line] = []
    for line in (*near, None):
        if line is not None and len(line.text) <= _LONGEST and _WORDS.fullmatch(line.text):
            bar.append(line)
            continue
        if bar and bar[0].number < body.end + _BEHIND and any(_TURN.search(one.text) for one in bar):
            yield bar
        bar = []


def _addresses(page: Page, bar: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """The links of a bar that lead anywhere: what they show, and their address; "" for what is no address."""
    for link in dict.fromkeys(link for line in bar for link in line.links):
        raw = (link.get("href") or "").strip()
        if raw and not raw.startswith(("#", "javascript:")):
            try:
                yield "".join(link.itertext()), fetch_url(raw, page.url, page.charset)
            except ValueError:
                yield "", ""


def _shown(text: str) -> str:
    return text.strip(" \t\n\xa0[]()（）【】")


def _shapes(url: str, *, is_inside: bool) -> Iterator[_Shape]:
    """The ways in which the pages of the article at an address may be numbered."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    match = _NAME.fullmatch(name)
    if match is not None and not parts.query:
        base = f"{parts.scheme}://{parts.netloc}{folder}/"
        stem, separator, number, ending = match.groups()
        whole = f"{stem}{separator}{number}" if number else stem
        yield from (_numbered(base, whole, mark, ending) for mark in "_-" if not _IS_LIST.match(whole))
        if number and not _IS_LIST.match(stem):
            yield _numbered(base, stem, separator, ending)
    if parts.query and is_inside:
        yield from (_queried(url, key) for key in _NUMBER_IN_QUERY)


def _numbered(base: str, stem: str, separator: str, ending: str) -> _Shape:
    pattern = re.compile(f"{re.escape(base + stem)}(?:{separator}(\\d{{1,3}}))?{re.escape(ending)}")

    def number(url: str) -> int | None:
        match = pattern.fullmatch(url)
        return int(match[1] or 0) if match is not None else None

    return _Shape(number, lambda which: f"{base}{stem}{f'{separator}{which}' if which else ''}{ending}")


def _queried(url: str, key: str) -> _Shape:
    own = urlsplit(url)
    others = [pair for pair in parse_qsl(own.query, keep_blank_values=True) if pair[0].lower() != key]
    plain = "&".join(piece for piece in own.query.split("&") if piece.partition("=")[0].lower() != key)

    def number(link: str) -> int | None:
        parts = urlsplit(link)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        given = [value for name, value in pairs if name.lower() == key]
        is_own = parts[:3] == own[:3] and [pair for pair in pairs if pair[0].lower() != key] == others
        if not is_own or len(given) > 1 or not all(value.isdecimal() and len(value) <= 3 for value in given):
            return None
        return int(given[0]) if given else 0

    path = f"{own.scheme}://{own.netloc}{own.path}"
    return _Shape(number, lambda which: f"{path}?{plain}{f'&{key}={which}' if which else ''}")


def _read_bar(url: str, links: Sequence[tuple[str, str]], shape: _Shape) -> Parts | None:
    """What a bar says, if all its links are of one article and each number shown is that of its address."""
    own = shape.number(url)
    numbers = [(shown, number, address) for shown, address in links if (number := shape.number(address)) is not None]
    if own is None or not numbers or len(numbers) < len(links):
        return None
    shown = [(int(word), number) for word, number, _ in numbers if word.isdecimal()]
    first = next((address for _, number, address in numbers if number == 0), None)
    shift = next((place - number for place, number in shown if number), None)
    if shift is None:  # the last of two pages: its bar leads to the first one only
        return Parts(part_of=first) if own and (1, 0) in shown else None
    if shift not in (0, 1) or any(place != (number + shift if number else 1) for place, number in shown):
        return None
    places = {number + shift if number else 1: address for _, number, address in numbers}
    place, last = own + shift if own else 1, max(places)
    if place == 1 and 2 <= last <= MOST_PARTS:
        return Parts(parts=tuple(shape.write(which - shift) for which in range(2, last + 1)))
    return Parts(part_of=places[1]) if place > 1 and 1 in places else None
