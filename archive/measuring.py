"""How faithful each copy of a notice is, told when the notice is settled, and only where either text changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from archive.records import Link, Plan, Witness
from archive.store import Database, fidelities
from archive.trace.fidelity import Printing, measure


def measure_copies(db: Database, closed: Iterable[str], witnesses: Iterable[Witness], plans: Sequence[Plan]) -> None:
    """Lay every copy of some notices beside the best one. `closed` are all addresses that were settled with them."""
    pairs = {key: plan.best_copy for plan in plans for key in plan.roles if key != plan.best_copy}
    held = fidelities.made_of(db, closed)
    for key in held.keys() - pairs.keys():
        fidelities.drop_fidelity(db, key)
    if not pairs:
        return
    links = fidelities.links_of(db, {*pairs, *pairs.values()})
    known = {one.url_key: one for one in witnesses}
    printings = {key: _printing(known[key], links.get(key, ())) for key in {*pairs, *pairs.values()}}
    states = {key: _state(printing) for key, printing in printings.items()}
    for key, best in sorted(pairs.items()):
        made_of = f"{states[best]} {states[key]}"
        if held.get(key) != made_of:
            fidelities.put_fidelity(db, measure(printings[best], printings[key]), made_of)


def _printing(witness: Witness, links: tuple[Link, ...]) -> Printing:
    return Printing(
        key=witness.url_key,
        title=witness.title,
        text=witness.text,
        text_digest=witness.text_digest,
        published_on=witness.published_on,
        files=links,
    )


def _state(printing: Printing) -> str:
    said = (printing.key, printing.title, printing.text, printing.published_on, printing.files)
    return hashlib.blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
