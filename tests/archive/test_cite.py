"""`minzheng cite`: what it prints is what the page has in its box, and its address opens the very text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.browse.serve import make_datasette
from archive.cli import main
from archive.index import Index
from archive.records import Exchange
from archive.store import open_reader, open_writer
from archive.urls import notice_id, url_key
from crawler.cli import main as whole
from tests.browsing import Browser
from tests.build import a_notice, an_archive
from tests.captures import NOW, an_exchange, article, write_warc
from tests.exporting import export

URL = "http://mzj.qingshan.example/tzgg/202603/t20260301_101.html"
REPOST = "http://www.zixun.example/a/1.html"
ID, FORMER = notice_id(url_key(URL)), notice_id(url_key(REPOST))
BASE = "http://localhost"
RAISED, FEWER = ("300元", "320元"), ("李四、", "")
FORMS = {"gbt": 0, "bibtex": 1, "ris": 2, "csl-json": 3}
"""The forms in the order of the box."""


def look(day: int, *edits: tuple[str, str], url: str = URL, original: str | None = None) -> Exchange:
    """The page as it is seen on a day, edited."""
    paragraphs = (
        "各区民政局：",
        "为做好高龄津贴发放工作，现将有关事项通知如下，请认真贯彻执行，确保按时足额发放到每一位老年人手中。",
        "一、发放标准。年满80周岁的老年人，每人每月300元，请于3月15日前向社区提出申请。",
        "二、首批名单：张三、李四、王五。联系电话：0571-12345678。",
    )
    html = article("关于发放高龄津贴的通知", paragraphs=paragraphs, original=original)
    for old, new in edits:
        assert old in html
        html = html.replace(old, new)
    return an_exchange(url, html, at=NOW + timedelta(day))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a notice that was edited on its own page and, otherwise, on that of a repost."""
    folder = tmp_path_factory.mktemp("cite") / "archive"
    days = ((0, ()), (7, (RAISED,)), (14, (RAISED, FEWER)))
    own = [look(day, *edits) for day, edits in days]
    theirs = [look(day, *edits, url=REPOST, original=URL) for day, edits in ((0, ()), (8, (FEWER,)))]
    with Archive.lock(folder, holder="test") as archive:
        looks = sorted([*own, *theirs], key=lambda one: one.fetched_at)
        write_warc(archive.warc, f"{NOW:%Y%m%dT%H%M%SZ}-aaaaaa", looks, at=NOW)
        db = open_writer(archive.database)
        Index(archive.path, db, run="test").catch_up()
        db.close()
    return folder


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Browser]:
    browser = Browser(make_datasette(folder))
    yield browser
    browser.close()


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--archive", str(folder), "cite", *words])


def cite(folder: Path, *words: str) -> str:
    done = run(folder, *words, "--base", BASE)
    assert (0, "") == (done.exit_code, done.stderr), done.output
    return done.stdout


def address(folder: Path, *words: str) -> str:
    """The address behind that of the archive which a citation carries."""
    return str(json.loads(cite(folder, *words, "--json"))["URL"]).removeprefix(BASE)


def text(browser: Browser, path: str) -> str:
    """The text that a cited address gives as a file."""
    answer = browser.get(re.sub(r"(/r/\d+)", r"\1.txt", path))
    assert answer.status_code == 200, answer.text
    return str(answer.text)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (f"/notice/{ID}", [ID]),
        (f"/notice/{ID}/r/1", [ID, "--revision", "1"]),
        (f"/notice/{ID}?at=2026-03-09", [ID, "--at", "2026-03-09"]),
        (f"/notice/{ID}/r/2?copy={url_key(REPOST)}", [REPOST, "--revision", "2"]),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_it_prints_what_the_box_of_the_page_says(
    folder: Path, browser: Browser, page: str, words: list[str], form: str
) -> None:
    boxes = re.findall(r'<pre class="form"[^>]*>(.*?)</pre>', browser.get(page).text, re.DOTALL)

    assert unescape(boxes[FORMS[form]]) == cite(folder, *words, "--form", form).rstrip()


@pytest.mark.parametrize(
    ("form", "ending"), [("gbt", "gbt.txt"), ("bibtex", "bib"), ("ris", "ris"), ("csl-json", "csl.json")]
)
def test_an_export_cites_a_notice_as_the_command_does(folder: Path, tmp_path: Path, form: str, ending: str) -> None:
    db = open_reader(folder / "notices.db")
    [file] = export(db, tmp_path / "out", [ending], base=BASE)
    db.close()

    assert file.read_text("utf-8") == cite(folder, ID, "--form", form)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "张三、王五"),
        (["--revision", "1"], "每人每月300元"),
        (["--revision", "2"], "每人每月320元"),
        (["--at", "2026-03-08"], "每人每月300元"),
        (["--at", "2026-03-09"], "每人每月320元"),
    ],
)
def test_its_address_opens_the_text_that_was_meant(folder: Path, browser: Browser, words: list[str], told: str) -> None:
    assert told in text(browser, address(folder, ID, *words))


@pytest.mark.parametrize("wanted", [REPOST, FORMER])
def test_revisions_of_a_copy_are_its_own_by_its_address_and_by_the_id_it_gave(
    folder: Path, browser: Browser, wanted: str
) -> None:
    path = address(folder, wanted, "--revision", "2")
    shown, page = text(browser, path), browser.get(path).text

    assert "每人每月300元" in shown
    assert "张三、王五" in shown
    assert "版本号在引用之后变过" not in page


@pytest.mark.parametrize("wanted", [ID, URL, REPOST, FORMER])
def test_without_a_number_it_is_the_notice_whichever_copy_names_it(folder: Path, wanted: str) -> None:
    assert cite(folder, ID) == cite(folder, wanted)


def test_json_is_an_item_of_csl_json_with_what_proves_the_text(folder: Path, browser: Browser) -> None:
    said = json.loads(cite(folder, ID, "--revision", "2", "--json"))
    custom = said.pop("custom")
    (item,) = json.loads(cite(folder, ID, "--revision", "2", "--form", "csl-json"))
    shown = text(browser, address(folder, ID, "--revision", "2"))

    assert item == said
    assert (ID, 2, URL, URL) == tuple(custom[name] for name in ("notice", "revision", "copy", "original_url"))
    assert custom["sha256"] == hashlib.sha256(shown.encode()).hexdigest()
    assert custom["text_digest"] in item["note"]
    assert ("2026-03-09", "2026-03-09") == (custom["seen_from"][:10], custom["seen_to"][:10])


def test_the_archive_is_where_the_operator_says(folder: Path) -> None:
    settings = folder / "minzheng.toml"
    settings.write_text('public_url = "https://archive.example/min/"\n')
    done = CliRunner().invoke(whole, ["--archive", str(folder), "cite", ID])
    settings.unlink()

    assert f" https://archive.example/min/notice/{ID}/r/3?text=" in done.stdout
    assert "" == done.stderr


def test_where_nobody_says_it_is_this_machine_and_that_is_told(folder: Path) -> None:
    done = run(folder, ID)

    assert f" http://127.0.0.1:8001/notice/{ID}/r/3?text=" in done.stdout
    assert "Others cannot open http://127.0.0.1:8001" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--at", "2026-03-01"], 4, "the first capture is of 2026-03-02"),
        (["--revision", "4"], 2, "has no revision 4"),
        (["--revision", "9" * 30], 2, "has no revision 999"),
        (["--revision", "0"], 2, "--revision"),
        (["--revision", "1", "--at", "2026-03-09"], 2, "leave one out"),
        (["--at", "gestern"], 2, "no day"),
        (["--form", "apa"], 2, "--form"),
        *((["--base", base], 2, "--base") for base in ("ftp://a.example", "archive.example", "https://a.example/?x=1")),
    ],
)
def test_what_cannot_be_cited_is_told(folder: Path, words: list[str], code: int, told: str) -> None:
    done = run(folder, ID, *words)

    assert (code, "") == (done.exit_code, done.stdout)
    assert told in done.stderr


@pytest.mark.parametrize(("told", "is_masked"), [("手机：13912345678", True), ("电话：0571-12345678", False)])
def test_a_text_that_a_public_edition_masks_is_told(tmp_path: Path, told: str, is_masked: bool) -> None:  # noqa: FBT001
    folder = tmp_path / "archive"
    (folder / "warc").mkdir(parents=True)
    db = an_archive(folder / "notices.db")
    notice = a_notice(db, text=f"各区民政局：\n请与张三联系，{told}。")
    db.close()

    assert is_masked == ("a public edition masks them" in run(folder, notice, "--base", BASE).stderr)


def test_what_is_no_notice_is_told(folder: Path) -> None:
    done = run(folder, "http://nowhere.example/")

    assert (4, "") == (done.exit_code, done.stdout)
    assert "No notice for" in done.stderr
