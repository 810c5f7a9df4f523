"""What a release counts of its notices: their texts by the part of the split, their years and kinds."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database


def split_texts(db: Database) -> Iterator[tuple[str, str]]:
    """The part that each notice goes to and its text, by id; an empty part where nothing is split."""
    if db.table("splits").exists():
        yield from db.execute(
            "select split, text from notices join splits on splits.notice = notices.id order by notices.id"
        )
    else:
        yield from db.execute("select '', text from notices order by id")


def years(db: Database) -> dict[int | None, int]:
    """How many notices were published in each year, in order, at last those without a day."""
    return dict(db.execute("select year, count(*) from notices group by year order by year is null, year").fetchall())


def document_types(db: Database) -> dict[str | None, int]:
    """How many notices are of each kind of document (文种), the most first; among them those of none."""
    return dict(
        db.execute(
            "select document_type, count(*) from notices group by 1 order by 2 desc, document_type is null, 1"
        ).fetchall()
    )
