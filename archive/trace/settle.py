"""From copies and rulings to notices: a function of their set, whatever order they arrived in.

Every copy has at most one step in force; following steps to their end gives each copy its root. A ruling that
parts two copies takes steps away until their roots differ. Copies hang on roots as a star.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from archive.records import Match, Plan, Ruling, Settlement, Witness
from archive.text import MIN_COMPARED
from archive.trace.moves import find_moved
from archive.trace.near import join_alike
from archive.trace.original import elect
from archive.trace.rules import (
    Scene,
    Step,
    canonical,
    join_same_text,
    path_from,
    poses,
    root_of,
    ruled_step,
    steps,
    unlike_claims,
)
from archive.trace.rulings import Word, weigh


def settle(witnesses: Iterable[Witness], rulings: Sequence[Ruling] = ()) -> Settlement:
    """Decide the notices of a closed set of copies: every copy that shares a text, a claim or a ruling is in it.

    `rulings` are in the order they were made; of two that contradict each other the later holds.
    """
    scene = _scene(witnesses, weigh(rulings))
    options = {key: list(steps(witness, scene)) for key, witness in scene.witnesses.items()}
    for key in scene.word.together.keys() - scene.witnesses.keys():
        options[key] = [step for step in [ruled_step(key, scene)] if step is not None]
    reviews = join_alike(options, scene)
    _part(options, scene)
    members: dict[str, list[Witness]] = defaultdict(list)
    for key, witness in scene.witnesses.items():
        members[root_of(key, options, scene)].append(witness)
    linked = {step.target for choices in options.values() for step in choices[:1] if step.match_class == "link"}
    linked = {key for key in linked if not poses(key, scene)}
    named = {key: url for ruling in rulings for key, url in ruling.urls.items()}
    plans, matches = [], []
    for root in sorted(members):
        group = members[root]
        url = named.get(root) or min((w.claimed_url or "" for w in group if w.claimed_key == root), default=None)
        plan = elect(root, group, root_url=url, is_linked=root in linked)
        plans.append(plan)
        matches += [_match(witness, plan, options[witness.url_key]) for witness in sorted(group, key=canonical)]
    doubts = {key: doubt for key, doubt in scene.doubts.items() if not _is_ruled(key, scene)}
    return Settlement(plans=tuple(plans), matches=tuple(matches), doubts=doubts, reviews=tuple(reviews))


def _is_ruled(key: str, scene: Scene) -> bool:
    """Whether a person said what a copy and the original that it names are to each other."""
    claimed = scene.witnesses[key].claimed_key
    word = scene.word
    return claimed in word.parted.get(key, frozenset()) or claimed in word.together.get(key, frozenset())


def _scene(witnesses: Iterable[Witness], word: Word) -> Scene:
    ordered = sorted(witnesses, key=canonical)
    by_digest: dict[str, list[Witness]] = defaultdict(list)
    by_claim: dict[str, list[Witness]] = defaultdict(list)
    by_id: dict[str, list[Witness]] = defaultdict(list)
    for witness in ordered:
        if witness.cms_id is not None:
            by_id[witness.cms_id].append(witness)
        if witness.text_length >= MIN_COMPARED:
            by_digest[witness.text_digest].append(witness)
        if witness.claimed_key is not None:
            by_claim[witness.claimed_key].append(witness)
    same_text = {key: first for found in by_digest.values() for key, first in join_same_text(found, word).items()}
    return Scene(
        witnesses={witness.url_key: witness for witness in ordered},
        word=word,
        by_digest={digest: tuple(found) for digest, found in by_digest.items()},
        same_text=same_text,
        by_claim={key: tuple(found) for key, found in by_claim.items()},
        by_id={found: tuple(mates) for found, mates in by_id.items()},
        moved=find_moved(ordered, same_text),
        unlike={key: reason for found in by_claim.values() for key, reason in unlike_claims(found).items()},
    )


def _part(options: dict[str, list[Step]], scene: Scene) -> None:
    """Take steps away until no split is broken; one that mends a split may break another."""
    while any([_divide(options, scene, *split) for split in scene.word.apart]):  # noqa: C419 (all of them, each time)
        pass


def _divide(options: dict[str, list[Step]], scene: Scene, at: int, subject: str, other: str) -> bool:
    """Take steps of the subject away, or of a copy that leads to it, while both end at one root. Whether any was taken.

    A step that a later merge made stays: that is the later word.
    """
    taken = False
    while root_of(subject, options, scene) == root_of(other, options, scene):
        mover = other if subject in path_from(other, options) else subject
        if options[mover][0].rule == "ruling" and scene.word.merged[mover][0] > at:
            break
        options[mover].pop(0)
        taken = True
    return taken


def _match(witness: Witness, plan: Plan, choices: Sequence[Step]) -> Match:
    step = choices[0] if choices else None
    if step is None or witness.url_key == plan.original_key:
        rule = "original" if plan.roles[witness.url_key] == "original" else "alone"
        return Match(copy=witness.url_key, notice=plan.id, rule=rule, match_class="self", confidence=1.0, evidence={})
    return Match(
        copy=witness.url_key,
        notice=plan.id,
        rule=step.rule,
        match_class=step.match_class,
        confidence=step.confidence,
        evidence=step.evidence,
    )
