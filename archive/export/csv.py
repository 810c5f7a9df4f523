"""CSV for spreadsheets: UTF-8 with a byte-order mark, RFC 4180, lists as JSON text, no cell that starts a formula.

A spreadsheet runs a cell that starts with = + - @ (full-width forms and leading blanks included) as a formula, and the
text of a notice is a stranger's. Such a cell gets a leading apostrophe (OWASP: CSV injection); the other formats have
the text as it is.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from archive.export.exporter import Sink
from archive.store import Database
from archive.store.dataset import FIELDS, DatasetNotice

STARTS_FORMULA = re.compile(r"[\t\r\n]|[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠]")


@contextmanager
def write_csv(path: Path, db: Database) -> Iterator[Sink]:  # noqa: ARG001  every exporter is given the database
    """Write notices as CSV with a header line."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)

        def add(notices: Sequence[DatasetNotice]) -> None:
            writer.writerows([cell(value) for value in notice.values()] for notice in notices)

        yield add


def cell(value: object) -> str:
    """Spell one value: nothing for null, true/false, lists as JSON, text that cannot start a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)
    return "'" + text if STARTS_FORMULA.match(text) else text
