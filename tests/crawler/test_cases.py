"""`minzheng fixture`: test cases made of pages, in the very form that the tests of pages and lists take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.index import Index
from archive.page import open_data, open_page
from archive.records import Channel
from archive.store import open_writer
from crawler.cases import as_values, make_case
from crawler.cli import main
from crawler.families import FAMILIES
from tests.captures import an_exchange, article, write_warc

PAGES = Path(__file__).parents[1] / "pages"
LISTS = {
    f"{case.parent.name}/{case.name}": case
    for case in sorted(PAGES.glob("*/list-*"))
    if "listing" in json.loads((case / "expected.json").read_text("utf-8"))
}
URL = "http://mzj.qingshan.example/tzgg/202603/t20260302_1.html"


@pytest.mark.parametrize("name", LISTS)
def test_a_list_made_into_a_case_has_its_entries_and_further_pages(name: str) -> None:
    source = _expected(LISTS[name])
    file = next(path for path in LISTS[name].iterdir() if path.name != "expected.json")
    family = name.partition("/")[0]
    case = make_case(source["url"], file.read_bytes(), (), family=family, options=source.get("options"))
    made = case.expected["listing"]

    assert len(source["listing"].get("entries", made["entries"])) == len(made["entries"])  # type: ignore[index]
    assert len(source["listing"].get("asks", made["asks"])) == len(made["asks"])  # type: ignore[index]
    assert file.suffix == Path(case.file).suffix


def test_a_list_case_reads_as_its_expected_says(tmp_path: Path) -> None:
    done = _run(tmp_path, str(PAGES / "trs/list-first-page/page.html"), "--url", "https://mzj.shuixi.example/xw/tzgg/")
    expected = _expected(tmp_path / "case")
    page = open_page(expected["url"], (tmp_path / "case/page.html").read_bytes(), ())
    channel = Channel(source="x", name="x", url=page.url, family="trs", options=expected.get("options", {}))

    assert 0 == done.exit_code, done.output
    assert expected["listing"] == json.loads(json.dumps(as_values(FAMILIES["trs"].read(page, channel))))
    assert "shuixi" not in json.dumps(expected)


def test_data_becomes_an_answer_file(tmp_path: Path) -> None:
    file = PAGES / "jpaas/list-first-answer/answer.json"
    url = _expected(file.parent)["url"]
    done = _run(tmp_path, str(file), "--url", url, "--family", "jpaas")
    expected = _expected(tmp_path / "case")
    data = open_data(expected["url"], (tmp_path / "case/answer.json").read_bytes(), ())

    assert 0 == done.exit_code, done.output
    assert data.html.startswith("{")
    assert expected["listing"]["entries"]


def test_an_address_of_the_archive_becomes_a_case_without_the_network(tmp_path: Path) -> None:
    write_warc(tmp_path / "a/warc", "20260302T010000Z-aaaaaa", [an_exchange(URL, article("关于规范低保工作的通知"))])
    db = open_writer(tmp_path / "a/notices.db")
    Index(tmp_path / "a", db, run="test").catch_up()
    db.close()
    done = _run(tmp_path, URL)
    expected = _expected(tmp_path / "case")

    assert 0 == done.exit_code, done.output
    assert ("ok", "article", "2026-03-01") == (expected["outcome"], expected["kind"], expected["published_on"])
    assert expected["title"].startswith("关于")
    assert expected["title"].endswith("通知")
    assert len("关于规范低保工作的通知") == len(expected["title"])
    assert "规范低保" not in (tmp_path / "case/page.html").read_text("utf-8")


def test_an_article_case_holds_its_fields_as_the_tests_take_them(tmp_path: Path) -> None:
    source = PAGES / "trs/disclosure-table"
    done = _run(tmp_path, str(source / "page.html"), "--url", _expected(source)["url"])
    expected = _expected(tmp_path / "case")

    assert 0 == done.exit_code, done.output
    assert isinstance(expected["text"], list)
    fields = {field for field in _expected(source) if not field.startswith("evidence.")}
    assert set() == fields - set(expected) - {"issuing_agency", "document_number_raw", "published_raw"}


def test_a_case_is_never_written_over_another(tmp_path: Path) -> None:
    words = (str(PAGES / "trs/article/page.html"), "--url", URL)

    assert 0 == _run(tmp_path, *words).exit_code
    done = _run(tmp_path, *words)
    assert 4 == done.exit_code
    assert "has an expected.json" in done.output


def test_what_cannot_be_made_into_a_case_is_said(tmp_path: Path) -> None:
    assert "neither a file nor an address" in _run(tmp_path, "nosuch.html").output
    assert "is no family" in _run(tmp_path, URL, "--family", "trss").output
    assert 4 == _run(tmp_path, URL).exit_code


def _run(tmp_path: Path, *words: str) -> Result:
    arguments = ["--archive", str(tmp_path / "a"), "fixture", *words, "--out", str(tmp_path / "case")]
    return CliRunner().invoke(main, arguments)


def _expected(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "expected.json").read_text("utf-8"))
    return found
