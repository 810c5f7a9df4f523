"""References to notices as files: RIS, BibTeX, CSL-JSON, GB/T 7714—2025, each as `minzheng cite` prints it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from archive.export.formats.exporter import Exporter, Sink, create
from archive.references import FORMS, Form
from archive.references.address import address_of, mark_of
from archive.references.held import reference_of
from archive.references.reference import Reference
from archive.store import Database
from archive.store.current_states import Shown, shown_states
from archive.store.tables import Table, Value

Refer = Callable[[Sequence[Mapping[str, Value]]], Iterator[Reference]]


def reference_exporters(db: Database, base: str | None = None) -> Mapping[str, Exporter]:
    """The forms of references as formats of the table of notices, by the ending of their files.

    `db` is what the rows are from. With `base`, where the archive is served, a reference leads to the very text there;
    without, to where the text was published: an address of this machine is of no use in a file for others.
    """
    refer = partial(_refer, db, base)
    return {ending: Exporter(write=partial(_write, form, refer), of_notices=True) for ending, form in FORMS.items()}


@contextmanager
def _write(form: Form, refer: Refer, path: Path, table: Table) -> Iterator[Sink]:  # noqa: ARG001  it is of notices
    with create(path) as file:
        file.write(form.begin.encode())
        yield _List(file, form, refer).add
        file.write(form.end.encode())


class _List:
    """A list of references that is being written."""

    def __init__(self, file: BinaryIO, form: Form, refer: Refer) -> None:
        self._file = file
        self._form = form
        self._refer = refer
        self._between = ""

    def add(self, rows: Sequence[Mapping[str, Value]]) -> None:
        """Write the references to some notices."""
        for reference in self._refer(rows):
            self._file.write((self._between + self._form.item(reference)).encode())
            self._between = self._form.between


def _refer(db: Database, base: str | None, rows: Sequence[Mapping[str, Value]]) -> Iterator[Reference]:
    shown = shown_states(db, [row["id"] for row in rows])
    for row in rows:
        state = shown.get(row["id"])
        yield reference_of(
            {**row, "issuing_agencies": json.dumps(row["issuing_agencies"])},
            address=_address(base, row, state) if base else row["original_url"] or row["text_from"] or "",
            seen_at=(state and state.seen_to) or row["last_seen_at"] or _NEVER,
        )


def _address(base: str, row: Mapping[str, Value], state: Shown | None) -> str:
    if state is None or not row["text_digest"]:
        return f"{base.rstrip('/')}/notice/{row['id']}"
    return address_of(base, row["id"], state.number, mark_of(row["text"], row["text_digest"]))


_NEVER: Final = "1970-01-01T00:00:00Z"
"""When a notice was seen of which nobody knows that: a database that was not made from captures."""
