"""Reading a part again equals a whole rebuild; a reader alone makes no revision; what it loses is told."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import extract, intake, outcome
from archive.cli import main
from archive.index import Helpers, Index
from archive.outcome import Verdict
from archive.rebuild import Again, mark_again
from archive.records import Entry, Exchange, Headers, Note, Page, Reading
from archive.store import open_draft, open_reader, open_writer
from archive.store.changes import EXAMPLES, compare_fields, find_losses
from archive.urls import host
from tests.archive.test_order import PART, SPLIT, write_each
from tests.captures import NOW, an_exchange, article, write_warc
from tests.dump import dump

BUREAU = "mzj.qingshan.example"
CRAWL = "20260302T010000Z-aaaaaa"
read, judge = extract.read, outcome.judge

Rows = dict[str, list[tuple[object, ...]]]


def another_reader(monkeypatch: pytest.MonkeyPatch, changes: Callable[[Reading], Reading]) -> None:
    """From now on pages are read otherwise, and the version says so."""

    def read_otherwise(page: Page, entry: Entry | None = None) -> Reading:
        return changes(read(page, entry))

    monkeypatch.setattr(extract, "read", read_otherwise)
    monkeypatch.setattr(extract, "READER_VERSION", "another")


def another_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a page without a list of its own is an article, and one with a second number in its title is none."""

    def judge_otherwise(status: int, headers: Headers, url: str, page: Page | None, size: int) -> Verdict:
        verdict = judge(status, headers, url, page, size)
        if page is not None and "第2季度" in page.html and verdict.kind == "article":
            return Verdict("soft_404", None, "judged otherwise")
        if verdict.outcome == "ok" and page is not None and "栏目首页" in page.html:
            return Verdict("ok", "article")
        return verdict

    monkeypatch.setattr(intake, "judge", judge_otherwise)


def shorter(reading: Reading) -> Reading:
    """Titles without their last character, no attribution, and a text that lost its last line."""
    title = reading.title[:-1] if reading.title else None
    return replace(reading, title=title, attribution=None, text=reading.text.rpartition("\n")[0])


def only_of_bureau(reading: Reading) -> Reading:
    """The same of one source's pages."""
    return shorter(reading) if host(reading.url) == BUREAU else reading


def made_anew(archive: Path) -> Rows:
    with contextlib.closing(open_draft(archive / "new.db")) as db:
        Index(archive, db, run="test").catch_up()
        rows = dump(db)
    for made in archive.glob("new.db*"):
        made.unlink()
    return rows


@pytest.fixture
def archive(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An invented archive that is indexed: redirects, revisits, split articles, rulings' material."""
    files = write_each(tmp_path / "made", random.Random(getattr(request, "param", 7)), 30)
    folder = tmp_path / "archive"
    (folder / "warc" / "2026").mkdir(parents=True)
    for file in files:
        shutil.copy(file, folder / "warc" / "2026")
    write_warc(folder / "warc", "20260101T010000Z-zzzzzz", [])  # sources
    with contextlib.closing(open_draft(folder / "notices.db")) as db:
        Index(folder, db, run="test").catch_up()
    return folder


def read_again(archive: Path, again: Again, helpers: Helpers | None = None) -> Rows:
    with contextlib.closing(open_draft(archive / "notices.db")) as db:
        mark_again(db, again)
        Index(archive, db, run="again", helpers=helpers).catch_up()
        assert db.execute("pragma foreign_key_check").fetchall() == []
        return dump(db)


@pytest.mark.parametrize("archive", range(8), indirect=True)
def test_what_another_reader_read_is_read_again_as_in_a_rebuild(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    another_reader(monkeypatch, shorter)
    another_judge(monkeypatch)

    assert read_again(archive, Again(stale=True)) == made_anew(archive)


@pytest.mark.parametrize("archive", range(20, 24), indirect=True)
def test_one_source_is_read_again_as_in_a_rebuild(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "read", lambda page, entry=None: only_of_bureau(read(page, entry)))

    assert read_again(archive, Again(sources=("qingshan",))) == made_anew(archive)


def test_others_may_read_ahead_of_it(archive: Path) -> None:
    before = made_anew(archive)

    assert read_again(archive, Again(sources=("qingshan", "zixun"), stale=True), Helpers(workers=2, least=0)) == before


def test_nothing_is_left_to_do_after_it(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    another_reader(monkeypatch, shorter)
    read_again(archive, Again(stale=True))
    db = open_reader(archive / "notices.db")

    assert db.execute("select count(*) from dirty").fetchone() == (0,)
    assert db.execute(
        "select count(*) from captures where kind = 'article' and state_digest is not null"
        " and reader_version <> 'another'"
    ).fetchone() == (0,)
    db.close()


def looked_at_again(folder: Path, number: int) -> None:
    """One more crawl, a week later each, that found both pages as they were."""
    at = NOW + timedelta(days=7 * number)
    url = f"http://{BUREAU}/a/t20260301_5.html"
    first = article("关于规范工作的通知").replace("</body>", SPLIT.format(0))
    pages: list[Exchange | Note] = [
        an_exchange(f"http://{BUREAU}/tzgg/1.html", article("关于救助管理的通知"), at=at),
        an_exchange(url, first, at=at),
        an_exchange(PART, article("关于规范工作的通知").replace("</body>", SPLIT.format(1)), at=at),
    ]
    write_warc(folder / "warc", f"2026030{2 + number}T010000Z-aaaaaa", pages, at=at)


def test_a_reader_alone_makes_no_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.closing(open_draft(tmp_path / "notices.db")) as db:
        looked_at_again(tmp_path, 0)
        Index(tmp_path, db, run="test").catch_up()
        another_reader(monkeypatch, shorter)
        looked_at_again(tmp_path, 1)
        Index(tmp_path, db, run="test").catch_up()
        revisions = db.execute("select number, changed, title from revisions order by copy").fetchall()

        assert revisions == [(1, "[]", "关于规范工作的通"), (1, "[]", "关于救助管理的通")]
        assert dump(db) == made_anew(tmp_path)


def some_pages(count: int = 40) -> list[Exchange | Note]:
    """Pages of which a quarter has a second title."""
    return [
        an_exchange(
            f"http://{BUREAU}/tzgg/t{number}.html",
            article(
                f"关于第{number}号事项的{'公告' if number % 4 else '通知'}", paragraphs=[f"正文{number}。" * 30] * 3
            ),
        )
        for number in range(count)
    ]


def without(share: int) -> Callable[[Reading], Reading]:
    """A reader that finds no attribution in one of so many pages, and titles that are longer."""

    def change(reading: Reading) -> Reading:
        number = int(reading.url.rpartition("/t")[2].partition(".")[0])
        attribution = None if number % share == 0 else reading.attribution
        return replace(reading, attribution=attribution, title=f"{reading.title}（全文）")

    return change


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """An archive of forty pages of one source, indexed."""
    write_warc(tmp_path / "warc", CRAWL, some_pages())
    with contextlib.closing(open_draft(tmp_path / "notices.db")) as db:
        Index(tmp_path, db, run="test").catch_up()
    shutil.copy(tmp_path / "notices.db", tmp_path / "old.db")
    return tmp_path


@pytest.mark.parametrize(("share", "lost"), [(10, 4), (1, 40), (1000, 1)])
def test_what_is_lost_and_changed_is_counted_by_field(
    plain: Path, monkeypatch: pytest.MonkeyPatch, share: int, lost: int
) -> None:
    another_reader(monkeypatch, without(share))
    read_again(plain, Again(stale=True))
    old, new = open_reader(plain / "old.db"), open_reader(plain / "notices.db")
    changes = {change.field: change for change in compare_fields(old, new)}
    old.close()
    new.close()
    attribution, title = changes["attribution"], changes["title"]

    assert (attribution.source, attribution.before, attribution.after, attribution.lost) == (
        "qingshan",
        40,
        40 - lost,
        lost,
    )
    assert (title.changed, title.lost, len(title.changed_examples)) == (40, 0, EXAMPLES)
    assert title.changed_examples[0].after == f"{title.changed_examples[0].before}（全文）"
    assert {(loss.source, loss.field) for loss in find_losses([*changes.values()])} == {
        (None, "attribution"),
        ("qingshan", "attribution"),
    }


def test_a_text_that_shrinks_or_vanishes_is_told(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def shrink(reading: Reading) -> Reading:
        number = int(reading.url.rpartition("/t")[2].partition(".")[0])
        lines = reading.text.split("\n")
        return replace(reading, text="\n".join(lines[: (0, 1, 3)[min(number, 2)]]))

    another_reader(monkeypatch, shrink)
    read_again(plain, Again(stale=True))
    old, new = open_reader(plain / "old.db"), open_reader(plain / "notices.db")
    [text] = [change for change in compare_fields(old, new) if change.field == "text"]
    old.close()
    new.close()

    assert (text.before, text.lost, text.changed) == (40, 1, 1)


def test_a_copy_that_is_none_any_more_lost_every_field(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        intake,
        "judge",
        lambda status, headers, url, page, size: (
            Verdict("ok", "list") if url.endswith("/t7.html") else judge(status, headers, url, page, size)
        ),
    )
    read_again(plain, Again(sources=("qingshan",)))
    old, new = open_reader(plain / "old.db"), open_reader(plain / "notices.db")
    lost = {change.field: change.lost for change in compare_fields(old, new)}
    gained = {change.field: change.gained for change in compare_fields(new, old)}
    old.close()
    new.close()

    assert lost["copy"] == lost["title"] == lost["text"] == 1
    assert lost == gained


LOSING = """
import archive.extract
from dataclasses import replace
read = archive.extract.read

def read_less(page, entry=None):
    return replace(read(page, entry), attribution=None)

archive.extract.read = read_less
"""


@pytest.fixture
def losing(plain: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same archive, and a reader that finds no attribution any more, in every process that is started."""
    (plain / "sitecustomize.py").write_text(LOSING, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{plain}:{Path(__file__).parent.parent.parent}")
    return plain


def minzheng(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--archive", str(folder), "rebuild", *arguments])


def test_a_rebuild_that_loses_a_field_ends_with_3_and_says_which(losing: Path) -> None:
    done = minzheng(losing, "--report")
    again = minzheng(losing, "--report", "--accept-loss")

    assert (done.exit_code, again.exit_code) == (3, 0)
    assert "all sources: attribution lost 40 of 40; source qingshan: attribution lost 40 of 40" in done.stderr
    assert "qingshan · attribution · lost 40" in done.stdout
    assert done.stdout.count(f"http://{BUREAU}/tzgg/t") == EXAMPLES
    assert "copies kept 40, moved 0, added 0, dropped 0" in done.stdout


def test_the_report_is_json_too(losing: Path) -> None:
    done = minzheng(losing, "--source", "qingshan", "--report", "--json")
    told = json.loads(done.stdout)
    [attribution] = [field for field in told["fields"] if field["field"] == "attribution"]

    assert done.exit_code == 3
    assert (told["kept"], told["published"]) == (40, False)
    assert told["losses"][0] == {"source": None, "field": "attribution", "before": 40, "lost": 40}
    assert attribution["lost_examples"][0] == {
        "url": f"http://{BUREAU}/tzgg/t0.html",
        "before": "青山市民政局",
        "after": None,
    }


def test_a_reader_that_loses_nothing_is_published_with_its_report(plain: Path) -> None:
    done = minzheng(plain, "--stale", "--report")

    assert done.exit_code == 0, done.output
    assert "lost" in done.stdout.splitlines()[0]


@pytest.mark.parametrize("arguments", [["--accept-loss"], ["--source", "qingshang"], ["--workers", "0"]])
def test_what_makes_no_sense_is_refused(plain: Path, arguments: list[str]) -> None:
    assert minzheng(plain, *arguments).exit_code == 2


def test_without_a_database_there_is_nothing_to_read_again(plain: Path) -> None:
    (plain / "notices.db").unlink()
    done = minzheng(plain, "--stale")

    assert done.exit_code == 4
    assert "`minzheng rebuild` makes it" in done.stderr


@pytest.mark.parametrize("part", [[], ["--source", "qingshan"]])
def test_what_lost_too_much_is_not_published_unless_that_is_accepted(losing: Path, part: list[str]) -> None:
    before = (losing / "notices.db").read_bytes()
    refused = json.loads(minzheng(losing, *part, "--report", "--json").stdout)
    unchanged = (losing / "notices.db").read_bytes() == before
    accepted = json.loads(minzheng(losing, *part, "--report", "--accept-loss", "--json").stdout)
    db = open_reader(losing / "notices.db")

    assert (refused["published"], accepted["published"], unchanged) == (False, True, True)
    assert [(loss["field"], loss["lost"], loss["before"]) for loss in refused["losses"]] == [
        ("attribution", 40, 40)
    ] * 2
    assert db.execute("select count(*) from copies where attribution is not null").fetchone() == (0,)
    db.close()


def test_only_a_draft_may_be_lost_in_a_power_cut(tmp_path: Path) -> None:
    safety = {}
    for opens in (open_writer, open_draft):
        with contextlib.closing(opens(tmp_path / f"{opens.__name__}.db")) as db:
            [(safety[opens],)] = db.execute("pragma synchronous").fetchall()

    assert safety == {open_writer: 2, open_draft: 0}
