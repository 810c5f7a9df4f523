"""Where a line of text names documents: 《…》 titles and document numbers, each with what belongs to it.

A title and the number beside it are one mention, whichever comes first.
Time is linear in the length of the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from archive.extract.numbers import normalise_number

_OPEN: Final = "〔［\\[【（(﹝〈{"
_CLOSE: Final = "〕］\\]】）)﹞〉}"
_NUMERAL: Final = "〇○◯零一二三四五六七八九"
_ANCHOR: Final = re.compile(
    # 〔2021〕70号 · 令第79号, 公告2021年第3号 · 第18号令
    rf"(?P<year>[{_OPEN}]\s?(?:\d{{4}}|[一二][{_NUMERAL}]{{3}})\s?年?\s?[{_CLOSE}])\s?(?:第\s?)?\d{{1,5}}(?:[-—]\d{{1,4}})?\s?号"
    rf"|(?P<order>令|公告|通告)\s?[（(]?\s?(?P<of>(?:19|20)\d\d\s?年\s?)?(?P<serial>第\s?(?:\d{{1,4}}|[{_NUMERAL}十百]{{1,6}})\s?号)"
    rf"|(?P<first>第\s?(?:\d{{1,4}}|[{_NUMERAL}十百]{{1,6}})\s?号)(?P<last>令|公告|通告)"
)
_LONGEST_CODE: Final = 24
_LONGEST_TITLE: Final = 150
_INNER: Final = re.compile(r"[（(][一-龥]{1,6}[)）][一-龥]{0,8}$")
_LETTER: Final = re.compile(r"[一-龥A-Za-z]")
# What stands before a number in running text and is no part of it. A single letter counts only behind others.
_RUNNING: Final = re.compile(
    r".*(?:根据|按照|依据|依照|遵照|参照|对照|落实|贯彻|执行|转发|印发|下发|发布|公布|制定|废止|停止|以及|详见|参见"
    r"|文件|通知|办法|规定|意见|决定|文号|字号|现将|(?<=.)(?:和(?!国)|[与及的为是在对按见])|^[和与及的按据见年])"
)
_AGENCY: Final = re.compile(r".*(?:办公室|办公厅|委员会|国务院|人民法院|政府|[部厅局委])(?=.{2})")
_KIND_OF_NUMBER: Final = "发字函规办电传通令复告文批"
_ISSUER: Final = re.compile(r".*(?:部|局|厅|委|院|府|会|主席|署|办|室)")
_BESIDE: Final = re.compile(r"[\s（(【\[〔]{0,3}(?:文号[:：]|\d{4}年)?\s?")
_IN_FRONT: Final = re.compile(r"[）)\s]{0,2}(?:文件|文)?(?:印发的|下发的|关于印发的)?[）)\s]{0,2}")
_BRACKET: Final = re.compile(r"\s?[（(][^（）()]{0,80}[)）]")
_IN_BRACKET: Final = re.compile(r"[^（(]+[（(][^（(]+")
_SHORT: Final = re.compile(r"(?:简称|下称|以下称)\s?(?:为)?[:：“\"]?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place in a line that names a document, by number, title or both."""

    start: int
    end: int
    """Behind the mention as printed: 《…》（…）."""
    stop: int
    """Behind all that is said of it in brackets."""
    title: str | None = None
    number: str | None = None


def find_mentions(line: str) -> tuple[list[Mention], dict[str, Mention]]:
    """Give the mentions of one line in its order, and the short names it gives: 以下简称《办法》 → the mention."""
    if "《" not in line and "号" not in line:
        return [], {}
    spans = list(_titles(line))
    numbers = list(_numbers(line, spans))
    found: list[Mention] = []
    short: dict[str, Mention] = {}
    waiting = iter([*numbers, None])
    number = next(waiting)
    for start, end in spans:
        title = line[start + 1 : end - 1].strip()
        while number is not None and number.start < start:
            found.append(number)
            number = next(waiting)
        if found and _SHORT.search(line[max(start - 6, 0) : start]):
            short[title] = found[-1]
            continue
        mention = Mention(start=start, end=end, stop=end, title=title)
        if number is not None and _BESIDE.fullmatch(line, end, number.start) is not None:
            mention = replace(mention, end=_closed(line, end, number), number=number.number)
            number = next(waiting)
        elif found and found[-1].title is None and _IN_FRONT.fullmatch(line, found[-1].end, start) is not None:
            before = found.pop()
            mention = replace(mention, start=before.start, number=before.number)
        found.append(mention)
    while number is not None:
        found.append(number)
        number = next(waiting)
    return [replace(mention, stop=_behind_brackets(line, mention.end)) for mention in found], short


def _titles(line: str) -> Iterator[tuple[int, int]]:
    """The outermost pairs of 《》 that are closed and not too long; an opening one that never closes hides nothing."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for match in re.finditer("[《》]", line):
        if match[0] == "《":
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            if len("《》") < match.end() - start <= _LONGEST_TITLE + 2:
                while pairs and pairs[-1][0] > start:
                    pairs.pop()
                pairs.append((start, match.end()))
    yield from pairs


def _numbers(line: str, spans: list[tuple[int, int]]) -> Iterator[Mention]:
    """The document numbers outside titles, as printed; a year and a serial without an agency's code is none."""
    titles = iter([*spans, (len(line), len(line))])
    title = next(titles)
    free = 0  # where the last number ended
    for match in _ANCHOR.finditer(line):
        while title[1] <= match.start():
            free = max(free, title[1])
            title = next(titles)
        if match.start() >= title[0]:
            continue
        start = _begin(line, match.start(), free)
        number = _of_year(line, start, match) if match["year"] else _of_order(line, start, match)
        if number is not None:
            yield number
        free = match.end()


def _begin(line: str, end: int, free: int) -> int:
    """Where the letters before a year begin, a bracket within them included: 宁财（综）发."""
    at = end - 1 if end > free and line[end - 1] in " \u3000\xa0" else end
    floor = max(free, at - _LONGEST_CODE)
    while True:
        while at > floor and _LETTER.match(line[at - 1]):
            at -= 1
        inner = _INNER.search(line, max(at - 8, floor), at) if at > floor and line[at - 1] in "）)" else None
        if inner is None:
            return at
        at = inner.start()


def _of_year(line: str, start: int, match: re.Match[str]) -> Mention | None:
    code = line[start : match.start()].rstrip()
    code = _RUNNING.sub("", code, count=1)
    agency = _AGENCY.match(code)
    if agency is not None and code[agency.end() :].strip(_KIND_OF_NUMBER):
        code = code[agency.end() :]
    is_wide = match["year"][0] not in "（("
    if not code or len(code) > 16 or not (is_wide or code[-1] in _KIND_OF_NUMBER or code[-1].isascii()):
        return None
    number = normalise_number(code + match[0])
    if number is None or not re.search("〔(?:19|20)", number):
        return None
    start = line.rindex(code, start, match.start())
    return Mention(start=start, end=match.end(), stop=match.end(), number=number)


def _of_order(line: str, start: int, match: re.Match[str]) -> Mention | None:
    """An order or announcement by its issuer and serial: 民政部令第79号, also where a page prints 民政部第79号令."""
    code = _RUNNING.sub("", line[start : match.start()].rstrip(), count=1)
    issuer = _ISSUER.match(code)
    if issuer is None or issuer.end() != len(code) or len(code) < 2:
        return None
    word, serial = match["order"] or match["last"], match["serial"] or match["first"]
    number = normalise_number(f"{code}{word}{match['of'] or ''}{serial}") or f"{code}{word}{serial}"
    start = line.rindex(code, start, match.start())
    end = match.end() + bool(_IN_BRACKET.fullmatch(match[0]) and line[match.end() : match.end() + 1] in tuple("）)"))
    return Mention(start=start, end=end, stop=end, number="".join(number.split()))


def _closed(line: str, title_end: int, number: Mention) -> int:
    """The end of a title's number, with the bracket that was opened before it."""
    opened = re.search(r"[（(【\[〔]", line[title_end : number.start])
    return number.end + 1 if opened and line[number.end : number.end + 1] in tuple("）)】]〕") else number.end


def _behind_brackets(line: str, at: int) -> int:
    """Behind the brackets that follow, or the rest of one that is open: ，以下简称《办法》）."""
    rest = re.compile(r"[，,、][^（）()。]{0,60}[)）]").match(line, at)
    at = rest.end() if rest is not None else at
    match = _BRACKET.match(line, at)
    return match.end() if match is not None else at
