"""Copies that nothing else ties to a notice follow what they print: the rule `near_text`.

What comparing came to (`Witness.like`) says which page that may be; here it is asked whether it can be only that one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from archive.records import Likeness, LikenessClass, Review, Witness
from archive.trace.likeness import is_beside, rank, ties
from archive.trace.rules import Scene, Step, root_of
from archive.trace.vetoes import pages_of_one_host_differ
from archive.urls import host

_CONFIDENCE: Mapping[LikenessClass, float] = {"full": 0.999, "embedded": 0.998, "part": 0.998, "excerpt": 0.99}
"""Share of right ones among merges of each class, rounded down; see docs/tracing.md for what was measured."""

_PROVISIONAL = 0.9
"""The same where nothing in what is common tells one notice of a series from another."""


def join_alike(options: dict[str, list[Step]], scene: Scene) -> list[Review]:
    """Let copies that nothing else ties to a notice follow what they print, the fullest first; what is doubtful is left
    alone for a person to look at."""
    reviews: list[Review] = []
    for witness in sorted(scene.witnesses.values(), key=fullest):
        steps_known = options[witness.url_key]
        if steps_known and not _is_pending(steps_known[0]):
            continue
        candidates = _candidates(witness, options, scene)
        if not candidates:
            continue
        best, *others = _prefer_named(witness, candidates, scene)
        doubt = _doubt(witness, best, others, scene)
        if not steps_known and doubt is not None:
            reviews.append(Review(copy=witness.url_key, other=best.other, why=doubt))
        elif doubt is None and (not steps_known or _stands_for(witness.claimed_key, best, scene)):
            steps_known.insert(0, _near_text(best, scene))
    return reviews


def fullest(witness: Witness) -> tuple[bool, int, str]:
    """The order in which copies may print each other, as that in which they were compared (`Text.fullness`): bureaus
    first, then the longer text, which the others cut."""
    return witness.kind != "bureau", -witness.text_length, witness.url_key


def _candidates(witness: Witness, options: Mapping[str, Sequence[Step]], scene: Scene) -> list[Likeness]:
    """What a copy may print, one of each notice and best first.

    Without notices that people parted it from, or whose original it differs from; and unless it was laid beside the
    bureau's page, without those that have any copy it differs from: two notices of a series meet in a repost that
    leaves out what parts them.
    """
    by_root: dict[str, Likeness] = {}
    unlike = _parted(witness, scene)
    others = {root_of(key, options, scene) for key in unlike}
    barred = {root_of(key, options, scene) for key in scene.word.parted.get(witness.url_key, ())}
    for one in _likely(witness, scene):
        root = root_of(one.other, options, scene)
        if root == witness.url_key or root in barred:  # that one came from here, or a person said no
            continue
        if root in unlike or (root in others and not _is_bureau(root, one, scene)):
            continue
        if root not in by_root or one.other == root:  # what copies have in common may be their portal's
            by_root[root] = one
    return sorted(by_root.values(), key=rank)


def _prefer_named(witness: Witness, candidates: Sequence[Likeness], scene: Scene) -> Sequence[Likeness]:
    """The same without those that tie with one whose agency the copy gives as its source, where only one's is."""
    best = candidates[0]
    tied = [best, *(one for one in candidates[1:] if ties(best, one))]
    named = [one for one in tied if _gives_as_source(witness, one, scene)]
    if len(tied) == 1 or len(named) != 1:
        return candidates
    return [named[0], *(one for one in candidates if one not in tied)]


def _gives_as_source(witness: Witness, one: Likeness, scene: Scene) -> bool:
    other = scene.witnesses.get(one.other)
    return other is not None and other.agency is not None and other.agency in (witness.attribution, witness.agency)


def _is_bureau(root: str, one: Likeness, scene: Scene) -> bool:
    return one.other == root and scene.witnesses[root].kind == "bureau"


def _doubt(witness: Witness, best: Likeness, others: Sequence[Likeness], scene: Scene) -> str | None:
    """Why a person should look before a copy follows what it is most like."""
    if best.match_class == "weak":
        return "it prints little of it"
    rival = next((one for one in others if ties(best, one)), None)
    if rival is not None:
        return f"it is as like {rival.other}"
    beside = next((one for one in others if is_beside(best, one)), None)
    if beside is not None:
        return f"it prints {beside.other}, too"
    if best.match_class == "excerpt" and _precedes(witness, scene.witnesses[best.other]):
        return "it was published before that"
    return None


def _is_pending(step: Step) -> bool:
    """Whether a step is one to an address that was named and never captured."""
    return step.rule == "explicit_link" and step.evidence.get("captured") == "no"


def _likely(witness: Witness, scene: Scene) -> list[Likeness]:
    """What a copy may print, best first: a bureau's page or a fuller one.

    Two bureaus' pages only under one number, two of one host only under one title.
    """
    found = [
        one
        for one in _as_compared(witness, scene).like
        if one.other != witness.url_key
        and (
            one.match_class == "weak"
            or (one.other in scene.witnesses and _may_print(witness, scene.witnesses[one.other]))
        )
    ]
    return sorted(found, key=rank)


def _parted(witness: Witness, scene: Scene) -> frozenset[str]:
    """The copies that one was laid beside and that say something else."""
    return _as_compared(witness, scene).parted & scene.witnesses.keys()


def _precedes(witness: Witness, other: Witness) -> bool:
    """Whether a copy was published before what it seems to print, by more than a night."""
    if witness.published_on is None or other.published_on is None:
        return False
    return witness.published_on < other.published_on - timedelta(days=1)


def _stands_for(claimed: str | None, best: Likeness, scene: Scene) -> bool:
    """Whether what a copy prints may be taken for the page it names and we never captured: a bureau's, printed whole.

    Where it is of the host that was named, pieces of it are enough: pages move, and links break.
    """
    if scene.witnesses[best.other].kind != "bureau" or claimed is None:
        return False
    return best.match_class in ("full", "embedded", "part") or host(claimed) == host(best.other)


def _near_text(best: Likeness, scene: Scene) -> Step:
    """The step of a copy that prints another's text with nothing differing on both sides."""
    evidence = {
        "same_text_as": scene.witnesses[best.other].url,
        "covers": f"{best.covers:.0%}",
        "covered": f"{best.covered:.0%}",
        "titles_agree": f"{best.title:.0%}",
    }
    confidence = _CONFIDENCE[best.match_class]
    if best.match_class in ("part", "excerpt") and not best.numbered:
        evidence["provisional"] = "yes"  # another notice of its series would do as well, should one come
        confidence = _PROVISIONAL
    return Step(
        target=best.other,
        rule="near_text",
        match_class=best.match_class,
        confidence=confidence,
        evidence=evidence,
    )


def _as_compared(witness: Witness, scene: Scene) -> Witness:
    """Of copies with one text and title only one was compared: that one."""
    mates = (mate for mate in scene.by_digest.get(witness.text_digest, ()) if mate.title == witness.title)
    return next((mate for mate in (witness, *mates) if mate.like or mate.parted), witness)


def _may_print(witness: Witness, other: Witness) -> bool:
    if fullest(other) >= fullest(witness) or pages_of_one_host_differ(witness, other) is not None:
        return False
    if witness.kind == other.kind == "bureau":
        return witness.document_number is not None and witness.document_number == other.document_number
    return True
