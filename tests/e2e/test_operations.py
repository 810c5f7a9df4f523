"""Every command of docs/operations.md runs as it stands there, in order, against the miniature web."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from crawler.demo import Web
from tests.e2e.commands import ROOT, Done
from tests.e2e.operating import operator_folder

LOOKS = ("crawl", "status")
"""Commands that may end with code 3: the miniature web has things that need a look."""


DOWN = """
[[source]]
key = "down"
agency = "某县民政局"
home = "http://mz.down.example/"
delay = 0
channel = [{ name = "通知", url = "http://mz.down.example/tz/" }]
"""
"""A source that raises an issue, for a person to put off."""


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "operations.md").read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def home_with_archive(home: Path) -> Path:
    """A home whose archive knows three sources of the miniature web, one by the key that the page names."""
    folder = operator_folder(home / "archive-data", keys=("qingshan", "yunling", "minshengzc"))
    own = folder / "sources" / "demo.toml"
    entries = own.read_text("utf-8").replace('key = "yunling"', 'key = "chongqing"')
    own.write_text(entries + DOWN, encoding="utf-8")
    return folder


def run_line(line: str, home: Path, web: Web) -> Done:
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run(
        ["sh", "-c", line], cwd=home, capture_output=True, text=True, check=False, timeout=120,
        env={"PATH": path, "HOME": str(home), "USER": os.environ.get("USER", "operator"), **web.env},
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def test_every_command_of_the_page_runs_in_its_order(web: Web, tmp_path: Path) -> None:
    folder = home_with_archive(tmp_path)
    assert len(commands()) > 20
    for line in commands():
        told = line
        if "ISSUE" in line:
            issues = json.loads(run_line("minzheng issues --json", tmp_path, web).out)
            told = line.replace("ISSUE", issues[0]["id"])
        done = run_line(told, tmp_path, web)
        allowed = (0, 3) if any(f" {word}" in line for word in LOOKS) else (0,)

        assert done.code in allowed, f"{told}\n{done.out}\n{done.err}"
        assert "Traceback" not in done.err, f"{told}\n{done.err}"
    again = run_line("minzheng --archive restored/archive-data status --json", tmp_path, web)
    before = run_line("minzheng status --json", tmp_path, web)

    assert json.loads(before.out)["counts"]["notices"] == json.loads(again.out)["counts"]["notices"] > 20
    assert list((folder / "warc" / "ingest").glob("*.warc.gz"))
