"""`minzheng extract` over files, folders, WARC files and stdin: what is taken, in what order, what a bad page costs."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from errno import EACCES
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.cli import main
from archive.commands.inputs import Input, find_inputs
from archive.commands.reader_pool import read_in_order
from archive.page import MAX_BODY
from archive.records import Reading
from tests.captures import an_exchange, article, write_warc

ROOT = Path(__file__).parents[2]


class Gadget:
    """Does something to the reader that takes it from its connection."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return eval, (self.code,)


KILL = Gadget("__import__('os').kill(__import__('os').getpid(), 9)")
HANG = Gadget("__import__('time').sleep(60)")


def run(*words: str | Path, stdin: bytes | None = None) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["extract", *map(str, words)], input=stdin)


def lines(result: Result) -> list[dict[str, Any]]:
    """The lines that were printed."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def write(path: Path, title: str = "低保标准的通知", *, charset: str = "utf-8") -> Path:
    """Write an article page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(article(title).replace('"utf-8"', f'"{charset}"').encode(charset))
    return path


def test_several_files_give_a_line_each_in_the_order_given(tmp_path: Path) -> None:
    files = [write(tmp_path / name, f"第{name}号通知") for name in ("b.html", "a.txt", "c")]

    result = run(*files)

    assert (0, [str(file) for file in files]) == (result.exit_code, [line["file"] for line in lines(result)])
    assert ["第b.html号通知", "第a.txt号通知", "第c号通知"] == [line["title"] for line in lines(result)]


def test_a_line_is_the_object_of_one_page_after_its_file(tmp_path: Path) -> None:
    page = write(tmp_path / "page.html")

    one, (line,) = json.loads(run(page).stdout), lines(run(tmp_path))

    assert {"file": str(page), **one} == line
    assert ["file", *one] == list(line)
    assert {field.name for field in dataclasses.fields(Reading)} <= set(one)


def test_a_folder_is_read_by_name_and_only_its_pages(tmp_path: Path) -> None:
    taken = ["a/z.HTM", "a.html", "b.jhtml", "index.php?id=3&page=2", "sub/deep/x.shtml", "t20240301_1"]
    left = [".hidden.html", ".git/page.html", "photo.jpg", "notes.txt", "README", "style.css"]
    for name in taken:
        write(tmp_path / name)
    for name in left:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("not a page", "utf-8")
    (tmp_path / "again").symlink_to(tmp_path)

    result = run(tmp_path)

    assert (0, [str(tmp_path / name) for name in taken]) == (
        result.exit_code,
        [line["file"] for line in lines(result)],
    )


def test_a_broken_page_is_a_line_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path / "a.html")
    (tmp_path / "b.html").touch()
    (tmp_path / "c.html").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "d.html").symlink_to(tmp_path / "nothing")
    write(tmp_path / "e.html", charset="gb18030")

    result = run(tmp_path)
    said = lines(result)

    assert 3 == result.exit_code
    assert "3 of 5 pages could not be read" in result.stderr
    assert ["低保标准的通知", None, None, None, "低保标准的通知"] == [line.get("title") for line in said]
    assert "the body is empty (0 bytes)" == said[1]["error"]
    assert said[2]["error"].startswith("not HTML")
    assert {"file": str(tmp_path / "d.html"), "url": None, "error": "No such file or directory"} == said[3]


def test_a_folder_that_may_not_be_read_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> Iterator[Path]:
        raise PermissionError(EACCES, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)  # root may read all

    assert [Input(file=str(tmp_path), error="Permission denied")] == list(find_inputs([str(tmp_path)]))


def test_a_missing_file_is_an_error_of_use_alone_and_a_line_among_others(tmp_path: Path) -> None:
    page = write(tmp_path / "a.html")
    gone = tmp_path / "gone.html"

    assert (2, 3) == (run(gone).exit_code, run(page, gone).exit_code)


def test_nothing_usable_is_exit_code_4(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no page", "utf-8")
    empty = run(tmp_path)
    (tmp_path / "a.html").touch()
    broken = run(tmp_path)

    assert (4, "") == (empty.exit_code, empty.stdout)
    assert "There is no page in" in empty.stderr
    assert (4, 1) == (broken.exit_code, len(lines(broken)))


def test_an_address_is_of_one_page(tmp_path: Path) -> None:
    one = write(tmp_path / "a.html")
    for words in ((one, one), (tmp_path,), (tmp_path / "a.warc.gz",)):
        result = run(*words, "--url", "http://mz.example/1.html")

        assert 2 == result.exit_code
        assert "--url is the address of one page" in result.stderr


def test_stdin_is_one_page(tmp_path: Path) -> None:
    page = write(tmp_path / "a.html")
    alone = run("-", stdin=page.read_bytes())
    beside = run("-", page, stdin=page.read_bytes())

    assert json.loads(run(page).stdout) == json.loads(alone.stdout)
    assert ["-", str(page)] == [line["file"] for line in lines(beside)]
    assert (4, "Error: <stdin> cannot be read: the body is empty (0 bytes)\n") == (
        (empty := run("-", stdin=b"")).exit_code,
        empty.stderr,
    )


def test_a_pipe_is_read_beside_files(tmp_path: Path) -> None:
    page = write(tmp_path / "a.html")
    read, wrote = os.pipe()
    with os.fdopen(wrote, "wb") as pipe:
        pipe.write(page.read_bytes())

    result = run(f"/dev/fd/{read}", page)
    os.close(read)

    assert 0 == result.exit_code
    assert 1 == len({line["title"] for line in lines(result)})


@pytest.mark.parametrize(
    ("head", "url", "evidence"),
    [
        (
            "<!-- saved from url=(0041)http://mz.example/zwgk/t20240301_1.html -->",
            "http://mz.example/zwgk/t20240301_1.html",
            "saved from",
        ),
        (
            "<!--\n Page saved with SingleFile \n url: https://mz.example/a/1.html \n saved date: x\n-->",
            "https://mz.example/a/1.html",
            "saved from",
        ),
        ("<link rel='canonical' href='http://mz.example/a/1.html'>", "http://mz.example/a/1.html", "link:canonical"),
        ("<base href='http://mz.example/a/1.html'>", "http://mz.example/a/1.html", "base"),
        ("<base href='http://mz.example/a/'>", None, None),
        ("<link rel='canonical' href='http://mz.example/'>", None, None),
        ("<link rel='canonical' href='/a/1.html'>", None, None),
        ("<link rel='canonical' href='http://[/1.html'>", None, None),
    ],
)
def test_a_saved_page_tells_its_address(tmp_path: Path, head: str, url: str | None, evidence: str | None) -> None:
    page = tmp_path / "a.html"
    page.write_text(article("低保标准的通知").replace("<head>", f"<head>{head}"), "utf-8")

    said = json.loads(run(page).stdout)

    assert (url, evidence) == (said["url"], said["evidence"].get("url"))


def test_the_pages_of_a_warc_file_have_their_own_addresses(tmp_path: Path) -> None:
    first, last = "http://mz.example/t20240301_1.html", "http://mz.example/t20240301_4.html"
    image = dataclasses.replace(an_exchange("http://mz.example/1.png", "PNG"), headers=(("Content-Type", "image/png"),))
    records = [
        an_exchange(first, article("甲通知")),
        an_exchange(first, article("甲通知")),  # kept as a revisit
        an_exchange("http://mz.example/t20240301_2.html", article("乙通知"), status=404),
        an_exchange("http://mz.example/t20240301_3.html", "", status=302, location=last),
        image,
        an_exchange(last, article("丁通知")),
    ]
    write_warc(tmp_path / "warc", "20260302T010000Z-aaaaaa", records)
    (warc,) = (tmp_path / "warc").rglob("*.warc.gz")
    result = run(warc)
    inside = run(tmp_path)

    assert (0, 0) == (result.exit_code, inside.exit_code)
    assert [(first, "甲通知"), (last, "丁通知")] == [(line["url"], line["title"]) for line in lines(result)]
    assert lines(result) == lines(inside)


def test_a_damaged_place_of_a_warc_file_is_a_line(tmp_path: Path) -> None:
    records = [an_exchange(f"http://mz.example/t20240301_{n}.html", article(f"第{n}号通知")) for n in range(3)]
    write_warc(tmp_path / "warc", "20260302T010000Z-aaaaaa", records)
    (warc,) = (tmp_path / "warc").rglob("*.warc.gz")
    data = warc.read_bytes()
    warc.write_bytes(data[: len(data) // 2] + b"\0" * 40 + data[len(data) // 2 + 40 :])

    result = run(warc)
    damaged = [line for line in lines(result) if "error" in line]

    assert 3 == result.exit_code
    assert damaged
    assert all(line["error"].startswith("damaged at ") for line in damaged)
    assert any("title" in line for line in lines(result))


def test_a_page_that_kills_its_reader_costs_itself_only(tmp_path: Path) -> None:
    good = str(write(tmp_path / "a.html"))
    inputs = [Input(file=good), Input(file="killer", body=KILL), *(Input(file=good) for _ in range(5))]  # type: ignore[arg-type]  # no bytes

    answers = [json.loads(answer.line) for answer in read_in_order(inputs, workers=2)]

    assert ["killer"] == [answer["file"] for answer in answers if "error" in answer]
    assert "its reader was killed by signal 9" == answers[1]["error"]


def test_a_page_that_hangs_is_given_up(tmp_path: Path) -> None:
    good = str(write(tmp_path / "a.html"))
    inputs = [Input(file="slow", body=HANG), *(Input(file=good) for _ in range(3))]  # type: ignore[arg-type]  # no bytes

    answers = [json.loads(answer.line) for answer in read_in_order(inputs, workers=2, seconds=4)]

    assert ["not read within 4 seconds", None, None, None] == [answer.get("error") for answer in answers]


def test_a_page_too_large_for_the_memory_costs_itself_only(tmp_path: Path) -> None:
    good = str(write(tmp_path / "a.html"))
    (tmp_path / "b.html").write_text("<html><p>" + "很长的一段，" * 3_000_000, "utf-8")
    inputs = [Input(file=good), Input(file=str(tmp_path / "b.html")), Input(file=good)]

    answers = [json.loads(answer.line) for answer in read_in_order(inputs, workers=1, memory=200 * 1024**2)]

    assert ["MemoryError" in answer.get("error", "") for answer in answers] == [False, True, False]


def test_a_file_longer_than_a_page_may_be_is_told_so(tmp_path: Path) -> None:
    with (tmp_path / "a.html").open("wb") as file:
        file.truncate(MAX_BODY + 1)

    result = run(tmp_path)

    assert (4, "more than 67108864 bytes") == (result.exit_code, lines(result)[0]["error"])


def test_pages_are_given_before_the_last_is_known(tmp_path: Path) -> None:
    good = str(write(tmp_path / "a.html"))
    taken = 0

    def endless() -> Iterator[Input]:
        nonlocal taken
        while True:
            taken += 1
            yield Input(file=good)

    answers = read_in_order(endless(), workers=2)
    for _ in range(3):
        next(answers)
    answers.close()

    assert taken <= 40


@pytest.fixture
def _heard() -> Iterator[None]:
    """Let what is started hear Ctrl-C, which a shell has its background jobs ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heard")
def test_ctrl_c_ends_it_with_130_and_leaves_no_reader(tmp_path: Path) -> None:
    for number in range(400):
        write(tmp_path / f"{number:03}.html")
    command = [sys.executable, "-m", "archive.cli", "extract", "--workers", "2", str(tmp_path)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    readers = _children(child.pid)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=30)

    assert (130, b"Stopped by Ctrl-C.\n") == (child.returncode, said)
    assert readers
    assert _wait_for_end(readers)


def test_a_name_in_another_charset_is_valid_json(tmp_path: Path) -> None:
    name = os.fsdecode("通知.html".encode("gb18030"))
    write(tmp_path / name)

    done = subprocess.run(
        [sys.executable, "-m", "archive.cli", "extract", str(tmp_path)], cwd=ROOT, capture_output=True, check=True
    )

    assert name == Path(json.loads(done.stdout)["file"]).name


def test_a_device_in_a_folder_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.html")
    write(tmp_path / "b.html")

    assert ["b.html"] == [Path(found.file).name for found in find_inputs([str(tmp_path)])]


def _children(pid: int) -> list[int]:
    said = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(child) for child in said.split()]


def _wait_for_end(pids: list[int]) -> bool:
    for _ in range(100):
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False
