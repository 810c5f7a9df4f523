"""From copies and rulings to notices: a function of their set, whatever order they arrived in.

Every copy has at most one step in force; following steps to their end gives each copy its root. A ruling that
parts two copies takes steps away until their roots differ. Copies hang on roots as a star.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from archive.records import Likeness, Match, Plan, Review, Ruling, Settlement, Witness
from archive.text import MIN_COMPARED
from archive.trace.likeness import is_beside, rank, ties
from archive.trace.moves import find_moved
from archive.trace.original import elect
from archive.trace.rules import (
    Scene,
    Step,
    canonical,
    fullest,
    is_pending,
    join_same_text,
    likely,
    near_text,
    parted,
    poses,
    precedes,
    ruled_step,
    stands_for,
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
    reviews = _join_alike(options, scene)
    _part(options, scene)
    members: dict[str, list[Witness]] = defaultdict(list)
    for key, witness in scene.witnesses.items():
        members[_root(key, options, scene)].append(witness)
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


def _join_alike(options: dict[str, list[Step]], scene: Scene) -> list[Review]:
    """Let copies that nothing else ties to a notice follow what they print, the fullest first; what is doubtful is left
    alone for a person to look at."""
    reviews: list[Review] = []
    for witness in sorted(scene.witnesses.values(), key=fullest):
        steps_known = options[witness.url_key]
        if steps_known and not is_pending(steps_known[0]):
            continue
        candidates = _candidates(witness, options, scene)
        if not candidates:
            continue
        best, *others = candidates
        doubt = _doubt(witness, best, others, scene)
        if not steps_known and doubt is not None:
            reviews.append(Review(copy=witness.url_key, other=best.other, why=doubt))
        elif doubt is None and (not steps_known or stands_for(witness.claimed_key, best, scene)):
            steps_known.insert(0, near_text(best, scene))
    return reviews


def _candidates(witness: Witness, options: Mapping[str, Sequence[Step]], scene: Scene) -> list[Likeness]:
    """What a copy may print, one of each notice and best first.

    Without notices that people parted it from, or whose original it differs from; and unless it was laid beside the
    bureau's page, without those that have any copy it differs from: two notices of a series meet in a repost that
    leaves out what parts them.
    """
    by_root: dict[str, Likeness] = {}
    unlike = parted(witness, scene)
    others = {_root(key, options, scene) for key in unlike}
    barred = {_root(key, options, scene) for key in scene.word.parted.get(witness.url_key, ())}
    for one in likely(witness, scene):
        root = _root(one.other, options, scene)
        if root == witness.url_key or root in barred:  # that one came from here, or a person said no
            continue
        if root in unlike or (root in others and not _is_bureau(root, one, scene)):
            continue
        if root not in by_root or one.other == root:  # what copies have in common may be their portal's
            by_root[root] = one
    return sorted(by_root.values(), key=rank)


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
    if best.match_class == "excerpt" and precedes(witness, scene.witnesses[best.other]):
        return "it was published before that"
    return None


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


def _path(key: str, options: Mapping[str, Sequence[Step]]) -> list[str]:
    """The steps in force from one address on; in a circle, up to the address that closes it, which stands twice."""
    path = [key]
    while (choices := options.get(path[-1])) and path[-1] not in path[:-1]:
        path.append(choices[0].target)
    return path


def _root(key: str, options: Mapping[str, Sequence[Step]], scene: Scene) -> str:
    """Where the steps end. A circle ends at its first copy in canonical order."""
    path = _path(key, options)
    if path[-1] not in path[:-1]:
        return path[-1]
    circle = path[path.index(path[-1]) : -1]
    return min(circle, key=lambda found: canonical(scene.witnesses[found]))


def _part(options: dict[str, list[Step]], scene: Scene) -> None:
    """Take steps away until no split is broken; one that mends a split may break another."""
    while any([_divide(options, scene, *split) for split in scene.word.apart]):  # noqa: C419 (all of them, each time)
        pass


def _divide(options: dict[str, list[Step]], scene: Scene, at: int, subject: str, other: str) -> bool:
    """Take steps of the subject away, or of a copy that leads to it, while both end at one root. Whether any was taken.

    A step that a later merge made stays: that is the later word.
    """
    taken = False
    while _root(subject, options, scene) == _root(other, options, scene):
        mover = other if subject in _path(other, options) else subject
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
