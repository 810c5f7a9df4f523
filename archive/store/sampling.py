"""Table `sample`: which notices were drawn, and how many each stands for. Only a database made for a release has it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, TypedDict, cast

from sqlite_utils import Database

from archive.sampling import Drawn, SampleError, draw, told
from archive.store.choosing import Choice, choose, drop
from archive.store.rows import ask, insert_all

COLUMNS: Final = {
    "province": "province",
    "city": "city",
    "division": "division",
    "year": "cast(year as text)",
    "source": "source",
    "agency": "issuing_agency",
    "document_type": "document_type",
    "role": "(select role from copies where url_key = best_copy)",
    "original_captured": "iif(original_captured, 'yes', 'no')",
}
"""What notices can be parted by, and how it is asked. `role` is that of the copy that the text is from."""


class SampledNotice(TypedDict):
    """A notice that was drawn, as a coder reads it."""

    id: str
    title: str | None
    issuing_agency: str | None
    published_on: str | None
    original_url: str | None
    stratum: str
    weight: float
    text: str


def draw_sample(
    db: Database, choice: Choice, size: int, *, seed: int, by: Sequence[str], left_out: Collection[str] = ()
) -> list[Drawn]:
    """Draw among the chosen notices, as `choose` finds them. Raises: SampleError, ChoiceError."""
    for column in by:
        if column not in COLUMNS:
            raise SampleError(f"{column!r} is nothing to part a sample by; known: {', '.join(COLUMNS)}")
    with db.atomic():
        chosen = choose(db, choice, left_out=left_out)
        names = ", ".join(["id", *(COLUMNS[column] for column in by)])
        rows = db.execute(f"select {names} from notices where id in (select id from {chosen})")  # noqa: S608 (ours)
        drawn = draw(((row[0], row[1:]) for row in rows), size, seed=seed)
        drop(db, chosen)
    return drawn


def put_sample(db: Database, drawn: Sequence[Drawn], *, by: Sequence[str]) -> None:
    """Put a sample into a database that holds its notices, instead of one that it had."""
    with db.atomic():
        db.execute("drop table if exists sample")
        db.execute(_TABLE)
        rows = (
            {
                "notice": one.notice,
                "stratum": told(by, one.stratum),
                "stratum_notices": one.stratum_notices,
                "sampled": one.sampled,
                "weight": one.weight,
                "position": one.position,
            }
            for one in drawn
        )
        insert_all(db, "sample", rows)


def sampled_notices(db: Database) -> Iterator[SampledNotice]:
    """Give the notices of the sample that a database has, in the order of their position."""
    return (cast("SampledNotice", row) for row in ask(db, _SAMPLED))


_TABLE: Final = """
    create table sample (
      notice text primary key references notices(id) on update cascade on delete cascade deferrable initially deferred,
      stratum text not null,
      stratum_notices integer not null,
      sampled integer not null,
      weight real not null,
      position integer not null unique
    )
"""
_SAMPLED: Final = """
    select id, title, issuing_agency, published_on, original_url, stratum, weight, text
    from sample join notices on id = notice order by position
"""
