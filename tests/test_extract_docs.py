"""docs/extract.md, followed word for word in an empty folder with the pages it speaks of."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.captures import an_exchange, article, write_warc
from tests.e2e.commands import ROOT, Done, run

TEXT = (ROOT / "docs" / "extract.md").read_text("utf-8")
PAGES = ROOT / "tests" / "pages" / "trs"
COMMANDS = {
    "minzheng": "-c 'from crawler.cli import main; main(prog_name=\"minzheng\")'",
    "sqlite-utils": "-m sqlite_utils",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a reader of the page has: `page.html`, a folder `pages`, and `captures.warc.gz`."""
    shutil.copy(PAGES / "article" / "page.html", tmp_path)
    (tmp_path / "pages").mkdir()
    for case in ("article", "attachments", "three-dates"):
        shutil.copy(PAGES / case / "page.html", tmp_path / "pages" / f"{case}.html")
    record = an_exchange("http://mzj.example/t20260301_1.html", article("关于低保的通知"))
    write_warc(tmp_path / "warc", "20260302T010000Z-aaaaaa", [record])
    (warc,) = (tmp_path / "warc").rglob("*.warc.gz")
    warc.rename(tmp_path / "captures.warc.gz")
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name, words in COMMANDS.items():
        (bin_folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', "utf-8")
        (bin_folder / name).chmod(0o755)
    return tmp_path


def test_every_command_of_the_page_does_what_it_says(folder: Path) -> None:
    commands = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
    done = [follow(command, folder) for command in commands]
    (shown,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    lines = [json.loads(line) for line in (folder / "readings.jsonl").read_text("utf-8").splitlines()]

    assert [0] * len(commands) == [one.code for one in done], [one.err for one in done]
    assert json.loads(shown).items() <= json.loads(done[0].out).items()
    assert [f"pages/{case}.html" for case in ("article", "attachments", "three-dates")] + ["captures.warc.gz"] == [
        line["file"] for line in lines
    ]
    assert all(line["title"] in done[-1].out for line in lines)


def follow(command: str, folder: Path) -> Done:
    """Run one command line of the page in a folder."""
    return run(["sh", "-c", command], cwd=folder, env={"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"})
