"""Databases of every earlier schema are brought up to date with their rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from sqlite_utils import Database

from archive.store.migrations import migrations


@pytest.fixture
def db() -> Iterator[Database]:
    """An empty database."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    yield Database(conn, execute_plugins=False)
    conn.close()


def test_claims_of_the_first_schema_are_kept(db: Database) -> None:
    migrations.apply(db, stop_before="m002_claims")
    seen = {"text_digest": "", "text_length": 0, "first_seen_at": "", "last_seen_at": ""}
    db.table("copies").insert_all(
        [
            {"url_key": "a.example/1", "url": "http://a.example/1", "claimed_key": "b.example/1", **seen},
            {"url_key": "a.example/2", "url": "http://a.example/2", "claimed_key": None, **seen},
        ]
    )
    migrations.apply(db)

    assert list(db.table("claims").rows) == [{"copy": "a.example/1", "claimed_key": "b.example/1"}]
