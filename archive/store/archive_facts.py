"""The facts that the rows of a database were made of, for whoever would make the same rows again."""

from __future__ import annotations

import json
from typing import Final, TypedDict, cast

from sqlite_utils import Database

from archive.store.state import facts_digest
from archive.store.takedowns import taken_down


class ArchiveFacts(TypedDict):
    """The facts from which the rows can be made again. `state` is `archive.store.state.facts_digest`."""

    state: str
    warc_files: int
    warc_bytes: int
    """Of these files as far as they are indexed."""
    rulings: int
    captures: int
    last_capture_at: str | None
    last_capture_on: str | None
    """The day of that instant in Beijing."""
    taken_down: int
    """How many notices of the archive are not given out, because people ruled so; they are in no release."""


COPIED_OF: Final = "copied_of"
"""Under which key a copy keeps the facts of what it was copied from, where its own rows do not tell them any more."""


def keep_archive_facts(copy: Database) -> None:
    """Keep in a copy what its archive was made of, before what tells it is masked."""
    copy.execute(
        "insert into archive_state (key, value) values (?, ?) on conflict do nothing",
        [COPIED_OF, json.dumps(archive_facts(copy))],
    )


def archive_facts(db: Database) -> ArchiveFacts:
    """What an archive was made of; of a copy as the archive stood at the instant of the copy."""
    copied = db.execute("select value from archive_state where key = ?", [COPIED_OF]).fetchone()
    if copied is not None:
        return cast("ArchiveFacts", json.loads(copied[0]))
    files, size = db.execute("select count(*), coalesce(sum(indexed_to), 0) from warc_files").fetchone()
    (rulings,) = db.execute("select count(*) from decisions").fetchone()
    captures, last, day = db.execute(
        "select count(*), max(fetched_at), date(max(fetched_at), '+8 hours') from captures"
    ).fetchone()
    return ArchiveFacts(
        state=facts_digest(db),
        warc_files=files,
        warc_bytes=size,
        rulings=rulings,
        captures=captures,
        last_capture_at=last,
        last_capture_on=day,
        taken_down=len(taken_down(db)),
    )
