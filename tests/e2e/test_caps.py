"""What a crawl may take: it ends in order before the disk is full, and leaves the rest of a large source for later."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store import open_reader
from crawler.demo import Web
from tests.e2e.commands import crawl_fast, minzheng
from tests.e2e.operating import operator_folder

UNKEPT = """select count(*) as n from entries where channel like 'http://mzj.qingshan.example/%'
    and url_key not in (select url_key from captures)"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a small disk needs root and mount")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("a small disk needs the right to mount one")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def ask(folder: Path, sql: str) -> list[dict[str, object]]:
    db = open_reader(folder / "notices.db")
    try:
        return list(db.query(sql))
    finally:
        db.close()


def test_a_disk_with_less_than_min_free_is_not_written_to(web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive", config=f"min_free = {2**60}\n")
    done = minzheng(folder, "crawl", "qingshan")

    assert (4, []) == (done.code, web.log), done.err
    assert "min_free" in done.err
    assert not (folder / "warc").exists()


def test_a_crawl_ends_in_order_before_the_disk_is_full_and_the_next_goes_on(web: Web, small_disk: Path) -> None:
    folder = small_disk / "archive"
    folder.mkdir()
    least = shutil.disk_usage(small_disk).free - 1_000_000  # the databases and the WARC file take that at once
    (folder / "minzheng.toml").write_text(f"min_free = {least}\n", encoding="utf-8")
    web.sites.pause = 0.2
    stopped = crawl_fast(folder)
    left_open = list(folder.rglob("*.open"))
    web.sites.pause = 0.0
    (folder / "minzheng.toml").write_text("min_free = 1\n", encoding="utf-8")
    done = crawl_fast(folder)
    reasons = [row["reason"] for row in ask(folder, "select reason from crawls order by started_at")]

    assert (4, []) == (stopped.code, left_open), stopped.err
    assert "min_free asks for" in stopped.err
    assert done.code in (0, 3), done.err
    assert ["min_free", "finished"] == reasons
    assert [{"n": 0}] == ask(folder, UNKEPT)
    assert 0 == minzheng(folder, "verify").code


def test_what_a_large_source_has_left_waits_for_the_next_crawl(web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive", config="max_source_bytes = 20000\n")
    first = minzheng(folder, "crawl", "qingshan")
    raised = ask(folder, "select kind, subject from issues where kind = 'source_too_large'")
    walks = ask(folder, "select distinct how from walks where source = 'qingshan'")
    before = ask(folder, "select id from notices")
    toml = folder / "minzheng.toml"
    toml.write_text(toml.read_text("utf-8").replace("max_source_bytes = 20000\n", ""), encoding="utf-8")
    second = minzheng(folder, "crawl", "qingshan")
    after = ask(folder, "select id from notices")

    assert 3 == first.code, first.err
    assert [{"kind": "source_too_large", "subject": "qingshan"}] == raised
    assert [{"how": "cut"}] == walks
    assert second.code in (0, 3), second.err
    assert (True, [{"n": 0}]) == (len(before) < len(after), ask(folder, UNKEPT))
