"""Other databases laid beside one, to be read by the same statement and never written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

Name = Literal["former", "archive"]


@contextmanager
def beside(db: Database, name: Name, path: Path, *, is_frozen: bool) -> Iterator[None]:
    """Have the tables of another database under `name.`; not within a transaction.

    Of a frozen one, which nobody writes, not even a lock or a log is made: it may stand on a disk for reading only.
    """
    how = "immutable=1" if is_frozen else "mode=ro"
    db.execute(f"attach database ? as {name}", [f"{path.resolve().as_uri()}?{how}"])
    try:
        yield
    finally:
        db.execute(f"detach database {name}")


def columns_of(db: Database, table: str, schema: Name | Literal["main"]) -> set[str]:
    """The columns of a table, none where it is not there: another database may be of another version of ours."""
    return {name for (name,) in db.execute("select name from pragma_table_xinfo(?, ?)", [table, schema])}
