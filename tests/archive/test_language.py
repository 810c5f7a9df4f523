"""In which language a page is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from archive.browse.language import in_language, preferred
from archive.browse.serve import make_datasette
from tests.browsing import Browser, run_apart, traced


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = tmp_path_factory.mktemp("language") / "notices.db"
    traced(path)
    browser = Browser(make_datasette(path))
    yield browser
    browser.close()


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "zh"),
        ("*", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("de,zh;q=0.3", "zh"),
        ("fr-FR", "en"),
        ("en;q=0,zh", "zh"),
        ("en;q=abc", "zh"),
        (";;,, ;q=1", "zh"),
    ],
)
def test_the_browser_prefers(accepted: str, expected: str) -> None:
    assert expected == preferred(accepted)


def ask(browser: Browser, path: str, **headers: str) -> Any:
    return run_apart(browser.datasette.client.get(path, headers=headers))


@pytest.mark.parametrize(
    ("query", "headers", "expected"),
    [
        ("", {}, "zh-CN"),
        ("", {"accept-language": "en"}, "en"),
        ("", {"accept-language": "en", "cookie": "minzheng_lang=zh"}, "zh-CN"),
        ("?lang=en", {"cookie": "minzheng_lang=zh"}, "en"),
        ("?lang=xx", {}, "zh-CN"),
        ("", {"cookie": "minzheng_lang=<script>; a b=\x01"}, "zh-CN"),
    ],
)
def test_the_address_wins_then_the_cookie_then_the_browser(
    browser: Browser, query: str, headers: dict[str, str], expected: str
) -> None:
    page = ask(browser, f"/health{query}", **headers).text

    assert f'<html lang="{expected}">' in page


def test_a_language_asked_for_is_remembered_and_no_other(browser: Browser) -> None:
    cookies = [ask(browser, f"/health{query}").headers.get("set-cookie", "") for query in ("?lang=en", "?lang=xx", "")]

    assert cookies[0].startswith("minzheng_lang=en; ")
    assert ["", ""] == cookies[1:]


def test_caches_are_told_what_the_language_hangs_on(browser: Browser) -> None:
    vary = ask(browser, "/health").headers["vary"]

    assert {"Accept-Language", "Cookie"} <= set(vary.split(", "))


def test_the_other_language_keeps_the_rest_of_the_address() -> None:
    assert "/search?q=%E4%BD%8E%E4%BF%9D&year=&lang=en" == in_language("/search", "q=低保&lang=zh&year=", "en")
