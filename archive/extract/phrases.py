"""The phrases that show what a text does with the documents it names: 同时废止, 作如下修改, 转发给你们, 解读如下.

A phrase counts for the mention it stands beside, and for those listed side by side with that one. What a text acts by
(根据《A》…予以废止) and what only tells the time (自《A》施行之日起) is not acted upon.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from archive.extract.mentions import Mention
from archive.records import CitationKind

_TOGETHER: Final = re.compile(  # between two mentions of one list
    r"\s?[、和及与暨]?\s?原?(?:[^，。；：《》]{0,16}(?:印发|发布|公布|下发|制定|颁布)的)?\s?|[；;、]?\s?[（(]?\d{1,3}[)）.．、]\s?"
)
_SINCE: Final = re.compile(r"[自从]$")
_SINCE_THEN: Final = re.compile(r"(?:正式)?(?:施行|实施|印发|发布|公布|颁布|生效|执行)(?:之|当)?日")
_BY: Final = re.compile(r"(?:根据|依据|按照|依照|遵照|参照|对照|鉴于|按|由|经)[^，。；：]{0,30}$")
_REPEAL_WORDS: Final = "废止|作废|失效|停止执行|停止施行|终止执行|不再执行"
_REPEALED: Final = re.compile(
    rf"(?:等[^，,。；;《》]{{0,20}})?[，,]?([^，,。；;：:《》]{{0,24}}?)({_REPEAL_WORDS})(?=了|[，,。；;、！）)\s]|$)"
)
_NOT_REPEALED: Final = re.compile(r"未|是否|规定|要求|[条款]|如|者|后|下列|以下|其他|不得")
_REPEALING: Final = re.compile(
    r"(?<!未)(?<!不)(?<!已)(?<!被)(?:废止|停止执行|停止施行)"
    r"(?:了|以下|下列|原|如下)?(?:[^，,。；;：:《》]{0,16}(?:的|文件))?[：:]?\s?(?:[（(]?[一1][)）.．、])?\s?$"
)
_REVISED: Final = re.compile(
    r"[^，,。；;：:《》]{0,24}?(?:(?:作|做)(?:出|了)?(?:如下|以下)(?:修改|修订|修正)|(?:修改|修订|修正)(?:如下|为))"
)
_REVISING: Final = re.compile(r"决定(?:修改|修订|修正)$")
_FORWARDED: Final = re.compile(r"(?:等[^，,。；;《》]{0,20})?[^，,。；;：:《》]{0,12}?转发(?:给|至|各|你|如下)")
_FORWARDING: Final = re.compile(r"(?:现|特此|兹)(?:予以|予)?转发[^，,。；;：:《》]{0,24}$")
_EXPLAINED: Final = re.compile(r"[^。；;：:《》]{0,24}?(?:解读如下|进行(?:了)?解读)")
_HEAD_OF_LIST: Final = re.compile(
    r"(?<!未)(?<!不)(?:废止|停止执行)[^。；;《》]{0,30}[：:]$|下列[^。；;《》]{0,30}(?:废止|失效)[：:]$"
)
_TITLE_CHANGES: Final = re.compile(r"关于(修改|修订|修正|废止|停止执行)[^《》]{0,12}$")
_IS_EXPLANATION: Final = re.compile("解读|图解|一图读懂|一图看懂")

Shown = tuple[CitationKind, tuple[int, int] | None]
"""A kind and where the phrase stands that shows it."""


def kinds_of(sentence: tuple[int, int], line: str, mentions: Sequence[Mention]) -> list[Shown]:
    """The kind of each mention of a sentence. Mentions listed side by side share what is said of them."""
    since = [_is_since(line, mention) for mention in mentions]
    found: list[Shown] = []
    at, behind = 0, sentence[0]
    while at < len(mentions):
        last = at
        while (
            last + 1 < len(mentions)
            and not since[last]
            and not since[last + 1]
            and is_side_by_side(line, mentions, last)
        ):
            last += 1
        shown: Shown = ("mentions", None)
        if not since[at]:
            after = last + 1
            while after < len(mentions) and since[after]:
                after += 1  # 《B》自《A》施行之日起废止: what is said of B goes on behind A
            end = mentions[after].start if after < len(mentions) else sentence[1]
            tail = _tail(line, mentions[last:after], end) + ("《" if after < len(mentions) else "")
            shown = _kind(line[behind : mentions[at].start][-60:], tail, mentions[last].stop, mentions[at].start)
        found += [shown] * (last + 1 - at)
        behind, at = mentions[last].stop, last + 1
    return found


def is_side_by_side(line: str, mentions: Sequence[Mention], at: int) -> bool:
    """Tell whether a mention and the next one are items of one list: 《A》（…）、《B》."""
    return _TOGETHER.fullmatch(line, mentions[at].stop, mentions[at + 1].start) is not None


def kind_of_title(title: str, before: str) -> CitationKind:
    """What a title does with the first document it names, `before` being what stands in front of that."""
    change = _TITLE_CHANGES.search(before)
    if change is not None:
        return "repeals" if change[1] in ("废止", "停止执行") else "revises"
    if "转发" in before:
        return "forwards"
    return "explains" if is_explanation(title) else "mentions"


def is_explanation(title: str) -> bool:
    """Tell whether a notice of this title explains another: 解读, 图解."""
    return _IS_EXPLANATION.search(title) is not None


def is_head_of_repealed(line: str) -> bool:
    """Tell whether a line ends by announcing a list of what is repealed: 下列文件予以废止："""
    return _HEAD_OF_LIST.search(line[-60:]) is not None


def _is_since(line: str, mention: Mention) -> bool:
    """自《A》施行之日起: a mention that only tells the time."""
    before = line[max(mention.start - 1, 0) : mention.start]
    return bool(_SINCE.search(before) and _SINCE_THEN.match(line, mention.stop))


def _tail(line: str, mentions: Sequence[Mention], end: int) -> str:
    """What follows the first of these mentions up to `end`, without the others; the length is cut, not the order."""
    pieces: list[str] = []
    for mention, after in zip(mentions, [*mentions[1:], None], strict=True):
        pieces.append(line[mention.stop : after.start if after is not None else end][:100])
    return "".join(pieces)


def _kind(before: str, tail: str, tail_at: int, start: int) -> Shown:
    for kind, phrase in _AFTER:
        match = phrase.match(tail)
        if match is None or (kind == "repeals" and (_NOT_REPEALED.search(match[1]) or _BY.search(before))):
            continue
        return kind, (tail_at, tail_at + match.end())
    for kind, phrase in _BEFORE:
        match = phrase.search(before)
        if match is not None:
            return kind, (start - len(before) + match.start(), start)
    return "mentions", None


_AFTER: Final[tuple[tuple[CitationKind, re.Pattern[str]], ...]] = (
    ("repeals", _REPEALED),
    ("revises", _REVISED),
    ("forwards", _FORWARDED),
    ("explains", _EXPLAINED),
)
_BEFORE: Final[tuple[tuple[CitationKind, re.Pattern[str]], ...]] = (
    ("repeals", _REPEALING),
    ("revises", _REVISING),
    ("forwards", _FORWARDING),
)
