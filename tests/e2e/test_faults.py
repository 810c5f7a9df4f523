"""What goes wrong in years of use: each fault has a clear message and its exit code, and nothing is lost."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.records import Exchange
from archive.store import open_reader
from archive.warc import warc_files
from crawler.demo import Web
from tests.captures import an_exchange, article, write_warc
from tests.dump import dump
from tests.e2e.commands import crawl_fast, minzheng
from tests.web import expected

CONTACT = {"MINZHENG_CONTACT": "test@example.org"}
SITE = "http://mzj.qingshan.example"
SOURCE = f"""
[[source]]
key = "qingshan"
agency = "青山市民政局"
home = "{SITE}/"
family = "auto"
channel = [{{ name = "公示", url = "{SITE}/gs/" }}]
"""


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A WARC file made elsewhere, with thirty articles."""
    pages: list[Exchange] = [
        an_exchange(f"{SITE}/tzgg/t{n}.html", article(f"第{n}号通知", paragraphs=[f"正文{n}，内容各不相同。" * 20]))
        for n in range(30)
    ]
    write_warc(tmp_path / "elsewhere", "20260302T010000Z-aaaaaa", pages)
    [(_, path)] = warc_files(tmp_path / "elsewhere")
    return path


def operator(folder: Path, *, source: str = SOURCE, config: str = "") -> Path:
    """An archive folder with the operator's own files and nothing else."""
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "own.toml").write_text(source, encoding="utf-8")
    (folder / "minzheng.toml").write_text(config, encoding="utf-8")
    return folder


def test_an_unknown_key_of_a_source_is_named_with_what_is_allowed(tmp_path: Path) -> None:
    folder = operator(tmp_path / "archive", source=SOURCE.replace("family", "famliy"))
    done = minzheng(folder, "crawl", "qingshan", env=CONTACT)

    assert done.code == 2
    assert [word for word in ("own.toml", "qingshan", "famliy", "family") if word not in done.err] == []
    assert not (folder / "warc").exists()


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    folder = operator(tmp_path / "archive", config='contact = "a@example.org"\ndelay = = 2\n')
    done = minzheng(folder, "crawl", "qingshan")

    assert done.code == 2
    assert "minzheng.toml" in done.err
    assert "line 2" in done.err


def test_a_crawl_without_a_contact_names_the_line_to_write(tmp_path: Path) -> None:
    done = minzheng(operator(tmp_path / "archive"), "crawl", "qingshan", env={"MINZHENG_CONTACT": ""})

    assert done.code == 2
    assert "contact =" in done.err


def test_a_flipped_byte_costs_one_record_and_is_named(tmp_path: Path, foreign: Path) -> None:
    whole = bytearray(foreign.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    foreign.write_bytes(whole)
    done = minzheng(tmp_path / "archive", "ingest", foreign)
    db = open_reader(tmp_path / "archive" / "notices.db")

    assert done.code == 3
    assert db.table("notices").count in (29, 30)
    [issue] = db.query("select kind, subject from issues")
    assert issue["kind"] == "damaged_warc"
    assert "@" in issue["subject"]
    assert minzheng(tmp_path / "archive", "verify").code == 3
    assert (next((tmp_path / "archive" / "warc" / "ingest").glob("*-00000.warc.gz"))).read_bytes() == bytes(whole)


def test_a_file_that_is_no_warc_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "photo.warc.gz"
    file.write_bytes(random.Random(1).randbytes(4096))
    done = minzheng(tmp_path / "archive", "ingest", file)

    assert done.code == 4
    assert "photo.warc.gz" in done.err
    assert list((tmp_path / "archive" / "warc" / "ingest").glob("*")) == []


def test_a_page_of_random_bytes_costs_an_issue_and_no_crawl(web: Web, tmp_path: Path) -> None:
    victim = next(url for url in web.sites if url.endswith("t20211021_311942.html"))
    noise = random.Random(3).randbytes(5000)
    web.sites.put(victim, noise, headers={"Content-Type": "text/html"})
    done = crawl_fast(tmp_path / "archive")
    db = open_reader(tmp_path / "archive" / "notices.db")

    assert done.code == 3, done.err
    assert victim in {row["subject"] for row in db.query("select subject from issues")}
    assert db.table("notices").count == len(expected()["notices"]) - 1
    (tmp_path / "noise.html").write_bytes(noise)
    assert minzheng(tmp_path / "archive", "extract", tmp_path / "noise.html").code == 4


def test_a_locked_archive_names_its_holder_and_stays_as_it_is(tmp_path: Path, foreign: Path) -> None:
    folder = tmp_path / "archive"
    with Archive.lock(folder, holder="minzheng crawl chongqing"):
        for words in (["ingest", foreign], ["index"], ["rebuild"], ["crawl", "chongqing"]):
            done = minzheng(folder, *words, env=CONTACT)

            assert (done.code, "minzheng crawl chongqing" in done.err) == (4, True), done.err
    assert list(folder.rglob("*.warc.gz")) == []
    assert minzheng(folder, "ingest", foreign).code == 0


def test_no_network_is_said_and_the_next_crawl_finds_everything(web: Web, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    for host in ("mzj.qingshan.example", "www.yunlingmz.example", "www.minshengzc.example"):
        web.sites.take_down(host)
    done = crawl_fast(folder)
    nowhere = crawl_fast(
        tmp_path / "other", env={"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    )

    assert nowhere.code == 4
    assert "127.0.0.1:9" in nowhere.err or "refused" in nowhere.err.lower()
    assert done.code in (3, 4)
    for host in ("mzj.qingshan.example", "www.yunlingmz.example", "www.minshengzc.example"):
        web.sites.bring_up(host)
    assert crawl_fast(folder).code in (0, 3)
    db = open_reader(folder / "notices.db")

    assert db.table("notices").count == len(expected()["notices"])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 700 kB, to be made larger by `remount`."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a small disk needs root and mount")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(disk)], check=False)
    if mounted.returncode != 0:
        pytest.skip("a small disk needs the right to mount one")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_ends_the_crawl_and_a_larger_one_finishes_it(web: Web, tmp_path: Path, small_disk: Path) -> None:
    folder = small_disk / "archive"
    folder.mkdir()
    (folder / "minzheng.toml").write_text("min_free = 1\n", encoding="utf-8")
    done = crawl_fast(folder)

    assert done.code == 1, done.err
    assert "No space left" in done.err or "disk is full" in done.err
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert minzheng(folder, "verify").code in (0, 3, 4)
    assert crawl_fast(folder).code in (0, 3)
    db = open_reader(folder / "notices.db")
    assert db.table("notices").count == len(expected()["notices"])
    db.close()
    before = _dump(folder)
    assert minzheng(folder, "rebuild").code == 0

    assert _dump(folder) == before


def _dump(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    db = open_reader(folder / "notices.db")
    found = dump(db)
    db.close()
    return found
