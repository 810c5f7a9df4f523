"""What a copy did to its notice, in Chinese and English, as `trace` and the page of a notice print it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from archive.labels import Words
from archive.records import Change, Fidelity, Retitling

_SHOWN: Final = 5
"""Changes of each kind that are told; the count is of all."""
_NAMED: Final = 0.01
"""Share of a copy below which what it adds is not worth a word."""

_RETITLINGS: Mapping[Retitling, Words] = {
    "framed": Words("标题前后加字", "words put around the title"),
    "shortened": Words("标题缩短", "title shortened"),
    "extended": Words("标题加长", "title extended"),
    "changed": Words("标题改动", "re-titled"),
}


def fidelity_words(found: Fidelity) -> list[Words]:
    """All that is to be said of a copy, the gravest first; of a faithful one only that it is complete."""
    return [*_text(found), *_around(found)]


def change_words(change: Change) -> str:
    """One change: `300→320 (每人每月…元)`."""
    around = f" ({change.lead}…{change.tail})" if change.lead or change.tail else ""
    return f"{change.before or '—'}→{change.after or '—'}{around}"


def _text(found: Fidelity) -> Iterator[Words]:
    is_altered = found.numbers_changed or found.wording_changed or found.moved
    if found.numbers_changed:
        yield _with("数字改动", "numbers changed", _changes(found.numbers, found.numbers_changed))
    if found.wording_changed:
        yield _with("文字改动", "wording changed", _changes(found.wording, found.wording_changed))
    if not found.is_complete:
        share = f"{1 - found.share:.0%}"
        yield Words(f"删去约 {share}", f"shortened by {share[:-1]} %")
    elif not is_altered:
        yield Words("完整", "complete")
    if found.revision is not None:
        yield Words(
            f"照其第 {found.revision} 版，后来改过", f"told from its revision {found.revision}, which was edited later"
        )
    if found.moved:
        yield Words(f"{found.moved} 句换了位置", f"sentences moved: {found.moved}")
    if found.added >= _NAMED:
        share = f"{found.added:.0%}"
        yield _with(f"增加约 {share}", f"text added, {share[:-1]} %", found.added_words)
    if found.is_partial:
        yield Words("只比较了开头", "only the beginning was compared")


def _around(found: Fidelity) -> Iterator[Words]:
    if found.dropped:
        yield _with("附件缺少", "attachments dropped", "、".join(found.dropped))
    if found.retitling is not None and found.titles is not None:
        words = _RETITLINGS[found.retitling]
        yield _with(words.zh, words.en, found.titles[1])
    if found.days_later:
        days, is_late = abs(found.days_later), found.days_later > 0
        count = f"{days} day{'s' if days > 1 else ''}"
        yield Words(f"日期{'晚' if is_late else '早'} {days} 天", f"dated {count} {'later' if is_late else 'earlier'}")


def _with(zh: str, en: str, more: str) -> Words:
    return Words(zh, f"{en}: {more}", more)


def _changes(changes: Sequence[Change], count: int) -> str:
    told = "; ".join(change_words(change) for change in changes[:_SHOWN])
    return told + (f"; … {count} in all" if count > _SHOWN else "")
