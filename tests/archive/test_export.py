"""Export: the same notices in every format, the same bytes twice, nothing half-written."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.export import draft as drafts
from archive.export.formats import EXPORTERS, SNAPSHOT
from archive.export.formats.exporter import Exporter, Sink
from archive.sampling import Drawn, SampleError
from archive.spreadsheet_cells import cell
from archive.store import open_writer
from archive.store.choosing import Choice
from archive.store.dataset import FIELDS, notice_pages
from archive.store.sampling import draw_sample
from archive.store.tables import Table
from tests.exporting import export

CONTRACT = [
    *("id", "title", "original_url", "original_captured", "issuing_agency", "issuing_agencies", "document_type"),
    *("document_number", "index_number", "published_on", "written_on", "effective_on", "validity", "year", "text"),
    *("text_from", "source", "division", "province", "city", "copies", "attachments", "first_seen_at", "last_seen_at"),
    *("revisions", "text_digest", "licence", "reader_version"),
]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A database of seven notices in write-ahead mode, as the index leaves it."""
    made = open_writer(tmp_path / "notices.db")
    made.table("sources").insert_all(
        {"key": key, "agency": f"{key}市民政局", "kind": "bureau", "home": f"http://{key}.example/", "family": "trs"}
        for key in ("yong", "ming")
    )
    for number in range(7):
        add_notice(made, f"n{number}", published_on=f"2024-0{number + 1}-15")
    yield made
    made.close()


def add_notice(db: Database, notice: str, **values: object) -> None:
    """Add a notice with its captured original, one repost, one attachment and two revisions."""
    original, repost = f"yong.example/{notice}", f"portal.example/{notice}"
    row = {
        "id": notice,
        "title": f"关于{notice}的通知",
        "original_url": f"http://{original}",
        "original_captured": 1,
        "issuing_agencies": '["甲局", "乙局"]',
        "text": "第一段，\n第二段",
        "best_copy": original,
        "copies": 2,
        "source": "yong",
        "text_digest": "sha256:00",
        "first_seen_at": "2024-06-01T00:00:00.000Z",
    }
    db.table("notices").insert({**row, **values})
    for key, role in ((repost, "repost"), (original, "original")):
        db.table("copies").insert(
            {
                "url_key": key,
                "url": f"http://{key}",
                "notice": notice,
                "role": role,
                "source": values.get("source", "yong"),
                "text_digest": "sha256:00",
                "text_length": 6,
                "first_seen_at": "2024-06-01T00:00:00.000Z",
                "last_seen_at": "2024-06-02T00:00:00.000Z",
            }
        )
        db.table("matches").insert(
            {"copy": key, "notice": notice, "rule": "equal_text", "class": "text", "confidence": 0.9}
        )
    db.table("attachments").insert(
        {"copy": original, "url": f"http://{original}.pdf", "name": "附件.pdf", "payload_digest": "sha256:ab"}
    )
    for number in (1, 2):
        db.table("revisions").insert(
            {
                "copy": original,
                "number": number,
                "seen_from": "a",
                "seen_to": "b",
                "text": "",
                "text_digest": "",
                "state_digest": "",
            }
        )


def exported(folder: Path) -> list[dict[str, object]]:
    """The lines of an exported notices.jsonl."""
    return [json.loads(line) for line in (folder / "notices.jsonl").read_text("utf-8").splitlines()]


def test_the_fields_are_those_of_the_contract_in_its_order(db: Database, tmp_path: Path) -> None:
    export(db, tmp_path / "out", ["jsonl"])
    first = exported(tmp_path / "out")[0]

    assert list(first) == CONTRACT
    assert first["copies"] == [
        {
            "url": f"http://{host}.example/n0",
            "role": role,
            "rule": "equal_text",
            "class": "text",
            "confidence": 0.9,
            "title": None,
            "published_on": None,
            "attribution": None,
        }
        for host, role in (("yong", "original"), ("portal", "repost"))
    ]
    assert first["attachments"] == [{"name": "附件.pdf", "url": "http://yong.example/n0.pdf", "sha256": "ab"}]
    assert (first["original_captured"], first["year"], first["revisions"]) == (True, 2024, 2)


@pytest.mark.parametrize("name", [*EXPORTERS, SNAPSHOT])
def test_a_second_export_gives_the_same_bytes(db: Database, tmp_path: Path, name: str) -> None:
    for folder in ("one", "two"):
        export(db, tmp_path / folder, [name])
    one, two = ((tmp_path / folder / f"notices.{name}").read_bytes() for folder in ("one", "two"))

    assert one == two
    assert len(one) > 100


def test_every_format_has_the_same_notices(db: Database, tmp_path: Path) -> None:
    export(db, tmp_path, [*EXPORTERS, SNAPSHOT])
    lines = exported(tmp_path)
    with (tmp_path / "notices.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    snapshot = Database(sqlite3.connect(tmp_path / "notices.sqlite"))
    rows = [notice for page in notice_pages(snapshot) for notice in page]
    snapshot.close()

    assert [{name: cell(line[name]) for name in FIELDS} for line in lines] == table
    assert rows == lines
    assert len(lines) == 7


def test_csv_is_marked_utf_8_and_ends_lines_as_rfc_4180_says(db: Database, tmp_path: Path) -> None:
    export(db, tmp_path, ["csv"])
    data = (tmp_path / "notices.csv").read_bytes()

    assert data.startswith(b"\xef\xbb\xbfid,title,")
    assert data.count(b"\r\n") == 8
    assert data.count('"第一段，\n第二段"'.encode()) == 7


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "　=1", "＝1", "＋1", "－1", " ＠x", "\ufeff=1"],
)
def test_no_cell_starts_a_formula(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize("text", ["关于=的通知", "2024-03-01", "民发〔2024〕5号", "《办法》", "（一）", "a'b", ""])
def test_a_harmless_cell_is_kept_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_pages_by_key_give_each_notice_once_in_order(db: Database) -> None:
    pages = [[notice["id"] for notice in page] for page in notice_pages(db, page=3)]

    assert pages == [["n0", "n1", "n2"], ["n3", "n4", "n5"], ["n6"]]


def test_a_writer_is_not_held_back_between_pages(db: Database, tmp_path: Path) -> None:
    reader = Database(sqlite3.connect(f"file:{tmp_path / 'notices.db'}?mode=ro", uri=True))
    pages = notice_pages(reader, page=3)
    seen = [notice["id"] for notice in next(pages)]
    with db.atomic():
        add_notice(db, "n9")
        db.execute("update notices set title = '改' where id = 'n1'")
    busy, in_log, moved = db.execute("pragma wal_checkpoint(truncate)").fetchone()
    seen += [notice["id"] for page in pages for notice in page]
    reader.close()

    assert (busy, in_log, moved) == (0, 0, 0)
    assert seen == ["n0", "n1", "n2", "n3", "n4", "n5", "n6", "n9"]


@pytest.mark.parametrize(
    ("choice", "ids"),
    [
        (Choice(since="2024-06-15"), ["n5", "n6"]),
        (Choice(since="2024-02-01", until="2024-03-15"), ["n1", "n2"]),
        (Choice(sources=("ming",)), ["m1"]),
        (Choice(sources=("ming", "yong"), until="2024-01-31"), ["n0"]),
        (Choice(captured_only=True, until="2024-02-15"), ["n0", "n1"]),
    ],
)
def test_a_choice_narrows_the_notices(db: Database, choice: Choice, ids: list[str]) -> None:
    add_notice(db, "m1", source="ming", published_on=None, original_captured=0)

    assert [notice["id"] for page in notice_pages(db, choice) for notice in page] == ids


def test_the_snapshot_of_a_choice_has_nothing_else(db: Database, tmp_path: Path) -> None:
    export(db, tmp_path / "out", ["jsonl", "sqlite"], choice=Choice(since="2024-06-15"))
    snapshot = Database(sqlite3.connect(tmp_path / "out/notices.sqlite"))
    held = {table: snapshot.table(table).count for table in ("notices", "copies", "revisions")}
    snapshot.close()

    assert {"notices": 2, "copies": 4, "revisions": 4} == held
    assert ["n5", "n6"] == [line["id"] for line in exported(tmp_path / "out")]


def test_a_choice_that_cannot_be_leaves_no_folder(db: Database, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no SELECT that can be asked"):
        export(db, tmp_path / "out", ["jsonl"], choice=Choice(sql="delete from notices"))

    assert ["notices.db"] == sorted(path.name for path in tmp_path.iterdir() if "-" not in path.name)


def test_a_sample_is_whole_or_none_while_the_archive_is_written(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw_and_move(*words: Any, **given: Any) -> list[Drawn]:
        drawn = draw_sample(*words, **given)
        db.execute("update notices set id = 'moved' where id = ?", [drawn[0].notice])
        return drawn

    monkeypatch.setattr(drafts, "draw_sample", draw_and_move)
    with pytest.raises(SampleError, match="give the command again"):
        export(db, tmp_path / "out", ["jsonl"], sampling=drafts.Sampling(size=3, seed=1))

    assert not (tmp_path / "out").exists()


def test_a_failure_leaves_what_was_there(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def write_and_fail(path: Path, _table: Table) -> Iterator[Sink]:
        path.write_text("half")

        def add(_notices: object) -> None:
            raise OSError(28, "No space left on device")

        yield add

    out = tmp_path / "out"
    export(db, out, ["jsonl"])
    before = (out / "notices.jsonl").read_bytes()
    add_notice(db, "n8")
    monkeypatch.setitem(EXPORTERS, "bad", Exporter(write=write_and_fail))
    with pytest.raises(OSError, match="No space left"):
        export(db, out, ["jsonl", "sqlite", "bad"])

    assert [path.name for path in out.iterdir()] == ["notices.jsonl"]
    assert (out / "notices.jsonl").read_bytes() == before


def test_files_are_made_on_the_disk_where_they_are_to_stand(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (tmp_path / "out").symlink_to(disk)
    places = []
    replace = Path.replace

    def put(file: Path, target: Path) -> Path:
        places.append(file.resolve())
        return replace(file, target)

    monkeypatch.setattr(Path, "replace", put)
    export(db, tmp_path / "out", ["csv"])

    assert ["notices.csv"] == [path.name for path in disk.iterdir()]
    assert [True] == [place.is_relative_to(disk) for place in places if place.name == "notices.csv"]


def test_an_empty_archive_makes_empty_files(db: Database, tmp_path: Path) -> None:
    for table in ("matches", "attachments", "revisions", "copies", "notices"):
        db.execute(f"delete from {table}")
    export(db, tmp_path / "out", ["jsonl", "csv"])

    assert (tmp_path / "out/notices.jsonl").read_bytes() == b""
    assert (tmp_path / "out/notices.csv").read_bytes() == ("\ufeff" + ",".join(FIELDS) + "\r\n").encode()
