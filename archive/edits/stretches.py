"""What differs inside a clause that changed: by characters, with what is read as one thing as a whole.

Wholes are addresses, dates, times, telephones, document numbers, codes, sums with their unit, numbers and Latin words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

from archive.edits.matching import Gap, gaps, match
from archive.trace.forms import spell


def stretches(one: str, other: str, at: Gap) -> Iterator[Gap]:
    """What differs between two stretches of text, by its place in both, in order.

    Differences a character apart are one, unless they are figures. Where nearly nothing is shared all is one.
    """
    found = list(_stretches(one, other, at))
    yield from found if len(found) <= _MANY else [at]


def _stretches(one: str, other: str, at: Gap) -> Iterator[Gap]:
    mine, theirs = _TOKEN.findall(one[at.one : at.one_end]), _TOKEN.findall(other[at.other : at.other_end])
    places = [
        list(accumulate(map(len, tokens), initial=start)) for tokens, start in ((mine, at.one), (theirs, at.other))
    ]
    runs = match([_spelt(token) for token in mine], [_spelt(token) for token in theirs])
    last: Gap | None = None
    has_figure = False
    for gap in gaps(runs, len(mine), len(theirs)):
        tokens = "".join([*mine[gap.one : gap.one_end], *theirs[gap.other : gap.other_end]])
        had_figure, has_figure = has_figure, bool(_DIGIT.search(tokens))
        if last is not None and not had_figure and not has_figure and _is_stray(mine[last.one_end : gap.one]):
            last = last._replace(one_end=gap.one_end, other_end=gap.other_end)
            continue
        if last is not None:
            yield _placed(last, places)
        last = gap
    if last is not None:
        yield _placed(last, places)


def _placed(gap: Gap, places: Sequence[Sequence[int]]) -> Gap:
    mine, theirs = places
    return Gap(mine[gap.one], mine[gap.one_end], theirs[gap.other], theirs[gap.other_end])


def _is_stray(between: Sequence[str]) -> bool:
    """Whether what two differences share between them is chance: one character that parts nothing."""
    return len(between) <= 1 and not _PARTING.search("".join(between))


@lru_cache(maxsize=1 << 14)
def _spelt(token: str) -> str:
    return spell(token)


_MANY: Final = 1000
_PARTING: Final = re.compile(r"[，,、。；;：:|\s]")
_DIGIT: Final = re.compile(r"\d")
_NUMERALS: Final = "[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]"
_UNIT: Final = r"[万亿千百]*元|万|亿|[%％‰]|周?岁|个?工作日|[日天]|个月"
_TOKEN: Final = re.compile(
    "|".join(
        (
            r"https?://[^\s，。；）)]+",
            r"[a-zA-Z0-9_.+-]{1,64}@[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63})+",
            r"第[零一二三四五六七八九十百\d]+(?:季度|批次?|[期次条章届轮])",
            r"〔\d{4}〕\d+号",
            r"\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}\s?日?",
            r"\d{4}年(?:\d{1,2}月)?",
            r"\d{1,2}月\d{1,2}日",
            r"\d{1,2}[:：]\d{2}",
            r"(?<!\d)0\d{2,3}[-—－]\d{7,8}(?!\d)",
            r"[A-Za-z]*\d+[A-Za-z][A-Za-z0-9]*",
            rf"\d+(?:[.,，]\d+)*\s?(?:{_UNIT})?",
            rf"{_NUMERALS}{{1,20}}元",
            "[A-Za-z]+",
            ".",
        )
    ),
    re.DOTALL,
)
"""The first that fits is taken."""
