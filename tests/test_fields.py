"""A field of a Reading is more than a name: it is read, kept, labelled, told in the documents and printed."""

from __future__ import annotations

import json
import runpy
import sqlite3
from contextlib import closing
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from sqlite_utils import Database

from archive.commands.inputs import Input
from archive.commands.page_reader import tell_page
from archive.labels import FIELDS, PLACES
from archive.records import Citation, Conflict, Link, Reading, Revision, TextTable
from archive.store.migrations import migrations
from archive.store.revisions import kept_states, put_revisions

ROOT = Path(__file__).parent.parent
MAKER = runpy.run_path(str(ROOT / "tools" / "make_fields.py"))
NAMES = [field.name for field in fields(Reading)]
ABOUT_THE_READING = ("url", "evidence", "doubts")
"""What says how a page was read, not what it says: no page can expect it."""
NOT_KEPT = {
    "part_of": "a further page of a split text is no copy of its own, so nothing keeps it",
    "doubts": "they tell of one reading, and are told anew by the next",
}
SAMPLES: dict[Any, object] = {
    str: "有效",
    date: date(2024, 3, 1),
    datetime: datetime(2024, 3, 1, 1, 30, tzinfo=UTC),
    TextTable: TextTable(first=1, last=3, html="<table></table>"),
    Citation: Citation(
        kind="repeals", document_number="民发〔2024〕5号", title=None, raw="民发[2024]5号", sentence="。"
    ),
    Link: Link(name="附件1", url="http://mzj.example/1.doc"),
    Conflict: Conflict(field="published_on", value="2024-03-02", evidence="url"),
}
"""A value of every type that a field has."""


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ABOUT_THE_READING])
def test_a_fixture_expects_a_value_of_every_field(name: str) -> None:
    assert name in expected_somewhere(), mend(name, "read")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", ["kept", "labelled", "told", "printed"])
def test_every_field_is(what: str, name: str) -> None:
    assert what not in missing(name), mend(name, what)


def test_a_field_that_is_only_declared_is_missed_everywhere() -> None:
    assert ["read", "kept", "labelled", "told", "printed"] == missing("fax_number")
    assert "fax_number" in mend("fax_number", "kept")


def test_every_place_that_evidence_names_has_words() -> None:
    places = {place for found in MAKER["places_read"]().values() for place in found}

    assert set() == places - set(PLACES), "name them in PLACES of archive/labels.py"


def test_the_page_of_fields_is_level_with_the_records() -> None:
    assert MAKER["render"]() == (ROOT / "docs" / "fields.md").read_text("utf-8"), MAKER["MEND"]


def test_every_field_says_what_it_means() -> None:
    fields, _, records = (ROOT / "docs" / "fields.md").read_text("utf-8").partition("## Records")
    silent = [cells[1] for cells in _cells(fields) if not cells[4]]
    silent += [cells[1] for cells in _cells(records.partition("## What")[0]) if not cells[3]]

    assert [] == silent, "say it in a docstring under the field in archive/records.py"


def _cells(text: str) -> list[list[str]]:
    rows = (row for row in text.splitlines() if row.startswith("| `"))
    return [[cell.strip() for cell in row.split("|")] for row in rows]


def missing(name: str) -> list[str]:
    """What is still to be done for a field that is declared."""
    done = {
        "read": name in expected_somewhere(),
        "kept": name in kept() or name in NOT_KEPT,
        "labelled": name in FIELDS,
        "told": f"| `{name}` |" in (ROOT / "docs" / "fields.md").read_text("utf-8"),
        "printed": name in printed(),
    }
    return [what for what, is_done in done.items() if not is_done]


def mend(name: str, what: str) -> str:
    """What to do about it, and where."""
    todo = {
        "read": "read it in one reader of archive/extract/, and expect a value in an expected.json of tests/pages/",
        "kept": "add it to fields_of in archive/store/copies.py with a migration, or to archive/store/revisions.py",
        "labelled": "name it in FIELDS of archive/labels.py",
        "told": "run: python tools/make_fields.py",
        "printed": "print it in archive/commands/page_reader.py",
    }
    return f"{name} is declared in archive/records.py, but not {what}: {todo[what]}"


@cache
def expected_somewhere() -> frozenset[str]:
    """The fields of which a fixture expects a value."""
    found: set[str] = set()
    for path in (ROOT / "tests" / "pages").glob("*/*/expected.json"):
        if not path.parent.name.startswith("list-"):
            expected = json.loads(path.read_text("utf-8"))
            found |= {name for name, value in expected.items() if value not in (None, "", [], {})}
    return frozenset(found)


@cache
def kept() -> frozenset[str]:
    """The fields that come back from the database as they were put there."""
    hints = get_type_hints(Reading)
    whole = Reading(**{name: _sample(hints[name]) for name in NAMES})
    at = datetime(2024, 3, 1, tzinfo=UTC)
    revision = Revision(
        copy="mzj.example/1",
        number=1,
        seen_from=at,
        seen_to=at,
        changed=(),
        reading=whole,
        text_digest="",
        state_digest="",
        payloads=("sha256:1",),
    )
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        db = Database(conn)
        migrations.apply(db)
        put_revisions(db, revision.copy, [revision])
        (state,) = kept_states(db, revision.copy)
    return frozenset(name for name in NAMES if getattr(state.reading, name) == getattr(whole, name))


@cache
def printed() -> frozenset[str]:
    """The fields that `minzheng extract` prints."""
    return frozenset(tell_page(Input(file="page.html", body=b"<html><body><p>.</p></body></html>")))


def _sample(hint: Any) -> Any:
    """A value of a field's type that is not its default."""
    inside = [one for one in get_args(hint) if one not in (type(None), ...)]
    if not inside:
        return SAMPLES[hint]
    if get_origin(hint) is tuple:
        return (SAMPLES[inside[0]],)
    return {"title": "body"} if len(inside) == 2 else SAMPLES[inside[0]]
