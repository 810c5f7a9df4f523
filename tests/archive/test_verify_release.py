"""`verify DIR`: whatever is otherwise in a release is named, and a hostile folder leads nowhere."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from copy import copy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from click.testing import CliRunner, Result

from archive.cli import main
from archive.commands.terminal import bar
from archive.export.evidence.files import write_files
from archive.export.evidence.wacz import write_wacz
from archive.export.evidence.warc import MISSING, write_warc
from archive.export.formats import EXPORTERS
from archive.export.formats.table_files import TableFiles
from archive.export.sums import SUMS, write_sums
from archive.index import Index
from archive.records import Exchange, Failure
from archive.release_checks import Finding, NotCompared, check_release, packages, rows, tables
from archive.release_checks.about import About
from archive.release_checks.attached import Attached, check_texts
from archive.release_checks.exchanges import Captures, check_warcs
from archive.release_checks.folder import check_sums, look_into
from archive.release_checks.packages import check_evidence
from archive.release_checks.references import References
from archive.release_checks.sides import Looks, Order, Side
from archive.store import Database, open_reader, open_writer
from archive.store.dataset import vacuum_into
from archive.store.evidence import Evidence
from archive.store.released import not_sound, released
from archive.store.tables import TABLES, Column, put_held_files, table_rows, tables_of
from archive.warc.copying import copy_members
from archive.warc.reading import Record, read_records
from tests import captures
from tests.archive.test_warc_foreign import record
from tests.captures import NOW, PARAGRAPHS, an_exchange, article

HOST = "http://mzj.qingshan.example"
PAGES = [f"{HOST}/tzgg/{number}.html" for number in range(4)]
FILE = f"{HOST}/tzgg/P1.csv"
SPLITS = ("train", "excluded", "validation", "test")
TABLE = "姓名,低保金\n张三,八百元\n".encode()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of four notices, one of them with a file and looked at twice."""
    folder = tmp_path_factory.mktemp("archive")
    link = f'附件：<a href="{FILE}">低保对象名单</a>'
    first = an_exchange(PAGES[0], article("关于第0件事的通知", paragraphs=(*PARAGRAPHS, link)))
    others = [
        an_exchange(url, article(f"关于第{n}件事的通知", paragraphs=(f"第{n}件事如下。", *PARAGRAPHS[n:])))
        for n, url in enumerate(PAGES)
        if n
    ]
    file = Exchange(
        url=FILE,
        method="GET",
        request_headers=(),
        request_body=b"",
        status=200,
        reason="OK",
        headers=(("Content-Type", "text/csv"),),
        body=TABLE,
        fetched_at=NOW,
    )
    again = replace(first, fetched_at=NOW + timedelta(days=1))
    captures.write_warc(folder / "warc", "20260302T010000Z-aaaaaa", [first, *others, file, again])
    with closing(open_writer(folder / "notices.db")) as db:
        Index(folder, db, run="test").catch_up()
    return folder


def make(archive: Path, folder: Path, change: Callable[[Database], object] = lambda _db: None) -> Path:
    """A release of that archive, whose maker did something to its database before the tables were written."""
    out = folder / "release"
    (out / "evidence").mkdir(parents=True)
    with closing(open_reader(archive / "notices.db")) as db:
        vacuum_into(db, folder / "draft.db")
    with closing(open_writer(folder / "draft.db")) as draft:
        held = list(write_files(out, archive / "warc", draft, missed=pytest.fail))
        put_held_files(draft, held)
        draft.execute("create table splits (notice text primary key, family text, split text)")
        ids = [row["id"] for row in draft.query("select id from notices order by id")]
        draft.table("splits").insert_all(
            {"notice": one, "family": one, "split": split} for one, split in zip(ids, SPLITS, strict=True)
        )
        [warc] = write_warc(out / "evidence", archive / "warc", draft, name="r1").files
        write_wacz(out / "evidence" / "r1.wacz", [warc], Evidence(draft).shown(), title="r1")
        draft.execute("delete from divisions where code not like '4201%' and code <> '420000'")  # 3,200 are slow
        change(draft)
        vacuum_into(draft, out / "notices.sqlite")
    with closing(open_reader(out / "notices.sqlite")) as db:
        exporters = {name: EXPORTERS[name] for name in ("csv", "jsonl", "parquet")}
        for table in tables_of(db):
            limit = 500 if table.name == "divisions" else 10**9
            TableFiles(folder=out, exporters=exporters, limit=limit).write(db, table)
        counted = {table.name: sum(map(len, table_rows(db, table))) for table in tables_of(db)}
    (out / "release.json").write_text(json.dumps({"name": "r1", "rows": counted}), "utf-8")
    write_sums(out)
    return out


@pytest.fixture(scope="module")
def made(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that is as it was made; tests copy it."""
    return make(archive, tmp_path_factory.mktemp("made"))


@pytest.fixture
def release(made: Path, tmp_path: Path) -> Path:
    """A copy of it, for something to be done to."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def found(release: Path) -> list[str]:
    """What does not agree, a line each."""
    return [f"{one.where}: {one.detail}" for one in check_release(release, bar) if isinstance(one, Finding)]


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["verify", *words])


def test_a_release_as_it_was_made_agrees_in_every_format(made: Path) -> None:
    done = run(str(made))
    said = json.loads(run(str(made), "--json").stdout)

    assert (0, "All agree.") == (done.exit_code, done.stdout.splitlines()[-1])
    assert [] == said["findings"]
    assert {"notices": 4, "captures": 6, "attachments": 1}.items() <= {
        one["table"]: one["rows"] for one in said["tables"]
    }.items()
    assert all(one["formats"] == ["jsonl", "sqlite", "parquet", "csv"] for one in said["tables"])
    assert [{"file": "evidence/r1.warc.gz", "captures": 6}] == said["evidence"]


@pytest.mark.parametrize(
    "words",
    [
        ["--unmasked", "--files", "--format", "csv,jsonl,parquet,warc,wacz"],
        [],
        ["--canonical-only", "--since", "2026-03-01", "--format", "csv,xlsx", "--unmasked"],
    ],
    ids=["all that there is", "masked", "some notices"],
)
def test_what_the_command_makes_agrees(archive: Path, tmp_path: Path, words: list[str]) -> None:
    target = tmp_path / "release"
    made = CliRunner().invoke(main, ["--archive", str(archive), "export", str(target), "--release", "r1", *words])
    done = run(str(target))

    assert (0, 0) == (made.exit_code, done.exit_code), made.output + done.output
    assert ("evidence/r1.warc.gz  6 captures" in done.output) is ("--files" in words)


def test_it_needs_neither_archive_nor_write_access(made: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in made.rglob("*")}
    done = CliRunner().invoke(main, ["--archive", str(tmp_path / "nowhere"), "verify", str(made)])

    assert 0 == done.exit_code
    assert before == {path: path.stat().st_mtime_ns for path in made.rglob("*")}


def _flip(path: Path, at: int) -> bytes:
    """Change one byte of a file; gives what it was."""
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    return whole


def test_one_changed_byte_in_any_file_names_that_file(release: Path) -> None:
    folder = look_into(release)
    silent = []
    for name, path in folder.files.items():
        whole = _flip(path, path.stat().st_size // 2)
        if name != SUMS and [name] != [one.where for one in check_sums(folder, bar)]:
            silent.append(name)
        path.write_bytes(whole)

    assert len(folder.files) > 50
    assert [] == silent


@pytest.mark.parametrize("part", [0.1, 0.7])
@pytest.mark.parametrize(
    "name",
    [
        *("notices.csv", "captures.jsonl.gz", "citations.jsonl.gz", "data/copies-00000-of-00001.parquet"),
        *("notices.sqlite", "evidence/r1.warc.gz", "evidence/r1.wacz", "release.json", SUMS),
    ],
)
def test_no_damage_stops_the_check(release: Path, name: str, part: float) -> None:
    _flip(release / name, int((release / name).stat().st_size * part))
    done = run(str(release))

    assert 3 == done.exit_code, done.exception
    assert name in done.stdout


def _edit_csv(release: Path) -> None:
    _swap(release / "notices.csv", "关于第2件事的通知".encode(), "关于第9件事的通知".encode())


def _edit_jsonl(release: Path) -> None:
    path = release / "copies.jsonl.gz"
    data = gzip.decompress(path.read_bytes()).replace("关于第2件事".encode(), "关于第9件事".encode(), 1)
    path.write_bytes(gzip.compress(data))


def _edit_sqlite(release: Path) -> None:
    with closing(sqlite3.connect(release / "notices.sqlite")) as db:
        db.execute("update matches set confidence = 0.5 where copy like '%/2.html'")
        db.commit()


def _edit_parquet(release: Path) -> None:
    import pyarrow.parquet as pq

    [path] = (release / "data").glob("revisions-*.parquet")
    held = pq.read_table(path)
    row = held.column("copy").to_pylist().index("mzj.qingshan.example/tzgg/2.html")
    values = held.column("headline").to_pylist()
    values[row] = "改"
    at = held.schema.get_field_index("headline")
    pq.write_table(held.set_column(at, held.schema.field("headline"), [values]), path)


@pytest.mark.parametrize(
    ("edit", "where", "what"),
    [
        (_edit_csv, "notices ", "title is "),
        (_edit_jsonl, "copies mzj.qingshan.example/tzgg/2.html", "title is "),
        (_edit_sqlite, "matches mzj.qingshan.example/tzgg/2.html", "confidence is 1.0 in jsonl and 0.5 in sqlite"),
        (_edit_parquet, "revisions mzj.qingshan.example/tzgg/2.html 1", "headline is "),
    ],
)
def test_a_cell_changed_in_one_format_is_named_though_the_sums_were_made_anew(
    release: Path, edit: Callable[[Path], None], where: str, what: str
) -> None:
    edit(release)
    write_sums(release)

    assert any(line.startswith(where) and what in line for line in found(release))


def test_a_row_that_one_format_lacks_is_named(release: Path) -> None:
    path = release / "copies.csv"
    lines = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    gone = lines.pop(2)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)
    write_sums(release)
    [line] = found(release)

    assert line.startswith(f"copies {gone[0]}: is in jsonl")


FORGERIES = {
    "update notices set text = '改了' where title like '%第2件%'": "text_digest is sha256:",
    "update revisions set text = '改了' where copy like '%/2.html'": "qingshan.example/tzgg/2.html 1: text_digest",
    "update captures set payload_digest = 'sha256:00' where url like '%/1.html'": "has payload_digest sha256:",
    "update captures set status = 201 where url like '%/2.html'": "has status 200",
    "update captures set fetched_at = '2020-01-01T00:00:00.000Z' where url like '%/3.html'": "has fetched_at 2026-",
    "update captures set url = 'http://x.example/' where url like '%/0.html' and revisit = 1": f"has url {PAGES[0]}",
    "delete from captures where url like '%.csv'": f"of {FILE} has no row in captures",
    "update copies set notice = 'nowhere' where url like '%/3.html'": "notice names 'nowhere'",
    "update held_files set path = 'files/39/no.csv'": "names files/39/no.csv, which is not there",
}
"""What somebody may do to every format at once → what gives it away."""


@pytest.fixture(scope="module")
def forged(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is found in a release to which all of that was done."""

    def forge(draft: Database) -> None:
        draft.execute("pragma foreign_keys = off")
        for sql in FORGERIES:
            draft.execute(sql)

    return found(make(archive, tmp_path_factory.mktemp("forged"), forge))


@pytest.mark.parametrize("said", FORGERIES.values())
def test_who_changes_a_row_in_all_formats_is_found_by_what_is_beside_it(forged: list[str], said: str) -> None:
    assert any(said in line for line in forged), forged


@pytest.mark.parametrize("name", ["files/../../x.csv", "/etc/hostname", "notices.csv"])
def test_a_row_that_names_a_file_elsewhere_is_told_and_nothing_is_opened(made: Path, name: str) -> None:
    [line] = Attached(look_into(made)).see({"copy": "c", "url": "u", "sha256": "00", "file": name})

    assert "which is not in files/; it was not opened" in line.detail


def test_a_capture_without_its_record_is_named_unless_the_release_says_so(archive: Path, tmp_path: Path) -> None:
    def add(draft: Database) -> None:
        row = next(draft.query("select * from captures order by id limit 1"))
        draft.table("captures").insert({**row, "id": 99, "record_id": "urn:uuid:lost", "warc_offset": 10**6})

    release = make(archive, tmp_path, add)
    lines = found(release)
    (release / "evidence" / MISSING).write_text('{"record_id": "urn:uuid:lost"}\n', "utf-8")
    write_sums(release)

    assert ["captures: urn:uuid:lost is in none of the WARC files"] == lines
    assert [] == found(release)
    assert (
        "1 captures: not compared; missing.jsonl says that their records were not written" in run(str(release)).stdout
    )


def test_a_revisit_without_what_it_repeats_is_told(release: Path) -> None:
    warc = release / "evidence" / "r1.warc.gz"
    members = copy_members(warc, lambda one: one.kind == "revisit")
    warc.write_bytes(b"".join([member for _, member in members]))
    said = [str(one) for one in check_warcs({"r1": warc}, Captures(), (), bar, where="WARC files")]

    assert "1 revisits in the WARC files: not compared; none of the records there has in full what they repeat" in said


def _records(folder: Path, *records: bytes) -> list[str]:
    """What is found in a WARC of these records, where no row tells of any."""
    path = folder / "r1.warc.gz"
    path.write_bytes(b"".join(gzip.compress(one) for one in records))
    checked = check_warcs({"r1": path}, Captures(), (), bar, where="WARC files")
    return [one.detail for one in checked if isinstance(one, Finding)]


def test_each_record_is_held_to_what_it_states_of_itself(tmp_path: Path) -> None:
    """Of requests and notes no row has a digest."""
    wrong = f"WARC-Block-Digest: sha256:{'0' * 64}"
    asked = record("request", b"GET / HTTP/1.1\r\n\r\n", "Content-Type: application/http;msgtype=request", wrong)
    torn = record("response", b"no answer", "Content-Type: application/http;msgtype=response")
    [first, *others] = _records(tmp_path, asked, torn)

    assert first.startswith("the block is not what sha256:0000")
    assert any(line.startswith("response: ") for line in others)


def test_a_failure_that_no_row_tells_of_is_named(tmp_path: Path) -> None:
    failed = Failure(url=PAGES[0], raw_url=None, fetched_at=NOW, outcome="unreachable", detail="no answer")
    captures.write_warc(tmp_path, "20260302T010000Z-aaaaaa", [failed])
    [path] = tmp_path.rglob("*.warc.gz")
    checked = check_warcs({"r1": path}, Captures(), (), bar, where="WARC files")

    assert [f"of {PAGES[0]} has no row in captures"] == [
        one.detail.split(" ", 1)[1] for one in checked if isinstance(one, Finding)
    ]


def test_stored_members_that_lie_over_each_other_are_not_unpacked(release: Path) -> None:
    path = release / "evidence" / "r1.wacz"
    with ZipFile(path, "a") as package:
        for number in range(9):
            over = copy(package.getinfo("archive/r1.warc.gz"))
            over.filename = f"archive/{number}.warc.gz"
            package.filelist.append(over)
        package.writestr("more", b"")

    assert any("members lie over each other" in line for line in found(release))


def test_answers_without_their_requests_are_told(release: Path) -> None:
    warc = release / "evidence" / "r1.warc.gz"
    data = warc.read_bytes()
    records = [one for one in read_records(warc) if isinstance(one, Record)]
    whole = [str(one) for one in check_warcs({"r1": warc}, Captures(), (), bar, where="WARC files")]
    kept = [one for one in records if (one.kind, one.header("WARC-Target-URI")) != ("request", PAGES[0])]
    warc.write_bytes(b"".join([data[one.place.offset : one.place.end] for one in kept]))
    cut = [str(one) for one in check_warcs({"r1": warc}, Captures(), (), bar, where="WARC files")]

    assert not any("no request" in line for line in whole)
    assert "2 answers in the WARC files: not compared; no request of theirs stands beside them" in cut


def test_a_page_is_that_of_its_row_in_address_and_instant() -> None:
    rows_of = Captures()
    rows_of.see({"record_id": "urn:uuid:1", "url": PAGES[0], "fetched_at": "2026-03-02T01:00:00.000Z"})
    at = "2026-03-02T01:00:00Z"

    assert rows_of.has_page("urn:uuid:1", PAGES[0], at)
    assert not rows_of.has_page("urn:uuid:2", PAGES[0], at)
    assert not rows_of.has_page("urn:uuid:1", PAGES[1], at)
    assert not rows_of.has_page("urn:uuid:1", PAGES[0], "2026-03-03T01:00:00Z")


@pytest.mark.parametrize(
    ("stated", "text", "said"),
    [
        ([{"copy": "c", "number": 1, "file": "texts/1.txt"}], "甲", []),
        ([{"copy": "c", "number": 1, "file": "texts/1.txt"}], "乙", ["is not the text of revision c 1"]),
        ([{"copy": "c", "number": 1, "file": "texts/2.txt"}], "甲", ["is not there", "is the text of no revision"]),
        ([], "甲", ["revision c 1 has none", "is the text of no revision"]),
        (
            [{"copy": "c", "number": number, "file": "texts/1.txt"} for number in (1, 1, 2)],
            "甲",
            ["'c 1' is no revision, or has two texts", "'c 2' is no revision, or has two texts"],
        ),
    ],
)
def test_texts_of_a_notice_are_those_of_its_revisions(
    tmp_path: Path, stated: list[dict[str, object]], text: str, said: list[str]
) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "1.txt").write_text(text, "utf-8")
    revisions = [{"copy": "c", "number": 1, "text": "甲"}]

    assert said == [one.detail for one in check_texts(look_into(tmp_path), stated, revisions)]


def test_a_file_that_is_not_named_after_its_digest_is_told(tmp_path: Path) -> None:
    for name in (f"ab/{'0' * 64}.csv", "ab/x.csv"):
        (tmp_path / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "files" / name).write_text("x")
    details = [one.detail for one in Attached(look_into(tmp_path)).check()]

    assert 2 == details.count("is not named after its digest")


def test_counts_are_held_to_what_the_release_states(release: Path) -> None:
    said = json.loads((release / "release.json").read_text("utf-8"))
    said["rows"]["notices"] += 1
    (release / "release.json").write_text(json.dumps(said), "utf-8")
    write_sums(release)

    assert ["notices: has 4 rows in jsonl, release.json says 5"] == found(release)


def test_what_release_json_says_is_held_to_the_database(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "release"
    CliRunner().invoke(main, ["--archive", str(archive), "export", str(target), "--release", "r1", "--format", "jsonl"])
    agreed = found(target)
    said = json.loads((target / "release.json").read_text("utf-8"))
    said["archive"]["rulings"] += 7
    (target / "release.json").write_text(json.dumps(said), "utf-8")
    write_sums(target)
    [line] = found(target)

    assert [] == agreed
    assert "release.json: archive.rulings is '7', table release of the database has '0'" == line


def test_months_of_coverage_are_held_to_what_the_release_states() -> None:
    about = About({"coverage": {"complete": 2, "partial": 0, "unobserved": 1, "sources": 9}})
    for state in ("complete", "unobserved", "complete"):
        list(about.see({"state": state}))
    agreed = list(about.check(None))
    list(about.see({"state": "complete"}))
    [line] = about.check(None)

    assert [] == agreed
    assert "3 months of channels are complete, release.json says 2" == line.detail


def test_files_that_are_missing_and_files_that_are_more_are_named(release: Path) -> None:
    (release / "copies.csv").unlink()
    (release / "more.txt").write_text("more")
    lines = found(release)

    assert {
        "copies.csv: is listed in SHA256SUMS and is not there",
        "more.txt: is there and is not listed in SHA256SUMS",
    } <= set(lines)
    assert "copies: is not there as csv, as the other tables are" in lines


def test_a_missing_shard_is_named(release: Path) -> None:
    shards = sorted((release / "data").glob("divisions-*"))
    shards[0].unlink()
    write_sums(release)

    assert len(shards) > 1
    assert any(f"has {len(shards) - 1} of its {len(shards)} files as parquet" in line for line in found(release))


@pytest.mark.parametrize("member", ["pages/pages.jsonl", "indexes/index.cdx.gz"])
def test_a_wacz_whose_manifest_was_made_anew_is_held_to_its_records(release: Path, member: str) -> None:
    path = release / "evidence" / "r1.wacz"
    _repack(path, member)
    write_sums(release)
    [line] = found(release)

    assert line.startswith("evidence/r1.wacz: line ")


def _pack(path: Path, held: Mapping[str, bytes], manifest: Mapping[str, Any], *, packing: int = ZIP_STORED) -> None:
    """Write a WACZ of these members and this manifest, whose digest fits."""
    held = {**held, "datapackage.json": json.dumps(manifest).encode()}
    digest = f"sha256:{hashlib.sha256(held['datapackage.json']).hexdigest()}"
    held["datapackage-digest.json"] = json.dumps({"path": "datapackage.json", "hash": digest}).encode()
    with ZipFile(path, "w", packing) as package:
        for name, data in held.items():
            package.writestr(name, data)


def _drop_second_index(path: Path, held: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del held["indexes/index.idx"]
    _pack(path, held, manifest)


def _forge_pages(path: Path, held: dict[str, bytes], manifest: dict[str, Any]) -> None:
    _pack(path, {**held, "pages/pages.jsonl": held["pages/pages.jsonl"] + b" "}, manifest)


def _add_member(path: Path, held: dict[str, bytes], manifest: dict[str, Any]) -> None:
    _pack(path, {**held, "pages/more.jsonl": b""}, manifest)


def _make_newer(path: Path, held: dict[str, bytes], manifest: dict[str, Any]) -> None:
    _pack(path, held, {**manifest, "wacz_version": "9.0.0"})


def _deflate_all(path: Path, held: dict[str, bytes], manifest: dict[str, Any]) -> None:
    _pack(path, held, manifest, packing=ZIP_DEFLATED)


def _pack_otherwise(path: Path, held: dict[str, bytes], manifest: dict[str, Any]) -> None:
    _pack(path, held, manifest, packing=ZIP_BZIP2)


def _change_manifest(path: Path, held: dict[str, bytes], manifest: dict[str, Any]) -> None:
    with ZipFile(path, "w") as package:
        for name, data in {**held, "datapackage.json": json.dumps({**manifest, "title": "x"}).encode()}.items():
            package.writestr(name, data)


def _add_twice(path: Path, held: dict[str, bytes], manifest: dict[str, Any]) -> None:
    _pack(path, held, manifest)
    with ZipFile(path, "a") as package:
        package.writestr("pages/pages.jsonl", held["pages/pages.jsonl"])


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (_drop_second_index, "indexes/index.idx is in its manifest and not there"),
        (_forge_pages, "pages/pages.jsonl is sha256:"),
        (_add_member, "pages/more.jsonl is there and not in its manifest"),
        (_make_newer, "is of version 9.0.0"),
        (_deflate_all, "is packed once more"),
        (_pack_otherwise, "is packed in a way that a WACZ does not know"),
        (_change_manifest, "datapackage.json is not the one that datapackage-digest.json is of"),
        (_add_twice, "has two members of one name"),
    ],
)
def test_a_wacz_is_held_to_its_manifest(
    made: Path, tmp_path: Path, forge: Callable[[Path, dict[str, bytes], dict[str, Any]], None], said: str
) -> None:
    path = Path(shutil.copy(made / "evidence" / "r1.wacz", tmp_path))
    with ZipFile(path) as package:
        held = {name: package.read(name) for name in package.namelist()}
    forge(path, held, json.loads(held["datapackage.json"]))

    assert any(said in str(one) for one in check_evidence(look_into(tmp_path), Captures(), bar))


def test_a_wacz_alone_is_compared_record_by_record(release: Path) -> None:
    (release / "evidence" / "r1.warc.gz").unlink()
    write_sums(release)
    with closing(sqlite3.connect(release / "notices.sqlite")) as db:
        assert db.execute("select count(*) from captures").fetchone() == (6,)

    assert [] == found(release)
    assert "evidence/r1.wacz/archive/r1.warc.gz  6 captures" in run(str(release)).stdout


def test_a_file_under_another_digest_is_named(release: Path) -> None:
    [path] = (release / "files").glob("*/*")
    path.write_bytes(TABLE + b"\n")
    stray = release / "files" / "ab" / f"ab{'0' * 62}.csv"
    stray.parent.mkdir()
    stray.write_bytes(b"x")
    write_sums(release)
    lines = found(release)

    assert any(line.startswith(f"{path.relative_to(release)}: SHA-256 is ") for line in lines)
    assert f"{stray.relative_to(release)}: no row of attachments names it" in lines


def test_without_pyarrow_it_says_that_parquet_was_only_summed(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "find_spec", lambda _name: None)
    checked = list(check_release(made, bar))

    assert ["Parquet"] == [one.what for one in checked if isinstance(one, NotCompared)]
    assert [] == [one for one in checked if isinstance(one, Finding)]


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/hostname", "a/../../outside.txt", "C:\\x", ".."])
def test_names_that_lead_out_are_told_and_never_opened(release: Path, name: str) -> None:
    outside = release.parent / "outside.txt"
    outside.write_text("secret")
    with (release / SUMS).open("a") as file:
        file.write(f"{hashlib.sha256(b'secret').hexdigest()}  {name}\n")
    [line] = found(release)

    assert "not in the folder; it was not opened" in line


def test_a_name_that_is_listed_again_is_told(release: Path) -> None:
    with (release / SUMS).open("a") as file:
        file.write(f"{'0' * 64}  notices.csv\n")

    assert [f"{SUMS} line {len((release / SUMS).read_text().splitlines())}: names notices.csv again"] == found(release)


def test_folders_without_end_are_not_gone_into(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*"abcdefghijklmnopqrst")
    deep.mkdir(parents=True)
    (deep / "x").write_text("x")
    folder = look_into(tmp_path)

    assert {} == folder.files
    assert ["a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q: is no file"] == [f"{one.where}: {one.detail}" for one in folder.odd]


def test_links_and_pipes_are_told_and_never_followed(release: Path) -> None:
    (release / "loop").symlink_to(release)
    (release / "passwd.csv").symlink_to("/etc/passwd")
    os.mkfifo(release / "pipe")
    lines = found(release)

    assert 2 == sum("is a link" in line for line in lines)
    assert "pipe: is no file" in lines
    assert not any("passwd.csv: SHA-256" in line for line in lines)


def test_a_table_behind_a_link_is_not_read(release: Path, tmp_path: Path) -> None:
    (release / "copies.csv").rename(tmp_path / "copies.csv")
    (release / "copies.csv").symlink_to(tmp_path / "copies.csv")

    assert "copies: is not there as csv, as the other tables are" in found(release)


@pytest.mark.parametrize("name", ["copies.jsonl.gz", "copies.csv"])
def test_a_line_without_end_is_not_read_into_memory(release: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(rows, "LONGEST", 100_000)
    endless = b"{" + b" " * 10_000_000
    (release / name).write_bytes(gzip.compress(endless) if name.endswith(".gz") else endless)
    write_sums(release)

    assert any(f"{name} has a line of more than 100000" in line for line in found(release))


def test_a_packed_file_that_unpacks_to_out_of_proportion_is_not_read(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LONGEST", 10_000)
    (release / "copies.jsonl.gz").write_bytes(gzip.compress(b"{}\n" * 3_000_000))
    write_sums(release)

    assert "copies: copies.jsonl.gz unpacks to more than 400 times its size" in found(release)


def test_rows_without_end_are_not_read_to_their_end(release: Path) -> None:
    header = (release / "copies.csv").read_text("utf-8-sig").splitlines()[0]
    with (release / "copies.csv").open("w", encoding="utf-8-sig") as file:
        file.write(f"{header}\r\n" + f"{',' * header.count(',')}\r\n" * 100_000)
    write_sums(release)
    lines = found(release)

    assert 1 == len(lines)
    assert "in csv there is" in lines[0]


def test_a_snapshot_that_computes_its_rows_is_refused(release: Path) -> None:
    with closing(sqlite3.connect(release / "notices.sqlite")) as db:
        db.execute("alter table matches rename to held")
        db.execute(
            "create view matches as with recursive n(x) as (select 1 union all select x + 1 from n) select * from n"
        )
        db.commit()
    write_sums(release)

    assert any(
        line.startswith("notices.sqlite: is no SQLite database that can be read: matches was not written")
        for line in found(release)
    )


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("alter table matches drop column rule; alter table matches add column rule as ('1')", "matches.rule"),
        ("alter table captures add column more as (hex(zeroblob(64000000)))", "captures.more"),
        ("drop table held_files; create view held_files as select '' as digest, '' as path", "held_files"),
        ("drop table masks; create virtual table masks using fts5 (notice, rule, places)", "masks"),
    ],
)
def test_a_snapshot_that_computes_a_part_of_its_rows_is_refused(release: Path, sql: str, what: str) -> None:
    with closing(sqlite3.connect(release / "notices.sqlite")) as db:
        db.executescript(sql)

    assert any(f"{what} was not written but is computed" in line for line in found(release))


@pytest.mark.parametrize("sql", ["create table release (other)", "create table release (key, value)"])
def test_a_table_release_that_is_none_stops_nothing(release: Path, sql: str) -> None:
    with closing(sqlite3.connect(release / "notices.sqlite")) as db:
        db.executescript(f"{sql}; insert into release default values; insert into release default values")
    lines = found(release)

    assert any(line.startswith("release.json: ") for line in lines)


@pytest.mark.parametrize("name", ["notices.sqlite-wal", "notices.sqlite-journal"])
def test_what_changes_the_snapshot_when_it_is_opened_is_told(release: Path, name: str) -> None:
    (release / name).write_bytes(b"x")
    write_sums(release)

    assert [f"{name}: is taken into notices.sqlite by whoever opens it; no release has one"] == found(release)


@pytest.mark.parametrize("name", ["data/notices-more.parquet", "notices-9-of-9.jsonl.gz", "copies 2.csv"])
def test_a_file_that_readers_take_for_a_part_of_a_table_is_told(release: Path, name: str) -> None:
    shutil.copy(release / "notices.csv", release / name)
    write_sums(release)
    [line] = found(release)

    assert line.startswith(f"{name}: is no file of a table")


def test_a_snapshot_without_tables_is_told(release: Path) -> None:
    (release / "notices.sqlite").write_bytes(b"")
    write_sums(release)

    assert ["notices.sqlite: is no SQLite database that can be read: no such table: notices"] == found(release)


def test_a_table_whose_structure_is_damaged_is_told(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "damaged.sqlite")) as db:
        db.executescript(
            "create table notices (id text, year integer); insert into notices values (null, 2026);"
            "pragma writable_schema = on; update sqlite_master set sql = replace(sql, 'id text', 'id text not null')"
        )
    with released(tmp_path / "damaged.sqlite") as db:
        assert ["NULL value in notices.id"] == not_sound(db)


def test_json_without_end_in_a_snapshot_is_told(release: Path) -> None:
    with closing(sqlite3.connect(release / "notices.sqlite")) as db:
        db.execute("update revisions set changed = ?", ["[" * 100_000])
        db.commit()

    assert any("table revisions cannot be read by this version" in line for line in found(release))


def test_a_table_that_is_gone_from_every_format_is_told(release: Path) -> None:
    with closing(sqlite3.connect(release / "notices.sqlite")) as db:
        db.execute("drop table aliases")
        db.commit()
    for path in [*release.glob("aliases.*"), *(release / "data").glob("aliases-*")]:
        path.unlink()
    write_sums(release)

    assert ["aliases: is there in no format, release.json says it has 4 rows"] == found(release)


def test_a_release_that_states_no_count_of_a_table_is_told(release: Path) -> None:
    said = json.loads((release / "release.json").read_text("utf-8"))
    del said["rows"]["matches"]
    (release / "release.json").write_text(json.dumps(said), "utf-8")
    write_sums(release)

    assert ["release.json: does not say how many rows matches has"] == found(release)


def test_a_column_that_is_there_twice_is_told_whichever_of_the_two_is_right(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "a.csv").write_text("title,title\nforged,right\n", "utf-8")
    (tmp_path / "a.jsonl").write_text('{"title": "forged", "title": "right"}\n', "utf-8")
    pq.write_table(pa.table([["forged"], ["right"]], names=["title", "title"]), tmp_path / "a.parquet")

    for read, form in ((rows.csv_rows, "csv"), (rows.jsonl_rows, "jsonl"), (rows.parquet_rows, "parquet")):
        with pytest.raises(rows.Unreadable, match=r"twice|of one name"):
            list(read([tmp_path / f"a.{form}"]))


def test_rows_of_more_or_fewer_cells_and_groups_of_any_size_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    monkeypatch.setattr(rows, "_LARGEST_GROUP", 100)
    (tmp_path / "a.csv").write_text("id,title\n1\n", "utf-8")
    pq.write_table(pa.table([["x" * 200]], names=["title"]), tmp_path / "a.parquet")

    with pytest.raises(rows.Unreadable, match="has 1 cells, not 2"):
        list(rows.csv_rows([tmp_path / "a.csv"]))
    with pytest.raises(rows.Unreadable, match="has a row group of"):
        list(rows.parquet_rows([tmp_path / "a.parquet"]))


def test_an_instant_out_of_all_time_is_a_value_like_another() -> None:
    early = "0001-01-01T00:00:00+14:00"
    Captures().see({"record_id": "urn:uuid:1", "fetched_at": early})

    assert early == rows.plain(Column("seen_from", "instant"), early)


def test_parts_are_put_together_whichever_there_are(release: Path) -> None:
    table = TABLES["notices"]

    assert [{"id": "a"}] == list(Side("parquet", table, {"train": iter([{"id": "a"}])}).rows())
    with pytest.raises(rows.Unreadable, match="keys of several kinds"):
        list(Side("parquet", table, {"train": iter([{"id": "a"}]), "test": iter([{"id": 5}])}).rows())


def test_rows_twice_in_no_order_or_behind_the_last_are_told() -> None:
    table = TABLES["aliases"]
    order = Order(Side("jsonl", table, {}))
    found_of = {alias: [one.detail for one in order.see({"alias": alias})] for alias in ("a", "c", "b")}
    again = [one.detail for one in order.see({"alias": "b"})]
    more = Side("csv", table, {"": iter([{"alias": "d"}])}).left("jsonl")

    assert {"a": [], "c": [], "b": ["is behind c: twice, or in no order"]} == found_of
    assert ["is behind b: twice, or in no order"] == again
    assert more is not None
    assert ("aliases d", "is in csv and not in jsonl") == (more.where, more.detail)


def test_of_many_findings_in_one_table_the_first_are_named_and_all_counted() -> None:
    looks = Looks(TABLES["aliases"], [lambda _row: [Finding(where="aliases", detail="wrong")]])
    named = [one for _ in range(30) for one in looks.at({})]

    assert 20 == len(named)
    assert ["and 10 more findings in its rows"] == [one.detail for one in looks.more()]


@pytest.mark.parametrize("stated", ["", "39", "sha256:3", None])
def test_a_file_goes_by_the_whole_digest_of_its_row(made: Path, stated: str | None) -> None:
    [name] = [name for name in look_into(made).files if name.startswith("files/")]
    [line] = Attached(look_into(made)).see({"copy": "c", "url": "u", "sha256": stated, "file": name})

    assert "says that its file has SHA-256" in line.detail


def test_many_members_that_lie_over_each_other_are_not_unpacked(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "LONGEST", 1000)
    monkeypatch.setattr(packages, "RATIO", 10)
    path = release / "evidence" / "r1.wacz"
    with ZipFile(path, "a", ZIP_DEFLATED) as package:
        for number in range(8):
            package.writestr(f"pages/{number}.jsonl", bytes(path.stat().st_size * 2))
    write_sums(release)
    [line] = found(release)

    assert "would unpack to" in line


def test_a_member_of_a_wacz_that_leads_out_is_told(release: Path) -> None:
    with ZipFile(release / "evidence" / "r1.wacz", "a") as package:
        package.writestr("../../outside.txt", "x")
    write_sums(release)
    lines = found(release)

    assert any("'../../outside.txt', which leads out of it" in line for line in lines)
    assert not (release.parent / "outside.txt").exists()


def test_a_member_that_unpacks_to_out_of_proportion_is_not_unpacked(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "LONGEST", 1000)
    with ZipFile(release / "evidence" / "r1.wacz", "a", ZIP_DEFLATED) as package:
        package.writestr("pages/extra.jsonl", bytes(10**7))
    write_sums(release)
    [line] = found(release)

    assert "'pages/extra.jsonl' would unpack to 10000000 bytes" in line


@pytest.mark.parametrize("said", ["[]", '{"rows": [1]}', '{"rows": {"notices": "x"}}', "{", "[" * 100_000, "\ud800"])
def test_a_release_json_that_is_none_stops_nothing(release: Path, said: str) -> None:
    (release / "release.json").write_bytes(said.encode("utf-8", "surrogatepass"))
    write_sums(release)

    assert all(line.startswith("release.json: ") for line in found(release))


@pytest.mark.parametrize(
    "said",
    [
        '{"resources": 7}',
        '{"resources": [{"name": [], "schema": {"foreignKeys": [{"fields": "a", "reference": {}}]}}]}',
        '{"resources": [{"name": "notices", "schema": {"foreignKeys": [{"fields": {}, "reference": {}}]}}]}',
    ],
)
def test_a_datapackage_that_is_none_stops_nothing(release: Path, said: str) -> None:
    (release / "datapackage.json").write_text(said)
    write_sums(release)
    done = run(str(release))

    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "notices  4 rows" in done.stdout


def test_a_reference_that_the_datapackage_states_is_held(release: Path) -> None:
    key = {"fields": ["title"], "reference": {"resource": "sources", "fields": ["key"]}}
    package = {"resources": [{"name": "notices", "schema": {"foreignKeys": [key]}}]}
    (release / "datapackage.json").write_text(json.dumps(package))
    write_sums(release)

    assert ["notices: title names '关于第0件事的通知', which is no key of sources"] == found(release)[:1]


def test_a_reference_to_a_table_that_is_not_there_is_told() -> None:
    references = References({"notices": {"source": ("sources", "key")}})
    assert [] == list(references.see(TABLES["notices"], {"id": "a", "source": "shili"}))

    assert ["source names sources, a table that is not there"] == [one.detail for one in references.broken()]


@pytest.mark.parametrize("path", ["empty", "nowhere", "file", "other"])
def test_where_no_release_is_the_command_ends_with_4(tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "data.txt").write_text("sums alone make no release")
    write_sums(tmp_path / "other")
    (tmp_path / "file").write_text("x")
    done = run(str(tmp_path / path))

    assert 4 == done.exit_code


def test_a_name_cannot_move_the_cursor(release: Path) -> None:
    (release / "x\x1b[2Jy").write_text("x")
    done = run(str(release))

    assert 3 == done.exit_code
    assert "\x1b" not in done.output


def test_a_member_of_a_wacz_cannot_move_it_either(release: Path) -> None:
    (release / "evidence" / "r1.warc.gz").unlink()
    with ZipFile(release / "evidence" / "r1.wacz", "a") as package:
        package.writestr("archive/x\x1b[2Jy.warc.gz", b"")
    done = run(str(release))

    assert "archive/x�[2Jy.warc.gz  0 captures" in done.stdout
    assert "\x1b" not in done.output


def _swap(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def _repack(path: Path, member: str) -> None:
    """Change one member of a WACZ and make its manifest fit."""
    with ZipFile(path) as package:
        held: dict[str, bytes] = {name: package.read(name) for name in package.namelist()}
    if member.endswith(".gz"):
        held[member] = gzip.compress(gzip.decompress(held[member]).replace(b'"status": "200"', b'"status": "404"', 1))
    else:
        held[member] = held[member].replace(PAGES[0].encode(), PAGES[1].encode(), 1)
    manifest: dict[str, Any] = json.loads(held["datapackage.json"])
    for resource in manifest["resources"]:
        resource["hash"] = f"sha256:{hashlib.sha256(held[resource['path']]).hexdigest()}"
    _pack(path, held, manifest)
