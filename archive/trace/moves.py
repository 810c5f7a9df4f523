"""Pages that changed their address: a site that is made anew shows its notices elsewhere, in other markup.

What was at one address and later is at another of the same source, and never was at both, is one page if nothing else
could be it. Two pages that stand beside each other are told apart by their texts, as everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations
from typing import Final, Literal

from archive.records import Witness
from archive.text import MIN_COMPARED, normalise
from archive.trace.likeness import Text, compare
from archive.trace.vetoes import pages_differ, same_text_differs, titles_differ

_TITLE: Final = 8
"""Characters of a title from which on it tells one notice of a site from another."""
_BOTH_WAYS: Final = 0.85
"""Share that each of two texts must have of the other: a new template adds and loses a line, not a paragraph."""
_SHARED: Final = 0.8
"""Share of its pieces that the shorter text must share, where the CMS or the server says that it is one page."""
_FEW: Final = 32
"""Pages of one text that are laid beside each other whatever their titles."""
_MANY: Final = 200
"""Pages of one title and day, or id, from which on that says nothing: a site gave them its own name."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """That a page was at another address of its source `before`, how alike the two are, and what says so.

    Without `is_certain` it may still be there: then the one text of both is what ties them.
    """

    before: str
    is_certain: bool
    match_class: Literal["exact", "full"]
    evidence: Mapping[str, str]


def find_moved(ordered: Sequence[Witness], same_text: Mapping[str, Witness]) -> dict[str, Move]:
    """Of copies: url key → where the page was before. `same_text` gives the first copy of a text that joins it.

    A page is left out for which several others could be that, and so are all that could be what became of one page.
    """
    known = {witness.url_key: witness for witness in ordered if witness.source is not None}
    moves: dict[str, dict[str, Move]] = defaultdict(dict)
    for before, after in _pairs(known):
        if (move := _move(before, after)) is not None:
            moves[after.url_key][before.url_key] = move
    names = {key: _name(same_text.get(key, witness)) for key, witness in known.items()}
    doubtful: set[str] = set()
    while True:
        found = _choose(moves.keys() - doubtful, moves, known, names)
        clashing = _clashing(found, names)
        if not clashing:
            return found
        doubtful |= clashing


def same_document_differs(one: Witness, other: Witness) -> str | None:
    """Two pages that the CMS or the server calls one are two all the same: their texts, or titles, say so.

    A site that is made anew may count its documents anew.
    """
    if min(one.text_length, other.text_length) < MIN_COMPARED and not _are_titles_nested(one, other):
        return f"titles differ: {one.title} / {other.title}"
    return titles_differ(one.title, other.title) or pages_differ(one, other, least=_SHARED)


def _choose(
    keys: set[str], moves: Mapping[str, Mapping[str, Move]], known: Mapping[str, Witness], names: Mapping[str, str]
) -> dict[str, Move]:
    """For each page where it was last before, if all that it could have been are one page; earlier pages first."""
    found: dict[str, Move] = {}
    for key in sorted(keys, key=lambda key: (_seen(known[key]), key)):
        if len({names[_first(before, found)] for before in moves[key]}) == 1:
            last = max(moves[key], key=lambda before: (_seen(known[before])[::-1], before))
            found[key] = moves[key][last]
    return found


def _clashing(found: Mapping[str, Move], names: Mapping[str, str]) -> set[str]:
    """Pages of which several would be what became of one page, though they are not one by their text or id."""
    after: dict[str, list[str]] = defaultdict(list)
    for key, move in found.items():
        after[move.before].append(key)
    return {key for keys in after.values() if len({names[key] for key in keys}) > 1 for key in keys}


def _first(key: str, found: Mapping[str, Move]) -> str:
    while key in found:
        key = found[key].before
    return key


def _name(witness: Witness) -> str:
    """What pages beside each other share that are one for certain."""
    return f"{witness.source} {witness.cms_id}" if witness.cms_id is not None else witness.url_key


def _pairs(known: Mapping[str, Witness]) -> Iterator[tuple[Witness, Witness]]:
    """Copies of one source that have something in common, the one that was seen first before the other."""
    groups: dict[tuple[str | None, ...], set[str]] = defaultdict(set)
    tied: set[frozenset[str]] = set()
    for key, witness in known.items():
        for state in (witness, _at_first(witness)):
            groups["text", witness.source, state.text_digest].add(key)
            if state.title and state.published_on is not None:
                groups["title", witness.source, state.title, str(state.published_on)].add(key)
        if witness.cms_id is not None:
            groups["id", witness.source, witness.cms_id].add(key)
        tied |= {frozenset((key, other)) for other in (*(one.other for one in witness.like), witness.moved_to) if other}
    for (what, *_), keys in groups.items():
        if len(keys) <= (_FEW if what == "text" else _MANY):
            tied |= {frozenset(pair) for pair in combinations(keys, 2)}
    for pair in tied:
        if len(pair) == 2 and pair <= known.keys():
            before, after = sorted((known[key] for key in pair), key=lambda one: (_seen(one), one.url_key))
            if before.source == after.source:
                yield before, after


def _move(before: Witness, after: Witness) -> Move | None:
    """That one page went from the one address to the other; None where that is not certain.

    What the one showed last is laid beside what the other showed first. What one crawl saw at both was at both.
    """
    after = _at_first(after)
    is_led = after.url_key == before.moved_to or before.url_key == after.moved_to
    if is_led and same_document_differs(before, after) is None:
        return _moved(before, "full", redirects="yes")
    if before.first_crawl == after.first_crawl:
        return None
    is_gone = before.last_crawl != after.first_crawl and _seen(before)[1] < _seen(after)[0]
    is_long = after.text_length >= MIN_COMPARED
    is_same = before.text_digest == after.text_digest
    if is_same and is_long and same_text_differs(before, after) is None:
        return _moved(before, "exact", is_certain=is_gone, text_digest=after.text_digest)
    if not is_gone:
        return None
    if before.cms_id is not None and before.cms_id == after.cms_id and same_document_differs(before, after) is None:
        return _moved(before, "full", cms_id=before.cms_id)
    if before.published_on is None or before.published_on != after.published_on or before.files != after.files:
        return None
    if not _are_titles_nested(before, after) or not (is_same or _is_whole(before, after)):
        return None
    return _moved(before, "exact" if is_same else "full", published_on=f"{after.published_on}")


def _moved(before: Witness, match_class: Literal["exact", "full"], *, is_certain: bool = True, **evidence: str) -> Move:
    found = {"same_text_as": before.url, **evidence}
    return Move(before=before.url_key, is_certain=is_certain, match_class=match_class, evidence=found)


def _are_titles_nested(one: Witness, other: Witness) -> bool:
    """Whether one title is the other or a piece of it, and says enough; in a template they lose a prefix."""
    short, long = sorted((normalise(one.title or ""), normalise(other.title or "")), key=len)
    return len(short) >= _TITLE and short in long and titles_differ(one.title, other.title) is None


def _is_whole(before: Witness, after: Witness) -> bool:
    """Whether each has what the other has, but for lines that a template adds, and nothing is said otherwise."""
    found = compare(_text(after), [_text(before)])
    if any(one.veto is None and min(one.covers, one.covered) >= _BOTH_WAYS for one in found):
        return True
    few, many = sorted((_lines(before), _lines(after)), key=lambda lines: (sum(map(len, lines)), sorted(lines)))
    return bool(few) and few <= many and sum(map(len, few)) >= _BOTH_WAYS * sum(map(len, many))


def _text(witness: Witness) -> Text:
    return Text(
        key=witness.url_key,
        title=witness.title or "",
        text=witness.text,
        length=witness.text_length,
        is_bureau=True,  # which of the two is fuller says nothing here
        document_number=witness.document_number,
    )


def _lines(witness: Witness) -> set[str]:
    """The lines of a text, without those that name its files: each template does that in its own way."""
    names = tuple(name for file in witness.files if (name := normalise(file)))
    lines = (normalise(line) for line in witness.text.split("\n"))
    return {line for line in lines if line and not line.endswith(names)}


def _at_first(witness: Witness) -> Witness:
    """A copy as it was when it was first seen."""
    first = witness.first
    if first is None:
        return witness
    return replace(
        witness,
        title=first.title,
        published_on=first.published_on,
        text=first.text,
        text_digest=first.text_digest,
        text_length=first.text_length,
    )


def _seen(witness: Witness) -> tuple[datetime, datetime]:
    """From when to when it was seen."""
    return witness.first_seen_at or _NEVER, witness.last_seen_at or _NEVER
