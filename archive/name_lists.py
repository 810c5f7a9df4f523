"""Long lists of persons (名单) within a text: in a column under 姓名, in rows that blanks part, or one after the other.

Single names are left alone: who signs, who answers the telephone and who heads a body is named because of an office.
So are lists of bodies and of places, and whoever stands for a body in its row (负责人, 法定代表人, 联系人).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from archive.persons import BODY, PERSON, TWO_CHARACTERS

LONG: Final = 10
"""Persons from which on a list is long."""

SHORTEST_LIST: Final = 3 * LONG - 1
"""Characters of ten names of two characters, and what parts them."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a text lists: where the names stand, in order, and the lines that are rows about one of them."""

    names: tuple[Span, ...] = ()
    rows: tuple[Span, ...] = ()


class Cell(NamedTuple):
    """A cell of a row: where it begins and ends in the text, and what it says."""

    start: int
    end: int
    text: str


def find_listed(text: str) -> Listed:
    """Find the names of every long list in a text, and the rows that tell more of a person than the name."""
    names: set[Span] = set()
    rows: set[Span] = set()
    whole = f"\n{text}\n"
    lines_alike = groupby(_lines(text), key=lambda line: BORDER in line.text) if _MAYBE_HEAD.search(whole) else ()
    for has_borders, group in lines_alike:
        lines = list(group)
        found = list(_in_table(lines) if has_borders else _in_rows(lines))
        listed = [text[slice(*span)] for _, spans in found for span in spans]
        if len(listed) < LONG or _is_of_officials(text, found):
            continue
        if sum(map(_is_person, listed)) * 2 >= len(listed) or (has_borders and _has_names_at_its_head(lines)):
            names.update(span for _, spans in found for span in spans)
            rows.update(row for row, _ in found)
    if _MAYBE_ROWS.search(whole):
        begun = list(_at_the_begin(text))
        names.update(span for _, spans in begun for span in spans)
        rows.update(row for row, _ in begun)
    if _CUE.search(text) and _MAYBE_RUN.search(whole):
        names.update(_one_after_the_other(text))
    return Listed(names=tuple(sorted(names)), rows=tuple(sorted(rows)))


def cells_of(line: str, start: int = 0) -> list[Cell]:
    """Give the cells of a row that begins at `start` of its text."""
    cells: list[Cell] = []
    for text in line.split(BORDER):
        cells.append(Cell(start, start + len(text), text))
        start += len(text) + len(BORDER)
    return cells


BORDER: Final = " | "
_CJK: Final = "[\u3400-\u4dbf\u4e00-\u9fff]"
_NO_CJK: Final = "[^\u3400-\u4dbf\u4e00-\u9fff]"
_DOT: Final = "[·•・‧∙⋅･﹒．.]"
_TITLE: Final = "(?:同志|同学|先生|女士)"
_NAME: Final = re.compile(
    f"(?<!{_CJK})(?:"
    f"{_CJK}{{2,8}}(?:{_DOT}{_CJK}{{2,12}})+"  # of other peoples than the Han
    f"|{_CJK}{{1,8}}(?:[·•・‧]{_CJK}{{1,12}})+"
    f"|{_CJK}[ \u3000]{{1,3}}{_CJK}"  # spread to the width of three characters
    f"|{_CJK}{{2,4}}?)(?={_TITLE}?(?!{_CJK}|[·•・‧]))"
)
_NUMBERED: Final = r"(?:[（(]?\d{1,4}(?:[.、．)）|]|\s)*)?"
_BETWEEN: Final = re.compile(
    rf"{_TITLE}?(?:[（(][^（）()\n]{{1,8}}[）)])?(?:(?:[、，,;；/|]|\s)+{_NUMBERED}|\d{{1,4}}[.、．)）]\s*)"
)
_LAST: Final = re.compile(
    rf"[、，,]\s*({_CJK}{{2,3}}?)(?:(?:以及|[和及与])({_CJK}{{2,3}}))?(?=等|同志|同学|{_NO_CJK}|$)"
)
"""The end of an enumeration in a sentence: `、王某和李某等12人`."""
_BEGIN: Final = re.compile(rf"\s*{_NUMBERED}({_CJK}[ \u3000]{_CJK}|{_CJK}{{2,4}})(?=[ \u3000|（(，,：:]|$)")
"""A line that begins with a name, maybe behind its number."""
_AROUND: Final = re.compile(r"(?:[、，,;；/等\d.．]|\s|[（(][^（）()]*[）)]|同志|同学|先生|女士)*")
_ASIDE: Final = re.compile(r"\s|[（(][^（）()]*[）)]")
_KINDS: Final = (
    "户主|家长|(?:老年?|残疾)人|儿童|学[生员]|考生|选手|志愿者|困难群众|特困人员|退役军人|男方|女方|逝者|死者|候选人|获奖者"
    "|(?:低保|保障|救助|优抚|发放|服务|帮扶|公示|补贴|补助|表彰)对象|家庭成员"
    "|(?:申请|收养|送养|领取|享受|受助|受益|受奖|救助|代理|监护|参保|死亡|亡故|失踪|录用|聘用|入围|递补|当事)人员?"
)
_HEAD: Final = re.compile(rf"\S{{0,8}}(?:姓名|名字)|[拟被]{{0,2}}(?:{_KINDS})")
_MAYBE_HEAD: Final = re.compile(rf"姓[ \u3000]{{0,4}}名|名字|[|\s][拟被]{{0,2}}(?:{_KINDS})[|\s（(]")
_MAYBE_ROWS: Final = re.compile(
    rf"(?:\n[\d.、．)）(（ \u3000|]{{0,12}}+{_CJK}{{1,4}}(?:[ \u3000|（(，,：:][^\n]*+)?+(?=\n)){{{LONG}}}"
)
_MAYBE_RUN: Final = re.compile(rf"{_NO_CJK}(?:{_CJK}{{1,6}}+{_NO_CJK}{{1,14}}+){{{LONG - 1}}}{_CJK}")
"""What every head, every row and every list has between two line breaks; asked first because it is found fast."""
_OFFICE: Final = re.compile("法|负责|联系|经办|机构|单位|企业|公司|组织|项目|[院校园所站]长")
_CUE: Final = re.compile("名单|姓[ \u3000]*名|名字|同志|人员|代表|委员|学员|对象|户主|家长|[者人生][ \u3000]*[|:：\n]")
_NO_NAME: Final = re.compile(
    ".?计|.?[无有是否空略男女]|本人|管理[人员]|配偶|[长次三养继]?[子女]|[养继]?[父母]亲?|不详|未知|同上|.族|备注|序号|已.+|姓名"
    "|金额|单位|时[间限]|项目|成员|高[中龄]|文[化件]|方[式案]|任[职务]|费用|水平|安[排全]|车辆|经济|毕业|常住|宣传"
    "|.+[县区镇乡村社局科室站所院校会队组部]"
)
_PLACE: Final = re.compile("[省市州盟县区旗镇乡村社湾坪冲坝沟寨坡屯庄堡]$")
_MAYBE_PLACE: Final = re.compile("[路街巷道弄桥河江湖塘港洲岛山岭岗井店铺庙墩坳垸园苑]$")
"""Also the end of a name now and then, so asked of all together."""
_IN_OFFICE: Final = re.compile(
    "[局厅处科部司院校所站]长(?![期久大年远途春沙])|主任|书记|主席|理事长|秘书长|调研员|巡视员"
)
_SURE: Final = 0.8
"""Share of what is enumerated that must look like persons."""
_PROSE: Final = re.compile("[。；！？]|.{80}")
_PATIENCE: Final = 3
"""Lines without a person, such as the foot and the head of a page, that do not end rows which blanks part."""

Row = tuple[Span, list[Span]]
"""A line, and the names in it."""


def _lines(text: str) -> Iterator[Cell]:
    at = 0
    for line in text.split("\n"):
        yield Cell(at, at + len(line), line)
        at += len(line) + 1


def _in_table(lines: Iterable[Cell]) -> Iterator[Row]:
    """The rows of a table with what stands in its columns of persons; a head may be repeated, and may change."""
    columns: list[int] = []
    for line in lines:
        cells = cells_of(line.text, line.start)
        if heads := _person_columns(cells):
            columns = heads
            continue
        found = [name for at in columns if at < len(cells) for name in _names_in(cells[at])]
        if found:
            yield (line.start, line.end), found


def _in_rows(lines: Iterable[Cell]) -> Iterator[Row]:
    """The same of rows that blanks alone part, as in the text of a PDF; words may be missing from a row."""
    columns: list[int] = []
    without = 0
    for line in lines:
        words = [] if _PROSE.search(line.text) else _words(line)
        if len(words) > 1 and (heads := _person_columns(words)):
            columns, without = heads, 0
            continue
        found = [name for at in columns for word in words[max(at - 1, 0) : at + 2] for name in _person_in(word)]
        without = 0 if found else without + 1
        if found:
            yield (line.start, line.end), found
        elif without > _PATIENCE:
            columns = []


def _at_the_begin(text: str) -> Iterator[Row]:
    """Lines one after the other that each begin with a person, as rows do whose head is elsewhere or of an image."""
    run: list[Row] = []
    is_of_an_office = False
    for line in (*_lines(text), Cell(0, 0, "")):
        begun = _BEGIN.match(line.text)
        if begun is not None and _is_person(begun[1]):
            run.append(((line.start, line.end), [(line.start + begun.start(1), line.start + begun.end(1))]))
            continue
        if len(run) >= LONG and not is_of_an_office and not _is_of_officials(text, run):
            yield from run if _are_persons([text[slice(*span)] for _, [span] in run]) else ()
        run = []
        is_of_an_office = bool(_OFFICE.search(line.text)) and not _PROSE.search(line.text)


def _words(line: Cell) -> list[Cell]:
    found = re.finditer(r"\S+", line.text)
    return [Cell(line.start + word.start(), line.start + word.end(), word[0]) for word in found]


def _person_columns(cells: Sequence[Cell]) -> list[int]:
    heads = [_ASIDE.sub("", cell.text) for cell in cells]
    return [at for at, head in enumerate(heads) if _HEAD.fullmatch(head) and not _OFFICE.search(head)]


def _has_names_at_its_head(lines: Iterable[Cell]) -> bool:
    """Whether a table calls a column one of names: what stands there are names, though they begin with no surname."""
    rows = (cells_of(line.text) for line in lines)
    return any("名" in cells[at].text for cells in rows for at in _person_columns(cells))


def _names_in(cell: Cell) -> list[Span]:
    """The names in a cell that holds nothing but names; a cell with one of another kind has none."""
    found = list(_NAME.finditer(cell.text))
    left = 0
    for name in found:
        if not _AROUND.fullmatch(cell.text, left, name.start()) or _NO_NAME.fullmatch(name[0]):
            return []
        left = name.end()
    if not found or not _AROUND.fullmatch(cell.text, left):
        return []
    return [(cell.start + name.start(), cell.start + name.end()) for name in found]


def _person_in(word: Cell) -> list[Span]:
    return [span for span in _names_in(word) if _is_person(word.text[span[0] - word.start : span[1] - word.start])]


def _one_after_the_other(text: str) -> Iterator[Span]:
    """The names of every enumeration that is of persons, whatever parts them: marks, blanks, lines, numbers."""
    run: list[Span] = []
    for name in _NAME.finditer(text):
        if run and not _BETWEEN.fullmatch(text, run[-1][1], name.start()):
            yield from _persons_of(text, run)
            run = []
        run.append(name.span())
    yield from _persons_of(text, run)


def _persons_of(text: str, run: Sequence[Span]) -> list[Span]:
    """The persons of an enumeration, those at its end among them; none where too few are persons."""
    if len(run) < LONG - 2:
        return []
    last = _LAST.match(text, run[-1][1])
    every = [*run, *(last.span(number) for number in (1, 2) if last is not None and last[number])]
    persons = [span for span in every if _is_person(text[slice(*span)])]
    is_long = len(persons) >= max(LONG, _SURE * len(every))
    return persons if is_long and _are_persons([text[slice(*span)] for span in persons]) else []


def _are_persons(names: Sequence[str]) -> bool:
    """Whether words that might be names each are so together: places and phrases that begin as a surname are not."""
    plain = [_ASIDE.sub("", name) for name in names]
    short = sum(len(name) == 2 for name in names)
    phrases = sum(len(name) > 3 for name in plain if name.isalpha() and not name.startswith(TWO_CHARACTERS))
    places = sum(bool(_MAYBE_PLACE.search(name)) for name in plain)
    return max(short, phrases, places) * 2 <= len(names)


def _is_of_officials(text: str, rows: Sequence[Row]) -> bool:
    """Whether most rows name an office: a leading group, who is on duty."""
    return sum(bool(_IN_OFFICE.search(text, *row)) for row, _ in rows) * 2 > len(rows)


def _is_person(name: str) -> bool:
    plain = _ASIDE.sub("", name)
    if not plain.isalpha():
        return True  # with a dot in it
    return bool(PERSON.fullmatch(plain)) and not (
        BODY.search(plain) or _PLACE.search(plain) or _NO_NAME.fullmatch(plain)
    )
