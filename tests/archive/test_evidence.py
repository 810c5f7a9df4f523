"""Raw evidence: records copied as they are, in forms that others read; one notice as a folder that explains itself."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_STORED, ZipFile

import pytest
from click.testing import CliRunner, Result
from warcio.archiveiterator import ArchiveIterator

from archive.archive import Archive
from archive.cli import main
from archive.commands.terminal import bar
from archive.decisions import append_decision
from archive.export.evidence import wacz, warc, write_evidence
from archive.export.evidence.bundle import write_bundle
from archive.export.evidence.files import NotTheFile, write_files
from archive.export.evidence.wacz import surt, write_wacz
from archive.export.evidence.warc import RawIsUnmasked
from archive.index import Index
from archive.ingest import ingest
from archive.ledger import NAME, read_ledger
from archive.records import Channel, Decision, Entry, Exchange, Failure, Listed
from archive.release_checks import Finding, check_release
from archive.store import Database, open_reader, open_writer
from archive.store.choosing import Choice
from archive.store.dataset import vacuum_into
from archive.store.decisions import put_decisions
from archive.store.evidence import Evidence, listing_keys
from archive.store.masked import masked_copy
from archive.store.outgoing import write_outgoing
from archive.store.takedowns import addresses_left_out
from archive.urls import url_key
from archive.warc import StoredExchange, StoredNote, read_exchange, scan
from tests import build
from tests.archive.test_warc_foreign import record
from tests.captures import BUREAU, NOW, PARAGRAPHS, an_exchange, article, write_warc

HOST = "http://mzj.qingshan.example"
LIST = f"{HOST}/tzgg/"
PAGE = f"{HOST}/tzgg/1.html"
OLD = f"{HOST}/old/1.html"
LINK = f"{HOST}/tzgg/P1.csv"
FILE = f"{HOST}/f/1.csv"
GONE = f"{HOST}/tzgg/7.html"
REPOST = "http://www.zixun.example/1.html"
OTHER = f"{HOST}/tzgg/2.html"
ELSEWHERE = "http://elsewhere.example/"
TITLE = "关于规范最低生活保障工作的通知"
TABLE = "姓名,低保金\n张三,八百元\n".encode()
LATER = NOW + timedelta(days=9)
FIRST, SECOND = "20260302T010000Z-aaaaaa", "20260311T010000Z-bbbbbb"


class Held(NamedTuple):
    """An archive, and a database of one notice chosen from it, with the whole database beside."""

    folder: Path
    chosen: Database
    whole: Database
    notice: str

    @property
    def warc(self) -> Path:
        return self.folder / "warc"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """A notice with a repost, a redirect to it, a file behind a redirect, a second look; and a notice beside it."""
    folder = tmp_path_factory.mktemp("held")
    page = an_exchange(PAGE, article(TITLE, paragraphs=(*PARAGRAPHS, f'附件：<a href="{LINK}">低保对象名单</a>')))
    entries = [(PAGE, TITLE), (OTHER, "关于另一件事的通知")]
    listed = [
        Listed(entry=Entry(url=url, title=title), source=BUREAU.key, channel=LIST, list_url=LIST, listed_at=NOW)
        for url, title in entries
    ]
    elsewhere = replace(BUREAU, key="elsewhere", home=ELSEWHERE, addresses=("elsewhere.example/",))
    records = [
        elsewhere,
        Channel(source=BUREAU.key, name="通知公告", url=LIST, family="trs"),
        Channel(source="elsewhere", name="通知公告", url=ELSEWHERE, family="trs"),
        an_exchange(
            LIST, "".join(f'<li><a href="{url}">{title}</a><b>2026-03-01</b></li>' for url, title in entries * 9)
        ),
        *listed,
        an_exchange(OLD, status=301, location=PAGE),
        page,
        an_exchange(LINK, status=302, location=FILE),
        _file(gzip.compress(TABLE, mtime=0)),
        an_exchange(REPOST, article(TITLE, original=PAGE)),
        an_exchange(OTHER, article("关于另一件事的通知", paragraphs=PARAGRAPHS[::-1], on="2026-02-01")),
    ]
    write_warc(folder / "warc", FIRST, records)
    again = [replace(page, fetched_at=LATER), replace(page, fetched_at=LATER + timedelta(hours=1))]
    edited = an_exchange(REPOST, article(f"{TITLE}（转载）", original=PAGE), at=LATER)
    failed = Failure(url=GONE, raw_url=None, fetched_at=LATER, outcome="unreachable", detail="no answer")
    write_warc(folder / "warc", SECOND, [*again, edited, failed], at=LATER)
    whole = open_writer(folder / "notices.db")
    Index(folder, whole, run="test").catch_up()
    notice = whole.execute("select notice from copies where url = ?", [PAGE]).fetchone()[0]
    write_outgoing(whole, folder / "chosen.db", Choice(ids=(notice,)))
    with closing(open_reader(folder / "chosen.db")) as chosen:
        yield Held(folder, chosen, whole, notice)
    whole.close()


def _file(body: bytes) -> Exchange:
    headers = (("Content-Type", "text/csv"), ("Content-Encoding", "gzip"))
    return replace(an_exchange(FILE), headers=headers, body=body)


@pytest.fixture(scope="module")
def written(held: Held, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The WARC of the chosen notice."""
    out = tmp_path_factory.mktemp("written")
    [path] = warc.write_warc(out, held.warc, held.chosen, name="证据").files
    return path


def test_members_are_the_archive_s_own_and_any_reader_finds_their_digests_right(held: Held, written: Path) -> None:
    whole = b"".join(path.read_bytes() for path in sorted(held.warc.glob("*/*")))
    data = written.read_bytes()
    with written.open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]

    assert all(data[one.place.offset : one.place.end] in whole for one in scan(written))  # type: ignore[union-attr]
    assert ["warcinfo", "warcinfo"] == kinds[:2]
    assert kinds.count("request") == kinds.count("response") + kinds.count("revisit")


def test_it_has_each_capture_of_the_notice_and_of_no_other(held: Held, written: Path) -> None:
    rows = held.chosen.execute("select record_id from captures where status is not null").fetchall()
    found = [one for one in scan(written) if isinstance(one, StoredExchange)]

    assert {row for (row,) in rows} == {one.place.record_id for one in found}
    assert {OLD, PAGE, LINK, FILE, REPOST} == {one.url for one in found}


def test_a_revisit_comes_with_the_record_that_it_repeats(written: Path) -> None:
    found = [one for one in scan(written) if isinstance(one, StoredExchange) and one.url == PAGE]
    full = {one.place.record_id for one in found if not one.revisit}
    named = {one.earlier.record_id for one in found if one.earlier is not None}

    assert any(one.revisit for one in found)
    assert named <= full


def test_notes_about_the_notice_go_along_and_of_others_none(written: Path) -> None:
    notes = [one.note for one in scan(written) if isinstance(one, StoredNote)]
    said = [type(note).__name__ for note in notes]

    assert [PAGE] == [note.entry.url for note in notes if isinstance(note, Listed)]
    assert {"Crawl", "CrawlEnd", "Source", "Channel", "Listed"} == set(said)
    assert [BUREAU.key] == [note.source for note in notes if isinstance(note, Channel)]
    assert (2, 2) == (said.count("Crawl"), said.count("CrawlEnd"))


def test_a_failure_is_the_evidence_of_its_capture(held: Held, tmp_path: Path) -> None:
    [path] = warc.write_warc(tmp_path, held.warc, held.whole, name="whole").files

    assert [GONE] == [
        one.note.url for one in scan(path) if isinstance(one, StoredNote) and isinstance(one.note, Failure)
    ]


def test_records_of_other_programs_are_copied_and_found_whatever_their_form(tmp_path: Path) -> None:
    page = article(TITLE).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    digest = f"WARC-Payload-Digest: sha256:{hashlib.sha256(page).hexdigest()}"
    records = [
        record("warcinfo", b"software: other\r\n"),
        record("request", b"GET /tzgg/1.html HTTP/1.1\r\n\r\n", url=PAGE),  # before its answer, neither with an id
        record("response", answer + page, url=PAGE),
        record("response", answer + page, "WARC-Record-ID: <urn:x:2>", digest, url=OTHER),
        record("revisit", answer, "WARC-Record-ID: <urn:x:3>", digest, url=REPOST),  # of another address
    ]
    (tmp_path / "other.warc").write_bytes(b"".join(records))  # not packed
    with Archive.lock(tmp_path / "a", holder="test") as archive:
        list(ingest(archive, [tmp_path / "other.warc"], [BUREAU], vantage="elsewhere"))
        with closing(open_writer(archive.database)) as db:
            Index(archive.path, db, run="test").catch_up()
            notice = db.execute("select notice from copies where url = ?", [PAGE]).fetchone()[0]
            folder = write_bundle(tmp_path / "out", archive.warc, db, notice).folder
    with (folder / "evidence.warc.gz").open("rb") as stream:
        kinds = [one.rec_type for one in ArchiveIterator(stream, check_digests="raise")]

    assert ["request", "response"] == [one for one in kinds if one in ("request", "response")][:2]
    assert [] == [found for found in check_release(folder, bar) if isinstance(found, Finding)]
    assert "只有那些程序知道" in (folder / "index.html").read_text("utf-8")


def test_a_choice_takes_along_what_has_in_full_what_a_revisit_repeats(tmp_path: Path) -> None:
    with closing(build.an_archive(tmp_path / "a.db")) as db:
        notice = build.a_notice(db, url=PAGE)
        other = build.a_notice(db, url=OTHER)
        build.a_capture(db, PAGE, payload_digest="sha256:aa", revisit=1)
        for day in (3, 2):
            build.a_capture(db, OTHER, payload_digest="sha256:aa", fetched_at=f"2026-03-0{day}T02:00:00.000Z")
        write_outgoing(db, tmp_path / "chosen.db", Choice(ids=(notice,)))
    with closing(open_reader(tmp_path / "chosen.db")) as chosen:
        taken = chosen.execute("select fetched_at from captures where url = ?", [OTHER]).fetchall()

        assert [("2026-03-02T02:00:00.000Z",)] == taken
        assert not chosen.execute("select 1 from notices where id = ?", [other]).fetchall()


def test_what_is_left_out_is_nowhere_in_it(held: Held, tmp_path: Path) -> None:
    keys = {url_key(REPOST), *listing_keys(held.whole)}
    done = warc.write_warc(tmp_path, held.warc, held.whole, name="without", left_out=keys)
    unpacked = gzip.decompress(done.files[0].read_bytes())

    assert REPOST.encode() not in re.sub(rb"Location: .*", b"", unpacked)
    assert LIST not in {one.url for one in scan(done.files[0]) if isinstance(one, StoredExchange)}
    assert {"left out"} == {one.why for one in done.missing}
    assert done.captures == held.whole.table("captures").count - len(done.missing)


def test_lists_stay_away_where_anything_is_left_out_for_they_print_its_title(held: Held, tmp_path: Path) -> None:
    urls = {}
    for name, left_out in (("all", ()), ("some", [url_key(OTHER)])):
        (tmp_path / name).mkdir()
        given = {"name": name, "formats": ["warc"], "left_out": left_out, "bar": bar}
        write_evidence(tmp_path / name, held.warc, held.whole, **given)
        [path] = (tmp_path / name).glob("*.warc.gz")
        urls[name] = {one.url for one in scan(path) if isinstance(one, StoredExchange)}

    assert {LIST, OTHER} == urls["all"] - urls["some"]


def test_a_file_that_is_full_is_followed_by_another(held: Held, written: Path, tmp_path: Path) -> None:
    files = warc.write_warc(tmp_path, held.warc, held.chosen, name="s", shard=1500).files
    records = [one.place.record_id for path in files for one in scan(path)]  # type: ignore[union-attr]

    assert ["s-00000.warc.gz", "s-00001.warc.gz"] == [path.name for path in files[:2]]
    assert records == [one.place.record_id for one in scan(written)]  # type: ignore[union-attr]
    for path in files:
        with path.open("rb") as stream:
            kinds = [one.rec_type for one in ArchiveIterator(stream)]
        assert "warcinfo" == kinds[0]
        assert kinds.count("request") == kinds.count("response") + kinds.count("revisit")


def test_a_record_that_cannot_be_read_is_told_and_the_others_are_written(held: Held, tmp_path: Path) -> None:
    for path in held.warc.glob("*/*"):
        (tmp_path / "warc" / path.parent.name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "warc" / path.parent.name / path.name).write_bytes(path.read_bytes())
    row = next(held.chosen.query("select * from captures where url = ?", [REPOST]))
    damaged = tmp_path / "warc" / row["warc_file"]
    data = bytearray(damaged.read_bytes())
    data[row["warc_offset"] + 30] ^= 0xFF
    damaged.write_bytes(bytes(data))
    done = warc.write_warc(tmp_path, tmp_path / "warc", held.chosen, name="x")

    assert [(row["record_id"], "cannot be read")] == [(one.record_id, one.why) for one in done.missing]
    assert done.captures == held.chosen.table("captures").count - 1


def test_no_raw_page_goes_with_what_is_masked(held: Held, tmp_path: Path) -> None:
    with masked_copy(held.whole, tmp_path) as masked:
        with pytest.raises(RawIsUnmasked, match="--unmasked"):
            warc.write_warc(tmp_path, held.warc, masked, name="x")
        with pytest.raises(RawIsUnmasked, match="--files"):
            list(write_files(tmp_path, held.warc, masked, missed=pytest.fail))

    assert [] == list(tmp_path.glob("*"))


@pytest.fixture(scope="module")
def package(held: Held, written: Path) -> Path:
    """The WACZ of the chosen notice."""
    target = written.with_suffix(".wacz")
    write_wacz(target, [written], Evidence(held.chosen).shown(), title="一件公告")
    return target


def test_a_wacz_lists_each_state_once_by_its_title_the_original_first(package: Path) -> None:
    with ZipFile(package) as file:
        head, *pages = map(json.loads, file.read("pages/pages.jsonl").decode().splitlines())

    assert "json-pages-1.0" == head["format"]
    assert [(PAGE, TITLE), (REPOST, TITLE), (REPOST, f"{TITLE}（转载）")] == [
        (one["url"], one["title"]) for one in pages
    ]
    assert "2026-03-02T01:00:00.000Z" == pages[0]["ts"]


def test_pages_are_those_that_showed_a_copy_the_original_first_whatever_their_addresses(tmp_path: Path) -> None:
    with closing(build.an_archive(tmp_path / "a.db")) as db:
        first = "http://a.example/1.html"
        notice = build.a_notice(db, url=PAGE)
        build.a_copy(db, notice, first)
        build.a_capture(db, PAGE, kind=None, outcome="moved", record_id="<urn:test:0>")  # of the same instant

        assert [PAGE, first] == [shown.url for shown in Evidence(db).shown()]
        assert "<urn:test:0>" not in {shown.record_id for shown in Evidence(db).shown()}


def test_the_manifest_of_a_wacz_holds_for_each_member_and_archives_are_stored(package: Path) -> None:
    with ZipFile(package) as file:
        manifest = json.loads(file.read("datapackage.json"))
        digest = json.loads(file.read("datapackage-digest.json"))["hash"]
        stated = {one["path"]: one["hash"] for one in manifest["resources"]}
        found = {name: f"sha256:{hashlib.sha256(file.read(name)).hexdigest()}" for name in file.namelist()}

        assert stated.items() < found.items()
        assert {"datapackage.json", "datapackage-digest.json"} == found.keys() - stated.keys()
        assert (digest, manifest["wacz_version"]) == (found["datapackage.json"], "1.1.1")
        assert {ZIP_STORED} == {one.compress_type for one in file.infolist() if one.filename.endswith(".gz")}
        assert {(1980, 1, 1, 0, 0, 0)} == {one.date_time for one in file.infolist()}


def test_each_line_of_the_index_leads_to_its_record(package: Path, written: Path) -> None:
    with ZipFile(package) as file:
        lines = gzip.decompress(file.read("indexes/index.cdx.gz")).decode().splitlines()
    said = [json.loads(line.split(" ", 2)[2]) for line in lines]
    (written.parent / "x").mkdir(exist_ok=True)
    found = [read_exchange(written.parent, written.name, int(one["offset"])) for one in said]

    assert sorted(lines) == lines
    assert [one["url"] for one in said] == [one.url for one in found]
    assert sum(isinstance(one, StoredExchange) for one in scan(written)) == len(lines)
    assert "warc/revisit" in {one["mime"] for one in said}


def test_the_index_is_the_same_however_little_is_sorted_at_once(
    package: Path, held: Held, written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wacz, "_SORTED", 2)
    write_wacz(tmp_path / "x.wacz", [written], Evidence(held.chosen).shown(), title="一件公告")

    assert package.read_bytes() == (tmp_path / "x.wacz").read_bytes()


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.MZJ.example:8080/A?b=2&a=1", "example,mzj:8080)/a?a=1&b=2"),
        ("https://mzj.qs.example", "example,qs,mzj)/"),
        ("http://user@www2.mzj.example/x/", "example,mzj)/x/"),
    ],
)
def test_addresses_are_sorted_by_their_host_from_right_to_left(url: str, key: str) -> None:
    assert key == surt(url)


def test_a_file_is_written_decoded_once_under_its_digest(held: Held, tmp_path: Path) -> None:
    digest = hashlib.sha256(TABLE).hexdigest()
    found = list(write_files(tmp_path, held.warc, held.chosen, missed=pytest.fail))

    assert [(digest, f"files/{digest[:2]}/{digest}.csv")] == found
    assert TABLE == (tmp_path / found[0][1]).read_bytes()


@pytest.mark.parametrize("address", [LINK, FILE])
def test_a_file_is_not_written_where_any_of_its_addresses_is_left_out(held: Held, tmp_path: Path, address: str) -> None:
    found = write_files(tmp_path, held.warc, held.chosen, missed=pytest.fail, left_out={url_key(address)})

    assert [] == list(found)


def test_another_file_than_the_row_tells_of_is_told_and_not_written(held: Held, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    held.chosen.execute("vacuum into ?", [str(copy)])
    missed: list[NotTheFile] = []
    with closing(open_writer(copy)) as db:
        db.execute("update files set sha256 = 'sha256:' || hex(zeroblob(32))")
        found = list(write_files(tmp_path, held.warc, db, missed=missed.append))

    assert ([], 1) == (found, len(missed))
    assert "holds sha256:" in str(missed[0])
    assert not (tmp_path / "files").exists()


def test_the_evidence_of_a_notice_is_the_same_twice_and_agrees_with_itself(held: Held, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_bundle(tmp_path / name, held.warc, held.whole, held.notice)
    one, two = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    findings = [found for found in check_release(tmp_path / "one", bar) if isinstance(found, Finding)]

    assert one == two
    assert [] == findings
    assert {"SHA256SUMS", "evidence.wacz", "evidence.warc.gz", "index.html", "notice.json"} < {
        str(name) for name in one
    }
    assert [tmp_path / "one", tmp_path / "two"] == sorted(tmp_path.iterdir())
    assert b"elsewhere" not in one[Path("notice.json")]


def test_the_page_says_in_both_languages_what_is_proved_and_what_is_not(held: Held, tmp_path: Path) -> None:
    write_bundle(tmp_path / "out", held.warc, held.whole, held.notice)
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    digest = hashlib.sha256((tmp_path / "out" / "evidence.warc.gz").read_bytes()).hexdigest()

    for said in ("不能证明什么", "What it does not prove", "没有第三方时间戳", "no timestamp by a third party"):
        assert said in page
    for said in ("未作遮盖", "Nothing in it is masked", "公证", "notarised", "minzheng verify", digest, REPOST):
        assert said in page
    assert not re.search(r"<script|javascript:|\son\w+=|https?://[^\s<]*\.(js|css)|<link|<img", page)


def test_nothing_that_a_page_printed_becomes_markup(tmp_path: Path) -> None:
    title = "<script>alert(1)</script>关于<b>标题</b>的通知"
    with Archive.lock(tmp_path / "a", holder="test") as archive:
        write_warc(archive.warc, FIRST, [an_exchange(PAGE, article(title.replace("<", "&lt;")))])
        with closing(open_writer(archive.database)) as db:
            Index(archive.path, db, run="test").catch_up()
            [row] = db.query("select id, title from notices")
            write_bundle(tmp_path / "out", archive.warc, db, row["id"])
    page = (tmp_path / "out" / "index.html").read_text("utf-8")

    assert "<script>" in row["title"]
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_what_was_taken_down_has_no_evidence(held: Held, tmp_path: Path) -> None:
    with Archive.lock(tmp_path / "a", holder="test") as archive:
        write_warc(archive.warc, FIRST, [an_exchange(PAGE, article(TITLE))])
        append_decision(archive.decisions, Decision(at=NOW, who="test", what="takedown", urls=(PAGE,), why="asked for"))
        with closing(open_writer(archive.database)) as db:
            Index(archive.path, db, run="test").catch_up()
            [row] = db.query("select id from notices")
            with pytest.raises(LookupError, match="taken down"):
                write_bundle(tmp_path / "out", archive.warc, db, row["id"])

    assert not (tmp_path / "out").exists()


def test_a_file_that_was_taken_down_is_in_no_record_though_its_link_redirects(held: Held, tmp_path: Path) -> None:
    database = tmp_path / "notices.db"
    vacuum_into(held.whole, database)
    with closing(open_writer(database)) as db:
        put_decisions(db, [Decision(at=NOW, who="test", what="takedown", urls=(LINK,), why="asked for")])
        write_bundle(tmp_path / "out", held.warc, db, held.notice)
        left_out = addresses_left_out(db)
    warc_file = tmp_path / "out" / "evidence.warc.gz"
    urls = {one.url for one in scan(warc_file) if isinstance(one, StoredExchange)}

    assert {url_key(LINK), url_key(FILE)} == left_out
    assert {PAGE, OLD, REPOST} == urls
    assert not list((tmp_path / "out").glob("files/*"))


def test_a_notice_that_was_taken_down_takes_its_files_along_wherever_their_links_lead(
    held: Held, tmp_path: Path
) -> None:
    database = tmp_path / "notices.db"
    vacuum_into(held.whole, database)
    with closing(open_writer(database)) as db:
        put_decisions(db, [Decision(at=NOW, who="test", what="takedown", urls=(PAGE,), why="asked for")])
        write_outgoing(db, tmp_path / "out.db")
        left_out = addresses_left_out(db)
    with closing(open_reader(tmp_path / "out.db")) as out:
        urls = {url for (url,) in out.execute("select url from captures")}

    assert {url_key(url) for url in (PAGE, OLD, REPOST, LINK, FILE)} == left_out
    assert {LIST, OTHER, GONE} == urls


def test_the_command_writes_it_where_unmasked_is_said_and_puts_it_down(held: Held, tmp_path: Path) -> None:
    masked = run(held, tmp_path / "out", held.notice)
    done = run(held, tmp_path / "out", PAGE, "--unmasked")
    again = run(held, tmp_path / "out", PAGE, "--unmasked")
    unknown = run(held, tmp_path / "no", "http://nowhere.example/", "--unmasked")
    sums = hashlib.sha256((tmp_path / "out" / "SHA256SUMS").read_bytes()).hexdigest()

    assert (2, 0, 2, 4) == tuple(one.exit_code for one in (masked, done, again, unknown))
    assert "Give --unmasked, too" in masked.output
    assert f"to be notarised at once: {sums}" in done.output
    assert "is there; give a folder that is not there yet" in again.output
    assert [("unmasked", {"SHA256SUMS": sums})] == [(one.what, one.files) for one in read_ledger(held.folder / NAME)]


def run(held: Held, target: Path, notice: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["--archive", str(held.folder), "export", str(target), "--notice", notice, *words])


def test_a_folder_that_holds_anything_is_left_as_it_is(held: Held, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError):
        write_bundle(tmp_path, held.warc, held.whole, held.notice)

    assert ["mine.txt"] == [path.name for path in tmp_path.iterdir()]
