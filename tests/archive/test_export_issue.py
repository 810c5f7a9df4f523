"""`export --issue`: what an issue is about as one WARC file, from which another archive sees the same issue."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlite_utils import Database
from warcio.archiveiterator import ArchiveIterator

from archive.archive import Archive
from archive.cli import main
from archive.decisions import append_decision
from archive.index import Index
from archive.ingest import ingest
from archive.records import Channel, Decision, Entry, Issue, Listed, Walked
from archive.store import open_writer
from archive.store.issues import issue_id
from archive.warc import StoredExchange, scan
from tests.captures import NOW, an_exchange, article, write_warc

CRAWL = "20260302T010000Z-aaaaaa"
HOST = "http://mzj.qingshan.example"
LIST = f"{HOST}/tzgg/"
CHANNEL = Channel(source="qingshan", name="通知公告", url=LIST, family="trs")
UNREAD = Issue(kind="unreadable_list", subject=LIST, detail="no list", raised_at=NOW, source="qingshan", channel=LIST)
BLOCK = Issue(kind="blocked", subject="mzj.qingshan.example", detail="site firewall", raised_at=NOW, source="qingshan")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of one crawl: a list that moved, its articles, another host, two issues."""
    records = [
        CHANNEL,
        an_exchange(f"{HOST}/robots.txt", "User-agent: *\nDisallow:"),
        an_exchange(LIST, status=302, location=f"{HOST}/new/"),
        an_exchange(f"{HOST}/new/", "<html><body><p>维护中</p></body></html>"),
        *(_listed(n) for n in range(6)),
        *(an_exchange(f"{HOST}/{n}.html", article(f"关于第{n}件事的通知")) for n in range(6)),
        an_exchange("http://www.zixun.example/1.html", article("民情资讯的消息")),
        an_exchange(f"{HOST}/7.html", "<p>访问被拦截</p>", status=403),
        UNREAD,
        BLOCK,
        Walked(source="qingshan", channel=LIST, started_at=NOW, ended_at=NOW, how="failed"),
    ]
    write_warc(tmp_path / "a" / "warc", CRAWL, records)
    _index(tmp_path / "a").close()
    return tmp_path / "a"


def test_another_archive_sees_the_same_issue(folder: Path, tmp_path: Path) -> None:
    file = _export(folder, UNREAD, tmp_path)
    with Archive.lock(tmp_path / "b", holder="test") as archive:
        list(ingest(archive, [file], [], vantage="elsewhere"))
    seen = "select id, kind, subject, source, channel, detail, state from issues where id = ?"
    key = issue_id(UNREAD.kind, UNREAD.subject)
    with _opened(folder) as ours, _opened(tmp_path / "b") as theirs:
        assert list(ours.query(seen, [key])) == list(theirs.query(seen, [key])) != []


def test_one_issue_taken_in_does_not_close_another_of_its_crawl(folder: Path, tmp_path: Path) -> None:
    with Archive.lock(tmp_path / "b", holder="test") as archive:
        for number, issue in enumerate((UNREAD, BLOCK)):
            file = _export(folder, issue, tmp_path).rename(tmp_path / f"{number}.warc.gz")
            list(ingest(archive, [file], [], vantage="elsewhere"))
    with _opened(tmp_path / "b") as theirs:
        states = {(row["kind"], row["state"]) for row in theirs.query("select kind, state from issues")}

    assert {(UNREAD.kind, "open"), (BLOCK.kind, "open")} <= states


def test_it_holds_the_list_with_its_redirect_robots_and_a_few_articles(folder: Path, tmp_path: Path) -> None:
    file = _export(folder, UNREAD, tmp_path)
    urls = [record.url for record in scan(file) if isinstance(record, StoredExchange)]

    assert {f"{HOST}/robots.txt", LIST, f"{HOST}/new/", f"{HOST}/7.html"} < set(urls)
    assert 3 == sum(url.endswith(tuple(f"/{n}.html" for n in range(6))) for url in urls)
    assert "http://www.zixun.example/1.html" not in urls


def test_the_answer_of_a_host_that_refuses_goes_along(folder: Path, tmp_path: Path) -> None:
    file = _export(folder, BLOCK, tmp_path)
    refused = [record.url for record in scan(file) if isinstance(record, StoredExchange) and record.status == 403]

    assert [f"{HOST}/7.html"] == refused


def test_members_are_those_of_the_archive_byte_for_byte_and_any_reader_reads_them(folder: Path, tmp_path: Path) -> None:
    file = _export(folder, UNREAD, tmp_path)
    whole = next((folder / "warc").glob("*/*.warc.gz")).read_bytes()
    copied = file.read_bytes()
    records = list(scan(file))
    with file.open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]

    assert all(copied[r.place.offset : r.place.end] in whole for r in records)  # type: ignore[union-attr]
    assert "warcinfo" == kinds[0]
    assert kinds.count("request") == kinds.count("response") == sum(isinstance(r, StoredExchange) for r in records)


def test_a_revisit_goes_with_the_answer_that_it_repeats(tmp_path: Path) -> None:
    page = an_exchange(LIST, "<html><body><p>维护中</p></body></html>")
    write_warc(tmp_path / "a" / "warc", CRAWL, [CHANNEL, page, page, UNREAD])
    _index(tmp_path / "a").close()
    file = _export(tmp_path / "a", UNREAD, tmp_path)
    bodies = [record.revisit for record in scan(file) if isinstance(record, StoredExchange)]

    assert [False, True] == sorted(bodies)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["x.warc.gz", "--issue", "nosuch00"], 2, "is no issue of"),
        (["x.warc", "--issue", "nosuch00"], 2, "must end in .warc.gz"),
        (["x.warc.gz", "--issue", "nosuch00", "--format", "csv"], 2, "--format does not go with --issue"),
        (["out"], 2, "Give --format csv, jsonl or another one for the notices"),
    ],
)
def test_what_cannot_be_written_is_said(folder: Path, words: list[str], code: int, said: str) -> None:
    done = _run(folder, *words)

    assert code == done.exit_code
    assert said in done.output


def test_an_issue_about_a_file_says_what_to_send(folder: Path, tmp_path: Path) -> None:
    stray = folder / "warc" / "2026" / "by-hand.warc.gz"
    stray.write_bytes(b"")
    _index(folder).close()
    done = _run(folder, str(tmp_path / "x.warc.gz"), "--issue", issue_id("stray_file", "2026/by-hand.warc.gz"))

    assert 4 == done.exit_code
    assert "send that file itself" in done.output
    assert not (tmp_path / "x.warc.gz").exists()


def test_what_was_taken_down_goes_along_with_no_issue(folder: Path, tmp_path: Path) -> None:
    def articles(file: Path) -> set[str]:
        urls = {record.url for record in scan(file) if isinstance(record, StoredExchange)}
        return {url for url in urls if re.search(r"/[0-5]\.html$", url)}

    gone, *stay = sorted(articles(_export(folder, UNREAD, tmp_path)))
    _take_down(folder, gone)
    file = _export(folder, UNREAD, tmp_path)
    content = gzip.decompress(file.read_bytes()).decode("utf-8", "replace")

    assert gone not in articles(file) > set(stay)
    assert gone not in content
    assert f"关于第{gone[-6]}件事" not in content


def test_an_issue_about_what_was_taken_down_is_not_given_out(folder: Path, tmp_path: Path) -> None:
    _take_down(folder, LIST)
    done = _run(folder, str(tmp_path / "x.warc.gz"), "--issue", issue_id(UNREAD.kind, UNREAD.subject))

    assert 4 == done.exit_code
    assert "taken down" in done.output


def _take_down(folder: Path, url: str) -> None:
    said = Decision(at=NOW, who="op", what="takedown", urls=(url,), why="asked by letter")
    append_decision(folder / "decisions.jsonl", said)
    _index(folder).close()


def _listed(number: int) -> Listed:
    entry = Entry(url=f"{HOST}/{number}.html", title=f"关于第{number}件事的通知")
    return Listed(entry=entry, source="qingshan", channel=LIST, list_url=f"{HOST}/new/", listed_at=NOW)


def _export(folder: Path, issue: Issue, tmp_path: Path) -> Path:
    file = tmp_path / "issue.warc.gz"
    done = _run(folder, str(file), "--issue", issue_id(issue.kind, issue.subject))

    assert 0 == done.exit_code, done.output
    return file


def _run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--archive", str(folder), "export", *words])


def _index(folder: Path) -> Database:
    db = open_writer(folder / "notices.db")
    Index(folder, db, run="test").catch_up()
    return db


class _opened:  # noqa: N801  # reads as a function
    def __init__(self, folder: Path) -> None:
        self.db = _index(folder)

    def __enter__(self) -> Database:
        return self.db

    def __exit__(self, *_: object) -> None:
        self.db.close()
