"""A release as a person makes it: whole or not at all, the same twice, gone on with after a stop, masked, put down."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.cli import main
from archive.export import release as releases
from archive.index import Index
from archive.ledger import NAME as LEDGER
from archive.ledger import read_ledger
from archive.store import Database, open_writer
from tests.captures import NOW, an_exchange, article, write_warc

HOST = "http://mzj.qingshan.example"
MOBILE = "13812345678"
EVERY = "csv,jsonl,parquet,xlsx,ris,bib,csl.json,gbt.txt,warc,wacz"
FILE = "序号,名称\n1,银杏敬老院\n".encode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of six notices, one of them edited and one with a file, made of its WARC files."""
    folder = tmp_path_factory.mktemp("release") / "archive"
    looks = []
    for number in range(6):
        paragraphs = (
            f"各区民政局：现就第{number}批养老机构备案和等级评定有关事项通知如下，请遵照执行。",
            "一、" + "、".join(f"{word}第{number * 7 + at}项" for at, word in enumerate(WORDS[number])) + "。",
            f"联系人：李建国，手机：{MOBILE}。" if number == 1 else "特此通知。",
        )
        link = f'<p><a href="{HOST}/tzgg/list.csv">附件：名单.csv</a></p>' if number == 2 else ""
        html = article(f"关于第{number}批{WORDS[number][0]}的通知", paragraphs=paragraphs).replace(
            "</body>", f"{link}</body>"
        )
        looks.append(an_exchange(f"{HOST}/tzgg/{number}.html", html, at=NOW + timedelta(minutes=number)))
    file = an_exchange(f"{HOST}/tzgg/list.csv", at=NOW + timedelta(hours=1))
    looks.append(replace(file, headers=(("Content-Type", "text/csv"),), body=FILE))
    with Archive.lock(folder, holder="test") as archive:
        write_warc(archive.warc, f"{NOW:%Y%m%dT%H%M%SZ}-aaaaaa", looks, at=NOW)
        db = open_writer(archive.database)
        Index(archive.path, db, run="test").catch_up()
        db.close()
    return folder


WORDS = (
    ("殡葬服务", "骨灰堂", "公墓", "火化", "节地生态"),
    ("社区养老", "日间照料", "助餐", "助浴", "巡访"),
    ("儿童福利", "孤儿", "收养", "助学", "探访"),
    ("社会组织", "年检", "换届", "评估", "脱钩"),
    ("婚姻登记", "预约", "颁证", "档案", "补领"),
    ("区划地名", "界线", "标志", "命名", "普查"),
)


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of the archive that may be written."""
    return Path(shutil.copytree(made, tmp_path / "archive"))


def export(folder: Path, target: Path, *words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["--archive", str(folder), "export", str(target), *words])


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def table(release: Path, name: str) -> list[dict[str, str]]:
    with (release / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_command_twice_gives_the_same_bytes_in_every_format(folder: Path, tmp_path: Path) -> None:
    asked = [
        "--release",
        "1",
        "--unmasked",
        "--files",
        "--format",
        EVERY,
        "--sample",
        "4",
        "--seed",
        "3",
        "--by",
        "year",
    ]
    for name in ("one", "two"):
        result = export(folder, tmp_path / name, *asked)
        assert result.exit_code == 0, result.output
        time.sleep(1.1)  # a clock in any file would tell
    one, two = files(tmp_path / "one"), files(tmp_path / "two")

    assert one.keys() == two.keys()
    assert [] == [name for name in one if one[name] != two[name]]
    endings = {"csv", "gz", "parquet", "xlsx", "ris", "bib", "json", "txt", "wacz", "sqlite", "cff", "md"}
    assert endings <= {name.rpartition(".")[2] for name in one}
    assert {"coding-sheet.xlsx", "evidence/1.warc.gz", "SHA256SUMS", "notices.csl.json"} <= one.keys()


def test_files_come_along_under_their_digests(folder: Path, tmp_path: Path) -> None:
    assert export(folder, tmp_path / "out", "--release", "1", "--unmasked", "--files").exit_code == 0
    [row] = table(tmp_path / "out", "attachments")

    assert FILE == (tmp_path / "out" / row["file"]).read_bytes()
    assert row["file"] == f"files/{row['sha256'][:2]}/{row['sha256']}.csv"


def test_personal_data_are_masked_unless_all_is_asked_for_and_that_is_put_down(folder: Path, tmp_path: Path) -> None:
    assert export(folder, tmp_path / "masked", "--release", "1").exit_code == 0
    shown = export(folder, tmp_path / "shown", "--release", "2", "--unmasked")
    found = {
        name: [
            path
            for path, data in files(tmp_path / name).items()
            if path.endswith((".csv", ".sqlite")) and MOBILE.encode() in data
        ]
        for name in ("masked", "shown")
    }

    assert [] == found["masked"]
    assert {"notices.csv", "notices.sqlite", "revisions.csv"} <= set(found["shown"])
    assert [("release", "1"), ("release", "2"), ("unmasked", "2")] == [
        (one.what, one.name) for one in read_ledger(folder / LEDGER)
    ]
    assert "personal data stand in it as printed" in shown.output


def test_what_a_release_was_chosen_by_and_parted_by_is_masked_with_it(folder: Path, tmp_path: Path) -> None:
    with closing(open_writer(folder / "notices.db")) as db:
        db.execute("update notices set issuing_agency = ?", [f"值班室{MOBILE}"])
    words = ("--query", MOBILE, "--sample", "1", "--seed", "1", "--by", "agency")
    assert export(folder, tmp_path / "masked", "--release", "1", *words).exit_code == 0
    assert export(folder, tmp_path / "shown", "--release", "2", *words, "--unmasked").exit_code == 0
    telling = {
        name: {path for path, data in files(tmp_path / name).items() if MOBILE.encode() in data}
        for name in ("masked", "shown")
    }

    assert {"README.md", "release.json", "sample.csv", "notices.csv", "notices.sqlite"} <= telling["shown"]
    assert set() == telling["masked"]
    assert 1 == len(table(tmp_path / "masked", "sample"))


@pytest.mark.parametrize("words", [("--release", "1"), ("--format", "csv", "--unmasked")])
def test_what_cannot_be_put_down_is_not_written(folder: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    (folder / LEDGER).mkdir()
    refused = export(folder, tmp_path / "out", *words)

    assert (4, "") == (refused.exit_code, refused.stdout)
    assert f"Cannot write {folder / LEDGER}" in refused.output
    assert not (tmp_path / "out").exists()


def test_what_could_not_be_put_down_in_the_end_is_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("archive.ledger.append", full)
    told = export(folder, tmp_path / "out", "--format", "csv", "--unmasked")

    assert 1 == told.exit_code
    assert "No space left on device" in told.output
    assert "is whole, but not put down: run the same command again" in told.output


def test_a_user_without_a_name_is_put_down_by_number(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", unknown)
    assert export(folder, tmp_path / "out", "--format", "csv", "--unmasked").exit_code == 0

    assert [f"uid {os.getuid()}"] == [one.who for one in read_ledger(folder / LEDGER)]


def test_a_snapshot_inside_the_archive_has_not_left_it(folder: Path) -> None:
    assert export(folder, folder / "snapshots" / "0", "--format", "sqlite", "--unmasked").exit_code == 0
    assert MOBILE.encode() in (folder / "snapshots/0/notices.sqlite").read_bytes()
    assert [] == read_ledger(folder / LEDGER)


@pytest.mark.parametrize("words", [("--format", "warc", "--unmasked"), ("--release", "1"), ("--issue", "x")])
def test_nothing_is_written_among_the_captures(folder: Path, words: tuple[str, ...]) -> None:
    before = files(folder)
    refused = export(folder, folder / "warc" / "out.warc.gz", *words)

    assert 2 == refused.exit_code
    assert "where the archive keeps its captures" in refused.output
    assert before == files(folder)


def test_a_release_inside_the_archive_is_the_one_before_the_next(folder: Path, tmp_path: Path) -> None:
    assert export(folder, folder / "releases" / "1", "--release", "1", "--unmasked").exit_code == 0
    assert export(folder, tmp_path / "two", "--release", "2", "--unmasked").exit_code == 0
    about = json.loads((tmp_path / "two" / "release.json").read_text("utf-8"))

    assert "1" == about["previous"]["name"]


def test_pages_as_they_were_sent_need_a_word(folder: Path, tmp_path: Path) -> None:
    for words in (["--format", "warc"], ["--files"]):
        result = export(folder, tmp_path / "out", "--release", "1", *words)

        assert 2 == result.exit_code
        assert "Give --unmasked, too" in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--source", "nope"), "no source of this archive"),
        (("--sample", "1", "--seed", "0", "--by", "nope"), "nothing to part a sample by"),
        (("--sample", "1", "--seed", "0", "--columns", "id"), "cannot name a column"),
        (("--seed", "0"), "--seed is of a sample"),
    ],
)
def test_what_cannot_be_chosen_is_told_at_once_and_leaves_nothing(
    folder: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    real = export(folder, tmp_path / "out", "--release", "1", *words)
    dry = export(folder, tmp_path / "out", "--release", "1", *words, "--dry-run")

    assert [2, 2] == [real.exit_code, dry.exit_code]
    assert told in real.output
    assert told in dry.output
    assert ["archive"] == [path.name for path in tmp_path.iterdir()]


def test_a_release_says_a_seed_and_a_confidence_of_nought(folder: Path, tmp_path: Path) -> None:
    words = ("--sample", "2", "--seed", "0", "--min-confidence", "0")
    assert export(folder, tmp_path / "out", "--release", "1", *words).exit_code == 0
    selection = json.loads((tmp_path / "out" / "release.json").read_text("utf-8"))["selection"]

    assert {"--sample": 2, "--seed": 0, "--min-confidence": 0} == selection["options"]
    assert selection["words"] == "--min-confidence 0.0 --sample 2 --seed 0"


def test_a_folder_of_something_else_is_left_alone(folder: Path, tmp_path: Path) -> None:
    other, release = tmp_path / "other", tmp_path / "release"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    assert export(folder, release, "--release", "1").exit_code == 0
    before = files(release)
    refused = [export(folder, other, "--release", "1"), export(folder, release, "--release", "2")]

    assert [2, 2] == [result.exit_code for result in refused]
    assert "is no release" in refused[0].output
    assert "holds release 1" in refused[1].output
    assert ({"thesis.txt": b"mine"}, before) == (files(other), files(release))


def test_work_that_was_done_in_a_release_is_not_lost(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("--release", "1", "--sample", "2", "--seed", "1")
    assert export(folder, out, *words).exit_code == 0
    (out / "coding-sheet.xlsx").write_bytes(b"coded")
    (out / "thesis.txt").write_text("mine")
    (out / "notices.csv").unlink()
    before = files(out)
    refused = export(folder, out, *words)

    assert 2 == refused.exit_code
    assert "would be lost: coding-sheet.xlsx, thesis.txt; move it away" in refused.output
    assert before == files(out)


def test_a_release_stands_where_a_link_leads(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "release")
    made = [export(folder, tmp_path / "link", "--release", "1") for _ in range(2)]

    assert [0, 0] == [result.exit_code for result in made]
    assert (tmp_path / "link").is_symlink()
    assert ["release"] == [path.name for path in (tmp_path / "disk").iterdir()]


@pytest.mark.parametrize("target", [".", "..", "/"])
def test_no_release_takes_the_place_of_where_one_is(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    here = tmp_path / "empty" / "empty"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    refused = export(folder, Path(target), "--release", "1")

    assert 2 == refused.exit_code
    assert "name a folder in it" in refused.output
    assert [] == list(here.iterdir())


def test_a_release_that_fails_leaves_the_last_one_and_is_gone_on_with(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert export(folder, tmp_path / "whole", "--release", "1").exit_code == 0
    assert export(folder, out, "--release", "1").exit_code == 0

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(releases, "_describe", full)
        failed = export(folder, out, "--release", "1", "--since", "2020-01-01")
    left = sorted(path.name for path in tmp_path.iterdir())
    done = (tmp_path / ".out.unfinished" / "done").read_text().splitlines()

    assert 1 == failed.exit_code
    assert "No space left on device" in failed.output
    assert files(tmp_path / "whole") == files(out)
    assert [".out.unfinished", "archive", "out", "whole"] == left
    assert "table notices" in done
    assert export(folder, out, "--release", "1", "--since", "2020-01-01").exit_code == 0
    assert not (tmp_path / ".out.unfinished").exists()


def test_a_release_that_was_killed_at_any_step_becomes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    assert export(folder, tmp_path / "whole", "--release", "1").exit_code == 0
    out = tmp_path / "out"
    kills = 0
    for step in ("splits", "snapshot", "table copies", "description", None):
        run = start(folder, out)
        while run.poll() is None and not (step and step in done(out)):
            time.sleep(0.002)
        if run.poll() is None:
            run.send_signal(signal.SIGKILL)
            kills += 1
        run.wait()
        if not out.exists():
            assert step is not None

    assert kills > 0
    assert files(tmp_path / "whole") == files(out)
    assert [] == [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_release_that_was_killed_when_it_stood_in_its_place_is_left_there(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    class Killed(BaseException):
        pass

    def kill(_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(releases.Steps, "finish", kill)
        with pytest.raises(Killed):
            export(folder, out, "--release", "1")
    before = files(out)
    again = export(folder, out, "--release", "1")

    assert 0 == again.exit_code, again.output
    assert before == files(out)
    assert not (tmp_path / ".out.unfinished").exists()


def test_a_release_that_was_moved_aside_when_its_successor_was_killed_is_put_back(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert export(folder, out, "--release", "1").exit_code == 0
    before = files(out)
    rename = Path.rename

    def stop(path: Path, target: Path) -> Path:
        if target == out:
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", stop)
        assert export(folder, out, "--release", "1", "--since", "2020-01-01").exit_code == 130
    assert not out.exists()
    refused = export(folder, out, "--release", "2", "--since", "2021-01-01")

    assert 2 == refused.exit_code
    assert before == files(out)


@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("in_sqlite", [False, True])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what SQLite does not pass on
def test_a_signal_ends_an_export_in_order(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, number: int, code: int, in_sqlite: bool
) -> None:
    def stop(db: Database, *_: object) -> None:
        if in_sqlite:
            db.conn.create_function("stop", 0, lambda: signal.raise_signal(number))
            db.execute("select stop()")
        signal.raise_signal(number)

    monkeypatch.setattr("archive.export.plain.vacuum_into", stop)
    ended = export(folder, tmp_path / "out", "--format", "sqlite")

    assert code == ended.exit_code, ended.output
    assert ["archive"] == [path.name for path in tmp_path.iterdir()]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("words", [("--release", "1"), ("--format", "csv")])
def test_a_disk_that_is_full_for_sqlite_is_told_as_such(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr("archive.export.draft.mask_draft", full)
    failed = export(folder, tmp_path / "out", *words)

    assert 1 == failed.exit_code
    assert f"{tmp_path / 'out'}: No space left on device" in failed.output
    assert ["archive"] == [path.name for path in tmp_path.iterdir()]


def start(folder: Path, out: Path) -> subprocess.Popen[bytes]:
    """Make a release in a process of its own."""
    words = ["--archive", str(folder), "export", str(out), "--release", "1"]
    program = f"from archive.cli import main; main({words!r})"
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL, env=os.environ.copy())


def done(out: Path) -> list[str]:
    path = out.with_name(f".{out.name}.unfinished") / "done"
    try:
        return path.read_text().splitlines()
    except FileNotFoundError:
        return []


def test_a_release_tells_what_changed_since_the_last_one_and_so_does_a_delta(folder: Path, tmp_path: Path) -> None:
    assert export(folder, tmp_path / "one", "--release", "1").exit_code == 0
    paragraphs = (
        "各区民政局：现就新增事项通知如下，请遵照执行。",
        "一、适老化改造、家庭床位、康复辅具租赁。",
        "特此通知。",
    )
    html = article("关于适老化改造的通知", paragraphs=paragraphs)
    with Archive.lock(folder, holder="test") as archive:
        later = NOW + timedelta(days=3)
        look = an_exchange(f"{HOST}/tzgg/9.html", html, at=later)
        write_warc(archive.warc, f"{later:%Y%m%dT%H%M%SZ}-bbbbbb", [look], at=later)
        db = open_writer(archive.database)
        Index(archive.path, db, run="test").catch_up()
        db.close()
    whole = export(folder, tmp_path / "two", "--release", "2")
    delta = export(folder, tmp_path / "delta", "--release", "2.delta", "--changed-since", "1")
    about = {
        name: json.loads((tmp_path / name / "release.json").read_text("utf-8")) for name in ("one", "two", "delta")
    }

    assert (0, 0) == (whole.exit_code, delta.exit_code), whole.output + delta.output
    assert [None, "1", "1"] == [about[name]["previous"] and about[name]["previous"]["name"] for name in about]
    assert [6, 7, 1] == [about[name]["rows"]["notices"] for name in about]
    assert ["added"] == [row["kind"] for row in table(tmp_path / "delta", "changes")]
    [new] = table(tmp_path / "delta", "notices")
    [same] = [row for row in table(tmp_path / "two", "notices") if row["id"] == new["id"]]
    assert new == same  # its split, too
    again = export(folder, tmp_path / "again", "--release", "2")
    assert 0 == again.exit_code
    assert files(tmp_path / "two") == files(tmp_path / "again")


def test_a_release_of_a_choice_is_told_from_one_of_the_same_choice(folder: Path, tmp_path: Path) -> None:
    chosen = ("--query", "养老")
    for name, words in (("1", ()), ("1-old", chosen), ("2", ()), ("2-old", chosen)):
        assert export(folder, tmp_path / name, "--release", name, *words).exit_code == 0
    about = [json.loads((tmp_path / name / "release.json").read_text("utf-8"))["previous"] for name in ("2", "2-old")]

    assert ["1", "1-old"] == [previous["name"] for previous in about]


def test_a_release_whose_predecessor_is_gone_is_made_and_says_so(folder: Path, tmp_path: Path) -> None:
    assert export(folder, tmp_path / "one", "--release", "1").exit_code == 0
    shutil.rmtree(tmp_path / "one")
    made = export(folder, tmp_path / "two", "--release", "2")
    asked = export(folder, tmp_path / "three", "--release", "3", "--changed-since", "1")

    assert 0 == made.exit_code
    assert "which is gone" in made.output
    assert 2 == asked.exit_code
    assert "give the folder where it is now" in asked.output


@pytest.fixture(autouse=True)
def no_folder_is_kept(tmp_path: Path) -> Iterator[None]:
    yield
    for name in ("out", "one", "two", "whole", "again"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
