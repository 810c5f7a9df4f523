"""The SQL of this room, one statement a file under `queries/`.

Files at the top are canned queries: their leading comment gives the title (first line) and the description. Files in
`page/` serve our own pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One canned query, as its file says."""

    name: str
    title: str
    description: str
    sql: str


@cache
def statement(name: str) -> str:
    """The SQL of `queries/<name>.sql`."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def canned_queries() -> tuple[Query, ...]:
    """Every canned query, by name."""
    return tuple(_read_query(path.stem) for path in sorted(_FOLDER.glob("*.sql")))


def _read_query(name: str) -> Query:
    lines = statement(name).splitlines()
    comment = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    sql = "\n".join(line for line in lines if not line.startswith("--")).strip()
    return Query(name=name, title=comment[0], description=" ".join(comment[1:]), sql=sql)
