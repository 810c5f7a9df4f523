"""The copies of a notice as a tree of lines: who shows each, why it belongs there, and what else is known of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.commands.terminal import clip
from archive.labels import (
    CLASSES,
    EVIDENCE,
    FIELDS,
    ROLES,
    SOURCE_KINDS,
    STATES,
    evidence_words,
    in_order,
    reason_words,
    rule_words,
    veto_words,
    words_for,
)

if TYPE_CHECKING:
    from archive.records import Fidelity
    from archive.store.chains import ClaimedSource, Doubt, Linked, RunnerUp
    from archive.store.dataset import DatasetNotice
    from archive.store.successors import Successor

_TITLE = 60
"""Terminal columns of another notice's title."""
_HIDDEN = {"capture", "text_digest"}
"""Evidence for a program: it stands in the JSON and on the page of the notice."""
_AGREES = {
    True: "与所见相符 as found",
    False: "与所见不同 not where it was found",
    None: "未见其来源 its source was not found",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What is told of a notice: its copies in the order of the tree, and what each of them did to it."""

    notice: DatasetNotice
    copies: Sequence[Linked]
    fidelities: Mapping[str, Fidelity]
    candidates: Sequence[Doubt]
    successors: Sequence[Successor]
    texts: Mapping[str, tuple[str, str]]
    """Url key → the text of the copy above, and its own; of those that are to be shown."""


def tree(told: Chain) -> Iterator[str]:
    """The lines of the tree, the title of the notice first and what may belong to it last."""
    notice, hanging = told.notice, below(told.copies)
    yield f"{notice['title'] or '(no title)'}  [{notice['id']}]"
    first = hanging[None]
    if notice["original_captured"] and len(first) == 1:
        yield from _nodes(first, hanging, told, "")
    else:
        if notice["original_url"]:
            yield f"└─ {ROLES['original']}, 未采集 named but not captured: {notice['original_url']}"
        else:
            yield f"└─ {ROLES['original']}: 未知 unknown, no official first publication was found"
        yield from _nodes(first, hanging, told, "   ")
    for one in told.candidates:
        yield f"待复核 for review: {one['copy']} — {reason_words(one['why'])}"


def below(copies: Sequence[Linked]) -> dict[str | None, list[Linked]]:
    """Url key → the copies that hang beneath it; under None those that hang beneath no copy."""
    held = {one["copy"]["url_key"] for one in copies}
    found: dict[str | None, list[Linked]] = defaultdict(list)
    for one in copies:
        found[one["beneath"] if one["beneath"] in held else None].append(one)
    return found


def _nodes(
    copies: Sequence[Linked], hanging: Mapping[str | None, Sequence[Linked]], told: Chain, indent: str
) -> Iterator[str]:
    for number, one in enumerate(copies, start=1):
        copy = one["copy"]
        last, deeper = number == len(copies), hanging.get(copy["url_key"], ())
        inner = indent + ("   " if last else "│  ")
        yield f"{indent}{'└─' if last else '├─'} {words_for(ROLES, copy['role'])}: {_what(one, told.notice)}"
        for line in _why(one, told.fidelities.get(copy["url_key"])):
            yield f"{inner}{'│  ' if deeper else '   '}{line}"
        yield from _nodes(deeper, hanging, told, inner)


def _what(one: Linked, notice: DatasetNotice) -> str:
    """Who shows a copy, since when, where; its title where that is another than the notice's."""
    copy = one["copy"]
    title = f"《{clip(copy['title'], _TITLE)}》" if copy["title"] and copy["title"] != notice["title"] else None
    shown = (
        copy["agency"] or copy["source"],
        copy["published_on"],
        title,
        copy["url"],
        str(words_for(STATES, copy["state"])),
    )
    return " · ".join(filter(None, shown))


def _why(one: Linked, fidelity: Fidelity | None) -> Iterator[str]:
    copy = one["copy"]
    told = copy["confidence"] is not None and copy["match_class"] not in (None, "self")
    sure = f" ({words_for(CLASSES, copy['match_class'] or '')} · 把握 confidence {copy['confidence']})" if told else ""
    yield f"{rule_words(copy['rule'])}{sure}"
    for name, value in in_order(copy["match_evidence"]):
        if name not in _HIDDEN and value:
            yield f"   {words_for(EVIDENCE, name)}: {evidence_words(name, value)}"
    if copy["claimed_original"] and "claimed_original" not in copy["match_evidence"]:
        yield f"   {FIELDS['claimed_original']}: {copy['claimed_original']}"
    if one["claimed"] is not None:
        yield f"   {FIELDS['attribution']}: {_claimed(one['claimed'])}"
    if fidelity is not None:
        from archive.fidelity_words import fidelity_words

        beside = f"对照 beside {fidelity.against}: " if fidelity.against != one["beneath"] else ""
        yield f"   {beside}{'；'.join(map(str, fidelity_words(fidelity)))}"
    if one["runner_up"] is not None:
        yield f"   {_runner_up(one['runner_up'])}"
    for doubt in one["doubts"]:
        yield f"   待复核 for review: {' '.join(filter(None, (doubt['other'], str(reason_words(doubt['why'])))))}"


def _claimed(claimed: ClaimedSource) -> str:
    said = [claimed["name"]]
    if claimed["kind"] is not None:
        said.append(str(words_for(SOURCE_KINDS, claimed["kind"])))
    said.append(_AGREES[claimed["agrees"]])
    if claimed["copy"] is not None and not claimed["agrees"]:
        said.append(f"其副本 its copy: {claimed['copy']}")
    return " · ".join(said)


def _runner_up(other: RunnerUp) -> str:
    title = f"《{clip(other['title'], _TITLE)}》 " if other["title"] else ""
    return f"另一份相近的公告 another notice like it: {title}{other['url']} — {veto_words(other['veto'])}"
