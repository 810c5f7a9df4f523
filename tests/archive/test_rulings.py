"""Rulings by command: they take effect at once, can be taken back, outlive rebuilds and go from archive to archive."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.cli import main
from archive.decisions import append_decision, read_decisions
from archive.index import Index
from archive.records import Decision
from archive.store import open_reader, open_writer
from archive.urls import notice_id, url_key
from tests.captures import BUREAU, NOW, PORTAL, an_exchange, article, write_warc
from tests.dump import dump

TITLE = "关于规范最低生活保障工作的通知"
ORIGINAL = "http://mzj.qingshan.example/tzgg/202603/t20260301_1.html"
REPOST = "http://www.zixun.example/a/1.html"
SECOND = "http://www.zixun.example/a/2.html"
OTHER = "http://mzj.qingshan.example/tzgg/202603/t20260302_2.html"
TRAINING = ("婚姻登记员业务培训定于3月举行，内容为新的登记规程与档案管理办法，请各登记处派员参加。",) * 2


def crawled(folder: Path, name: str, pages: dict[str, str]) -> Path:
    """An archive that got these pages, address → markup, in a crawl of this name more."""
    exchanges = [an_exchange(url, html) for url, html in pages.items()]
    write_warc(folder / "warc", f"20260302T010000Z-{name * 6}", [BUREAU, PORTAL, *exchanges])
    indexed(folder)
    return folder


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one notice with two reposts, and another notice of the bureau."""
    pages = {ORIGINAL: article(TITLE), OTHER: article("关于举办婚姻登记员培训的通知", paragraphs=TRAINING)}
    reposts = {url: article(TITLE, original=ORIGINAL) for url in (REPOST, SECOND)}
    return crawled(tmp_path_factory.mktemp("rulings") / "archive", "a", {**pages, **reposts})


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(template, tmp_path / "archive")


def indexed(folder: Path) -> None:
    """Bring the database up to date in this process, which is faster than `index`."""
    db = open_writer(folder / "notices.db")
    Index(folder, db, run="test").catch_up()
    db.close()


def run(folder: Path, *words: str | Path) -> Result:
    """Run one command on an archive."""
    return CliRunner().invoke(main, ["--archive", str(folder), *map(str, words)])


def told(folder: Path, *words: str | Path) -> Any:
    """What a command prints as JSON."""
    done = run(folder, *words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def notices(folder: Path) -> dict[str, str]:
    """The address of each copy → the id of its notice."""
    db = open_reader(folder / "notices.db")
    found = {row["url"]: row["notice"] for row in db.query("select url, notice from copies")}
    db.close()
    return found


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every derived row but those of the rulings' image, whose order is that of the file."""
    db = open_reader(folder / "notices.db")
    found = dump(db)
    db.close()
    return {table: lines for table, lines in found.items() if table != "decisions"}


def test_several_copies_leave_their_notice_together(folder: Path) -> None:
    ruled = told(folder, "split", REPOST, SECOND, "--why", "a summary", "--who", "wang")
    held = notices(folder)

    assert [REPOST, SECOND] == [one["urls"][0] for one in ruled["rulings"]]
    assert ruled["notices"] == {url: held[url] for url in ruled["notices"]}
    assert held[ORIGINAL] not in (held[REPOST], held[SECOND])
    assert held[REPOST] == held[SECOND]


def test_an_id_names_the_copy_whose_address_it_is_of(folder: Path) -> None:
    run(folder, "split", notice_id(url_key(SECOND)), "--why", "a summary")
    held = notices(folder)

    assert held[ORIGINAL] == held[REPOST] != held[SECOND]


def test_what_is_parted_from_another_notice_beforehand_never_joins_it(tmp_path: Path) -> None:
    folder = crawled(
        tmp_path / "archive", "a", {ORIGINAL: article(TITLE), SECOND: article("图说低保", paragraphs=TRAINING)}
    )
    assert run(folder, "split", SECOND, "--from", ORIGINAL, "--why", "another text").exit_code == 0
    crawled(folder, "b", {SECOND: article(TITLE, original=ORIGINAL)})
    held = notices(folder)

    assert held[ORIGINAL] != held[SECOND]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["split", OTHER], 2),
        (["split", ORIGINAL, REPOST, SECOND], 2),
        (["split", ORIGINAL, "--from", ORIGINAL], 0),
        (["split", OTHER, "--from", OTHER], 2),
        (["split", "http://mzj.qingshan.example/none.html"], 4),
        (["merge", ORIGINAL, ORIGINAL], 2),
        (["merge", ORIGINAL, "nothing"], 4),
    ],
)
def test_a_ruling_about_nothing_is_refused(folder: Path, words: list[str], code: int) -> None:
    assert run(folder, *words, "--why", "a try").exit_code == code
    assert (code == 0) == (folder / "decisions.jsonl").exists()


def test_a_ruling_that_is_taken_back_leaves_no_trace_in_the_notices(folder: Path) -> None:
    before = rows(folder)
    run(folder, "split", REPOST, "--why", "a summary")
    run(folder, "merge", ORIGINAL, OTHER, "--why", "one notice")
    assert rows(folder) != before
    numbers = [str(one["number"]) for one in told(folder, "decisions")]
    done = run(folder, "decisions", "retire", *numbers, "--why", "I was wrong", "--who", "li")

    assert done.exit_code == 0, done.output
    assert rows(folder) == before
    assert [] == told(folder, "decisions")
    assert [("wang" in one["who"], one["holds"]) for one in told(folder, "decisions", "--all")] == [(False, False)] * 4


def test_only_what_holds_is_taken_back(folder: Path) -> None:
    run(folder, "split", REPOST, "--why", "a summary")
    run(folder, "decisions", "retire", "1", "--why", "I was wrong")

    assert [2, 2] == [run(folder, "decisions", "retire", number, "--why", "again").exit_code for number in ("1", "9")]


def test_rulings_survive_a_rebuild(folder: Path) -> None:
    run(folder, "split", REPOST, "--why", "a summary")
    run(folder, "merge", ORIGINAL, OTHER, "--why", "one notice")
    run(folder, "decisions", "retire", "2", "--why", "I was wrong")
    before = rows(folder)
    (folder / "notices.db").unlink()
    assert run(folder, "rebuild").exit_code == 0

    assert rows(folder) == before


def test_every_id_of_a_notice_that_was_found_and_divided_opens_and_names_the_others(tmp_path: Path) -> None:
    folder = crawled(tmp_path / "archive", "a", {REPOST: article(TITLE, original=ORIGINAL)})
    printed = [notices(folder)[REPOST]]
    crawled(folder, "b", {ORIGINAL: article(TITLE)})
    crawled(folder, "c", {SECOND: article(TITLE)})
    printed.append(notices(folder)[SECOND])
    run(folder, "split", REPOST, "--why", "a summary")
    held = notices(folder)
    printed += held.values()
    assert held[ORIGINAL] == held[SECOND] != held[REPOST]
    for _ in range(2):
        opened = {given: told(folder, "show", given) for given in printed}
        for given, shown in opened.items():
            assert {shown["id"], *(one["id"] for one in shown["successors"])} == set(held.values()), given
        assert opened[notice_id(url_key(ORIGINAL))]["id"] == held[ORIGINAL]
        assert opened[notice_id(url_key(REPOST))]["id"] == held[REPOST]
        (folder / "notices.db").unlink()
        assert run(folder, "rebuild").exit_code == 0

    said = run(folder, "show", held[ORIGINAL]).stderr
    assert f"{held[ORIGINAL]} may have stood for these, too:" in said
    assert "人工裁定分开 a person parted them" in said
    assert held[REPOST] in said
    assert run(folder, "show", REPOST).stderr == ""


def test_an_id_names_nothing_that_it_never_stood_for(folder: Path) -> None:
    run(folder, "split", OTHER, "--from", ORIGINAL, "--why", "another text")
    run(folder, "split", SECOND, "--from", ORIGINAL, "--why", "a summary")
    held = notices(folder)

    assert [held[SECOND]] == [one["id"] for one in told(folder, "show", held[ORIGINAL])["successors"]]
    assert [] == told(folder, "show", held[OTHER])["successors"]


def test_an_id_that_only_a_merge_gave_names_its_successors_when_that_is_taken_back(folder: Path) -> None:
    unseen = "http://mzj.qingshan.example/tzgg/0.html"
    for number, retired_at in ((1, None), (2, NOW)):
        urls = (ORIGINAL, OTHER, unseen)
        append_decision(
            folder / "decisions.jsonl",
            Decision(at=NOW.replace(day=number), who="wang", what="merge", urls=urls, why="one", retired_at=retired_at),
        )
        indexed(folder)
        if number == 1:
            assert set(notices(folder).values()) == {notice_id(url_key(unseen))}
    done = run(folder, "show", notice_id(url_key(unseen)))

    assert done.exit_code == 4
    assert all(notices(folder)[url] in done.stderr for url in (ORIGINAL, OTHER))


def test_two_archives_that_exchange_rulings_come_to_one_mind(tmp_path: Path, folder: Path) -> None:
    other = shutil.copytree(folder, tmp_path / "other")
    run(folder, "split", REPOST, "--why", "a summary", "--who", "wang")
    run(other, "merge", ORIGINAL, OTHER, "--why", "one notice", "--who", "li")
    run(folder, "merge", REPOST, OTHER, "--why", "a repost of that", "--who", "wang")
    run(other, "split", OTHER, "--why", "no", "--who", "li")
    for giver, taker in ((folder, other), (other, folder), (folder, other)):
        run(giver, "decisions", "export", tmp_path / "given.jsonl")
        done = run(taker, "decisions", "import", tmp_path / "given.jsonl", "--name", giver.name)
        assert done.exit_code == 0, done.output
    ours, theirs = (read_decisions(archive / "decisions.jsonl") for archive in (folder, other))

    assert {(one.at, one.who, one.what, one.urls) for one in ours} == {
        (one.at, one.who, one.what, one.urls) for one in theirs
    }
    assert (4, 4) == (len(ours), len(theirs))
    assert [("li", "other")] * 2 == [(one.who, one.taken_from) for one in ours if one.taken_from]
    assert rows(folder) == rows(other)


def test_of_rulings_that_contradict_the_later_holds_in_whichever_archive_it_was_made(folder: Path) -> None:
    later = Decision(at=NOW.replace(day=9), who="li", what="merge", urls=(ORIGINAL, OTHER), why="one")
    earlier = Decision(at=NOW.replace(day=8), who="wang", what="split", urls=(ORIGINAL, OTHER), why="two")
    append_decision(folder / "decisions.jsonl", later)
    append_decision(folder / "given.jsonl", earlier)
    run(folder, "decisions", "import", folder / "given.jsonl")

    assert len(set(notices(folder).values())) == 1


def test_rulings_of_one_instant_hold_alike_in_both_archives(folder: Path) -> None:
    urls = (ORIGINAL, OTHER)
    said = [Decision(at=NOW, who="li", what=what, urls=urls, why="so") for what in ("merge", "split")]
    held = []
    for ordered in (said, said[::-1]):
        (folder / "decisions.jsonl").unlink(missing_ok=True)
        for one in ordered:
            append_decision(folder / "decisions.jsonl", one)
        indexed(folder)
        held.append(notices(folder))

    assert held[0] == held[1]
    assert held[0][ORIGINAL] != held[0][OTHER]


def test_a_ruling_is_later_than_all_that_were_taken_over(folder: Path) -> None:
    urls = (ORIGINAL, OTHER)
    append_decision(
        folder / "given.jsonl", Decision(at=NOW.replace(year=2999), who="li", what="merge", urls=urls, why="one")
    )
    run(folder, "decisions", "import", folder / "given.jsonl")
    run(folder, "split", OTHER, "--why", "no")

    assert len(set(notices(folder).values())) == 2


def test_a_broken_line_is_named_and_the_others_are_taken(folder: Path) -> None:
    given = folder / "given.jsonl"
    append_decision(given, Decision(at=NOW, who="li", what="split", urls=(REPOST, ORIGINAL), why="a summary"))
    given.write_bytes(b'{"at": 1}\n[]\n\xff\n' + given.read_bytes())
    done = run(folder, "decisions", "import", given)

    assert done.exit_code == 3
    assert all(f"line {number} is no ruling" in done.stderr for number in (1, 2, 3))
    assert "it has no 'what'" in done.stderr
    assert "Error(" not in done.stderr
    assert [(REPOST, ORIGINAL)] == [one.urls for one in read_decisions(folder / "decisions.jsonl")]


def test_copies_of_two_notices_that_are_alone_there_are_told_so(folder: Path) -> None:
    run(folder, "split", SECOND, "--why", "another")
    done = run(folder, "split", SECOND, OTHER, "--why", "no")

    assert 2 == done.exit_code
    assert f"{SECOND} is the only copy of notice" in done.stderr


def test_a_dry_run_takes_nothing(folder: Path) -> None:
    given = folder / "given.jsonl"
    append_decision(given, Decision(at=NOW, who="li", what="split", urls=(REPOST, ORIGINAL), why="a summary"))
    found = told(folder, "decisions", "import", given, "--dry-run")

    assert [[REPOST, ORIGINAL]] == [one["urls"] for one in found["taken"]]
    assert not (folder / "decisions.jsonl").exists()


def test_what_an_operator_put_off_elsewhere_is_left_alone(folder: Path) -> None:
    given = folder / "given.jsonl"
    pause = Decision(at=NOW, who="li", what="pause", urls=(BUREAU.home,), about="qingshan", why="they asked")
    append_decision(given, pause)

    assert told(folder, "decisions", "import", given)["taken"] == []
    assert len(told(folder, "decisions", "import", given, "--all")["taken"]) == 1


def test_rulings_leave_the_archive_whole(folder: Path) -> None:
    run(folder, "split", REPOST, "--why", "a summary")
    with Archive.lock(folder, holder="test"):
        done = run(folder, "split", SECOND, "--why", "a summary")

    assert done.exit_code == 4
    assert len(read_decisions(folder / "decisions.jsonl")) == 1


def test_an_own_line_that_is_broken_is_named_before_anything_is_ruled(folder: Path) -> None:
    (folder / "decisions.jsonl").write_text('{"what": "merge"}\n', encoding="utf-8")
    done = [
        run(folder, *words)
        for words in (("split", REPOST, "--why", "x"), ("decisions",), ("review",), ("status",), ("issues",))
    ]

    assert [1] * 5 == [one.exit_code for one in done]
    assert all("decisions.jsonl line 1" in one.stderr for one in done)
    assert (folder / "decisions.jsonl").read_text("utf-8") == '{"what": "merge"}\n'
