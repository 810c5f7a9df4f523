"""The page of a capture: what was kept, as it was kept, and nothing of it runs."""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from archive.archive import Archive
from archive.browse.capture.record import NotHeld, find_file, warc_folder
from archive.browse.pages import page_path
from archive.browse.serve import make_datasette, published
from archive.index import Index
from archive.ingest import ingest
from archive.records import Crawl, Exchange
from archive.store import open_reader, open_writer
from archive.warc import Earlier, WarcWriter
from tests.archive.test_warc_foreign import record
from tests.browsing import Browser
from tests.captures import BUREAU, NOW, an_exchange, article

PAGE = "http://mzj.qingshan.example/tzgg/1.html"
LONG = "http://mzj.qingshan.example/tzgg/2.html"
FILE = "http://mzj.qingshan.example/f/1.pdf"
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>此处</a>"
    "<a href='../tz/3.html'>另文</a><iframe src=//x.example></iframe><form action=/x><input></form>"
    "<p onclick=a()>正文</p>"
)


class Held(NamedTuple):
    """An archive in its folder, a Datasette on it, and the captures by their address, oldest first."""

    folder: Path
    browser: Browser
    rows: dict[str, list[dict[str, Any]]]

    def page(self, url: str, *, at: int = 0, more: str = "") -> Any:
        return self.browser.get(f"/capture/{self.record(url, at=at)}{more}")

    def record(self, url: str, *, at: int = 0) -> str:
        return str(self.rows[url][at]["record_id"]).removeprefix("urn:uuid:")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """A page, twice the same; a page of many lines; a file."""
    archive = Archive(tmp_path_factory.mktemp("held"))
    text = article("关于低保的通知").replace("<h1>", f"{HOSTILE}<h1>")
    long = article("关于长页的通知").replace("<body>", "<body>" + "<p>　</p>\n" * 2500 + "<b>" * 3000)
    file = Exchange(
        url=FILE, method="GET", request_headers=(), request_body=b"", status=200, reason="OK",
        headers=(("Content-Type", "application/pdf"),), body=b"%PDF-1.4 nothing", fetched_at=NOW,
    )  # fmt: skip
    keep(archive, "20260302T010000Z-aaaaaa", [an_exchange(PAGE, text), an_exchange(LONG, long), file])
    again = an_exchange(PAGE, text, at=NOW + timedelta(days=1))
    first = Earlier(url=PAGE, fetched_at=NOW, record_id=read(archive)[PAGE][0]["record_id"])
    keep(archive, "20260303T010000Z-bbbbbb", [again], first)
    browser = Browser(make_datasette(archive.path))
    yield Held(archive.path, browser, read(archive))
    browser.close()


def keep(archive: Archive, crawl: str, exchanges: list[Exchange], earlier: Earlier | None = None) -> None:
    at = exchanges[0].fetched_at
    writer = WarcWriter(
        archive.warc,
        Crawl(id=crawl, kind="crawl", started_at=at, vantage="test", agent="test"),
        earlier=lambda _key, _digest: earlier,
    )
    writer.note(BUREAU, at=at)
    for exchange in exchanges:
        writer.keep(exchange)
    writer.close()
    with closing(open_writer(archive.database)) as db:
        Index(archive.path, db, run="test").catch_up()


def read(archive: Archive) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    with closing(open_reader(archive.database)) as db:
        for row in db.query("select * from captures order by fetched_at"):
            rows.setdefault(row["url"], []).append(row)
    return rows


def test_both_messages_and_the_source_are_shown_as_text(held: Held) -> None:
    answer = held.page(PAGE)

    assert 200 == answer.status_code
    for said in ("GET /tzgg/1.html HTTP/1.1", "User-Agent: test", "HTTP/1.1 200 OK", "Content-Type: text/html", PAGE):
        assert said in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>alert(1)" not in answer.text
    assert "✓" in answer.text
    assert re.search(r'id="L1"', answer.text)
    assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_it_is_found_by_the_id_of_its_record_in_either_form_and_by_no_other(held: Held) -> None:
    record = held.record(PAGE)

    assert 200 == held.browser.get(f"/capture/urn:uuid:{record}").status_code
    assert 200 == held.browser.get(f"/notices/-/capture/{record}").status_code
    for other in ("1", "none", f"{record}x", "~2E~2E~2Fetc", "~00"):
        assert 404 == held.browser.get(f"/capture/{other}").status_code


def test_the_record_comes_down_byte_for_byte_with_what_was_asked(held: Held) -> None:
    row = held.rows[PAGE][0]
    file = (held.folder / "warc" / row["warc_file"]).read_bytes()
    answer = held.page(PAGE, more=".warc.gz")

    assert file[row["warc_offset"] : row["warc_end"]] == answer.content[: row["warc_end"] - row["warc_offset"]]
    assert answer.content in file
    records = gzip.decompress(answer.content)
    assert [b"response", b"request"] == re.findall(rb"WARC-Type: (\w+)", records)
    assert "attachment" in answer.headers["content-disposition"]
    assert "application/octet-stream" == answer.headers["content-type"]


def test_the_payload_comes_down_as_a_file_whatever_it_is(held: Held) -> None:
    answer = held.page(FILE, more="/payload")

    assert b"%PDF-1.4 nothing" == answer.content
    assert answer.headers["content-disposition"].endswith('.pdf"')
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "alert(1)" in held.page(PAGE, more="/payload").text
    assert "attachment" in held.page(PAGE, more="/payload").headers["content-disposition"]


def test_a_file_has_no_rendering_and_no_source(held: Held) -> None:
    assert 404 == held.page(FILE, more="/view").status_code
    assert 'id="L1"' not in held.page(FILE).text
    assert "/payload" in held.page(FILE).text


def test_the_look_at_a_page_has_its_words_and_nothing_that_runs_draws_or_fetches(held: Held) -> None:
    answer = held.page(PAGE, more="/view")

    assert "各区民政局，局属各单位" in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert not re.search(r"<(?:script|img|iframe|form|input|style|link|object|svg)\b", answer.text)
    assert not re.search(r"\son\w+=|javascript:|\ssrc=|\sstyle=", answer.text)
    assert ["http://mzj.qingshan.example/tz/3.html"] == re.findall(r'href="([^"]*)"', answer.text)


def test_a_revisit_leads_to_the_record_that_has_the_payload_and_keeps_the_question(held: Held) -> None:
    answer = held.page(PAGE, at=1, more="?field=title")

    assert held.rows[PAGE][1]["revisit"]
    assert f"/capture/{held.record(PAGE)}?field=title" in answer.text
    assert 'id="L1"' not in answer.text
    assert 404 == held.page(PAGE, at=1, more="/payload").status_code
    assert b"WARC-Type: revisit" in gzip.decompress(held.page(PAGE, at=1, more=".warc.gz").content)


@pytest.mark.parametrize(
    ("field", "marked"),
    [
        ("title", "ArticleTitle"),
        ("published_on", "2026-03-01 09:00"),
        ("attribution", "青山市民政局"),
        ("text", "各区民政局"),
    ],
)
def test_the_place_where_a_field_was_read_is_marked(held: Held, field: str, marked: str) -> None:
    answer = held.page(PAGE, more=f"?field={field}")

    [found] = re.findall(r'<mark id="found">(.*?)</mark>', answer.text)
    assert marked in html.unescape(found)
    assert 'href="#found"' in answer.text


def test_what_cannot_be_pointed_at_is_said(held: Held) -> None:
    for field in ("effective_on", "<script>"):
        answer = held.page(PAGE, more=f"?field={field}&lang=en")
        assert "Nothing is on record" in answer.text
        assert 'id="found"' not in answer.text
    assert "<script>”" not in answer.text


def test_a_long_source_is_shown_in_parts_and_a_place_in_it_opens_its_part(held: Held) -> None:
    first, further = held.page(LONG), held.page(LONG, more="?from=1000")

    assert 1000 == first.text.count("<tr>")
    assert "from=1000" in first.text
    assert "from=0" in further.text
    assert 'id="L1001"' in further.text
    assert 'id="found"' in held.page(LONG, more="?field=text").text
    assert 200 == held.page(LONG, more="?from=99999999").status_code == held.page(LONG, more="?from=x").status_code


def test_nothing_raw_is_offered_to_the_public(held: Held) -> None:
    with published(held.folder) as database:
        browser = Browser(make_datasette(database, public=True))
        record = held.record(PAGE)
        answer = browser.get(f"/capture/{record}")
        assert (200, True) == (answer.status_code, "公开版不提供原始网页" in answer.text)
        assert "HTTP/1.1 200 OK" not in answer.text
        for more in ("/view", ".warc.gz", "/payload"):
            assert 404 == browser.get(f"/capture/{record}{more}").status_code
        # not even where the folder lies beside the database
        beside = Browser(make_datasette(held.folder, public=True))
        assert warc_folder(beside.datasette, "notices") is None
        assert 404 == beside.get(f"/capture/{record}.warc.gz").status_code
        browser.close()
        beside.close()


def test_without_the_files_the_row_is_shown_and_what_is_missing_is_said(held: Held, tmp_path: Path) -> None:
    (tmp_path / "notices.db").write_bytes((held.folder / "notices.db").read_bytes())
    browser = Browser(make_datasette(tmp_path))
    record = held.record(PAGE)

    assert "没有 warc 目录" in browser.get(f"/capture/{record}").text
    (tmp_path / "warc").mkdir()
    assert "there is no file 2026/" in browser.get(f"/capture/{record}").text
    assert 404 == browser.get(f"/capture/{record}.warc.gz").status_code
    browser.close()


def test_a_payload_that_is_not_what_the_database_says_is_told(held: Held, tmp_path: Path) -> None:
    (tmp_path / "notices.db").write_bytes((held.folder / "notices.db").read_bytes())
    (tmp_path / "warc").symlink_to(held.folder / "warc")
    with closing(open_writer(tmp_path / "notices.db")) as db:
        db.execute("update captures set payload_digest = 'sha256:00' where url = ?", [PAGE])
    browser = Browser(make_datasette(tmp_path))

    assert "与数据库所记摘要不符" in browser.get(f"/capture/{held.record(PAGE)}").text
    browser.close()


@pytest.mark.parametrize(
    "name",
    [
        "../notices.db",
        "/etc/passwd",
        "2026/../../secret.warc.gz",
        "../secret.warc.gz",
        "..",
        "2026/..",
        "",
        "a\0/b.warc.gz",
    ],
)
def test_a_name_leads_to_no_file_outside_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "warc" / "2026").mkdir(parents=True)
    (tmp_path / "secret.warc.gz").write_bytes(b"x")
    (tmp_path / "notices.db").write_bytes(b"x")

    with pytest.raises(NotHeld):
        find_file(tmp_path / "warc", name)


def test_a_database_that_names_other_files_opens_none_of_them(held: Held, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notices.db").write_bytes((held.folder / "notices.db").read_bytes())
    (tmp_path / "in" / "warc").mkdir()
    file = held.folder / "warc" / held.rows[PAGE][0]["warc_file"]
    (tmp_path / "secret.warc.gz").write_bytes(file.read_bytes())
    browser = Browser(make_datasette(tmp_path / "in"))
    for name in ("../../secret.warc.gz", "../secret.warc.gz", str(tmp_path / "secret.warc.gz")):
        with closing(open_writer(tmp_path / "in" / "notices.db")) as db:
            db.execute("update captures set warc_file = ? where url = ?", [name, PAGE])
        assert "no name of a WARC file" in browser.get(f"/capture/{held.record(PAGE)}").text
        assert 404 == browser.get(f"/capture/{held.record(PAGE)}.warc.gz").status_code
    browser.close()


@pytest.mark.parametrize("ending", [".gz", ""])
def test_a_record_that_another_program_wrote_is_shown_with_its_request_wherever_that_stands(
    tmp_path: Path, ending: str
) -> None:
    page = article("外来存档的通知").encode("gb18030").replace(b"utf-8", b"gb2312")
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer += f"{len(page):x}\r\n".encode() + page + b"\r\n0\r\n\r\n"
    asked = record(
        "request", b"GET /tzgg/1.html HTTP/1.1\r\nHost: mzj.qingshan.example\r\nX-Asked: yes\r\n\r\n", url=PAGE
    )
    parts = (record("warcinfo", b"x"), asked, record("response", answer, url=PAGE))
    file, packed = tmp_path / f"other.warc{ending}", bool(ending)
    file.write_bytes(b"".join(gzip.compress(one) if packed else one for one in parts))
    with Archive.lock(tmp_path / "archive", holder="test") as archive:
        list(ingest(archive, [file], [BUREAU], vantage="test"))
        with closing(open_writer(archive.database)) as db:
            Index(archive.path, db, run="test").catch_up()
    browser = Browser(make_datasette(archive.path))
    row = read(archive)[PAGE][0]
    address = page_path(browser.datasette, "notices", "capture", row["record_id"])

    assert "/" in row["record_id"]  # it has no id of its own and is named by its place
    shown = browser.get(f"{address}?field=title").text
    for said in ("X-Asked: yes", "Transfer-Encoding: chunked", "外来存档的通知", "gb18030"):
        assert said in shown
    assert 'id="found"' in shown
    assert page == browser.get(f"{address}/payload").content
    down, whole = browser.get(f"{address}.warc.gz").content, file.read_bytes()
    response, request = down[: row["warc_end"] - row["warc_offset"]], down[row["warc_end"] - row["warc_offset"] :]
    assert whole[row["warc_offset"] : row["warc_end"]] == response
    assert request in whole[: row["warc_offset"]]
    assert b"X-Asked" in (gzip.decompress(request) if packed else request)
    browser.close()
