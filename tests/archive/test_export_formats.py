"""Formats of export: what was written is read back by others as it was, whatever a text from the web holds."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from archive.export.formats import EXPORTERS, exporters_of
from archive.export.formats.exporter import Exporter, NotInstalled, Unwritable
from archive.export.formats.parquet import check_pyarrow
from archive.export.formats.references import reference_exporters
from archive.export.formats.shards import PartedShards, Parts, Plan, Shards, hub_name, plain_name
from archive.references import FORMS
from archive.spreadsheet_cells import STARTS_FORMULA, cell, unguard
from archive.store import Database, open_reader
from archive.store.dataset import DatasetCopy, DatasetFile, notice_pages
from archive.store.tables import DATASET, Column, Table
from archive.workbook import LONGEST
from tests.searching import a_searched_archive

THINGS = Table(
    name="things",
    about="物 · Things",
    key=("id",),
    columns=tuple(
        Column(name, kind, f"列 {name} · Column {name}")
        for name, kind in {
            "id": "text",
            "said": "text",
            "count": "integer",
            "share": "number",
            "is_true": "boolean",
            "seen_on": "day",
            "seen_at": "instant",
            "names": "texts",
            "copies": "copies",
            "files": "files",
            "evidence": "json",
        }.items()
    ),
)
COPY = {"url": "http://a.example/=1", "role": "original", "rule": None, "class": None, "confidence": 0.5}
COPY |= {"title": "=1", "published_on": "2024-02-29", "attribution": None}
FILE = {"name": "附件\n一.pdf", "url": "http://a.example/1.pdf", "sha256": None}
TEXTS = [
    *(
        "=1+1",
        "'=1+1",
        "''",
        "'",
        "＝1",
        "\t=1",
        "\r",
        "  @x",
        "\u3000－1",
        "\ufeff=1",
        "-1",
        "1",
        "1e5",
        "NULL",
        "true",
    ),
    *(
        '"',
        'a"b,c',
        "行\n行\r\n行\r行",
        "行\u2028行\x85行",
        "",
        " ",
        "nul\0在中",
        "\x1b[31m",
        "𠮷野家",
        "e\u0301",
        "\u202e反",
    ),
    *("长" * 40_000, "𠮷" * 20_000, "\ufffe", "</w:t>&amp;", "http://a.example/"),
]


def thing(number: int, **values: object) -> dict[str, Any]:
    row = {
        "id": f"t{number:03}",
        "said": None,
        "count": number,
        "share": 0.1 + number,
        "is_true": number % 2 == 0,
        "seen_on": "2024-02-29",
        "seen_at": "2024-02-29T16:00:00.123Z",
        "names": ["甲局", "乙局"],
        "copies": [COPY, {**COPY, "confidence": None, "published_on": None}],
        "files": [FILE],
        "evidence": '{"title": "h1"}',
    }
    return {**row, **values}


ROWS = [
    *(thing(number, said=text, names=[text], evidence=text) for number, text in enumerate(TEXTS)),
    thing(900, names=[], copies=[], files=[]),
    thing(901, count=-(2**63), share=-1e-300, seen_on="0001-01-01", seen_at="1970-01-01T00:00:00+00:00"),
    {name: "t902" if name == "id" else None for name in THINGS.names},
    thing(903, count=2**63 - 1, names=["", "甲\n乙", "=1"], is_true=True),
]


def written(exporter: Exporter, path: Path, table: Table = THINGS, *pages: Sequence[Mapping[str, Any]]) -> bytes:
    with exporter.write(path, table) as sink:
        for page in pages:
            sink(page)
    return path.read_bytes()


def test_a_line_of_json_is_its_row(tmp_path: Path) -> None:
    turned = [dict(reversed(row.items())) for row in ROWS[:7]]
    body = written(EXPORTERS["jsonl"], tmp_path / "things.jsonl", THINGS, turned, ROWS[7:])
    lines = body.decode().split("\n")

    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == ROWS
    assert {tuple(json.loads(line)) for line in lines} == {THINGS.names}
    assert "附件" in lines[0]


def test_a_csv_is_its_rows_once_the_guard_is_undone(tmp_path: Path) -> None:
    body = written(EXPORTERS["csv"], tmp_path / "things.csv", THINGS, ROWS[:7], ROWS[7:])
    head, *lines = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    expected = [
        ["" if row[name] is None else row[name] if isinstance(row[name], str) else plain(row[name]) for name in head]
        for row in ROWS
    ]

    assert body.startswith(b"\xef\xbb\xbfid,said,")
    assert tuple(head) == THINGS.names
    assert [[unguard(text) for text in line] for line in lines] == expected
    assert [line for line in lines if STARTS_FORMULA.match("".join(line[1:2]))] == []


def plain(value: object) -> str:
    """A number, a truth or a list as CSV has it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def test_every_column_of_a_csv_is_spelled_as_one_cell_is(tmp_path: Path) -> None:
    body = written(EXPORTERS["csv"], tmp_path / "things.csv", THINGS, ROWS)
    _, *lines = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))

    assert lines == [[cell(row[name]) for name in THINGS.names] for row in ROWS]


@given(st.text() | st.from_regex(r"\A['\s=+\-@＝]{1,4}\w{0,2}\Z"))
def test_the_guard_of_a_cell_can_be_undone_and_starts_no_formula(text: str) -> None:
    assert unguard(cell(text)) == text
    assert not STARTS_FORMULA.match(cell(text))


def test_no_letter_and_no_digit_starts_a_formula() -> None:
    assert [char for char in map(chr, range(sys.maxunicode + 1)) if char.isalnum() and STARTS_FORMULA.match(char)] == []


def test_a_number_below_zero_stays_a_number() -> None:
    assert (cell(-1), cell(-0.5), cell("-1")) == ("-1", "-0.5", "'-1")


@pytest.fixture
def parquet() -> Any:
    return pytest.importorskip("pyarrow.parquet", reason="pyarrow is an extra: pip install 'minzheng-archive[parquet]'")


def test_parquet_has_every_value_with_its_type(tmp_path: Path, parquet: Any) -> None:
    written(EXPORTERS["parquet"], tmp_path / "things.parquet", THINGS, ROWS[:7], ROWS[7:])
    read = parquet.read_table(tmp_path / "things.parquet")
    as_typed: dict[str, Callable[[Any], Any]] = {
        "seen_on": date.fromisoformat,
        "seen_at": datetime.fromisoformat,
        "copies": lambda copies: [{**one, "published_on": day(one["published_on"])} for one in copies],
    }

    assert read.to_pylist() == [
        {
            name: as_typed[name](value) if name in as_typed and value is not None else value
            for name, value in row.items()
        }
        for row in ROWS
    ]
    assert {field.name: str(field.type) for field in read.schema} == {
        "id": "string",
        "said": "string",
        "count": "int64",
        "share": "double",
        "is_true": "bool",
        "seen_on": "date32[day]",
        "seen_at": "timestamp[us, tz=UTC]",
        "names": "list<element: string>",
        "copies": "list<element: struct<url: string, role: string, rule: string, class: string, confidence: double, "
        "title: string, published_on: date32[day], attribution: string>>",
        "files": "list<element: struct<name: string, url: string, sha256: string>>",
        "evidence": "string",
    }


def day(printed: str | None) -> date | None:
    return date.fromisoformat(printed) if printed else None


def test_parquet_says_what_its_columns_mean_and_is_packed(tmp_path: Path, parquet: Any) -> None:
    written(EXPORTERS["parquet"], tmp_path / "notices.parquet", DATASET)
    written(EXPORTERS["parquet"], tmp_path / "things.parquet", THINGS, ROWS)
    schema = parquet.read_schema(tmp_path / "notices.parquet")
    packed = parquet.read_metadata(tmp_path / "things.parquet").row_group(0)

    assert [name for name in DATASET.names if b" \xc2\xb7 " not in schema.field(name).metadata[b"description"]] == []
    assert schema.field("title").metadata[b"description"].decode() == "标题 · Title as published"
    assert schema.metadata[b"title"].decode() == "通知公告 · Notices"
    assert {packed.column(at).compression for at in range(packed.num_columns)} == {"ZSTD"}


def test_the_records_in_a_list_have_all_the_fields_of_the_dataset(tmp_path: Path, parquet: Any) -> None:
    written(EXPORTERS["parquet"], tmp_path / "notices.parquet", DATASET)
    schema = parquet.read_schema(tmp_path / "notices.parquet")

    assert [field.name for field in schema.field("copies").type.value_type] == list(DatasetCopy.__annotations__)
    assert [field.name for field in schema.field("attachments").type.value_type] == list(DatasetFile.__annotations__)


def test_row_groups_of_parquet_are_no_larger_than_a_reader_can_hold(
    tmp_path: Path, parquet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.export.formats.parquet.ROW_GROUP", 100_000)
    pages = [[thing(page * 10 + number, said="长" * 1000) for number in range(10)] for page in range(20)]
    written(EXPORTERS["parquet"], tmp_path / "things.parquet", THINGS, *pages)
    about = parquet.read_metadata(tmp_path / "things.parquet")
    sizes = [about.row_group(at).total_byte_size for at in range(about.num_row_groups)]

    assert len(sizes) == 5
    assert max(sizes) < 200_000
    assert parquet.read_table(tmp_path / "things.parquet")["id"].to_pylist() == [
        row["id"] for page in pages for row in page
    ]


def test_who_has_no_pyarrow_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(NotInstalled, match=re.escape("pip install 'minzheng-archive[parquet]'")):
        check_pyarrow()


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"said": "半\ud842个"}, "said of things t002 cannot be written: "),
        ({"names": ["甲局", "\udfb7"]}, "names of things t002 cannot be written: "),
    ],
)
def test_half_a_character_is_refused_by_row_and_column(
    tmp_path: Path, name: str, values: dict[str, Any], said: str
) -> None:
    need_pyarrow(name)
    with pytest.raises(Unwritable, match=said):
        written(EXPORTERS[name], tmp_path / f"things.{name}", THINGS, [thing(1), thing(2, **values), thing(3)])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"seen_on": "2024-02-30"}, "seen_on of things t002 cannot be written: .*2024-02-30"),
        ({"seen_at": "2024-02-29T16:00:00"}, "seen_at of things t002 cannot be written: "),
        ({"count": 2**63}, "count of things t002 cannot be written: "),
        ({"copies": [{**COPY, "published_on": "昨天"}]}, "copies of things t002 cannot be written: .*昨天"),
    ],
)
def test_what_is_not_of_its_type_is_refused_by_row_and_column(
    tmp_path: Path, parquet: Any, values: dict[str, Any], said: str
) -> None:
    with pytest.raises(Unwritable, match=said):
        written(EXPORTERS["parquet"], tmp_path / "things.parquet", THINGS, [thing(1), thing(2, **values), thing(3)])


def sheets(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path)}


def test_a_workbook_has_texts_as_texts_and_says_what_was_cut(tmp_path: Path) -> None:
    written(EXPORTERS["xlsx"], tmp_path / "things.xlsx", THINGS, ROWS[:7], ROWS[7:])
    read = sheets(tmp_path / "things.xlsx")
    head, *lines = read["things"]
    said = {row[0]: dict(zip(head, row, strict=True))["said"] for row in lines}
    about = {name: text for name, text in read["about"] if name}

    assert head == THINGS.names
    for row in ROWS:
        expected = in_a_cell(row["said"] or "")
        shown = said[row["id"]] or ""
        if utf16(expected) <= LONGEST:
            assert shown == expected
        else:
            assert shown[:16_000] == expected[:16_000]
            assert shown.endswith(f"〔此格已截断，全文见 The cell is cut; the whole is at things.csv, id {row['id']}〕")
            assert utf16(shown) <= LONGEST
    assert about["things"] == "things · things"
    assert (about["rows"], about["cut cells"]) == (str(len(ROWS)), "6")
    assert about["seen_on"] == "列 seen_on · Column seen_on"
    assert {type(row[head.index("count")]) for row in lines[:3]} == {int}
    assert {type(row[head.index("share")]) for row in lines[:3]} == {float}
    assert {type(row[head.index("is_true")]) for row in lines[:3]} == {bool}


def in_a_cell(text: str) -> str:
    """A text without what XML has no way to write, its lines broken as Excel breaks them."""
    return re.sub("[\x00-\x08\x0b-\x1f\ufffe]", "", re.sub("\r\n?", "\n", text))


def utf16(text: str) -> int:
    """Its length as Excel counts it."""
    return len(text.encode("utf-16-le")) // 2


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database of sixty notices."""
    path = tmp_path_factory.mktemp("formats") / "notices.db"
    a_searched_archive(path)
    db = open_reader(path)
    yield db
    db.close()


@pytest.mark.parametrize("name", [*EXPORTERS, *FORMS])
def test_the_same_rows_are_the_same_bytes_at_any_time(
    searched: Database, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_pyarrow(name)
    pages = list(notice_pages(searched, page=25))
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    one = written(exporters_of(searched)[name], tmp_path / f"one/notices.{name}", DATASET, *pages)
    monkeypatch.setattr("time.time", lambda: 2e9)
    two = written(exporters_of(searched)[name], tmp_path / f"two/notices.{name}", DATASET, *pages)

    assert one == two
    assert len(one) > 1000


def need_pyarrow(name: str) -> None:
    if name == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is an extra: pip install 'minzheng-archive[parquet]'")


@pytest.mark.parametrize("name", ["csv", "jsonl", *FORMS])
def test_a_packed_file_is_the_plain_one_and_bears_no_name_and_no_instant(
    searched: Database, tmp_path: Path, name: str
) -> None:
    pages = list(notice_pages(searched))
    exporter = exporters_of(searched)[name]
    packed = written(exporter, tmp_path / f"notices.{name}.gz", DATASET, *pages)

    assert gzip.decompress(packed) == written(exporter, tmp_path / f"notices.{name}", DATASET, *pages)
    assert packed[3:8] == bytes(5)


EMPTY: dict[str, Callable[[Path], object]] = {
    "csv": lambda path: path.read_bytes() == ("\ufeff" + ",".join(DATASET.names) + "\r\n").encode(),
    "jsonl": lambda path: path.read_bytes() == b"",
    "parquet": lambda path: parquet_names(path) == DATASET.names,
    "xlsx": lambda path: sheets(path)["notices"] == [DATASET.names],
    "ris": lambda path: rispy.loads(path.read_text()) == [],
    "bib": lambda path: path.read_bytes() == b"",
    "gbt.txt": lambda path: path.read_bytes() == b"",
    "csl.json": lambda path: json.loads(path.read_text()) == [],
}


def parquet_names(path: Path) -> tuple[str, ...]:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    return tuple(table.column_names) if table.num_rows == 0 else ()


@pytest.mark.parametrize("name", [*EXPORTERS, *FORMS])
def test_no_rows_are_a_file_that_says_what_would_be_in_it(searched: Database, tmp_path: Path, name: str) -> None:
    need_pyarrow(name)
    written(exporters_of(searched)[name], tmp_path / f"notices.{name}", DATASET)

    assert EMPTY[name](tmp_path / f"notices.{name}")


IDS: dict[str, Callable[[str], list[str]]] = {
    "ris": lambda text: [one["id"].partition("-")[0] for one in rispy.loads(text)],
    "gbt.txt": lambda text: re.findall(r"\[EB/OL\].*/notice/([a-z2-7]{12})/r/", text),
    "bib": lambda text: re.findall(r"^@online\{([a-z2-7]{12})", text, re.M),
    "csl.json": lambda text: [one["id"].partition("-")[0] for one in json.loads(text)],
}


@pytest.mark.parametrize("name", FORMS)
def test_every_notice_has_its_reference(searched: Database, tmp_path: Path, name: str) -> None:
    pages = list(notice_pages(searched, page=25))
    exporter = reference_exporters(searched, "https://archive.example.org/")[name]
    body = written(exporter, tmp_path / f"notices.{name}", DATASET, *pages).decode()

    assert IDS[name](body) == [row["id"] for page in pages for row in page]
    assert "https://archive.example.org/notice/" in body


def test_a_reference_leads_to_the_publication_where_nobody_knows_the_archives_address(
    searched: Database, tmp_path: Path
) -> None:
    pages = list(notice_pages(searched))
    body = written(reference_exporters(searched)["csl.json"], tmp_path / "notices.csl.json", DATASET, *pages)

    assert [one["URL"] for one in json.loads(body)] == [
        row["original_url"] or row["text_from"] for page in pages for row in page
    ]


def shards_of(folder: Path, rows: Sequence[Mapping[str, Any]], page: int, **plan: Any) -> dict[str, list[str]]:
    """The ids in each of the files that are written, by their names."""
    wanted = Plan(**{"folder": folder, "table": THINGS, "exporter": EXPORTERS["jsonl"], "ending": "jsonl", **plan})
    folder.mkdir()
    with Shards(wanted) as shards:
        for start in range(0, len(rows), page):
            shards.add(rows[start : start + page])
    found = {
        path.name: [json.loads(line)["id"] for line in path.read_bytes().splitlines()]
        for path in sorted(folder.iterdir())
    }

    assert {shard.path.name: shard.rows for shard in shards.files} == {name: len(ids) for name, ids in found.items()}
    assert [shard.path.name for shard in shards.files] == sorted(found)
    assert [shard.size + shard.rows for shard in shards.files] == [shard.path.stat().st_size for shard in shards.files]
    return found


@pytest.mark.parametrize("page", [1, 3, 100])
def test_a_file_is_full_at_the_same_row_however_rows_come(tmp_path: Path, page: int) -> None:
    rows = [thing(number, said="长" * 100) for number in range(10)]
    found = shards_of(tmp_path / "out", rows, page, limit=4 * len(json.dumps(rows[0], ensure_ascii=False).encode()))

    assert found == {
        "things-00000-of-00003.jsonl": ["t000", "t001", "t002", "t003"],
        "things-00001-of-00003.jsonl": ["t004", "t005", "t006", "t007"],
        "things-00002-of-00003.jsonl": ["t008", "t009"],
    }


def test_a_row_that_is_larger_than_a_file_may_be_has_one_alone(tmp_path: Path) -> None:
    rows = [thing(0), thing(1, said="长" * 5000), thing(2), thing(3)]

    assert list(shards_of(tmp_path / "out", rows, 2, limit=2000).values()) == [["t000"], ["t001"], ["t002", "t003"]]


@pytest.mark.parametrize(
    ("name", "expected"), [(hub_name, "things-00000-of-00001.jsonl"), (plain_name, "things.jsonl")]
)
def test_one_file_alone_is_named_as_asked_for(tmp_path: Path, name: Callable[..., str], expected: str) -> None:
    assert shards_of(tmp_path / "out", [thing(1)], 1, name=name) == {expected: ["t001"]}
    assert shards_of(tmp_path / "none", [], 1, name=name) == {expected: []}


def parted(folder: Path, rows: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str | None, int]]:
    plan = Plan(folder=folder, table=THINGS, exporter=EXPORTERS["csv"], ending="csv", limit=20_000)
    with PartedShards(plan, Parts("said", ("train", "validation", "test"))) as shards:
        for start in range(0, len(rows), 3):
            shards.add(rows[start : start + 3])
    assert {path.name for path in folder.iterdir()} == {shard.path.name for shard in shards.files}
    return {shard.path.name: (shard.part, shard.rows) for shard in shards.files}


def test_rows_are_parted_and_named_as_a_hub_reads_them(tmp_path: Path) -> None:
    parts = ["test", "train", "train", "train"]
    rows = [thing(number, said=parts[number % 4], evidence="长" * 600) for number in range(20)]

    assert parted(tmp_path, rows) == {
        "things-train-00000-of-00002.csv": ("train", 8),
        "things-train-00001-of-00002.csv": ("train", 7),
        "things-test-00000-of-00001.csv": ("test", 5),
    }


def test_parts_without_any_rows_have_one_file_for_their_columns(tmp_path: Path) -> None:
    assert parted(tmp_path, []) == {"things-train-00000-of-00001.csv": ("train", 0)}


def test_a_part_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="said of things t001 cannot be written: 'dev' is none of train, validation"):
        parted(tmp_path, [thing(0, said="train"), thing(1, said="dev")])
