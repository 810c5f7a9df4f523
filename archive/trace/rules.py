"""The rules that tie a copy to its notice, in the order of `RULES`: the first that speaks wins.

A rule proposes one step, from a copy to another copy or to an address that was named and never captured. Steps
are followed to their end (`settle`), so copies hang on notices as a star and no two notices are ever fused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from archive.cms_ids import cms_id
from archive.records import SourceKind, Witness
from archive.trace.moves import Move, same_document_differs
from archive.trace.rulings import Word
from archive.trace.vetoes import pages_differ, same_text_differs
from archive.urls import host, is_home, url_key

_OF_ORIGINAL = 0.4
"""Share of text that a copy must have in common with the original it links: portals add and leave out."""

_OF_EACH_OTHER = 0.8
"""The same for copies that name one address we never captured: nothing else says that they are one notice."""

_RANK: Mapping[SourceKind, int] = {"bureau": 0, "unknown": 1, "portal": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step from a copy towards its notice: to `target`, by which rule, how sure, on what evidence."""

    target: str
    rule: str
    match_class: str
    confidence: float
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scene:
    """The copies that are settled together, with the look-ups the rules need."""

    witnesses: Mapping[str, Witness]
    word: Word
    """What people ruled."""
    by_digest: Mapping[str, tuple[Witness, ...]]
    """Copies of one text, in canonical order; short texts are left out."""
    same_text: Mapping[str, Witness]
    """url key of a copy → the first copy of its text that it may join."""
    by_claim: Mapping[str, tuple[Witness, ...]]
    """Copies that name one address as their original."""
    by_id: Mapping[str, tuple[Witness, ...]]
    """Copies whose addresses show one CMS id, in canonical order."""
    moved: Mapping[str, Move]
    """url key of a copy → where its page was before."""
    unlike: Mapping[str, str]
    """Copies that name an address as others of another text do, which we cannot look at: url key → in words."""
    doubts: dict[str, str] = field(default_factory=dict)
    """url key → what a person should look at."""


def canonical(witness: Witness) -> tuple[int, date, str]:
    """The order in which copies are decided: bureaus first, earliest date, url key."""
    return _RANK[witness.kind], witness.published_on or date.max, witness.url_key


def steps(witness: Witness, scene: Scene) -> Iterator[Step]:
    """Every step the rules propose for one copy, best first. Nothing when it stands alone."""
    for rule in RULES:
        step = rule(witness, scene)
        if step is not None and step.target != witness.url_key:
            yield step


def person_merged(witness: Witness, scene: Scene) -> Step | None:
    """A person said that this copy and another are one notice."""
    return ruled_step(witness.url_key, scene)


def ruled_step(key: str, scene: Scene) -> Step | None:
    """From any address that merges name to the first of those they put together; None from that one itself.

    First is an address that was never captured, else a bureau's page, else one that names its original.
    """
    mates = scene.word.together.get(key, frozenset())
    known = [scene.witnesses[mate] for mate in mates if mate in scene.witnesses]
    named = sorted(mates - scene.witnesses.keys())
    if not mates:
        return None
    first = named[0] if named else min(known, key=_first_of_merged).url_key
    if first == key:
        return None
    _, ruling = scene.word.merged[key]
    evidence = {"who": ruling.who, "why": ruling.why, "with": first}
    return Step(target=first, rule="ruling", match_class="ruling", confidence=1.0, evidence=evidence)


def explicit_link(witness: Witness, scene: Scene) -> Step | None:
    """The page names its original. Refused, with a doubt, when that is another text or no page of one notice."""
    if witness.claimed_key is None or witness.claimed_key == witness.url_key or is_home(witness.claimed_key):
        return None
    if witness.claim_kind in ("list", "home", "other"):
        scene.doubts[witness.url_key] = f"names {witness.claimed_url} as its original, which is a page of many"
        return None
    target = scene.witnesses.get(witness.claimed_key)
    evidence = {"claimed_original": witness.claimed_url or "", "read": witness.claim_evidence or ""}
    if target is not None:
        reason = pages_differ(witness, target, least=_OF_ORIGINAL)
        if reason is not None:
            scene.doubts[witness.url_key] = f"names {witness.claimed_url} as its original, but {reason}"
            return None
        evidence["captured"] = "yes"
        return Step(target=target.url_key, rule="explicit_link", match_class="link", confidence=0.99, evidence=evidence)
    twin = _bureau_twin(witness.claimed_key, scene)
    if twin is not None:
        evidence["same_text_as"] = twin.url
        return Step(target=twin.url_key, rule="explicit_link", match_class="link", confidence=0.98, evidence=evidence)
    moved = _same_id(witness, scene)
    if moved is not None:
        evidence |= {"cms_id": moved.cms_id or "", "same_text_as": moved.url}
        return Step(target=moved.url_key, rule="explicit_link", match_class="link", confidence=0.98, evidence=evidence)
    reason = scene.unlike.get(witness.url_key)
    if reason is not None:
        scene.doubts[witness.url_key] = f"names {witness.claimed_url} as its original, but {reason}"
        return None
    evidence["captured"] = "no"
    return Step(
        target=witness.claimed_key, rule="explicit_link", match_class="link", confidence=0.97, evidence=evidence
    )


def moved_page(witness: Witness, scene: Scene) -> Step | None:
    """The page was at another address of its source before; the notice stays the one that was found there.

    Where both addresses still show it, their one text is the reason.
    """
    move = scene.moved.get(witness.url_key)
    if move is None:
        return None
    return Step(
        target=move.before,
        rule="moved_page" if move.is_certain else "equal_text",
        match_class=move.match_class,
        confidence=1.0 if move.match_class == "exact" else 0.99,
        evidence=move.evidence,
    )


def equal_text(witness: Witness, scene: Scene) -> Step | None:
    """The same normalised text as the first copy of it, and no title among those that joined it says otherwise."""
    first = scene.same_text.get(witness.url_key)
    if first is None or _came_from(first.url_key, witness.url_key, scene):
        return None
    return Step(
        target=first.url_key,
        rule="equal_text",
        match_class="exact",
        confidence=1.0,
        evidence={"same_text_as": first.url, "text_digest": witness.text_digest},
    )


def same_document(witness: Witness, scene: Scene) -> Step | None:
    """The CMS's id and the text of another page of the site: one document in two columns."""
    mates = scene.by_id.get(witness.cms_id or "", ())
    first = next((mate for mate in mates if mate is witness or same_document_differs(witness, mate) is None), None)
    if first is None or first is witness or _came_from(first.url_key, witness.url_key, scene):
        return None
    return Step(
        target=first.url_key,
        rule="same_document",
        match_class="full",
        confidence=0.99,
        evidence={"cms_id": witness.cms_id or "", "same_text_as": first.url},
    )


Rule = Callable[[Witness, Scene], Step | None]

RULES: tuple[Rule, ...] = (person_merged, explicit_link, moved_page, equal_text, same_document)


def path_from(key: str, options: Mapping[str, Sequence[Step]]) -> list[str]:
    """The steps in force from one address on; in a circle, up to the address that closes it, which stands twice."""
    path = [key]
    while (choices := options.get(path[-1])) and path[-1] not in path[:-1]:
        path.append(choices[0].target)
    return path


def root_of(key: str, options: Mapping[str, Sequence[Step]], scene: Scene) -> str:
    """Where the steps end. A circle ends at its first copy in canonical order."""
    path = path_from(key, options)
    if path[-1] not in path[:-1]:
        return path[-1]
    circle = path[path.index(path[-1]) : -1]
    return min(circle, key=lambda found: canonical(scene.witnesses[found]))


def unlike_claims(claimers: Sequence[Witness]) -> dict[str, str]:
    """Of copies that name one address: those whose text is not that of the longest one, by url key, with the reason.

    Two such texts beside the longest are enough to take the address for an index page: then no claim holds.
    """
    longest = max(claimers, key=lambda witness: witness.text_length)
    found = {
        witness.url_key: f"so does {longest.url}, and {reason}"
        for witness in claimers
        if (reason := pages_differ(witness, longest, least=_OF_EACH_OTHER)) is not None
    }
    if len(found) > 1:
        return {witness.url_key: f"so do {len(found)} copies of other texts" for witness in claimers}
    return found


def join_same_text(ordered: Sequence[Witness], word: Word) -> dict[str, Witness]:
    """Of copies of one text, in canonical order: url key → the first one whose whole company its title agrees with.

    A title without a number agrees with any; but through it two notices of a series must not meet. What people parted
    is in no one company.
    """
    companies: list[list[Witness]] = []
    faces: set[tuple[str, str | None, str]] = set()
    joined: dict[str, Witness] = {}
    for witness in ordered:
        parted = word.parted.get(witness.url_key, frozenset())
        parted |= {joined[key].url_key for key in parted & joined.keys()}
        free = (mates for mates in companies if mates[0].url_key not in parted)
        company = next((mates for mates in free if _agrees(witness, mates)), None)
        if company is None:
            companies.append(company := [])
        else:
            joined[witness.url_key] = company[0]
        face = (company[0].url_key if company else witness.url_key, witness.title, host(witness.url_key))
        if face not in faces:  # of pages that look the same one speaks for all: there may be thousands
            faces.add(face)
            company.append(witness)
    return joined


def poses(key: str, scene: Scene) -> bool:
    """Whether a page that is named as an original only looks like one: a CMS's address as a bureau has it, or as some
    copy names it, on the host of somebody else. Clone farms copy whole sites with their paths."""
    witness = scene.witnesses.get(key)
    if witness is None or witness.kind == "bureau" or witness.cms_id is None:
        return False
    bureaus = (mate.url_key for mate in scene.witnesses.values() if mate.kind == "bureau")
    return any(known != key and _path_of(known) == _path_of(key) for known in (*bureaus, *scene.by_claim))


def _agrees(witness: Witness, mates: Sequence[Witness]) -> bool:
    """Whether the title of a copy differs from none of those that have its text."""
    return all(mate.title == witness.title or same_text_differs(witness, mate) is None for mate in mates)


def _path_of(key: str) -> str:
    return key.removeprefix(host(key))


def _came_from(key: str, before: str, scene: Scene) -> bool:
    """Whether the page at an address was at another `before`, over any number of moves."""
    while key in scene.moved:
        key = scene.moved[key].before
        if key == before:
            return True
    return False


def _first_of_merged(witness: Witness) -> tuple[bool, bool, tuple[int, date, str]]:
    return witness.kind != "bureau", witness.claimed_key is None, canonical(witness)


def _same_id(witness: Witness, scene: Scene) -> Witness | None:
    """The bureau page with the CMS id of an address that a copy names and we never captured: it has changed columns."""
    named = cms_id(url_key(witness.claimed_url)) if witness.claimed_url else None
    mates = scene.by_id.get(named or "", ())
    bureaus = (mate for mate in mates if mate.kind == "bureau")
    return next((mate for mate in bureaus if same_document_differs(witness, mate) is None), None)


def _bureau_twin(key: str, scene: Scene) -> Witness | None:
    """The bureau page that carries the text of a copy which names `key`, an address we never captured."""
    found = [
        other
        for witness in scene.by_claim.get(key, ())
        for other in scene.by_digest.get(witness.text_digest, ())
        if other.kind == "bureau" and other is not witness and same_text_differs(witness, other) is None
    ]
    return min(found, key=canonical, default=None)
