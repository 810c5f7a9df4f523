"""Which address is a notice's original, which copy is its best witness, and what id follows from that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from archive.records import Plan, Role, Witness
from archive.trace.rules import canonical
from archive.urls import notice_id

_WHOLE: Final = 0.85
"""Share of the longest copy's text that a whole one has."""


def elect(root: str, members: Sequence[Witness], *, root_url: str | None, is_linked: bool) -> Plan:
    """Make the notice whose copies' steps end at `root`, a copy's url key or an address that was only named.

    `root_url` is that address as some page or person printed it, for a root we never captured. A bureau's page is the
    original; another page is one only when some copy names it (`is_linked`), whatever its address looks like. The best
    copy is the captured original, else the best witness. A page that moved stays the original, so that ids stay; where
    its source changed it at its new address, that is the best copy.
    """
    ordered = sorted(members, key=canonical)
    captured = next((m for m in ordered if m.url_key == root), None)
    witness = _best_witness(ordered)
    if captured is None:
        return _plan(root, root_url, captured=False, best=witness, members=ordered)
    if captured.kind == "bureau" or is_linked:
        return _plan(root, captured.url, captured=True, best=_as_it_is_now(captured, ordered), members=ordered)
    return Plan(
        id=notice_id(witness.url_key),
        original_key=None,
        original_url=None,
        original_captured=False,
        best_copy=witness.url_key,
        roles={m.url_key: _role(m, original=None, source=None) for m in ordered},
    )


def _best_witness(ordered: Sequence[Witness]) -> Witness:
    """Of copies without their original: a whole one, that names the agency as its source, of the earliest day.

    Whole are those that lack little of the longest: portals print more beside a text, so the longest is not the best.
    """
    whole = _WHOLE * max(member.text_length for member in ordered)
    return min(
        (member for member in ordered if member.text_length >= whole),
        key=lambda member: (
            member.attribution is None or member.attribution != member.agency,
            member.published_on or date.max,
            -member.text_length,
        ),
    )


def _as_it_is_now(original: Witness, members: Sequence[Witness]) -> Witness:
    """The page where its source changed it last after moving it; the page itself while it did not."""
    since = original.last_seen_at
    changed = [
        member
        for member in members
        if member.source == original.source is not None
        and member.first is not None
        and since is not None
        and member.first_seen_at is not None
        and since < member.first_seen_at
    ]
    return max(changed, key=lambda member: (str(member.last_seen_at), member.url_key), default=original)


def _plan(root: str, url: str | None, *, captured: bool, best: Witness, members: Sequence[Witness]) -> Plan:
    source = next((m.source for m in members if m.url_key == root), None)
    return Plan(
        id=notice_id(root),
        original_key=root,
        original_url=url,
        original_captured=captured,
        best_copy=best.url_key,
        roles={m.url_key: _role(m, original=root, source=source) for m in members},
    )


def _role(member: Witness, *, original: str | None, source: str | None) -> Role:
    """A copy's role beside the original at that address; `source` is whose that is, if it was captured."""
    if member.url_key == original:
        return "original"
    if original is not None and (_host(member.url_key) == _host(original) or member.source == source is not None):
        return "mirror"
    if original is None and member.kind == "unknown":
        return "unknown"
    return "repost"


def _host(url_key: str) -> str:
    return url_key.partition("/")[0]
