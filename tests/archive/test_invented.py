"""Pages made into fixtures: nothing of their text or hosts survives, and they still read as before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extract import read
from archive.invented import invent, surviving
from archive.outcome import judge
from archive.page import open_page
from archive.pseudonyms import hosts_of
from archive.records import Page, Reading
from tests.shared import need_shared

PAGES = Path(__file__).parents[1] / "pages"
HTML = (("Content-Type", "text/html"),)
FIELDS = ("title", "published_on", "issuing_agency", "attribution", "attachments", "document_number", "written_on")
CASES = {
    f"{path.parent.parent.name}/{path.parent.name}": path
    for path in sorted(PAGES.glob("*/*/page.html"))
    if path.parent.parent.name != "shields"
}


@pytest.mark.parametrize("case", CASES)
def test_no_run_of_the_source_and_no_host_survives(case: str) -> None:
    page = _open_case(CASES[case])
    made, url = invent(page.html, page.url)

    assert set() == surviving(page.html, made)
    assert [] == [host for host in _hosts(page) if host in made.lower() or host in url.lower()]


def test_almost_every_fixture_reads_as_its_source() -> None:
    sources = [_open_case(path) for path in CASES.values()]
    same = dict.fromkeys((*FIELDS, "text", "kind"), 0)
    for page in sources:
        made, url = invent(page.html, page.url)
        for name, holds in _compare(page, open_page(url, made.encode(), HTML)).items():
            same[name] += holds
    share = {name: count / len(sources) for name, count in same.items()}

    assert {} == {name: found for name, found in share.items() if found < 0.95}


def test_no_run_of_a_real_page_and_no_host_survives() -> None:
    folder = need_shared("eval")
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    wrong = []
    same = dict.fromkeys((*FIELDS, "text", "kind"), 0)
    for row in rows:
        address = row["url"] or f"http://{row['id'].replace('_', '-')}.example/page.html"
        page = open_page(address, (folder / row["file"]).read_bytes(), HTML)
        made, url = invent(page.html, page.url)
        hosts = [host for host in _hosts(page) if host in made.lower() or host in url.lower()]
        if surviving(page.html, made) or hosts:
            wrong.append((row["id"], sorted(surviving(page.html, made))[:5], hosts))
        for name, holds in _compare(page, open_page(url, made.encode(), HTML)).items():
            same[name] += holds

    assert [] == wrong
    assert {} == {name: count for name, count in same.items() if count < (0.8 if name == "text" else 0.9) * len(rows)}


def test_labels_dates_numbers_and_pagers_are_kept() -> None:
    made = _invent("<p>发布时间：2024-03-05　来 源：水西市民政局</p><p>水民发〔2024〕5号</p><a>下一页</a>共3页")

    assert "发布时间：2024-03-05" in made
    assert "来 源：" in made
    assert "民政局</p>" in made
    assert "发〔2024〕5号" in made
    assert "<a>下一页</a>共3页" in made


def test_what_is_hidden_in_other_spellings_is_invented_too() -> None:
    source = (
        "<title>&#27700;&#35199;&#24066;&#21017;&#20363;</title><!-- 水西市则例 --><a title='水西市则例' "
        "href='/a/%E6%B0%B4%E8%A5%BF%E5%B8%82%E5%88%99%E4%BE%8B.pdf'></a>"
        "<script>var t='\\u6c34\\u897f\\u5e02\\u5219\\u4f8b'</script>"
    )
    made = _invent(source)

    assert set() == surviving(source, made)
    assert "水西市" not in made
    assert "%E6%B0%B4%E8%A5%BF" not in made
    assert "\\u6c34" not in made


def test_a_title_stays_one_title_wherever_it_stands() -> None:
    made = _invent("<title>关于冬季巡查安排的通知_某站</title><h1>关于冬季巡查<br>安排的通知</h1><a>关于冬季巡…</a>")
    whole = made.partition("<title>")[2].partition("_")[0]
    heading = made.partition("<h1>")[2].partition("</h1>")[0].replace("<br>", "")

    assert whole == heading
    assert whole.startswith(made.partition("<a>")[2].partition("…")[0])


def test_a_written_day_becomes_another_day_of_equal_length() -> None:
    made = _invent("<p>二〇二一年十一月三日</p>")

    assert len("<p>二〇二一年十一月三日</p>") == len(made)
    assert set() == surviving("<p>二〇二一年十一月三日</p>", made)
    assert made.endswith("日</p>")


def test_numbers_to_call_get_other_digits() -> None:
    made = _invent("<p>咨询电话：023-68101234，13912345678</p>")

    assert "68101234" not in made
    assert "13912345678" not in made
    assert "023-" in made


def test_one_host_gets_one_name_with_its_mail_and_its_bare_form() -> None:
    made, url = invent(
        '<a href="http://mz.real.gov.cn/a"></a><p>网址www.real.gov.cn，mail: zhang@mz.real.gov.cn</p>',
        "http://mz.real.gov.cn/b",
    )
    name = url.split("/")[2]

    assert name.endswith(".example")
    assert f'href="http://{name}/a"' in made
    assert f"mail@{name}" in made
    assert "real" not in made + url
    assert "zhang" not in made


@given(st.text(alphabet="水西市民政局关于通知来源：<p></p> 2024年", max_size=60))
def test_the_same_source_gives_the_same_fixture_of_equal_length(text: str) -> None:
    made = _invent(text)

    assert made == _invent(text)
    assert len(text) == len(made)
    assert set() == surviving(text, made)


def _invent(source: str) -> str:
    return invent(source, "http://mzj.shuixi.example/a.html")[0]


def _open_case(path: Path) -> Page:
    expected = json.loads((path.parent / "expected.json").read_text("utf-8"))
    return open_page(expected["url"], path.read_bytes(), HTML)


def _hosts(page: Page) -> set[str]:
    return hosts_of(page.html) | hosts_of(page.url)


def _compare(page: Page, made: Page) -> dict[str, bool]:
    before, after = read(page), read(made)
    verdicts = [judge(200, HTML, one.url, one, one.size) for one in (page, made)]
    filled = {name: bool(getattr(before, name)) == bool(getattr(after, name)) for name in FIELDS}
    kinds = [(verdict.outcome, verdict.kind) for verdict in verdicts]
    return {**filled, "text": _alike(before, after), "kind": kinds[0] == kinds[1]}


def _alike(before: Reading, after: Reading) -> bool:
    return abs(len(before.text) - len(after.text)) <= 0.05 * max(len(before.text), 1)
