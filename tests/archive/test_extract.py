"""Pages under `tests/pages/<family>/<case>`: one test a field; and the laws that hold for every reading."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archive.extract import read
from archive.extract.state import state_digest
from archive.outcome import judge
from archive.page import open_page
from archive.records import Citation, Entry, Page, Reading
from tests.conftest import told

PAGES = Path(__file__).parents[1] / "pages"
HTML = (("Content-Type", "text/html"),)
EXPECTED: dict[str, dict[str, Any]] = {
    f"{path.parent.parent.name}/{path.parent.name}": json.loads(path.read_text("utf-8"))
    for path in sorted(PAGES.glob("*/*/expected.json"))
    if not path.parent.name.startswith("list-")  # those are list pages for crawler.families
}
FIELDS = [
    (case, field) for case, expected in EXPECTED.items() for field in expected if field not in ("url", "confirmed")
]


@pytest.mark.parametrize(("case", "field"), FIELDS, ids=[f"{case}::{field}" for case, field in FIELDS])
def test_a_page_reads_as_written_down(case: str, field: str) -> None:
    page = open_case(case)
    reading = read(page)
    expected = EXPECTED[case][field]
    actual = _actual(field, page, reading)

    assert expected == actual, told(case, field, expected, actual, page=page, reading=reading)


@pytest.mark.parametrize("case", EXPECTED)
def test_every_value_has_evidence_and_nothing_else_has(case: str) -> None:
    reading = read(open_case(case))
    given = {
        name
        for name in Reading.__slots__
        if name not in ("url", "evidence", "conflicts", "doubts") and getattr(reading, name) not in (None, "", ())
    }

    assert given == set(reading.evidence)


def test_a_page_reads_the_same_in_gbk() -> None:
    case = "portal/run-together-byline"
    html = (PAGES / case / "page.html").read_text("utf-8")

    assert read(open_case(case)) == read(open_page(EXPECTED[case]["url"], html.encode("gb18030"), HTML))


def test_reading_leaves_the_tree_as_it_is() -> None:
    page = open_case("portal/no-container")
    before = page.tree.text_content()
    first = read(page)

    assert (before, first) == (page.tree.text_content(), read(page))


SAID = "公示期间如有异议，请向市民政局社会救助科反映，联系电话见下。"
ASKED = "各区县民政局要高度重视，认真做好本地区困难群众的救助工作。"
WHOLE = {
    "a list between two equal sentences": (SAID, *(f"张某{at} 桂花街道 一类低保" for at in range(30)), SAID),
    "two sections with one sentence": ("一、青山区名单", SAID, "张某", "李某", "二、绿水区名单", SAID, "赵某", "钱某"),
    "steps without a full stop": (
        ASKED,
        "申请：由户主提出",
        "审核：乡镇人民政府入户调查后提出意见",
        "上传：录入省系统",
        SAID,
    ),
    "hosts of an event": (
        ASKED,
        "主办单位：青山市民政局",
        "技术支持：青山大学",
        SAID,
        "报名时间另行通知，请各单位留意，并做好宣传发动工作。",
    ),
    "the words of a foot": (
        ASKED,
        "三、使用图片和文字时不得侵权，违者追究责任。",
        "联系地址：人民路1号，邮编：400015",
        SAID,
    ),
}


@pytest.mark.parametrize("box", ["<div class='zoom'>{}</div>", "<div class='x9'>{}</div>", "{}"])
@pytest.mark.parametrize("what", WHOLE)
def test_a_text_comes_out_whole(what: str, box: str) -> None:
    head = "<h1>关于做好困难群众救助工作的通知</h1><p>来源：青山市民政局 发布时间：2024-03-11</p>"
    lines = "".join(f"<p>{line}</p>" for line in WHOLE[what])
    page = _page(f"<html><head><title>通知</title></head><body>{head}{box.format(lines)}</body></html>")

    assert "\n".join(WHOLE[what]) == read(page).text


def test_links_to_files_that_no_address_completes_are_a_doubt() -> None:
    html = (
        b"<html><body><h1>notice</h1><div class=TRS_Editor><p>list</p><p><a href=a.xlsx>a</a></p></div></body></html>"
    )
    unaddressed, addressed = (read(open_page(url, html, HTML)) for url in ("", "http://mzj.qingshan.example/1.html"))

    assert [1, 0] == [len(reading.doubts) for reading in (unaddressed, addressed)]
    assert [0, 1] == [len(reading.attachments) for reading in (unaddressed, addressed)]


def test_the_list_that_led_to_a_page_is_its_last_witness() -> None:
    page = _page(
        "<html><head><title>通知公告</title></head><body><p>请各单位按时报送材料，逾期不候。</p></body></html>"
    )
    entry = Entry(url=page.url, title="关于报送年度材料的通知", date_raw="2021-06-02")

    reading = read(page, entry)

    assert ("关于报送年度材料的通知", date(2021, 6, 2)) == (reading.title, reading.published_on)
    assert ("list", "list") == (reading.evidence["title"], reading.evidence["published_on"])


def test_a_list_that_cuts_its_titles_is_not_asked_for_one() -> None:
    page = _page(
        "<html><head><title>关于报送年度材料的通知_水西市民政局</title></head><body><p>逾期不候。</p></body></html>"
    )

    assert "关于报送年度材料的通知" == read(page, Entry(url=page.url, title="关于报送年度材…")).title


def test_a_torn_root_tag_costs_no_text() -> None:
    page = _page(
        "<ht\u7f03><p>请各单位按时报送材料，逾期不候，联系人见附表。</p><p>报送时间另行通知，请各单位留意。</p>"
    )

    assert "逾期不候" in read(page).text


@pytest.mark.parametrize(
    "claim",
    [
        "原文地址: http://mzj.example",
        "原文链接：<a href='/p/1.html'>本页</a>",
        "原文链接：<a href='javascript:go()'>看</a>",
    ],
    ids=["a home page", "the page itself", "a script"],
)
def test_what_is_no_other_page_is_no_original(claim: str) -> None:
    page = _page(f"<body><h1>救助工作通知</h1><p>请各单位按时报送材料，逾期不候，联系人见后。</p><p>{claim}</p></body>")

    assert read(page).claimed_original is None


def test_the_digest_of_a_state_does_not_feel_a_new_template() -> None:
    text = "<p>为做好冬季救助工作，现将有关事项通知如下，请遵照执行。</p><p>各区要在月底前完成排查。</p>"
    head = "<h1>冬季救助通知</h1><p>发布时间：2021-01-04　来源：水西市民政局</p>"
    old = _page(f"<body>{head}<div class='TRS_Editor'>{text}</div><p>浏览次数：12</p></body>")
    new = _page(f"<body><nav>首页</nav>{head}<div class='pages_content'>{text.replace('，', '， ')}</div></body>")
    other = _page(f"<body>{head}<div class='TRS_Editor'>{text.replace('月底', '十日')}</div></body>")

    assert state_digest(read(old)) == state_digest(read(new)) != state_digest(read(other))


@cache
def open_case(case: str) -> Page:
    """The page of a case, opened as the index opens it."""
    return open_page(EXPECTED[case]["url"], (PAGES / case / "page.html").read_bytes(), HTML)


def _page(html: str) -> Page:
    return open_page("http://www.zhuanzai.example/p/1.html", html.encode(), HTML)


def _actual(field: str, page: Page, reading: Reading) -> object:
    if field in ("outcome", "kind"):
        return getattr(judge(200, HTML, page.url, page, page.size), field)
    if field.startswith("evidence."):
        return reading.evidence.get(field.removeprefix("evidence."))
    value = getattr(reading, field)
    if field == "text":
        return value.split("\n")
    if field == "tables":
        lines = reading.text.split("\n")
        return [{"lines": lines[table.first : table.last], "html": table.html} for table in value]
    if field == "citations":
        return [_cited(one) for one in value]
    if field == "conflicts":
        return [asdict(conflict) for conflict in value]
    if field == "attachments":
        return [{"name": link.name, "url": link.url} for link in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _cited(one: Citation) -> str:
    """A citation as fixtures write it: `repeals 民发〔2010〕1号 《示例办法》`."""
    return " ".join(filter(None, (one.kind, one.document_number, f"《{one.title}》" if one.title else None)))
