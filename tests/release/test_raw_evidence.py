"""Raw evidence by the tools of others: whole as it is written, and not any more once a byte is changed."""

from __future__ import annotations

import gzip
import shutil
import zlib
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from archive.export.evidence.bundle import write_bundle
from archive.index import Index
from archive.store import open_writer
from tests.captures import NOW, an_exchange, article, write_warc
from tests.release.conftest import Run

PAGE = "http://mzj.qingshan.example/tzgg/1.html"
CHECKS = {
    "warc": ("warcio", "check", "-v", "evidence.warc.gz"),
    "wacz": ("wacz", "validate", "-f", "evidence.wacz"),
    "sums": ("sha256sum", "--quiet", "-c", "SHA256SUMS"),
}


@pytest.fixture(scope="module")
def evidence(tools: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of a notice that was looked at twice, and of its repost."""
    folder = tmp_path_factory.mktemp("evidence")
    page = an_exchange(PAGE, article("关于规范低保工作的通知"), at=NOW)
    repost = an_exchange("http://www.zixun.example/1.html", article("关于规范低保工作的通知", original=PAGE))
    write_warc(folder / "warc", "20260302T010000Z-aaaaaa", [page, repost, page])
    with closing(open_writer(folder / "notices.db")) as db:
        Index(folder, db, run="test").catch_up()
        [row] = db.query("select id from notices")
        return write_bundle(folder / "out", folder / "warc", db, row["id"]).folder


@pytest.mark.parametrize("name", CHECKS)
def test_it_passes(evidence: Path, run: Run, name: str) -> None:
    done = run(evidence, *CHECKS[name])

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["warc", "wacz"])
def test_a_changed_byte_of_a_page_fails(evidence: Path, run: Run, tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(evidence, tmp_path / "copy"))
    warc = _changed((copy / "evidence.warc.gz").read_bytes())
    (copy / "evidence.warc.gz").write_bytes(warc)
    with ZipFile(copy / "evidence.wacz") as package:
        held = {one: package.read(one) for one in package.namelist()}
    with ZipFile(copy / "evidence.wacz", "w") as package:
        for one, data in held.items():
            package.writestr(one, warc if one.startswith("archive/") else data)

    assert run(copy, *CHECKS[name]).returncode != 0


def _changed(warc: bytes) -> bytes:
    """The same records, one word of one page another; each is a sound gzip member still."""
    members = []
    while warc:
        engine = zlib.decompressobj(31)
        members.append(engine.decompress(warc))
        warc = engine.unused_data
    old, new = "低保资金".encode(), "低保补金".encode()
    at = next(number for number, one in enumerate(members) if old in one)
    members[at] = members[at].replace(old, new)
    return b"".join(gzip.compress(one, mtime=0) for one in members)
