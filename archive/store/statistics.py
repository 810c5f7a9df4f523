"""The texts of a release as its statistics read them."""

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
