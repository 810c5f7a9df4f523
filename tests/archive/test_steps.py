"""Steps of long work: done once, gone on with, begun anew when the work is other work."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.export.steps import Busy, Steps


def run(folder: Path, *, made_of: str = "a", fails_at: str | None = None) -> list[str]:
    """Do three steps and give those that were done this time."""
    did: list[str] = []

    def do(name: str) -> None:
        if name == fails_at:
            raise OSError(28, "No space left on device")
        did.append(name)
        (folder / name).write_text(name)

    with Steps(folder, made_of=made_of) as steps:
        for name in ("one", "two", "three"):
            steps.do(name, lambda name=name: do(name))
    return did


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        run(tmp_path / "work", fails_at="two")

    assert run(tmp_path / "work") == ["two", "three"]
    assert run(tmp_path / "work") == []


def test_other_work_begins_in_an_empty_folder(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    run(folder)
    (folder / "deep").mkdir()
    (folder / "deep" / "left").touch()
    with Steps(folder, made_of="b") as steps:
        left = sorted(path.name for path in folder.iterdir())

    assert steps.done == ()
    assert left == ["done", "lock"]
    assert run(folder, made_of="b") == ["one", "two", "three"]


def test_one_at_a_time(tmp_path: Path) -> None:
    with (
        Steps(tmp_path / "work", made_of="a"),
        pytest.raises(Busy, match="is being written by another process"),
        Steps(tmp_path / "work", made_of="a"),
    ):
        pass


def test_nothing_is_left_of_finished_work(tmp_path: Path) -> None:
    run(tmp_path / "work")
    with Steps(tmp_path / "work", made_of="a") as steps:
        steps.finish()

    assert not (tmp_path / "work").exists()


def test_a_step_that_was_torn_while_it_was_noted_is_done_again(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    run(folder)
    done = folder / "done"
    done.write_text(done.read_text().removesuffix("ee\n"))

    assert run(folder) == ["three"]


def test_a_list_of_steps_that_was_never_begun_is_begun(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "done").touch()  # as a full disk leaves it

    assert run(folder) == ["one", "two", "three"]


def test_work_of_which_nothing_could_be_done_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        run(tmp_path / "work", fails_at="one")

    assert not (tmp_path / "work").exists()


def test_a_folder_that_its_holder_takes_away_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"

    def flock(*_: object) -> None:
        shutil.rmtree(folder)

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(Busy):
        Steps(folder, made_of="a")


def test_a_step_is_noted_when_what_it_wrote_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def note(path: Path) -> None:
        seen.append((path.name, (tmp_path / "work" / "done").read_text().splitlines()))

    monkeypatch.setattr("archive.export.steps.sync", note)
    run(tmp_path / "work")

    assert [("one", ["a"]), ("two", ["a", "one"])] == [
        (name, done) for name, done in seen if name in ("one", "two") and name not in done
    ]
