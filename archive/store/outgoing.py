"""What may leave the archive at all: what is chosen, but for what was taken down. Whoever gives out asks here."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from archive.store.choosing import EVERYTHING, Choice
from archive.store.chosen_copy import Progress, write_chosen
from archive.store.takedowns import ruled_keys, taken_down, taken_down_files


def write_outgoing(db: Database, target: Path, choice: Choice = EVERYTHING, *, progress: Progress | None = None) -> int:
    """Write the chosen notices that may leave to `target`, a new database; gives how many there are.

    Raises: ChoiceError, OSError.
    """
    left_out, withheld = taken_down(db), taken_down_files(db) | ruled_keys(db)
    return write_chosen(db, target, choice, left_out=left_out, withheld=withheld, progress=progress)
