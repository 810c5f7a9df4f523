"""Which state of its best copy a notice shows, and until when that was seen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlite_utils import Database


class Shown(NamedTuple):
    """The number of a revision, and the instant of the last capture that shows it."""

    number: int
    seen_to: str


def shown_states(db: Database, notices: Sequence[str]) -> Mapping[str, Shown]:
    """The newest state of the best copy of each of these notices that has any, by the notice's id."""
    rows = db.execute(_SHOWN, [json.dumps(list(notices))])
    return {notice: Shown(number, seen_to) for notice, number, seen_to in rows}


_SHOWN = """
    select notices.id, revisions.number, revisions.seen_to
    from notices join revisions on revisions.copy = notices.best_copy
    where notices.id in (select value from json_each(?))
      and revisions.number = (select max(number) from revisions others where others.copy = notices.best_copy)
"""
