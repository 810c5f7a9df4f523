"""What was taken down is left out of all that leaves the archive, and stays where it is evidence."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.browse.serve import make_datasette
from archive.cli import main
from archive.decisions import append_decision, read_decisions
from archive.index import Index
from archive.records import Decision, Exchange
from archive.store import open_reader, open_writer
from archive.store.takedowns import taken_down, taken_down_files
from archive.urls import notice_id, url_key
from tests.browsing import Browser
from tests.captures import BUREAU, NOW, PORTAL, an_exchange, article, write_warc

TITLE = "关于某户申请救助情况的通知"
TEXT = ("经入户核查，该户因火灾致房屋损毁，家中老人需长期照护，现将核查情况通知如下，请按程序办理。",) * 2
ORIGINAL = "http://mzj.qingshan.example/tzgg/202603/t20260301_1.html"
FORMER = "http://mzj.qingshan.example/old/1.html"
REPOST = "http://www.zixun.example/a/1.html"
OTHER = "http://mzj.qingshan.example/tzgg/202603/t20260302_2.html"
OTHER_TITLE = "关于举办婚姻登记员培训的通知"
TRAINING = ("婚姻登记员业务培训定于3月举行，内容为新的登记规程与档案管理办法，请各登记处派员参加。",) * 2
NAMED = "http://mzj.qingshan.example/tzgg/202603/t20260303_3.html"
"""An original that was never captured; a portal's copy names it."""
NAMING = "http://www.zixun.example/a/3.html"
FILE = "http://mzj.qingshan.example/files/list.csv"
SAME_FILE = "http://www.zixun.example/files/9.csv"
FILE_TEXT = "受助人员名册：东街十二号等三户。"
FIRST = "20260302T010000Z-aaaaaa"


def with_file(title: str, file: str) -> str:
    """A page that links a file behind its text."""
    link = f'<p>附件：<a href="{file}">名册.csv</a></p>'
    return article(title, paragraphs=TRAINING).replace("</div></div></body>", f"{link}</div></div></body>")


def a_file(url: str) -> Exchange:
    return replace(an_exchange(url, FILE_TEXT), headers=(("Content-Type", "text/csv; charset=utf-8"),))


def indexed(folder: Path) -> None:
    """Bring the database up to date in this process, which is faster than `index`."""
    with closing(open_writer(folder / "notices.db")) as db:
        Index(folder, db, run="test").catch_up()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notice with its repost and its former address, another with a file, one known only from a portal."""
    folder = tmp_path_factory.mktemp("takedown") / "archive"
    pages = [
        an_exchange(ORIGINAL, article(TITLE, paragraphs=TEXT)),
        an_exchange(FORMER, status=301, location=ORIGINAL),
        an_exchange(REPOST, article(TITLE, paragraphs=TEXT, original=ORIGINAL)),
        an_exchange(OTHER, with_file(OTHER_TITLE, FILE)),
        a_file(FILE),
        an_exchange(NAMING, article("关于公布热线的公告", original=NAMED)),
    ]
    write_warc(folder / "warc", FIRST, [BUREAU, PORTAL, *pages])
    indexed(folder)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(template, tmp_path / "archive")


def run(folder: Path, *words: str | Path) -> Result:
    """Run one command on an archive."""
    return CliRunner().invoke(main, ["--archive", str(folder), *map(str, words)])


def rule(folder: Path, *urls: str) -> None:
    """Take addresses down as the command does, without its processes."""
    for url in urls:
        append_decision(
            folder / "decisions.jsonl", Decision(at=NOW, who="op", what="takedown", urls=(url,), why="asked by letter")
        )
    indexed(folder)


def titles_down(folder: Path) -> set[str]:
    with closing(open_reader(folder / "notices.db")) as db:
        titles = {row["id"]: row["title"] for row in db.query("select id, title from notices")}
        return {titles[notice] for notice in taken_down(db)}


@pytest.mark.parametrize("url", [ORIGINAL, REPOST, FORMER, ORIGINAL.replace("http:", "https:")])
def test_a_notice_is_taken_down_by_any_of_its_addresses(folder: Path, url: str) -> None:
    rule(folder, url)

    assert {TITLE} == titles_down(folder)


def test_the_original_that_only_copies_name_takes_them_down(folder: Path) -> None:
    rule(folder, NAMED)

    assert {"关于公布热线的公告"} == titles_down(folder)


def test_a_takedown_taken_back_holds_no_more(folder: Path) -> None:
    assert run(folder, "takedown", REPOST, "--why", "asked", "--who", "op").exit_code == 0
    assert {TITLE} == titles_down(folder)
    assert run(folder, "decisions", "retire", "1", "--why", "a mistake").exit_code == 0

    assert set() == titles_down(folder)


def test_an_address_that_comes_later_is_obeyed_when_it_comes(folder: Path) -> None:
    late = "http://mzj.qingshan.example/tzgg/202603/t20260309_9.html"
    rule(folder, late)
    assert set() == titles_down(folder)
    page = an_exchange(late, article("关于发放高龄津贴的公告", paragraphs=("高龄津贴按月发放，标准另行公布。",) * 4))
    write_warc(folder / "warc", "20260309T010000Z-bbbbbb", [page], at=NOW + timedelta(7))
    indexed(folder)

    assert {"关于发放高龄津贴的公告"} == titles_down(folder)


def test_a_rebuild_and_a_merge_go_on_obeying(folder: Path) -> None:
    rule(folder, REPOST)
    (folder / "notices.db").unlink()
    indexed(folder)
    assert {TITLE} == titles_down(folder)
    merged = Decision(at=NOW, who="op", what="merge", urls=(OTHER, REPOST), why="one notice")
    append_decision(folder / "decisions.jsonl", merged)
    indexed(folder)
    with closing(open_reader(folder / "notices.db")) as db:
        held = {row["notice"] for row in db.query("select notice from copies where url in (?, ?)", [OTHER, REPOST])}

        assert held == taken_down(db)


def test_a_file_goes_by_its_address_and_under_every_other_that_has_its_bytes(folder: Path) -> None:
    twin = an_exchange("http://www.zixun.example/a/9.html", with_file("培训通知转发", SAME_FILE))
    write_warc(folder / "warc", "20260309T010000Z-bbbbbb", [twin, a_file(SAME_FILE)], at=NOW + timedelta(7))
    rule(folder, FILE)
    with closing(open_reader(folder / "notices.db")) as db:
        assert {url_key(FILE), url_key(SAME_FILE)} == taken_down_files(db)
        assert frozenset() == taken_down(db)


def test_a_dry_run_names_notices_and_copies_and_rules_nothing(folder: Path) -> None:
    done = run(folder, "takedown", REPOST, FILE, "--why", "asked", "--dry-run", "--json")
    said = json.loads(done.stdout)

    assert done.exit_code == 0, done.output
    [notice] = said["leaves_out"][0]["notices"]
    assert (notice_id(url_key(ORIGINAL)), TITLE) == (notice["id"], notice["title"])
    assert {ORIGINAL, REPOST} == set(notice["copies"])
    assert [FILE] == [file["url"] for file in said["leaves_out"][1]["files"]]
    assert not (folder / "decisions.jsonl").exists()


def test_a_list_of_addresses_is_ruled_one_by_one_and_each_once(folder: Path, tmp_path: Path) -> None:
    unknown = "http://mz.nowhere.example/1.html"
    listed = tmp_path / "asked.txt"
    listed.write_text(f"{ORIGINAL}\n\n{unknown}\n", encoding="utf-8")
    done = run(folder, "takedown", listed, "--why", "asked")
    again = run(folder, "takedown", ORIGINAL.replace("http:", "https:"), "--why", "asked again")

    assert (0, 0) == (done.exit_code, again.exit_code)
    assert f"nothing is known of {unknown}" in done.stderr
    assert TITLE in done.stdout
    assert "ruled already" in again.stderr
    assert [(ORIGINAL,), (unknown,)] == [one.urls for one in read_decisions(folder / "decisions.jsonl")]


def test_what_is_no_address_is_refused_before_anything_is_ruled(folder: Path) -> None:
    assert run(folder, "takedown", ORIGINAL, "no address", "--why", "asked").exit_code == 2
    assert not (folder / "decisions.jsonl").exists()


def test_takedowns_are_listed_and_go_to_another_archive(folder: Path, template: Path, tmp_path: Path) -> None:
    other = shutil.copytree(template, tmp_path / "other")
    rule(folder, ORIGINAL)
    listed = json.loads(run(folder, "decisions", "--json").stdout)
    run(folder, "decisions", "export", tmp_path / "given.jsonl")
    done = run(other, "decisions", "import", tmp_path / "given.jsonl")

    assert [("takedown", True)] == [(one["what"], one["holds"]) for one in listed]
    assert done.exit_code == 0, done.output
    assert {TITLE} == titles_down(other)
    assert Archive.open(other).rulings()[0].taken_from == "given.jsonl"


def test_the_operators_own_page_says_since_when_and_why(folder: Path) -> None:
    rule(folder, ORIGINAL, FILE)
    browser = Browser(make_datasette(folder / "notices.db"))
    pages = {url: browser.get(f"/notice/{notice_id(url_key(url))}?lang=en").text for url in (ORIGINAL, OTHER, NAMED)}
    browser.close()
    whole, a_file = "Not given out any more", "A file of it is not given out any more"

    assert (True, False) == (whole in pages[ORIGINAL], a_file in pages[ORIGINAL])
    assert (False, True) == (whole in pages[OTHER], a_file in pages[OTHER])
    assert (False, False) == (whole in pages[NAMED], a_file in pages[NAMED])
    assert "since 2026-03-02" in pages[ORIGINAL]
    assert "asked by letter" in pages[ORIGINAL]
