"""The chain as a tree: who took a copy from whom, why it belongs there, whom it names, and who never issued it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlite_utils import Database

from archive.cli import main
from archive.index import Index
from archive.records import Exchange, Note, Source
from archive.store import open_writer
from archive.store.chains import chain
from tests.archive.test_comparing import LINES, TITLE
from tests.build import a_copy, a_notice, a_source, an_archive
from tests.captures import BUREAU, PORTAL, an_exchange, write_warc

ORIGINAL = "http://mzj.qingshan.example/tzgg/202601/t20260112_1.html"
SERIES = "http://mzj.qingshan.example/tzgg/202501/t20250112_1.html"
FIRST = "http://www.zixun.example/a/1.html"
SECOND = "http://www.huizong.example/b/2.html"
SUMMARY = Source(
    key="huizong",
    agency="政策汇总网",
    kind="portal",
    home="http://www.huizong.example/",
    addresses=("huizong.example/",),
)
CENTRE = Source(
    key="centre",
    agency="青山市社会组织服务中心",
    kind="portal",
    home="http://www.shzz.example/",
    addresses=("shzz.example/",),
)
UNSIGNED = TITLE.removeprefix("青山市民政局")
AT_CENTRE = "http://www.shzz.example/c/1.html"


def page(
    url: str,
    lines: Sequence[str] = LINES,
    *,
    on: str = "2026-01-12",
    source: str = "青山市民政局",
    names: str | None = None,
    title: str = TITLE,
) -> Exchange:
    """A page that says it is of a source, and may name its original; nobody signs it."""
    body = "".join(f"<p>　　{line}</p>" for line in (*lines, *([f"原文链接：{names}"] if names else [])))
    return an_exchange(
        url,
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><div class="main"><h1>{title}</h1>'
        f'<div class="info">来源：{source} 时间：{on} 09:00</div>'
        f'<div class="TRS_Editor">{body}</div></div></body></html>',
    )


CHAIN = (
    page(ORIGINAL),
    page(SERIES, [line.replace("368.20", "301.50") for line in LINES], on="2025-01-12"),
    page(FIRST, on="2026-01-14", names=ORIGINAL),
    page(SECOND, LINES[:3], on="2026-01-20", source="民情资讯", names=FIRST, title="青山救助困难群众"),
)


def archive_of(folder: Path, *records: Exchange | Note) -> Path:
    """An archive of these pages, of a bureau and two portals."""
    write_warc(folder / "warc", "20260302T010000Z-aaaaaa", [BUREAU, PORTAL, SUMMARY, *records])
    return indexed(folder)


def indexed(folder: Path) -> Path:
    """The archive with its database up to date, made in this process, which is faster than `index`."""
    db = open_writer(folder / "notices.db")
    Index(folder, db, run="test").catch_up()
    db.close()
    return folder


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bureau's notice that a portal took, and another portal from that one."""
    return archive_of(tmp_path_factory.mktemp("chain") / "archive", *CHAIN)


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(template, tmp_path / "archive")


def run(folder: Path, *words: str) -> Result:
    """Run one command on an archive, in a terminal as wide as where there is none."""
    return CliRunner(env={"COLUMNS": "120"}).invoke(main, ["--archive", str(folder), *words])


def told(folder: Path, *words: str) -> Any:
    """What `trace` prints as JSON."""
    return json.loads(run(folder, "trace", *words, "--json").stdout)


def agency_of(folder: Path, url: str) -> str | None:
    """The issuing agency of a copy's notice."""
    shown: str | None = json.loads(run(folder, "show", url, "--json").stdout)["issuing_agency"]
    return shown


def test_a_portal_that_took_it_from_a_portal_hangs_beneath_that(folder: Path) -> None:
    assert [{"url": ORIGINAL, "copies": [{"url": FIRST, "copies": [{"url": SECOND, "copies": []}]}]}] == told(
        folder, SECOND
    )["tree"]


def test_each_copy_of_the_tree_comes_with_why_it_belongs_there(folder: Path) -> None:
    lines = [line.rstrip() for line in run(folder, "trace", ORIGINAL).stdout.splitlines()]

    assert lines[1] == f"└─ 原文 original: 青山市民政局 · 2026-01-12 · {ORIGINAL} · 在线 live"
    assert f"   └─ 转载 repost: 民情资讯 · 2026-01-14 · {FIRST} · 在线 live" in lines
    assert f"      └─ 转载 repost: 政策汇总网 · 2026-01-20 · 《青山救助困难群众》 · {SECOND} · 在线 live" in lines
    why = "该页注明了原文地址。 The page names its original. (注明原文 link · 把握 confidence 0.99)"
    assert f"            {why}" in lines
    assert f"               注明的地址 address named: {FIRST}" in lines
    assert "               稿件来源 Attribution: 民情资讯 · 转载门户 portal · 与所见相符 as found" in lines
    assert any("删去约 23% shortened by 23 %" in line and "dated 8 days later" in line for line in lines)
    [beside] = [line.strip("│ ") for line in lines if "对照" in line]
    assert beside.startswith(f"对照 beside {ORIGINAL[7:]}: ")


def test_the_notice_that_a_copy_is_most_like_comes_with_what_parts_them(folder: Path) -> None:
    [other] = [copy["runner_up"] for copy in told(folder, ORIGINAL)["copies"] if copy["url"] == ORIGINAL]

    assert (SERIES, "full") == (other["url"], other["class"])
    assert f"{SERIES} — 数字不同 other numbers: 301.50 / 368.20" in run(folder, "trace", ORIGINAL).stdout


def test_whom_a_copy_names_is_kept_apart_from_where_it_was_found(tmp_path: Path) -> None:
    other = page(SECOND, on="2026-01-20", source="民情资讯")
    folder = archive_of(tmp_path / "archive", CHAIN[0], CHAIN[2], other)
    copies = {copy["url"]: copy for copy in told(folder, ORIGINAL)["copies"]}

    assert (ORIGINAL, "民情资讯") == (copies[SECOND]["beneath"], copies[SECOND]["attribution"])
    assert {"name": "民情资讯", "kind": "portal", "copy": FIRST, "agrees": False} == copies[SECOND]["claimed"]
    assert [True, True] == [copies[url]["claimed"]["agrees"] for url in (ORIGINAL, FIRST)]
    assert f"转载门户 portal · 与所见不同 not where it was found · 其副本 its copy: {FIRST}" in (
        run(folder, "trace", ORIGINAL).stdout
    )


def test_copies_of_an_original_that_was_never_captured_hang_beneath_its_address(tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "archive", *CHAIN[2:])
    lines = run(folder, "trace", FIRST).stdout.splitlines()
    found = told(folder, FIRST)

    assert lines[1] == f"└─ 原文 original, 未采集 named but not captured: {ORIGINAL}"
    assert [(FIRST, ORIGINAL), (SECOND, FIRST)] == [(copy["url"], copy["beneath"]) for copy in found["copies"]]


def test_a_circle_of_copies_still_makes_a_tree(tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "archive", page(FIRST, names=SECOND), page(SECOND, names=FIRST))
    found = told(folder, FIRST)

    assert 2 == len(found["copies"])
    assert 2 == json.dumps(found["tree"]).count('"url"')


def test_texts_are_laid_beside_each_other(folder: Path) -> None:
    whole, one = run(folder, "trace", ORIGINAL, "--texts").stdout, run(folder, "trace", SECOND, "--texts").stdout

    assert 2 == whole.count("────") // (len("─" * 58) // 4) // 2
    assert "三、严格值班值守。" in one.split("[", 1)[1]
    assert " <" in one


def test_the_texts_of_one_copy_are_shown_where_its_address_is_given(folder: Path) -> None:
    spans = {copy["url"]: copy.get("spans") for copy in told(folder, SECOND, "--texts")["copies"]}
    everything = {copy["url"]: copy.get("spans") for copy in told(folder, ORIGINAL, "--texts")["copies"]}

    assert [url for url, laid in spans.items() if laid] == [SECOND]
    assert [url for url, laid in everything.items() if laid] == [FIRST, SECOND]
    assert LINES[3][:9] in "".join(span["one"] for span in spans[SECOND] if span["kind"] == "left_out")


def test_where_there_are_no_two_texts_that_is_said(folder: Path) -> None:
    assert "no two texts" in run(folder, "trace", SERIES, "--texts").stderr


def test_what_may_belong_to_a_notice_is_named_with_it(folder: Path) -> None:
    db = open_writer(folder / "notices.db")
    db.table("reviews").insert(
        {
            "copy": "mzj.qingshan.example/tzgg/202501/t20250112_1.html",
            "other": ORIGINAL[7:],
            "why": "it prints little of it",
        }
    )
    db.close()

    assert f"待复核 for review: {SERIES} — 只有少量相同 it prints little of it" in run(folder, "trace", FIRST).stdout
    assert [SERIES] == [one["copy"] for one in told(folder, FIRST)["candidates"]]


@pytest.mark.parametrize("is_late", [False, True])
def test_a_portals_name_never_becomes_the_agency(tmp_path: Path, is_late: bool) -> None:  # noqa: FBT001
    shown = page(AT_CENTRE, source=CENTRE.agency, title=UNSIGNED)
    records: list[Exchange | Note] = [shown, CENTRE] if is_late else [CENTRE, shown]
    folder = archive_of(tmp_path / "archive", *records[:1])
    write_warc(folder / "warc", "20260302T020000Z-bbbbbb", records[1:])
    indexed(folder)

    assert agency_of(folder, AT_CENTRE) is None
    assert CENTRE.agency == told(folder, AT_CENTRE)["copies"][0]["attribution"]


def test_what_a_portal_signed_is_its_own(tmp_path: Path) -> None:
    signed = page(AT_CENTRE, (*LINES, CENTRE.agency, "2026年1月12日"), source=CENTRE.agency, title=UNSIGNED)
    folder = archive_of(tmp_path / "archive", CENTRE, signed)

    assert agency_of(folder, AT_CENTRE) == CENTRE.agency


def test_a_bureau_that_a_portal_names_is_the_agency(tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "archive", page(FIRST, title=UNSIGNED))

    assert agency_of(folder, FIRST) == "青山市民政局"


def chained(db: Database, notice: str, original: str) -> list[tuple[str, str | None]]:
    """Each copy's address without its host → where it hangs."""
    return [(one["copy"]["url"][-6:], one["beneath"] and one["beneath"][-6:]) for one in chain(db, notice, original)]


def test_a_long_chain_and_its_side_branches_come_in_the_order_of_the_tree(tmp_path: Path) -> None:
    db = an_archive(tmp_path / "notices.db")
    home = "https://mzj.shili.example/0.html"
    notice = a_notice(db, url=home)
    a_source(db, "portal", kind="portal", agency="转载网", home="http://p.example/")
    for number, above in ((1, home), (2, "http://p.example/1.html"), (3, "http://p.example/2.html"), (4, home)):
        evidence = {"claimed_original": above}
        a_copy(db, notice, f"http://p.example/{number}.html", source="portal", rule="explicit_link", evidence=evidence)
    found = chained(db, notice, home)
    db.close()

    assert [
        ("0.html", None),
        ("1.html", "0.html"),
        ("2.html", "1.html"),
        ("3.html", "2.html"),
        ("4.html", "0.html"),
    ] == (found)
