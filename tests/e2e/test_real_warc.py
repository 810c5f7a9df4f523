"""Real pages in a WARC, taken in: article pages become copies, list pages no notice, readable pages no issue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.store import open_reader
from tests.e2e.commands import minzheng
from tests.shared import need_shared


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of those pages."""
    made = tmp_path_factory.mktemp("real") / "archive"
    done = minzheng(made, "ingest", need_shared("eval", "open.warc.gz"))
    assert done.code == 0, done.err
    return made


def pages(kind: str) -> list[str]:
    """Addresses of the pages of a kind: their own, or one made of their id where none is known."""
    lines = need_shared("eval", "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [
        page["url"] or f"http://{page['id'].replace('_', '-')}.example/page.html"
        for page in found
        if page["kind"] == kind
    ]


def test_every_article_page_is_a_copy_and_no_list_page_is(folder: Path) -> None:
    db = open_reader(folder / "notices.db")
    copies = {row["url"] for row in db.query("select url from copies")}
    db.close()

    assert [url for url in pages("article") if url not in copies] == []
    assert [url for url in pages("list") if url in copies] == []


def test_no_readable_page_is_an_issue_and_everything_agrees(folder: Path) -> None:
    assert json.loads(minzheng(folder, "issues", "--json").out) == []
    assert minzheng(folder, "verify").code == 0


def test_taking_them_in_again_changes_nothing(folder: Path) -> None:
    done = minzheng(folder, "ingest", need_shared("eval", "open.warc.gz"), "--json")
    report = json.loads(done.out)

    assert [file["state"] for file in report["files"]] == ["held"]
    assert report["index"]["records"] == 0
