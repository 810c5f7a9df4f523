"""`sources add`: a source told, written and given fixtures, over the miniature web and from a file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.catalogue import load_catalogue
from crawler.demo import Web
from tests.crawler.surveying import HOST, fast, make_archive, put_home, put_list
from tests.e2e.commands import ROOT

LIST = f"http://{HOST}/tzgg/"
WORDS = (
    "sources",
    "add",
    "shuimu",
    "--agency",
    "水沐市民政局",
    "--home",
    f"http://{HOST}/",
    "--list",
    f"通知公告={LIST}",
)


@pytest.fixture
def folder(web: Web, tmp_path: Path) -> Path:
    """An archive without sources, beside a web with a bureau that nobody configured."""
    put_home(web, {"通知公告": "/tzgg/"})
    put_list(web, LIST, [7, 6, 5, 4, 3, 2, 1])
    return make_archive(tmp_path / "archive")


def test_a_source_that_was_added_is_crawled(folder: Path) -> None:
    done = fast(folder, *WORDS, "--division", "500000")
    site = load_catalogue(folder / "sources")["shuimu"]
    crawled = fast(folder, "crawl", "shuimu")

    assert 0 == done.code, done.err
    assert ("trs", "500000", (LIST,)) == (
        site.source.family,
        site.source.division,
        tuple(channel.url for channel in site.channels),
    )
    assert 0 == crawled.code, crawled.err
    assert 7 == len(json.loads(fast(folder, "search", "民政服务事项", "--json").out))


def test_its_fixtures_fail_until_a_person_has_confirmed_them(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("pages", "__pycache__"))
    pages = tmp_path / "tests" / "pages"
    pages.mkdir()
    done = fast(folder, *WORDS, "--tests", pages)
    cases = {path.parent.relative_to(pages).as_posix(): path for path in pages.glob("*/*/expected.json")}

    assert 0 == done.code, done.err
    assert {"trs/list-shuimu", "trs/shuimu-notice"} == set(cases)
    assert "水沐" not in "".join(path.read_text("utf-8") for path in pages.rglob("*.*"))
    assert (1, True) == _tests(tmp_path)

    for path in cases.values():
        path.write_text(path.read_text("utf-8").replace('  "confirmed": false,\n', ""), "utf-8")
    assert (0, False) == _tests(tmp_path)


def test_a_list_that_nothing_reads_is_named_and_nothing_is_written(web: Web, folder: Path) -> None:
    web.sites.put(
        LIST,
        "<html><body><p>栏目建设中，敬请期待。</p><p>本栏目正在整理资料，办事请到大厅一楼窗口，节假日照常接待来访群众。</p></body></html>",
    )
    done = fast(folder, *WORDS)

    assert 3 == done.code
    assert "FAILS: no family reads it" in done.out
    assert not list((folder / "sources").glob("*.toml"))


def test_a_source_is_added_from_a_file_without_the_network(web: Web, folder: Path, tmp_path: Path) -> None:
    assert 0 == fast(folder, "crawl", LIST).code
    file = next((folder / "warc").glob("*/*.warc.gz"))
    asked = len(web.log)
    other = make_archive(tmp_path / "other")
    done = fast(other, *WORDS, "--from", file)

    assert 0 == done.code, done.err
    assert asked == len(web.log)
    assert "shuimu" in load_catalogue(other / "sources")


def test_what_is_wrong_is_said_before_anything_is_asked(web: Web, folder: Path) -> None:
    assert "write NAME=URL" in fast(folder, *WORDS[:-1], LIST).err
    assert "family is 'trss'" in fast(folder, *WORDS, "--family", "trss").err
    assert "in the catalogue" in (fast(folder, *WORDS), fast(folder, *WORDS))[1].err


def _tests(checkout: Path) -> tuple[int, bool]:
    """Exit code of the fixtures' tests in a copy of them, and whether they say what to do."""
    words = ["tests/test_fixtures.py", "tests/archive/test_extract.py", "tests/crawler/test_families.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words, "-k", "confirmed or reads_as_written"],
        cwd=checkout,
        env={"PYTHONPATH": f"{checkout}:{ROOT}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, '"confirmed": false' in done.stdout
