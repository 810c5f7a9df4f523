"""What may leave the archive at all: what is chosen, but for what was taken down. Whoever gives out asks here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from archive.store import open_reader
from archive.store.choosing import EVERYTHING, Choice
from archive.store.chosen_copy import Progress, write_chosen
from archive.store.decisions import all_decisions
from archive.store.takedowns import taken_down, taken_down_files


def write_outgoing(db: Database, target: Path, choice: Choice = EVERYTHING, *, progress: Progress | None = None) -> int:
    """Write the chosen notices that may leave to `target`, a new database; gives how many there are.

    Raises: ChoiceError, OSError.
    """
    left_out, withheld = taken_down(db), taken_down_files(db)
    return write_chosen(db, target, choice, left_out=left_out, withheld=withheld, progress=progress)


@contextmanager
def outgoing(db: Database, folder: Path) -> Iterator[Database]:
    """Give what may leave, to read from: the database as it is where nobody ruled on that, else a copy of it.

    The copy is made inside `folder`, which need not be there yet, and gone afterwards. Raises: OSError.
    """
    if not all_decisions(db, "takedown"):  # one that was taken back says what it was about, too
        yield db
        return
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".outgoing-", dir=folder) as place:
        path = Path(place) / "notices.db"
        write_outgoing(db, path)
        with closing(open_reader(path)) as copy:
            yield copy
