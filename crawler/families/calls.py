"""Further pages that a script asks for: where the call behind 下一页 leads, read from the script and never run.

Three kinds, seen 2008–2026: `onclick="location.href='index_2.jhtml'"`; a function of the page that makes the address,
`function turnTo(n){location.href = '/home/list?page=' + Base64.encode(n);}`; and one that fills a form in and posts it,
`function toPage(n){f.pageNo.value = n; f.submit();}` (`__doPostBack` is such a one). What a script computes in any
other way is left alone.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from urllib.parse import quote, urlencode, urljoin

from lxml.html import HtmlElement

from archive.records import Page
from archive.urls import fetch_url
from crawler.families.anchors import page_base
from crawler.families.pager import NEXT_TEXT, Turn, make_turn
from crawler.families.printed import texts_of

_MOST_CALLS = 20
_MOST_FIELDS = 60
_LONGEST_BODY = 64 * 1024
_CALL = re.compile(r"(?:javascript:)?\s*(?:return\s+)?([\w$.]+)\s*\(([^()]*)\)", re.I)
_STRING = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_GOES_TO = re.compile(
    rf"""\blocation(?:\.href)?\s*=\s*((?:{_STRING}|[^;'"\n])+)|\blocation\.(?:assign|replace)\s*\(((?:{_STRING}|[^;'"\n])+)\)""",
    re.I,
)
_ASSIGNS = re.compile(
    rf"""(?:\[\s*['"](\w+)['"]\s*\]|getElementById\(\s*['"](\w+)['"]\s*\)|\.(\w+))\s*\.\s*value\s*=\s*((?:{_STRING}|[^;'"\n])+)"""
    rf"""|\$\(\s*['"]#(\w+)['"]\s*\)\s*\.\s*val\(((?:{_STRING}|[^;'"\n])+)\)""",
    re.I,
)
_PIECE = re.compile(rf"""\s*(?:({_STRING})|(\d+)|([\w$.]+)\s*\(\s*([\w$]+)\s*\)|([\w$]+))\s*(?:\+|$)""", re.S)
_CODED = re.compile(r"base64|btoa", re.I)
_QUOTED = re.compile(r"encodeURI|escape", re.I)
_SAME = re.compile(r"^(?:parseInt|Number|String)$")


def find_next_call(page: Page) -> Turn | None:
    """The page that a button or link 下一页 asks for by script: by an address, or by a form that it posts."""
    scripts = "\n".join(script.text or "" for script in page.tree.iter("script"))
    for code in islice(_calls(page), _MOST_CALLS):
        address = _GOES_TO.search(code)
        url = _evaluate(address[1] or address[2], {}, scripts) if address else None
        if url is not None:
            return _turn(page, url)
        call = _CALL.match(code)
        function = _find_function(call[1], scripts) if call else None
        if call is None or function is None:
            continue
        names, body = function
        values = [_evaluate(given, {}, scripts) or "" for given in call[2].split(",")]
        turn = _follow(page, body, dict(zip(names, values, strict=False)), scripts)
        if turn is not None:
            return turn
    return None


def _calls(page: Page) -> Iterator[str]:
    """The code behind each 下一页 of the page."""
    for element in page.tree.xpath("//*[@onclick or starts-with(@href, 'javascript:')]"):
        said = element.get("value") or "".join(texts_of(element))
        if NEXT_TEXT.match(said.strip()):
            yield from filter(None, (element.get("onclick"), element.get("href")))


def _follow(page: Page, body: str, values: Mapping[str, str], scripts: str) -> Turn | None:
    """What a function does with its arguments: go to an address, or post a form."""
    address = _GOES_TO.search(body)
    if address is not None:
        url = _evaluate(address[1] or address[2], values, scripts)
        return _turn(page, url) if url is not None else None
    if ".submit" not in body:
        return None
    filled = {}
    for match in _ASSIGNS.finditer(body):
        *names, direct, name, given = match.groups()
        value = _evaluate(direct or given, values, scripts)
        if value is not None:
            filled[next((one for one in names if one), name)] = value
    form = next((form for form in page.tree.iter("form") if _fields_of(form).keys() & filled.keys()), None)
    return _post(page, form, filled) if form is not None else None


def _post(page: Page, form: HtmlElement, filled: Mapping[str, str]) -> Turn | None:
    """The turn that sends a form with some fields filled in."""
    by_name = {name: filled.get(name, filled.get(own, value)) for own, (name, value) in _fields_of(form).items()}
    body = urlencode(by_name, encoding=page.charset, errors="replace")
    if len(body) > _LONGEST_BODY:
        return None
    action = (form.get("action") or "").strip() or page.url
    with suppress(ValueError):  # an action that is no address
        if (form.get("method") or "get").lower() != "post":
            return Turn(url=fetch_url(f"{urljoin(page_base(page), action).partition('?')[0]}?{body}"))
        return Turn(url=fetch_url(action, page_base(page), charset=page.charset), body=body.encode("ascii"))
    return None


def _fields_of(form: HtmlElement) -> dict[str, tuple[str, str]]:
    """The fields that a browser would send, by id or name: name and value."""
    fields = {}
    for element in islice(form.iter("input", "select"), _MOST_FIELDS):
        name = element.get("name")
        if not name or (element.get("type") or "").lower() in (
            "submit",
            "button",
            "image",
            "reset",
            "checkbox",
            "radio",
        ):
            continue
        value = element.get("value") or ""
        if element.tag == "select":
            chosen = element.xpath(".//option[@selected]") or element.xpath(".//option")
            value = (chosen[0].get("value") or "") if chosen else ""
        fields[name] = (name, value)
        if (own := element.get("id")) and own != name:
            fields[own] = (name, value)
    return fields


def _find_function(name: str, scripts: str) -> tuple[list[str], str] | None:
    """Names of the parameters and the body of a function of the page."""
    head = re.search(rf"function\s+{re.escape(name)}\s*\(([^()]*)\)\s*\{{", scripts) or re.search(
        rf"\b{re.escape(name)}\s*=\s*function\s*\(([^()]*)\)\s*\{{", scripts
    )
    if head is None:
        return None
    depth, place = 1, head.end()
    for brace in re.finditer(r"[{}]", scripts[head.end() : head.end() + 4000]):
        depth += 1 if brace[0] == "{" else -1
        place = head.end() + brace.start()
        if depth == 0:
            break
    return [one.strip() for one in head[1].split(",")], scripts[head.end() : place]


def _evaluate(expression: str, values: Mapping[str, str], scripts: str) -> str | None:
    """What a sum of texts, numbers, arguments and variables comes to; None where it is anything else."""
    text, place = "", 0
    expression = expression.strip()
    while place < len(expression):
        piece = _PIECE.match(expression, place)
        if piece is None:
            return None
        string, number, function, argument, name = piece.groups()
        value = string[1:-1] if string else number or _value(name or argument, values, scripts)
        if function and value is not None:
            value = _apply(function, value)
        if value is None:
            return None
        text, place = text + value, piece.end()
    return text or None


def _apply(function: str, value: str) -> str | None:
    if _CODED.search(function):
        return base64.b64encode(value.encode()).decode()
    if _QUOTED.search(function):
        return quote(value, safe="")
    return value if _SAME.match(function) else None


def _value(name: str, values: Mapping[str, str], scripts: str) -> str | None:
    if name in values:
        return values[name]
    told = re.search(rf"\bvar\s+{re.escape(name)}\s*=\s*(?:['\"]([^'\"\n]*)['\"]|(\d+))", scripts)
    return None if told is None else told[1] if told[1] is not None else told[2]


def _turn(page: Page, address: str) -> Turn | None:
    with suppress(ValueError):  # not an address; there may be another such button
        return make_turn(page, fetch_url(address, page_base(page), charset=page.charset))
    return None
