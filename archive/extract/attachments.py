"""Files that a notice links: their names as a reader sees them and their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Final
from urllib.parse import unquote

from lxml.html import HtmlElement

from archive.extract.body import Body, is_foreign
from archive.extract.files import links_file, name_in_address
from archive.extract.lines import Lines, is_chrome_name
from archive.records import Link, Page
from archive.urls import fetch_url

_SCHEME: Final = re.compile(r"\s*https?:", re.IGNORECASE)
_LINE: Final = 500  # characters of a line in which a label or a name may stand
_LINKS: Final = 30  # links whose names the beginning of a line can hold; a page may set thousands in one
_AFTER: Final = 15  # lines behind the text in which a block of attachments may stand
_SAYS_NOTHING: Final = re.compile(
    r"[\s【\[（(]*(?:点击|点此|请|在线)?(?:下载|查看|预览|打开|浏览)?(?:附件|文件|全文|此处|这里|下载|PDF|pdf|word|WORD)*[\s】\]）)]*"
)
_LABEL: Final = re.compile(
    r"^[\s【\[（(]*+(?:相关)?(?:附件|附|(?:文件|资料|表格)(?=下载))\s*+(?:下载|列表|清单)?\s*+\d{0,2}\s*+[:：.、]\s*+(?:\d{1,2}\s*+[.、．]\s*+)?"
)
_BLOCK: Final = re.compile(r"attach|fujian|appendix|accessory|(?:^|[\s_-])fj(?:$|[\s_-])", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"^\d{1,2}\s*[.、．]\s*(?=\D)")
_IN_SCRIPT: Final = re.compile(
    r"[\"']([^\"']+?\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar)(?:[?#][^\"']*)?)[\"']", re.IGNORECASE
)
_VIEWED: Final = re.compile(r"[?&](?:file|url|pdf|src)=([^&#]+?\.(?:pdf|ofd|docx?|xlsx?))(?=$|[&#])", re.IGNORECASE)
_DRAWN: Final = re.compile(r"[\"']([^\"'\s<>]+?\.(?:pdf|ofd)(?:\?[^\"'\s<>]*)?)[\"']", re.IGNORECASE)
_SCRIPT: Final = 4000  # characters of a script that does no more than show a file


def find_attachments(page: Page, lines: Lines, body: Body, start: int) -> tuple[Link, ...]:
    """Find the files linked from the title to a little behind the text, in the order of the page, each address once."""
    found: dict[str, Link] = {}
    for number, element in lines.files:
        raw = _address(element) if start <= number < body.end + _AFTER else None
        if raw is None or _is_menu(lines, number, element, body):
            continue
        try:
            url = fetch_url(raw, page.url, page.charset)
        except ValueError:
            continue
        if url != page.url and url not in found:
            found[url] = Link(name=_name(lines, number, element, url), url=url)
    for url in _drawn(page, body):
        found.setdefault(url, Link(name=name_in_address(url), url=url))
    return tuple(found.values())


def doubt_addresses(page: Page, lines: Lines, body: Body, start: int) -> tuple[str, ...]:
    """Say that a page without an address links files that cannot be told, for their links are relative."""
    if page.url:
        return ()
    beside = (element for number, element in lines.files if start <= number < body.end + _AFTER)
    count = sum(not _SCHEME.match(raw) for element in beside if (raw := _address(element)) is not None)
    return (f"{count} links to files are relative, and the page has no address to read them against",) if count else ()


def _drawn(page: Page, body: Body) -> Iterator[str]:
    """The files that a script in the place of the text draws there: `showVsbpdfIframe("/__local/….pdf", …)`."""
    for script in body.container.iter("script") if body.container is not None else ():
        for match in _DRAWN.finditer(script.text or "") if len(script.text or "") < _SCRIPT else ():
            try:
                yield fetch_url(match[1], page.url, page.charset)
            except ValueError:
                continue


def _address(element: HtmlElement) -> str | None:
    if element.tag == "a":
        if links_file(element):
            return element.get("href") or element.get("hrefs")
        script = _IN_SCRIPT.search(element.get("onclick") or "")
        return script[1] if script is not None else None
    source = element.get("src") or element.get("data") or element.get("data-src") or ""
    shown = _VIEWED.search(source)
    if shown is not None:
        return unquote(shown[1])
    return source if re.search(r"\.(?:pdf|ofd|docx?|xlsx?)(?:$|[?#&])", source, re.IGNORECASE) else None


def _is_menu(lines: Lines, number: int, element: HtmlElement, body: Body) -> bool:
    """Outside the text only a block that is about files counts, for menus and footers link forms and guides."""
    line = lines.all[number] if number < len(lines.all) else None
    if line is None or not _has_words(element):  # without words, as an icon is: the line is the next one
        inside = number <= body.end and any(
            around is body.container for around in takewhile(_is_plain, element.iterancestors())
        )
    else:
        inside = body.start <= number < body.end and not is_foreign(line, body, lines)
    if inside or element.tag != "a":
        return False
    around = (element, *islice(element.iterancestors(), 4))
    if any(_BLOCK.search(f"{block.get('class') or ''} {block.get('id') or ''}") for block in around):
        return False
    if line is None or line.chrome is not None:
        return True
    return "附件" not in line.text[:_LINE] and not _is_labelled(lines, number)


def _is_labelled(lines: Lines, number: int) -> bool:
    """Tell whether a label stands above a link, with nothing but other files in between."""
    for line in reversed(lines.all[max(number - _AFTER, 0) : number]):
        if _LABEL.fullmatch(f"{line.text.rstrip(' :：')}："):
            return True
        if not any(map(links_file, line.links)):
            return False
    return False


def _has_words(element: HtmlElement) -> bool:
    return any(text.strip() for text in element.itertext())


def _is_plain(element: HtmlElement) -> bool:
    return not any(is_chrome_name(element.get(name) or "") for name in ("class", "id"))


def _name(lines: Lines, number: int, element: HtmlElement, url: str) -> str:
    """The human name: the link's text, else its title, else what the line says before it, else the file's name."""
    text = " ".join("".join(element.itertext()).split())
    own = lines.all[number] if number < len(lines.all) else None
    line = own.text[:_LINE] if own is not None and _has_words(element) else ""
    before = _cut_names(line.partition(text)[0] if text else "", own.links if own is not None else (), element)
    given = (element.get(attribute) or "" for attribute in ("download", "oldsrc"))
    for candidate in (text, element.get("title") or "", before, *given):
        name = _NUMBERED.sub("", _LABEL.sub("", " ".join(candidate.split()))).strip(" :：")
        if name and not _SAYS_NOTHING.fullmatch(name):
            return name
    return name_in_address(url) or text


def _cut_names(before: str, links: Sequence[HtmlElement], element: HtmlElement) -> str:
    """What a line says before a link, without the names of the files before it."""
    for link in takewhile(lambda link: link is not element, islice(links, _LINKS)):
        text = " ".join("".join(link.itertext()).split())
        if text and not _SAYS_NOTHING.fullmatch(text) and text in before:
            before = before.rpartition(text)[2]
    return before
