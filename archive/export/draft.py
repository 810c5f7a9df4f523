"""The database that an export is read from, where it is not the archive's own: what was chosen, fit to leave it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypedDict

from archive.export.coding_sheet import CODER, check_coded
from archive.export.steps import Bar
from archive.masks import mask
from archive.sampling import Drawn, SampleError
from archive.store import Database, open_draft
from archive.store.archive_facts import keep_archive_facts
from archive.store.choosing import EVERYTHING, Choice, count_chosen
from archive.store.chosen_copy import cover_of
from archive.store.left_out import COVERED
from archive.store.masked import mask_draft
from archive.store.outgoing import write_outgoing
from archive.store.release_facts import Selection
from archive.store.sampling import draw_sample, put_sample
from archive.store.takedowns import taken_down


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How many notices to draw of those chosen, by which seed, and by which columns they are parted for that."""

    size: int
    seed: int
    by: Sequence[str] = ()
    coded: Sequence[str] = CODER
    """Columns of the coding sheet that a person fills in."""

    def __post_init__(self) -> None:
        """Raises: ValueError if a column for the coder is empty, twice there, or another column's name."""
        check_coded(self.coded)


def write_draft(
    db: Database, path: Path, choice: Choice = EVERYTHING, *, masked: bool, sampling: Sampling | None = None, bar: Bar
) -> int:
    """Write the chosen notices with all their rows to a new database; gives how many there are.

    What was taken down is not in it, nor personal data if it is masked. It is not compact yet: `vacuum_into` makes of
    it what may be given out. Raises: ChoiceError, SampleError, OSError.
    """
    drawn: list[Drawn] = []
    if sampling is not None:
        drawn, choice = _drawn(db, choice, sampling)
    with bar("choosing") as progress:
        count = write_outgoing(db, path, choice, progress=progress)
    if sampling is not None:
        if count != len(drawn):
            raise SampleError("the archive was written while the sample was drawn; give the command again")
        with writing(path) as draft:
            put_sample(draft, drawn, by=sampling.by)
    if masked:
        with writing(path) as draft:
            keep_archive_facts(draft)
        with bar("masking") as progress:
            mask_draft(path, progress)
    return count


def selection_to_leave(db: Database, selection: Selection, *, masked: bool) -> Selection:
    """The words of a selection as `write_draft` leaves those of notices: what is searched for may name a person."""
    left_out = taken_down(db)
    cover = cover_of(db, left_out) if left_out else None

    def fit(said: Any) -> Any:
        if isinstance(said, list):
            return [fit(one) for one in said]
        if not isinstance(said, str):
            return said
        shown = (cover.covered_saying(said) or COVERED) if cover and cover.may_name(said) else said
        return mask(str(shown)).text if masked else shown

    options = {name: fit(value) for name, value in selection["options"].items()}
    return Selection(words=fit(selection["words"]), options=options)


class Counts(TypedDict):
    """How many notices and copies an export would have, and how many of those that are held were taken down."""

    notices: int
    copies: int
    taken_down: int


def count_notices(db: Database, choice: Choice, *, sampling: Sampling | None = None) -> Counts:
    """Count what `write_draft` would write. Raises: ChoiceError, SampleError."""
    left_out = taken_down(db)
    if sampling is not None:
        choice = _drawn(db, choice, sampling)[1]
    notices, copies = count_chosen(db, choice, left_out=left_out)
    return Counts(notices=notices, copies=copies, taken_down=len(left_out))


@contextmanager
def writing(path: Path) -> Iterator[Database]:
    """Open a draft to write in it; afterwards it is one file again."""
    with closing(open_draft(path)) as draft:
        yield draft
        draft.execute("pragma journal_mode = delete").close()


def _drawn(db: Database, choice: Choice, sampling: Sampling) -> tuple[list[Drawn], Choice]:
    """The sample of the chosen notices, and the choice of exactly these."""
    drawn = draw_sample(db, choice, sampling.size, seed=sampling.seed, by=sampling.by, left_out=taken_down(db))
    ids = tuple(one.notice for one in drawn)
    return drawn, replace(EVERYTHING, ids=ids, min_confidence=choice.min_confidence)
