"""A text cut into clauses, each with what it is compared by and what stands over it.

A clause ends at 。；！？ or with its line; a row of a table is one clause. Two clauses are one when their keys are:
spelling of letters, numerals and dates, marks, blanks and running numbers do not count (`archive.trace.forms`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from archive.dates import find_days
from archive.extract.agency_names import looks_like_agency
from archive.trace.forms import is_number, read_form

CELL: Final = " | "
"""What parts the cells of a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause of a text. `start` and `end` are its place there, with the line break behind it, if it has one."""

    start: int
    end: int
    text: str
    """As printed, without the line break."""
    key: str
    number_end: int = 0
    """Where its running number ends, in its text."""
    heads: tuple[str, ...] = ()
    """Of a row of a table: the cells of its first row."""
    label: str = ""
    """The heading or label over it: the first clause of its line or the line before, numbered or with a colon."""
    is_row: bool = False
    """Whether it is one of three or more short lines in a row, or of a table."""
    is_foot: bool = False
    """Whether it is of the signature: a day or an agency by itself, in the last lines."""

    @property
    def cells(self) -> list[str]:
        """The cells of a row, parted by bars or by blanks; none of what is no row."""
        if CELL in self.text:
            return self.text.split(CELL)
        return self.text.split() if self.is_row else []


def read_clauses(text: str) -> list[Clause]:
    """Cut a text with a line break at its end; the clauses follow each other without a gap."""
    lines = text.split("\n")[:-1]
    feet = [number >= len(lines) - _FOOT and _is_signature(line) for number, line in enumerate(lines)]
    rows, heads, numbers = _rows(lines, feet), _heads(lines), _numbers(lines)
    clauses: list[Clause] = []
    start = 0
    for number, line in enumerate(lines):
        number_end = numbers[number]
        label = _label(lines[number - 1]) if number else ""
        for piece in _pieces(line):
            bare = piece[number_end:].rstrip("\n")
            clauses.append(
                Clause(
                    start=start,
                    end=start + len(piece),
                    text=piece.rstrip("\n"),
                    key=key_of(bare),
                    number_end=number_end,
                    heads=heads[number],
                    label=label,
                    is_row=rows[number],
                    is_foot=feet[number],
                )
            )
            start += len(piece)
            label = (_label(piece) if number_end else "") or label
            number_end = 0
    return clauses


def key_of(text: str) -> str:
    """What a text is compared by: its tokens, numbers and words held apart from what stands beside them."""
    return _short_key(text) if len(text) <= _REMEMBERED else _key(text)


@lru_cache(maxsize=1 << 14)
def _short_key(text: str) -> str:
    return _key(text)  # states of one notice share nearly all their clauses


def _key(text: str) -> str:
    form = read_form(text.translate(_SIGNS))
    tokens = form.tokens(0, len(form))
    return "".join(f"\x1f{one}\x1f" if len(one) > 1 or is_number(one) else one for one in tokens)


def _pieces(line: str) -> list[str]:
    """The clauses of a line, the last with a line break."""
    return [f"{line}\n"] if CELL in line else _CLAUSE.findall(f"{line}\n")


def _rows(lines: Sequence[str], feet: Sequence[bool]) -> list[bool]:
    """Which lines are of a list: of a table, or one of three short ones or more."""
    found = [CELL in line for line in lines]
    begin = 0
    for at in range(len(lines) + 1):
        if at == len(lines) or feet[at] or not _SHORT.fullmatch(lines[at]):
            if at - begin >= _LIST:
                found[begin:at] = [True] * (at - begin)
            begin = at + 1
    return found


def _heads(lines: Sequence[str]) -> list[tuple[str, ...]]:
    """For each row of a table the cells of its first row; a first row with a figure is no head."""
    found: list[tuple[str, ...]] = []
    heads: tuple[str, ...] = ()
    for before, line in pairwise(["", *lines]):
        cells = tuple(line.split(CELL)) if CELL in line else ()
        if CELL not in before or len(before.split(CELL)) != len(cells):
            heads = () if any(map(_FIGURE.search, cells)) else cells
            found.append(())
        else:
            found.append(heads)
    return found


def _numbers(lines: Sequence[str]) -> list[int]:
    """Where the running number of each line ends; 0 for none.

    A figure without a mark of its own (`12 | 王小明`) runs where the lines around it begin with others as close.
    """
    marked = [_NUMBER.match(line) for line in lines]
    bare = [_FIGURE_FIRST.match(line) for line in lines]
    found = [match.end() if match else 0 for match in marked]
    begin = 0
    for at in range(len(lines) + 1):
        if at == len(lines) or bare[at] is None:
            block = [match for match in bare[begin:at] if match]
            figures = {int(match[1]) for match in block}
            if len(block) > 1 and len(figures) == len(block) and max(figures) - min(figures) < _SPREAD * len(block):
                found[begin:at] = [match.end() for match in block]
            begin = at + 1
    return found


def _label(text: str) -> str:
    """A heading or label; nothing for what is none."""
    line = text.strip()
    is_heading = len(line) <= _HEADING and _NUMBER.match(line) and not line.endswith(("；", "，"))
    return line if is_heading or (len(line) <= _LABEL and line.endswith((":", "："))) else ""


def _is_signature(line: str) -> bool:
    plain = line.replace(" ", "").strip("（()）")
    if len(plain) > _LABEL:
        return False
    return looks_like_agency(plain) or (bool(find_days(plain)) and bool(_DAY_ALONE.fullmatch(plain)))


_SIGNS: Final = {ord(sign): 0x10FFF1 + at // 2 for at, sign in enumerate("≤≦≥≧<＜>＞√✓☑✔×✗□☐■▲")}
"""Signs that say something, by twos that say the same; a form drops marks, and keeps these characters of no use."""
_CLAUSE: Final = re.compile(r"[^。；！？\n]*(?:[。；！？]+[”’』」）)]*\n?|\n)")
_SHORT: Final = re.compile(r"\S.{0,39}(?<![。；：:！？，,])")
_LIST: Final = 3
_FOOT: Final = 12
"""Lines at the end of a text among which its signature stands."""
_REMEMBERED: Final = 200
"""Characters of a text whose key is remembered: most clauses, and no monster."""
_LABEL: Final = 40
_HEADING: Final = 20
_FIGURE: Final = re.compile(r"\d")
_SPREAD: Final = 1.5
"""Running numbers, of which some may be left out, go no further than so many times the lines that have one."""
_NUMBER: Final = re.compile(
    r"\s{0,4}(?:[一二三四五六七八九十]{1,3}、|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,3})[）)]|\d{1,3}(?:[、）)]|[.．](?!\d)))\s{0,4}"
)
_FIGURE_FIRST: Final = re.compile(r"\s{0,4}(\d{1,6})(?:\s{0,4}\||\s)\s{0,4}")
_DAY_ALONE: Final = re.compile(
    r"\D{0,20}[\d〇○一二三四五六七八九十]{1,4}[年./-][\d一二三四五六七八九十]{1,3}[月./-][\d一二三四五六七八九十]{1,3}日?"
)
