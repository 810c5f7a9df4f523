"""The public profile: a masked copy, no word of the machine, headers on every answer."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from datasette.app import Datasette

from archive.browse.serve import ServeError, find_database, make_datasette, published
from archive.cli import main
from archive.labels import MASKS
from archive.masks import VERSION
from archive.store import open_reader
from archive.store.masked import masked_by
from tests.browsing import Browser, traced
from tests.build import a_notice, an_archive
from tests.persons import CITIZEN, MOBILE, PERSONS, in_a_table

ADDRESSES = (
    *("/", "/robots.txt", "/nowhere", "/notices", "/notices/notices", "/notices/notices.json", "/notices/notices.csv"),
    *("/notices/notices?_sort=nothing", "/notices/notices?_search=低保", "/notices/nothing", "/notices/notices/1"),
    *("/notices?sql=select+1", "/notices?sql=select+nonsense", "/-/databases", "/-/databases.json", "/-/versions.json"),
    *("/-/plugins.json", "/-/settings.json", "/-/threads.json", "/-/metadata.json", "/-/actor.json", "/-/nothing"),
    *("/-/static-plugins/minzheng-archive/archive.css", "/-/static-plugins/minzheng-archive/../x", "/-/static/app.css"),
    *("/health", "/health/issues", "/notice/none", "/notices.db", "/-/allow-debug", "/-/messages", "/notices/issues"),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive's folder with personal data in a notice."""
    folder = tmp_path_factory.mktemp("kept-here") / "archive"
    (folder / "warc").mkdir(parents=True)
    traced(folder / "notices.db")
    with closing(an_archive(folder / "notices.db")) as db:
        a_notice(db, "低保对象公示", f"{in_a_table(PERSONS)}\n联系人手机{MOBILE}，身份证{CITIZEN}。")
        detail = f"no record at {folder}/warc/2026/x.warc.gz"
        db["issues"].insert({"id": "i", "kind": "damaged_warc", "subject": "x", "detail": detail, "raised_at": ""})
    return folder


@pytest.fixture(scope="module")
def strangers(folder: Path) -> Iterator[Browser]:
    """The public profile with SQL allowed, where most could be told."""
    with published(folder) as database:
        browser = Browser(make_datasette(database, public=True, allow_sql=True))
        yield browser
        browser.close()


def ask(browser: Browser, address: str) -> Any:
    """The answer; Datasette 1.0 sends SQL on to another address."""
    answer = browser.get(address)
    return browser.get(answer.headers["location"]) if answer.status_code == 302 else answer


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_safe_and_tells_nothing_of_the_machine(strangers: Browser, folder: Path, address: str) -> None:
    answer = strangers.get(address)

    assert "nosniff" == answer.headers["x-content-type-options"]
    assert "no-referrer" == answer.headers["referrer-policy"]
    assert "noindex, nofollow" == answer.headers["x-robots-tag"]
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"script-src[^;]*'unsafe-inline'", policy)
    assert str(folder.parent) not in answer.text
    assert [] == [word for word in (MOBILE, CITIZEN, *PERSONS) if word in answer.text]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from pragma_database_list",
        "select file from pragma_database_list()",
        "select d.file from main.pragma_database_list as d",
        "with f as (select seq, name, file from pragma_database_list) select max(file) from f",
        "select group_concat(file) from (select * from pragma_database_list)",
    ],
)
def test_sql_does_not_tell_where_the_file_lies(strangers: Browser, folder: Path, sql: str) -> None:
    answer = ask(strangers, f"/notices.json?_shape=arrays&sql={sql.replace(' ', '+')}")

    assert answer.status_code in {200, 400}, answer.text
    assert folder.name not in answer.text
    assert "notices.db" not in answer.text


def test_no_page_or_file_of_ours_shows_what_is_masked_and_the_notice_says_what_was(strangers: Browser) -> None:
    [notice] = strangers.found("低保对象公示")
    page = strangers.get(f"/notice/{notice}?lang=en")
    ours = ["/search?q=低保", "/changes", "/agencies", "/places", "/sources", "/dataset", "/crawls", "/health/coverage"]
    ours += [f"/search.{form}?q=低保" for form in ("csv", "json", "xlsx", "ris", "bib", "csl.json", "atom")]
    ours += [f"/notice/{notice}{more}" for more in ("/r/1", "/r/1.txt", ".ris", ".bib", ".csl.json", ".gbt.txt")]

    assert 200 == page.status_code
    for words in MASKS.values():
        assert (words.en in page.text) == (words.en not in {"telephone of a person in a list", "bank card number"})
    for answer in (page, *map(strangers.get, ours)):
        assert 200 == answer.status_code, answer.url
        assert [] == [word for word in (MOBILE, CITIZEN, *PERSONS) if word.encode() in unpacked(answer.content)]


def unpacked(content: bytes) -> bytes:
    """What a download holds, a workbook's parts one after the other."""
    if not content.startswith(b"PK"):
        return content
    with ZipFile(BytesIO(content)) as package:
        return b"".join(map(package.read, package.namelist()))


def test_sql_is_shut_unless_it_is_opened(folder: Path) -> None:
    with published(folder) as database:
        browser = Browser(make_datasette(database, public=True))
        assert 403 == ask(browser, "/notices?sql=select+1").status_code
        assert 200 == browser.get("/notices/notices?_search=低保").status_code
        browser.close()


def test_an_unforeseen_error_is_told_without_its_words(strangers: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise OSError("no such file: /home/editor/archive")

    monkeypatch.setattr("archive.browse.watch.health_page.read_standing", fail)
    answer = strangers.get("/health")

    assert (500, "Internal error 内部错误") == (answer.status_code, answer.text)


def test_robots_are_kept_out_of_every_page_until_they_are_let_in(folder: Path) -> None:
    for index, rules, header in ((False, "Disallow: /\n", "noindex, nofollow"), (True, "Disallow: /-/\n", None)):
        browser = Browser(make_datasette(folder, index=index))
        assert rules in browser.get("/robots.txt").text
        assert header == browser.get("/notices").headers.get("x-robots-tag")
        browser.close()


def test_an_operators_own_configuration_lets_robots_in(folder: Path) -> None:
    own = {"plugins": {"minzheng": {"index": True}}}
    browser = Browser(Datasette([str(folder / "notices.db")], metadata=own))

    assert "x-robots-tag" not in browser.get("/notices").headers
    browser.close()


def test_scripts_of_stock_pages_carry_the_nonce_of_their_answer_and_no_other(strangers: Browser) -> None:
    seen = set()
    for address in ("/notices", "/notices/notices", "/notices/notices/1", "/nowhere", "/notices?sql=select+1"):
        answer = ask(strangers, address)
        [nonce] = re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"])
        scripts = re.findall(r"<script\b[^>]*>", answer.text)
        assert [] == [script for script in scripts if f'nonce="{nonce}"' not in script]
        seen.add(nonce)
    assert 5 == len(seen)


def test_a_copy_is_made_once_and_anew_when_the_archive_is_newer(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    (folder / "warc").mkdir(parents=True)
    traced(folder / "notices.db")
    with published(folder) as first:
        made = first.stat().st_ino
    with published(folder) as again:
        assert made == again.stat().st_ino
    with closing(an_archive(folder / "notices.db")) as db:
        a_notice(db, "新的通知", url="https://mzj.shili.example/new.html")
    os.utime(folder / "notices.db")
    with published(folder) as newer, closing(open_reader(newer)) as db:
        assert ("新的通知",) == db.execute("select title from notices order by n desc limit 1").fetchone()
        assert folder / "public" == newer.parent
    assert ["notices.db"] == [path.name for path in (folder / "public").iterdir()]


def test_a_file_is_masked_in_a_place_that_is_gone_afterwards_and_a_masked_one_is_taken_as_it_is(tmp_path: Path) -> None:
    traced(tmp_path / "mine.db")
    with published(tmp_path / "mine.db") as copy:
        assert copy.parent not in {tmp_path, tmp_path.parent}
        with closing(open_reader(copy)) as db:
            assert VERSION == masked_by(db)
        (tmp_path / "kept.db").write_bytes(copy.read_bytes())
        with published(tmp_path / "kept.db") as same:
            assert tmp_path / "kept.db" == same
    assert not copy.parent.exists()


def test_a_copy_masked_by_other_rules_is_masked_again(tmp_path: Path) -> None:
    traced(tmp_path / "mine.db")
    with closing(an_archive(tmp_path / "mine.db")) as db:
        db.execute("insert into archive_state (key, value) values ('masked', '0')")
    with published(tmp_path / "mine.db") as copy, closing(open_reader(copy)) as db:
        assert VERSION == masked_by(db)


def test_where_no_copy_can_be_made_the_place_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    (folder / "warc").mkdir(parents=True)
    traced(folder / "notices.db")
    (folder / "public").write_text("in the way")

    with pytest.raises(ServeError, match="public"), published(folder):
        pass


def test_the_folder_of_a_release_is_served_by_what_export_wrote_into_it(tmp_path: Path) -> None:
    traced(tmp_path / "notices.sqlite")

    assert tmp_path / "notices.sqlite" == find_database(tmp_path)
    with published(tmp_path) as copy:
        assert tmp_path not in copy.parents


def test_what_goes_with_strangers_alone_is_refused_without_them(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--archive", str(tmp_path), "serve", "--allow-sql"])

    assert (2, True) == (result.exit_code, "--public" in result.stderr)
