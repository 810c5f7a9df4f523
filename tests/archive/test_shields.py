"""Each shield of the table has its answers under `tests/pages/shields`, and no notice is taken for one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import shields
from archive.outcome import Verdict, judge
from archive.page import open_page
from archive.records import Headers, Page
from archive.shields import SHIELDS, Shield
from tests.shared import need_shared

PAGES = Path(__file__).parents[1] / "pages"
CASES: dict[str, dict[str, Any]] = {
    path.parent.name: json.loads(path.read_text("utf-8")) for path in sorted(PAGES.glob("shields/*/response.json"))
}
HTML: Headers = (("Content-Type", "text/html"),)
MARKS = [
    (shield, field, mark)
    for shield in SHIELDS
    for field in ("statuses", "script", "body", "title", "headers", "cookies")
    for mark in getattr(shield, field)
]
BY_MANNER = {shield.product for shield in SHIELDS if shield.manner}
NOTICES = sorted(
    path.parent
    for path in PAGES.glob("*/*/expected.json")
    if json.loads(path.read_text("utf-8")).get("outcome", "ok") == "ok" and (path.parent / "page.html").exists()
)


@pytest.mark.parametrize("name", CASES)
def test_an_answer_of_a_shield_is_told_with_its_product(name: str) -> None:
    verdict = _judge(name)

    assert (CASES[name]["outcome"], None) == (verdict.outcome, verdict.kind), verdict.detail
    assert CASES[name]["product"] in (verdict.detail or "")


@pytest.mark.parametrize(("shield", "field", "mark"), MARKS, ids=[f"{s.product} {f} {m}" for s, f, m in MARKS])
def test_every_mark_of_the_table_is_on_an_answer_of_its_product(shield: Shield, field: str, mark: str | int) -> None:
    ours = [name for name, case in CASES.items() if case["product"] == shield.product]

    assert any(_bears(name, field, mark) for name in ours), f"no case under tests/pages/shields has {mark!r}"


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["product"] not in BY_MANNER])
def test_without_its_marks_in_the_table_an_answer_has_no_product(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = {"statuses": (), "script": (), "body": (), "title": (), "headers": (), "cookies": ()}
    monkeypatch.setattr(shields, "SHIELDS", tuple(replace(shield, **bare) for shield in SHIELDS))

    assert CASES[name]["product"] not in (_judge(name).detail or "")


def test_every_shield_says_where_it_was_learnt_and_how_it_is_told() -> None:
    for shield in SHIELDS:
        marks = (shield.statuses, shield.script, shield.body, shield.headers, shield.manner)

        assert shield.learnt
        assert any(marks), shield.product


@pytest.mark.parametrize("case", NOTICES, ids=[f"{case.parent.name}/{case.name}" for case in NOTICES])
def test_no_page_of_the_fixtures_is_taken_for_a_shield(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    page = open_page(expected["url"], (case / "page.html").read_bytes(), HTML)

    assert judge(200, HTML, page.url, page, page.size).outcome not in ("blocked", "challenge", "geo")


def test_no_real_page_is_taken_for_a_shield() -> None:
    folder = need_shared("eval")
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    taken = []
    for row in rows:
        url = row["url"] or "http://mzj.shuixi.example/zwgk/202603/t20260302_1.html"
        page = open_page(url, (folder / row["file"]).read_bytes(), HTML)
        verdict = judge(200, HTML, url, page, page.size)
        if verdict.outcome in ("blocked", "challenge", "geo") and (row["kind"] == "article" or row["url"]):
            taken.append((row["id"], verdict.detail))

    assert [] == taken


def test_a_redirect_elsewhere_that_sets_a_cookie_is_a_redirect() -> None:
    headers: Headers = (("Location", "/new/1.html"), ("Set-Cookie", "__jsluid_s=0; path=/"))

    assert "moved" == judge(302, headers, "http://mzj.shuixi.example/1.html", None, 0).outcome


def test_a_redirect_to_itself_without_a_cookie_is_a_redirect() -> None:
    url = "http://mzj.shuixi.example/1.html"

    assert "moved" == judge(302, (("Location", url),), url, None, 0).outcome


def test_a_missing_page_behind_a_shield_is_missing() -> None:
    headers: Headers = (*HTML, ("Set-Cookie", "__jsluid_s=0; path=/"), ("Server", "CT6T"))

    assert "gone" == judge(404, headers, "http://mzj.shuixi.example/1.html", None, 0).outcome


def _judge(name: str) -> Verdict:
    case, page = CASES[name], _page(name)
    headers = tuple((key, value) for key, value in case["headers"])
    return judge(case["status"], headers, case["url"], page, page.size if page is not None else 0)


def _page(name: str) -> Page | None:
    file = PAGES / "shields" / name / "page.html"
    return open_page(CASES[name]["url"], file.read_bytes(), HTML) if file.exists() else None


def _bears(name: str, field: str, mark: str | int) -> bool:
    case, page = CASES[name], _page(name)
    if field == "statuses":
        return bool(case["status"] == mark)
    if field in ("headers", "cookies"):
        wanted = f"{mark}=" if field == "cookies" else str(mark)
        return any(wanted in value for _, value in case["headers"])
    return page is not None and str(mark) in page.html
