"""A change of tracing is told, tried beside what is served, shown, and published only then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import trace
from archive.cli import main
from archive.store import open_reader, open_writer
from tests.archive.test_comparing import HALF, ORIGINAL, PAGES, TITLE, WHOLE
from tests.captures import BUREAU, PORTAL, write_warc
from tests.dump import dump

ROOT = Path(__file__).parents[2]
CAUTIOUS = """
import archive.trace
import archive.trace.likeness
archive.trace.MATCHER_VERSION = "cautious"
compare = archive.trace.likeness.compare
archive.trace.likeness.compare = lambda page, notices: [x for x in compare(page, notices) if x.match_class == "full"]
"""
"""A tracing that only believes whole texts."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a notice with two reposts that name no original, and another notice."""
    folder = tmp_path_factory.mktemp("shadow") / "archive"
    write_warc(folder / "warc", "20260302T010000Z-aaaaaa", [BUREAU, PORTAL, *PAGES.values()])
    assert run(folder, "index").exit_code == 0
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(template, tmp_path / "archive")


@pytest.fixture
def changed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, and another tracing from now on, in every process."""
    (tmp_path / "sitecustomize.py").write_text(CAUTIOUS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    monkeypatch.setattr(trace, "MATCHER_VERSION", "cautious")
    return folder


def run(folder: Path, *words: str) -> Result:
    """Run one command on an archive."""
    return CliRunner().invoke(main, ["--archive", str(folder), *words])


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every derived row."""
    db = open_reader(folder / "notices.db")
    found = dump(db)
    db.close()
    return found


def test_a_change_of_tracing_is_told_until_it_is_published(changed: Path) -> None:
    told = "tracing changed since the copies were settled (by version 1, now cautious)"
    before = [run(changed, name).stderr for name in ("index", "status")]
    doctor = [one for one in json.loads(run(changed, "doctor", "--json").stdout) if one["name"] == "tracing"]
    run(changed, "rebuild", "--matches")
    after = [run(changed, name).stderr for name in ("index", "status")]

    assert [True, True] == [told in said for said in before]
    assert [("warning", True)] == [(one["state"], "rebuild --matches" in one["advice"]) for one in doctor]
    assert [False, False] == ["tracing changed" in said for said in after]


def test_an_index_run_alone_moves_nothing_that_was_settled(changed: Path) -> None:
    before = rows(changed)
    run(changed, "index")

    assert rows(changed) == before


def test_a_dry_run_shows_what_would_move_and_publishes_nothing(changed: Path) -> None:
    before = rows(changed)
    found = json.loads(run(changed, "rebuild", "--matches", "--dry-run", "--json").stdout)
    shown = run(changed, "rebuild", "--matches", "--dry-run")

    assert (3, 1, 0, 0, False) == tuple(found[name] for name in ("kept", "moved", "added", "dropped", "published"))
    assert [(HALF, TITLE, TITLE, "alone")] == [
        (one["url"], one["title_before"], one["title_after"], one["rule"]) for one in found["moves"]
    ]
    assert f"{HALF}\n  from " in shown.stdout
    assert "copies kept 3, moved 1, added 0, dropped 0" in shown.stdout
    assert "not published" in shown.stderr
    assert rows(changed) == before
    assert not list(changed.glob("notices.new.db*"))


def test_tracing_every_copy_anew_equals_a_whole_rebuild(changed: Path) -> None:
    done = run(changed, "rebuild", "--matches")
    found = rows(changed)
    run(changed, "rebuild")

    assert done.exit_code == 0, done.output
    assert rows(changed) == found
    assert found["matches"] != []


def test_what_copies_did_and_how_notices_are_related_is_told_anew_too(folder: Path) -> None:
    before = rows(folder)
    db = open_writer(folder / "notices.db")
    db.execute("update fidelities set share = 0.5")
    db.execute("delete from relations")
    db.close()
    run(folder, "rebuild", "--matches")

    assert rows(folder) == before
    assert before["fidelities"] != []
    assert before["relations"] != []


def test_what_a_new_tracing_moved_is_on_record(changed: Path) -> None:
    run(changed, "rebuild", "--matches")
    db = open_reader(changed / "notices.db")
    moved = [row["copy"] for row in db.query("select copy from match_history")]
    db.close()

    assert moved == [HALF.removeprefix("http://www.")]


def test_without_a_change_of_tracing_nothing_moves(folder: Path) -> None:
    before = rows(folder)
    done = run(folder, "rebuild", "--matches")

    assert "copies kept 4, moved 0, added 0, dropped 0" in done.stdout
    assert rows(folder) == before
    assert {ORIGINAL, WHOLE, HALF} < {row[1] for row in before["copies"]} | {row[0] for row in before["copies"]}


def test_doctor_tells_of_captures_that_nobody_read(folder: Path) -> None:
    (folder / "notices.db").unlink()
    told = {one["name"]: one for one in json.loads(run(folder, "doctor", "--json").stdout)}

    assert "no notices.db" in told["archive"]["seen"]
    assert "tracing" not in told
