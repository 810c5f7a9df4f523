"""Databases of every earlier schema are brought up to date with their rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.archive import Archive
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

    assert db.execute("select copy, claimed_key from claims").fetchall() == [("a.example/1", "b.example/1")]


def test_copies_of_the_first_schema_wait_for_their_state_to_be_told(db: Database) -> None:
    migrations.apply(db, stop_before="m002_claims")
    row = {"url_key": "a.example/1", "url": "http://a.example/1", "text_digest": "", "text_length": 0}
    db.table("copies").insert({**row, "first_seen_at": "2026-03-01", "last_seen_at": "2026-03-02"})
    db.table("dirty").insert({"url_key": "a.example/2", "step": "settle"})
    db.table("revisions").insert(
        {
            "copy": "a.example/1",
            "number": 1,
            "seen_from": "2026-03-01",
            "seen_to": "2026-03-02",
            "text": "正文",
            "text_digest": "",
            "state_digest": "",
        }
    )
    migrations.apply(db)

    assert db.execute("select step, url_key from dirty order by step, url_key").fetchall() == [
        ("fate", "a.example/1"),
        ("settle", "a.example/1"),
        ("settle", "a.example/2"),
    ]
    assert db.execute("select state, checked_at from copies").fetchall() == [("live", "2026-03-02")]
    assert db.execute("select text, payloads from revisions").fetchall() == [("正文", "[]")]


def test_issues_and_entries_of_before_walks_were_noted_are_kept_with_their_days(db: Database) -> None:
    migrations.apply(db, stop_before="m003_walks_and_states")
    raised = {"subject": "http://a.example/1", "detail": "empty", "raised_at": "2026-01-01T00:00:00.000Z"}
    db.table("issues").insert({"id": "abcdefgh", "kind": "unreadable", **raised})
    entry = {"channel": "http://a.example/", "source": "a", "listed_at": "2026-01-01T00:00:00.000Z"}
    db.table("entries").insert_all(
        [
            {"url_key": "a.example/1", "url": "http://a.example/1", "date_raw": "[2025年3月4日]", **entry},
            {"url_key": "a.example/2", "url": "http://a.example/2", "date_raw": None, **entry},
        ]
    )
    migrations.apply(db)

    assert [row["listed_on"] for row in db.table("entries").rows] == ["2025-03-04", None]
    assert [(row["issue"], row["subject_key"]) for row in db.table("raisings").rows] == [("abcdefgh", "a.example/1")]


def test_channels_of_before_are_known_since_they_were_noted_last(db: Database) -> None:
    migrations.apply(db, stop_before="m003_walks_and_states")
    db.execute("pragma foreign_keys = off")
    noted = {"name": "通知公告", "family": "trs", "noted_at": "2026-01-01T00:00:00.000Z"}
    db.table("channels").insert({"source": "a", "url": "http://a.example/", "url_key": "a.example/", **noted})
    migrations.apply(db)

    assert [row["first_noted_at"] for row in db.table("channels").rows] == [noted["noted_at"]]


def test_files_of_before_they_were_fetched_wait_to_be_told(db: Database) -> None:
    migrations.apply(db, stop_before="m002_claims")
    seen = {"text_digest": "", "text_length": 0, "first_seen_at": "", "last_seen_at": ""}
    db.table("copies").insert({"url_key": "a.example/1", "url": "http://a.example/1", **seen})
    url = "http://www.a.example/1.pdf"
    db.table("attachments").insert({"copy": "a.example/1", "url": url, "name": "名单", "skipped": "not captured yet"})
    migrations.apply(db)

    assert [("名单", "a.example/1.pdf")] == [(row["name"], row["url_key"]) for row in db.table("attachments").rows]
    assert ("file", "a.example/1.pdf") in db.execute("select step, url_key from dirty").fetchall()


def test_notices_of_before_citations_were_read_get_the_names_by_which_they_are_cited(db: Database) -> None:
    migrations.apply(db, stop_before="m006_citations")
    db.table("notices").insert({"id": "aaaabbbbcccc", "title": "关于示例工作的通知", "original_captured": 0})
    seen = {"text_digest": "", "text_length": 0, "first_seen_at": "", "last_seen_at": ""}
    copy = {"url_key": "a.example/1", "url": "http://a.example/1", "notice": "aaaabbbbcccc", **seen}
    db.table("copies").insert(copy)
    migrations.apply(db)

    assert db.execute("select step, url_key from dirty").fetchall() == [("settle", "a.example/1")]
    assert (0, 0) == (db.table("names").count, db.table("citations").count)


def test_copies_of_before_fidelities_were_told_are_settled_once_more(db: Database) -> None:
    migrations.apply(db, stop_before="m009_fidelity")
    db.table("notices").insert({"id": "aaaabbbbcccc", "title": "关于示例工作的通知", "original_captured": 0})
    seen = {"text_digest": "", "text_length": 0, "first_seen_at": "", "last_seen_at": ""}
    copy = {"url_key": "a.example/1", "url": "http://a.example/1", "notice": "aaaabbbbcccc", **seen}
    db.table("copies").insert(copy)
    db.execute("delete from dirty")
    migrations.apply(db)

    assert [("settle", "a.example/1")] == db.execute("select step, url_key from dirty").fetchall()
    assert 0 == db.table("fidelities").count


def test_fidelities_of_before_revisions_were_asked_are_measured_once_more(db: Database) -> None:
    migrations.apply(db, stop_before="m013_fidelity_to_a_revision")
    db.execute("pragma foreign_keys = off")
    counts = {"share": 1.0, "complete": 1, "numbers_changed": 0, "wording_changed": 0, "moved": 0, "added": 0.0}
    told = {"numbers": "[]", "wording": "[]", "dropped": "[]", "added_words": "", "partial": 0, "made_of": "ab cd"}
    db.table("fidelities").insert({"copy": "a.example/1", "against": "b.example/1", **counts, **told})
    seen = {"text_digest": "", "text_length": 0, "first_seen_at": "", "last_seen_at": ""}
    db.table("copies").insert({"url_key": "a.example/1", "url": "http://a.example/1", **seen})
    migrations.apply(db)

    assert [("", None)] == db.execute("select made_of, revision from fidelities").fetchall()
    assert [("settle", "a.example/1")] == db.execute("select step, url_key from dirty").fetchall()


def test_relations_of_before_texts_were_asked_are_what_citations_said(db: Database) -> None:
    migrations.apply(db, stop_before="m009_relations")
    db.table("notices").insert_all({"id": name * 12, "title": "通知", "original_captured": 0} for name in "ab")
    db.table("relations").insert({"a": "a" * 12, "b": "b" * 12, "kind": "repeals", "why": "同时废止。"})
    migrations.apply(db)
    db.table("relations").insert({"a": "a" * 12, "b": "b" * 12, "kind": "repeals", "why": "text", "found_in": "text"})

    assert [("repeals", "同时废止。", "citation"), ("repeals", "text", "text")] == db.execute(
        "select kind, why, found_in from relations order by found_in"
    ).fetchall()
    assert ["relations_b"] == [index.name for index in db.table("relations").indexes if index.origin == "c"]


def test_a_database_that_is_still_being_made_answers_nothing_and_breaks_no_crawl(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    db = Database(tmp_path / "notices.db")
    migrations.apply(db, stop_before="m003_walks_and_states")
    db.close()
    with Archive.open(tmp_path) as archive:
        before = datetime(2026, 11, 24, tzinfo=UTC)

        assert [] == list(archive.held(["qingshan"], before=before))
        assert {} == archive.walked()


def test_copies_of_before_pages_could_move_get_their_ids_and_what_they_showed_first(db: Database) -> None:
    migrations.apply(db, stop_before="m011_moved")
    key, named = "a.example/202403/t20240301_5.html", "b.example/info/1/7.htm"
    seen = {"text_digest": "two", "text_length": 0, "first_seen_at": "2026-03-01", "last_seen_at": "2026-03-02"}
    db.table("copies").insert({"url_key": key, "url": f"http://{key}", "title": "新", **seen})
    db.table("claims").insert({"copy": key, "claimed_key": named})
    for number, title in ((1, "旧"), (2, "新")):
        row = {"copy": key, "number": number, "seen_from": "", "seen_to": "", "text": "", "state_digest": ""}
        fields = '{"published_on": "2024-03-01"}'
        db.table("revisions").insert(
            {**row, "title": title, "text_digest": ("one", "two")[number - 1], "fields": fields}
        )
    db.execute("delete from dirty")
    migrations.apply(db)

    assert db.execute(
        "select copies.cms_id, claims.cms_id, first_title, first_published_on, first_text_digest"
        " from copies join claims on copy = url_key"
    ).fetchall() == [("a.example t20240301_5", "b.example info_7", "旧", "2024-03-01", "one")]
    assert db.execute("select step, url_key from dirty").fetchall() == [("settle", key)]


def test_sources_of_before_their_terms_were_kept_have_none(db: Database) -> None:
    migrations.apply(db, stop_before="m018_terms")
    row = {"key": "shili", "agency": "示例市民政局", "kind": "bureau", "home": "http://mz.example/", "family": "trs"}
    db.table("sources").insert(row)
    migrations.apply(db)

    assert db.execute("select key, terms, terms_url from sources").fetchall() == [("shili", None, None)]
