"""The exchanges that come along with a release are as the tools of web archives want them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.release.conftest import Run

CHECKS = {
    "warc": ("warcio", "check", "raw/evidence/raw.warc.gz"),
    "wacz": ("wacz", "validate", "-f", "raw/evidence/raw.wacz"),
    "ours": ("minzheng", "verify", "raw"),
}


@pytest.fixture(scope="module")
def folder(demo: Path, run: Run) -> Path:
    """Where a release `raw` has the exchanges and the files of the demo archive."""
    export = ("minzheng", "--archive", "demo-archive", "export", "raw", "--release", "raw")
    done = run(demo, *export, "--unmasked", "--format", "csv,warc,wacz", "--files")

    assert done.returncode == 0, done.stderr
    return demo


@pytest.mark.parametrize("name", CHECKS)
def test_raw_evidence_passes(folder: Path, run: Run, name: str) -> None:
    done = run(folder, *CHECKS[name])

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("name", "file"), [("warc", "raw.warc.gz"), ("wacz", "raw.wacz")])
def test_a_changed_byte_of_it_is_found(folder: Path, run: Run, tmp_path: Path, name: str, file: str) -> None:
    place = tmp_path / "raw" / "evidence"
    place.mkdir(parents=True)
    whole = (folder / "raw" / "evidence" / file).read_bytes()
    middle = len(whole) // 2
    (place / file).write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])

    assert run(tmp_path, *CHECKS[name]).returncode != 0
