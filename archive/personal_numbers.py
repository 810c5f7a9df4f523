"""Numbers of persons in a text: identity numbers, cards of banks, telephones; and what only looks like one.

A number is told by its own check digits, by where it stands, and by the words that say what it is: in front of it, in
the cell beside it, at the head of its column.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from typing import Final, Literal, get_args

from archive.name_lists import BORDER, Cell, Listed, Span, cells_of

Rule = Literal["resident_id", "bank_card", "mobile", "landline"]
RULES: Final[tuple[Rule, ...]] = get_args(Rule)
"""In the order in which they are asked: what one has taken is none of the next."""


def find_numbers(text: str, listed: Listed) -> Iterator[tuple[Rule, Span]]:
    """Find the numbers of persons in a text that lists persons as `listed` says, each place once."""
    if not (_NUMBER.search(text) or listed.rows):
        return
    plain = text.translate(_SAME_WIDTH)
    addresses = [place.span() for place in _ADDRESS.finditer(text)]
    captions = _Captions(plain)
    taken: list[Span] = []
    asked: dict[Rule, Iterator[Span]] = {
        "resident_id": _residents(plain, captions, addresses),
        "bank_card": _cards(plain, captions, addresses),
        "mobile": _mobiles(plain, captions, addresses),
        "landline": _landlines(plain, captions, listed),
    }
    for rule, found in asked.items():
        own = [span for span in found if not _within(span, taken)]
        taken = sorted([*taken, *own])
        yield from ((rule, span) for span in own)


def is_resident_id(digits: str) -> bool:
    """Whether 18 characters are an identity number: place, day of birth and check character hold.

    Source: GB 11643-1999; the check character is ISO 7064 MOD 11-2.
    """
    if not _is_built_as_one(digits):
        return False
    total = sum(int(digit) * 2**place for digit, place in zip(digits[:17], range(17, 0, -1), strict=True))
    return "10x98765432"[total % 11] == digits[17].lower()


_SAME_WIDTH: Final = {
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    **dict.fromkeys(map(ord, "ＸｘX"), "x"),
    **dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003"), " "),
    **dict.fromkeys(map(ord, "‐‑‒–—―－−"), "-"),
}
"""What stands for a digit, a blank or a hyphen, one character for one."""

_NUMBER: Final = re.compile(r"[0-9０-９](?:[ \u3000\u00a0‐-―－−-]?[0-9０-９]){10}")
_ALONE: Final = r"(?<![0-9A-Za-z*_.])"
_ENDS: Final = r"(?![0-9A-Za-z*_]|\.[0-9A-Za-z])"
_RESIDENT: Final = re.compile(
    r"(?<![0-9A-Za-z*])([1-9](?:[ -]?[0-9]){16}[ -]?[0-9x])(?: ?[1-7][1-4](?:[Bb][0-9])?)?(?![0-9A-Za-z*])"
)
"""Also with kind and degree behind it, which makes it the number of a disabled person's certificate."""
_OLD_RESIDENT: Final = re.compile(rf"{_ALONE}[1-9][0-9]{{5}} ?[0-9]{{6}} ?[0-9]{{3}}{_ENDS}")
_CARD: Final = re.compile(rf"{_ALONE}[3-9](?:[ -]?[0-9]){{15,18}}{_ENDS}")
_MOBILE: Final = re.compile(
    rf"(?:{_ALONE}|(?<=\+86)|(?<=[^0-9]86)|(?i:(?<=tel)))1(?:[3-9](?:[0-9]{{9}}|[0-9][ -][0-9]{{4}}[ -][0-9]{{4}}"
    rf"|[0-9][ -][0-9]{{8}}|[0-9]{{5}}[ -][0-9]{{4}}|[0-9][ -][0-9]{{3}}[ -][0-9]{{5}})| [3-9](?: [0-9]){{9}}){_ENDS}"
    r"(?! ?(?:[万亿]|元|户|人次))"
)
_LANDLINE: Final = re.compile(rf"{_ALONE}0[1-9][0-9]{{1,2}}[ -]?[2-9][0-9]{{6,7}}{_ENDS}")
_LOCAL: Final = re.compile(rf"{_ALONE}(?!20[0-9]{{6}}{_ENDS})[2-8][0-9]{{6,7}}{_ENDS}")
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)[!-~]+|^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?/[!-~]*$", re.IGNORECASE
)

_PROVINCES: Final = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
"""Two digits, GB/T 2260, with the residence permits of people from Hong Kong, Macao and Taiwan."""
_YEARS: Final = range(1890, 2050)
_CARDS: Final = re.compile("62|81|9558|9559|60[13]|621|436742|456351|518710")
"""How the numbers of cards begin that banks of the country issue: UnionPay, and what was issued before it."""
_FOREIGN_CARDS: Final = re.compile("4|5[1-5]|35")
"""Other schemes; so begins many a number that is none, so these are told only under a word for an account."""
_OF_A_PERSON: Final = re.compile("身份|证件|公民")
_OF_AN_ACCOUNT: Final = re.compile("卡号|账[号户]|帐[号户]|银行|存折")
_OF_A_BODY: Final = re.compile("信用代码|统一社会|组织机构|法人代码")
_OF_A_THING: Final = re.compile(
    "代码|编[号码]|索引|注册号|登记证?号|流水|订单|项目|许可|备案|批准|标识|发票|文号|单号|序列|合同|招标|采购|公告号|条码"
)
_TELEPHONE: Final = re.compile("电话|手机|联系方式|联系号码")
_CODE: Final = re.compile(r"(?<![0-9A-Za-z/_-])[0-9A-Za-z/_-]{1,40}$")
"""What a number goes on: `2023/000014672-`."""
_NEAR: Final = 80
"""Characters in front of a number that are looked at, for a text may be one line."""
_WORDS_BEFORE: Final = 14
"""Characters of a line in front of a number that say what it is."""


class _Captions:
    """The words that say what a number is: in front of it, in the cell beside it, or at the head of its column."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        self._rows: list[tuple[list[Cell], dict[int, str]]] = []
        heads: dict[int, str] = {}
        for line in text.split("\n"):
            cells = cells_of(line, self._starts[-1])
            if len(cells) == 1:
                heads = {}
            for place, cell in enumerate(cells):
                if cell.text.strip() and not _holds_digits(cell.text):
                    heads.setdefault(place, cell.text)
            self._rows.append((cells, heads))
            self._starts.append(self._starts[-1] + len(line) + 1)

    def of(self, at: int) -> str:
        """The words for what begins at `at`; empty where nothing says what it is."""
        cells, heads = self._rows[bisect_right(self._starts, at) - 1]
        place = bisect_left(cells, at, key=attrgetter("end"))
        near = cells[place].text[max(0, at - cells[place].start - _NEAR) : at - cells[place].start]
        before = _CODE.sub("", near).replace(" ", "")[-_WORDS_BEFORE:]
        if before or len(cells) == 1:
            return before
        beside = cells[place - 1].text if place else ""
        return f"{heads.get(place, '')} {'' if _holds_digits(beside) else beside}"


def _residents(text: str, captions: _Captions, addresses: list[Span]) -> Iterator[Span]:
    for found in _RESIDENT.finditer(text):
        digits = _bare(found[1])
        if _is_built_as_one(digits):
            said = captions.of(found.start())
            # a number of a person that somebody typed wrong still tells place and birthday
            if (is_resident_id(digits) or _OF_A_PERSON.search(said)) and not _OF_A_BODY.search(said):
                yield found.span()
    for found in _OLD_RESIDENT.finditer(text):
        digits = _bare(found[0])
        if _PROVINCES.match(digits) and _is_day(f"19{digits[6:12]}") and not _within(found.span(), addresses):
            said = captions.of(found.start())
            if _OF_A_PERSON.search(said) or not (_OF_A_THING.search(said) or _OF_A_BODY.search(said)):
                yield found.span()


def _cards(text: str, captions: _Captions, addresses: list[Span]) -> Iterator[Span]:
    for found in _CARD.finditer(text):
        digits = _bare(found[0])
        if not _is_luhn(digits) or _within(found.span(), addresses):
            continue
        said = captions.of(found.start())
        if _OF_AN_ACCOUNT.search(said):
            is_card = bool(_CARDS.match(digits) or (len(digits) == 16 and _FOREIGN_CARDS.match(digits)))
        else:
            is_card = bool(_CARDS.match(digits)) and not (_OF_A_THING.search(said) or _OF_A_BODY.search(said))
        if is_card:
            yield found.span()


def _mobiles(text: str, captions: _Captions, addresses: list[Span]) -> Iterator[Span]:
    for found in _MOBILE.finditer(text):
        if not _within(found.span(), addresses):
            said = captions.of(found.start())
            if _TELEPHONE.search(said) or not (_OF_A_THING.search(said) or _OF_A_BODY.search(said)):
                yield found.span()


def _landlines(text: str, captions: _Captions, listed: Listed) -> Iterator[Span]:
    for start, end in listed.rows:
        whole = [found.span() for found in _LANDLINE.finditer(text, start, end)]
        yield from whole
        has_cells = BORDER in text[start:end]
        for found in _LOCAL.finditer(text, start, end):
            if not _within(found.span(), whole) and (not has_cells or _TELEPHONE.search(captions.of(found.start()))):
                yield found.span()


def _is_built_as_one(digits: str) -> bool:
    """Whether 18 characters begin with a place and a day as an identity number does, whatever its check character."""
    return bool(_PROVINCES.match(digits)) and _is_day(digits[6:14])


def _is_day(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year in _YEARS
    except ValueError:
        return False


def _is_luhn(digits: str) -> bool:
    """Source: ISO/IEC 7812-1, annex B."""
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(doubled)) % 10 == 0


def _bare(number: str) -> str:
    return number.replace(" ", "").replace("-", "")


def _holds_digits(text: str) -> bool:
    return any(character.isdigit() or character == "*" for character in text)


def _within(span: Span, spans: list[Span]) -> bool:
    """Whether a span overlaps one of some that are in order and apart."""
    before = bisect_left(spans, (span[1],))
    return before > 0 and spans[before - 1][1] > span[0]
