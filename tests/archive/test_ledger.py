"""The ledger of exports: what left the archive is put down, and a broken line hides no other."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.appended import BrokenLine
from archive.cli import main
from archive.ledger import NAME, Export, LedgerError, append, read_ledger, scan_ledger

RELEASE = Export(
    at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
    who="op",
    what="release",
    name="2026-03",
    folder="/data/民政-2026-03",
    formats=("csv", "parquet"),
    selection={"--place": "420100"},
    notices=120,
    previous="2026-02",
    files={"SHA256SUMS": "ab" * 32},
)
UNMASKED = replace(RELEASE, what="unmasked", name=None, previous=None, selection={}, files={"notices.csv": "cd" * 32})


def test_what_is_put_down_is_read_back_in_its_order(tmp_path: Path) -> None:
    for export in (RELEASE, UNMASKED, RELEASE):
        append(tmp_path / NAME, export)

    assert [RELEASE, UNMASKED, RELEASE] == read_ledger(tmp_path / NAME)
    assert [] == read_ledger(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"at": "2026', "no JSON"),
        ("[]", "no JSON object"),
        (json.dumps({"what": "snapshot"}), "not one of release, unmasked"),
        (json.dumps({"what": "release", "at": "2026-03-02T01:00:00"}), "without its zone"),
        (json.dumps({"what": "release", "at": "2026-03-02T01:00:00+00:00"}), "it has no 'who'"),
    ],
)
def test_a_broken_line_is_named_and_takes_no_later_export_along(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / NAME
    path.write_text(line, encoding="utf-8")
    append(path, RELEASE)
    broken, whole = scan_ledger(path)

    assert isinstance(broken, BrokenLine)
    assert said in broken.why
    assert RELEASE == whole
    with pytest.raises(LedgerError, match="line 1"):
        read_ledger(path)


def test_the_command_lists_what_can_be_read_and_names_the_rest(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    append(tmp_path / NAME, RELEASE)
    whole = CliRunner().invoke(main, ["--archive", str(tmp_path), "exports", "--json"])
    with (tmp_path / NAME).open("a", encoding="utf-8") as file:
        file.write("torn")
    torn = CliRunner().invoke(main, ["--archive", str(tmp_path), "exports"])

    assert [("2026-03", 120, {"--place": "420100"})] == [
        (one["name"], one["notices"], one["selection"]) for one in json.loads(whole.stdout)
    ]
    assert (0, 3) == (whole.exit_code, torn.exit_code)
    assert "2026-03" in torn.stdout
    assert "line 2" in torn.stderr


def test_an_archive_that_gave_nothing_away_lists_nothing(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    done = CliRunner().invoke(main, ["--archive", str(tmp_path), "exports", "--json"])

    assert (0, []) == (done.exit_code, json.loads(done.stdout))
    assert CliRunner().invoke(main, ["--archive", str(tmp_path / "none"), "exports"]).exit_code == 4
