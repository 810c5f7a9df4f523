"""Serving an archive: settings, messages, and the process of its own; with pictures by Chromium."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.browse.serve import SETTINGS, ServeError, make_datasette, serve, start
from archive.cli import main
from tests.browsing import Browser, a_long_notice, traced
from tests.build import a_notice, an_archive


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notices.db"


@pytest.fixture
def ids(path: Path) -> dict[str, str]:
    return traced(path)


def test_the_live_file_is_not_opened_as_immutable_and_shows_what_is_added(ids: dict[str, str], path: Path) -> None:
    browser = Browser(make_datasette(path))
    before = len(browser.found("低保"))
    db = an_archive(path)
    a_notice(db, "再次提高低保标准", url="https://mzj.shili.example/new.html")
    db.close()

    assert len(browser.found("低保")) == before + 1
    assert browser.datasette.get_database("notices").is_mutable
    assert all(browser.datasette.setting(name) == value for name, value in SETTINGS.items())
    browser.close()


def test_a_folder_without_a_database_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match=r"notices\.db"):
        make_datasette(tmp_path)


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "notices.db").write_bytes(b"PK" * 50)

    with pytest.raises(ServeError, match="no SQLite database"):
        make_datasette(tmp_path)


@pytest.mark.usefixtures("ids")
def test_a_port_that_is_taken_is_named_with_the_way_out(path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"Port {port} on 127.0.0.1 .*--port"):
            serve(path, port=port)


def test_the_command_ends_with_code_4_where_there_is_no_archive(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--archive", str(tmp_path / "none"), "serve"])

    assert result.exit_code == 4
    assert str(tmp_path / "none") in result.stderr


@pytest.mark.usefixtures("ids")
def test_the_front_page_names_the_archive_and_its_ways_in(path: Path) -> None:
    browser = Browser(make_datasette(path))

    page = browser.get("/").text
    assert "民政公告档案" in page
    for way_in in ("/notices/notices", "/notices/search"):
        assert f'href="{way_in}"' in page
        assert browser.get(way_in).status_code == 200
    browser.close()


@pytest.mark.usefixtures("ids")
def test_the_public_profile_takes_no_sql(path: Path) -> None:
    browser = Browser(make_datasette(path, public=True))

    assert browser.get("/notices?sql=select+1").status_code == 403
    assert browser.get("/notices/search?q=低保").status_code == 200
    browser.close()


@pytest.mark.usefixtures("ids")
def test_a_server_started_beside_us_answers_and_ends_when_told(path: Path) -> None:
    address, process = start(path.parent)

    assert address.startswith("http://127.0.0.1:")
    assert process.poll() is None
    process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_pages_fit_their_window_and_leave_the_console_empty(
    chromium: Any, path: Path, pictures: Path, width: int
) -> None:
    notice = a_long_notice(path)
    address, process = start(path)
    said: list[str] = []
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    try:
        for name, where in {
            "front": "",
            "notices": "notices/notices",
            "search": "notices/notices?_search=养老服务",
            "ranked": "notices/search?q=低保",
            "notice": f"notice/{notice}",
            "missing": "notice/nothing",
        }.items():
            answer = page.goto(address + where)
            page.screenshot(path=pictures / f"{name}-{width}.png", full_page=True)
            expected = 404 if name == "missing" else 200

            assert expected == answer.status, where
            if name in {"notice", "missing"}:
                assert page.evaluate("document.documentElement.scrollWidth") <= width, where
        assert [line for line in said if "404" not in line] == []
    finally:
        page.close()
        process.communicate(timeout=30)
