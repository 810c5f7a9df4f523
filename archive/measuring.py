"""How faithful each copy of a notice is, told when the notice is settled, and only where either text changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from archive.records import Link, Plan, Witness
from archive.store import Database, fidelities, revisions
from archive.trace.fidelity import Printing, measure_among

_EARLIER: Final = 7
"""States of an edited notice that a copy is laid beside, besides the latest: the first, for what is new is copied."""


def measure_copies(db: Database, closed: Iterable[str], witnesses: Iterable[Witness], plans: Sequence[Plan]) -> None:
    """Lay every copy of some notices beside the best one, in whichever of its states it comes nearest to.

    `closed` are all addresses that were settled with them.
    """
    pairs = {key: plan.best_copy for plan in plans for key in plan.roles if key != plan.best_copy}
    held = fidelities.made_of(db, closed)
    for key in held.keys() - pairs.keys():
        fidelities.drop_fidelity(db, key)
    if not pairs:
        return
    links = fidelities.links_of(db, {*pairs, *pairs.values()})
    known = {one.url_key: one for one in witnesses}
    printings = {key: _printing(known[key], links.get(key, ())) for key in {*pairs, *pairs.values()}}
    states = {best: _states(db, printings[best]) for best in set(pairs.values())}
    digests = {best: _digest(*printed.values()) for best, printed in states.items()}
    for key, best in sorted(pairs.items()):
        made_of = f"{digests[best]} {_digest(printings[key])}"
        if held.get(key) != made_of:
            fidelities.put_fidelity(db, measure_among(states[best], printings[key]), made_of)


def _states(db: Database, latest: Printing) -> Mapping[int, Printing]:
    """A copy in its states, by their number; of the later ones only the latest.

    Where the day of the latest is not believed, that of no other is.
    """
    number = revisions.last_number(db, latest.key)
    earlier = revisions.states_of(db, latest.key)[: min(number - 1, _EARLIER)] if number > 1 else []
    return {
        **{
            state.number: Printing(
                key=latest.key,
                title=state.reading.title,
                text=state.reading.text,
                text_digest=state.text_digest,
                published_on=state.reading.published_on if latest.published_on is not None else None,
                files=state.reading.attachments,
            )
            for state in earlier
        },
        number: latest,
    }


def _printing(witness: Witness, links: tuple[Link, ...]) -> Printing:
    return Printing(
        key=witness.url_key,
        title=witness.title,
        text=witness.text,
        text_digest=witness.text_digest,
        published_on=witness.published_on,
        files=links,
    )


def _digest(*printings: Printing) -> str:
    said = [(one.key, one.title, one.text, one.published_on, one.files) for one in printings]
    return hashlib.blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
