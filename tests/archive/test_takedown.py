"""What was taken down is left out of all that leaves the archive, and stays where it is evidence."""

from __future__ import annotations

import gzip
import json
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.browse.serve import make_datasette, published
from archive.cli import main
from archive.decisions import append_decision, read_decisions
from archive.index import Index
from archive.records import Decision, Entry, Exchange, Issue, Listed
from archive.store import open_reader, open_writer
from archive.store.left_out import COVERED
from archive.store.masked import write_masked
from archive.store.outgoing import write_outgoing
from archive.store.search import check_search
from archive.store.takedowns import TAKEN_DOWN, taken_down, taken_down_files
from archive.urls import notice_id, url_key
from tests.browsing import Browser
from tests.captures import BUREAU, NOW, PARAGRAPHS, PORTAL, an_exchange, article, write_warc

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


def test_an_address_that_was_only_listed_leaves_without_its_title(folder: Path, tmp_path: Path) -> None:
    late, channel = "http://mzj.qingshan.example/tzgg/202603/t20260310_10.html", "http://mzj.qingshan.example/tzgg/"
    entry = Entry(url=late, title="关于某人撤销处分的公示")
    listed = Listed(entry=entry, source="qingshan", channel=channel, list_url=channel, listed_at=NOW)
    doubt = Issue(kind="unreadable", subject=late, detail="no text", raised_at=NOW, source="qingshan")
    write_warc(folder / "warc", "20260309T010000Z-bbbbbb", [listed, doubt], at=NOW + timedelta(7))
    rule(folder, late)
    with closing(open_reader(folder / "notices.db")) as db:
        write_outgoing(db, tmp_path / "out.db")
    before, after = ((path).read_bytes() for path in (folder / "notices.db", tmp_path / "out.db"))

    for word in (str(entry.title), late.removeprefix("http://")):
        assert (True, False) == (word.encode() in before, word.encode() in after)
    assert OTHER_TITLE.encode() in after


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


def test_notices_that_print_the_same_are_named_and_stay(folder: Path) -> None:
    around = "http://www.zixun.example/a/7.html"
    before = "各县区民政局要认真学习借鉴下列做法，结合本地实际制定落实措施，并于月底前书面报告进展情况。"
    behind = "另附全省养老机构安全管理会议简讯：会议强调消防与食品两项检查，部署冬季取暖隐患排查工作。"
    page = an_exchange(around, article("工作简报第三期", paragraphs=(before, *PARAGRAPHS, behind), on="2026-03-05"))
    write_warc(folder / "warc", "20260309T010000Z-bbbbbb", [page], at=NOW + timedelta(7))
    said = Decision(at=NOW, who="op", what="split", urls=(around, NAMED), why="a collection")
    append_decision(folder / "decisions.jsonl", said)
    indexed(folder)
    one, both = (run(folder, "takedown", *urls, "--why", "asked", "--dry-run") for urls in ([NAMED], [NAMED, around]))

    assert around in one.stderr
    assert "Warning" not in both.stderr


def test_a_list_of_addresses_is_ruled_one_by_one_and_each_once(folder: Path, tmp_path: Path) -> None:
    unknown = "http://mz.nowhere.example/1.html"
    listed = tmp_path / "asked.txt"
    secure = ORIGINAL.replace("http:", "https:")
    listed.write_text(f"{secure}\n{ORIGINAL}\n\n{unknown}\n", encoding="utf-8")
    done = run(folder, "takedown", listed, "--why", "asked")
    again = run(folder, "takedown", secure, "--why", "asked again")

    assert (0, 0) == (done.exit_code, again.exit_code)
    assert f"nothing is known of {unknown}" in done.stderr
    assert TITLE in done.stdout
    assert "ruled already" in again.stderr
    assert [(ORIGINAL,), (unknown,)] == [one.urls for one in read_decisions(folder / "decisions.jsonl")]


def test_a_list_without_an_address_and_a_long_word_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("\n\n")
    empty, long = (
        run(folder, "takedown", word, "--why", "问", "--who", "op") for word in (tmp_path / "list.txt", "a" * 300)
    )

    assert [2, 2] == [empty.exit_code, long.exit_code]
    assert "there is no address in it; nothing was ruled" in empty.output
    assert "is no web address" in long.output


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


@pytest.fixture(scope="module")
def given_out(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of which a notice and another's file were taken down, with what strangers are served of it."""
    folder = shutil.copytree(template, tmp_path_factory.mktemp("given") / "archive")
    twin = an_exchange("http://www.zixun.example/a/9.html", with_file("培训通知转发", SAME_FILE))
    write_warc(folder / "warc", "20260309T010000Z-bbbbbb", [twin, a_file(SAME_FILE)], at=NOW + timedelta(7))
    rule(folder, REPOST, FILE)
    with closing(open_reader(folder / "notices.db")) as db:
        (folder / "public").mkdir()
        write_masked(db, folder / "public" / "notices.db")
    return folder


OF_THE_NOTICE = (TITLE, TEXT[0], *(url.removeprefix("http://") for url in (ORIGINAL, FORMER, REPOST)))


def test_no_byte_of_the_copy_for_strangers_tells_of_what_was_taken_down(given_out: Path) -> None:
    before, after = ((given_out / name).read_bytes() for name in ("notices.db", "public/notices.db"))
    secrets = [*OF_THE_NOTICE, notice_id(url_key(ORIGINAL)), FILE_TEXT]

    assert [] == [word for word in secrets if word.encode() not in before]
    assert [] == [word for word in secrets if word.encode() in after]
    assert OTHER_TITLE.encode() in after


def test_the_notice_of_a_file_that_was_taken_down_says_that_it_had_one(given_out: Path, tmp_path: Path) -> None:
    copy = shutil.copy(given_out / "public" / "notices.db", tmp_path / "notices.db")
    with closing(open_writer(copy)) as db:
        check_search(db)
        said = list(db.query("select distinct skipped, text, payload_digest from attachments"))
        found = db.execute("select count(*) from notices_fts where notices_fts match zh_match('受助人员')").fetchone()

        assert [{"skipped": TAKEN_DOWN, "text": None, "payload_digest": None}] == said
        assert [{""}, 0, 0] == [
            {row["attachments_text"] for row in db.query("select attachments_text from notices")},
            db.table("files").count,
            found[0],
        ]


@pytest.mark.parametrize("words", [("--format", "sqlite,csv,jsonl"), ("--release", "2026.1")])
def test_no_file_of_an_export_tells_of_it_though_nothing_is_masked(
    given_out: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = run(given_out, "export", tmp_path / "out", *words, "--unmasked")
    assert done.exit_code == 0, done.output
    held = {path.name: unpacked(path) for path in (tmp_path / "out").rglob("*") if path.is_file()}

    assert len(held) >= 3
    for word in (*OF_THE_NOTICE, notice_id(url_key(ORIGINAL)), FILE_TEXT):
        assert [] == [name for name, said in held.items() if word.encode() in said], word
    assert any(OTHER_TITLE.encode() in said for said in held.values())


def test_no_release_tells_of_it_in_the_words_that_chose_its_notices(given_out: Path, tmp_path: Path) -> None:
    notice = notice_id(url_key(ORIGINAL))
    statement = f"select id from notices where id <> '{notice}' and original_url not in ('{ORIGINAL}')"
    done = run(given_out, "export", tmp_path / "out", "--release", "1", "--sql", statement, "--query", f"-{TITLE}")
    assert done.exit_code == 0, done.output
    held = {path.name: unpacked(path) for path in (tmp_path / "out").rglob("*") if path.is_file()}

    assert f"id <> '{COVERED}'".encode() in held["release.json"]
    for word in (*OF_THE_NOTICE, notice):
        assert [] == [name for name, said in held.items() if word.encode() in said], word


def unpacked(path: Path) -> bytes:
    """What a file holds."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def test_strangers_are_served_nothing_of_it(given_out: Path) -> None:
    with published(given_out) as database:
        browser = Browser(make_datasette(database, public=True))
    told = [
        browser.get(address)
        for address in (
            *("/search?q=救助", "/changes", "/changes.atom", "/search.csv?q=民政", "/search.atom?q=民政"),
            *(f"/notice/{notice_id(url_key(ORIGINAL))}", f"/notice/{REPOST}", "/notices/notices.json?_shape=array"),
            "/notices/entries.json?_shape=array",
        )
    ]
    listed = browser.get("/notices/notices.json?_shape=array").json()
    browser.close()

    assert OTHER_TITLE in {row["title"] for row in listed}
    for answer in told:
        body = answer.text.replace(str(answer.url), "")
        assert [] == [word for word in (TITLE, TEXT[0]) if word in body], answer.url
    assert 404 == told[5].status_code


def test_what_was_taken_back_is_served_again(given_out: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(given_out, tmp_path / "archive")
    first = read_decisions(folder / "decisions.jsonl")[0]
    append_decision(folder / "decisions.jsonl", replace(first, at=NOW + timedelta(1), retired_at=NOW + timedelta(1)))
    indexed(folder)
    with published(folder) as database, closing(open_reader(database)) as db:
        assert TITLE in {row["title"] for row in db.query("select title from notices")}
