"""What was edited, on a page: both texts are whole in it, marked without colours, and nothing of it is markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from archive.browse.notice import diff
from archive.browse.policies import OWN_POLICY
from archive.browse.serve import make_datasette
from archive.text import text_digest
from tests.browsing import Browser
from tests.build import a_copy, a_notice, a_revision, an_archive

KEY, REPOST = "a.example/1.html", "b.example/1.html"
MIDDLE = [f"第{number}条不变。" for number in range(3, 30)]
BEFORE = "\n".join(["各区民政局：", "每人每月300元。<img src=x onerror=alert(1)>", *MIDDLE, "名单：张三、李四。"])
AFTER = BEFORE.replace("300元", "320元").replace("、李四", "")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, str]]:
    """A server of one notice with two revisions and a repost, and the notice's id."""
    folder = tmp_path_factory.mktemp("diff")
    db = an_archive(folder / "notices.db")
    notice = a_notice(db, "关于示例的通知", BEFORE, url=f"https://{KEY}")
    a_revision(db, KEY, text=AFTER, seen_at="2026-03-09T01:00:00Z", changed='["text"]', title="关于示例的通知")
    a_copy(db, notice, f"https://{REPOST}", text=BEFORE.replace("第5条", "第五条"), title="转载")
    db["aliases"].insert({"alias": "aaaabbbbcccc", "kind": "id", "notice": notice})
    db.close()
    browser = Browser(make_datasette(folder))
    yield browser, notice
    browser.close()


def flow_of(page: str) -> str:
    return page.partition('<div class="flow"')[2].partition(">")[2].partition("</div>")[0]


def without(tag: str, flow: str) -> str:
    """The running text without what stands in one kind of mark, numbers and summaries."""
    for dropped in (tag, "sup", "summary"):
        flow = re.sub(rf"<{dropped}[^>]*>.*?</{dropped}>", "", flow, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", flow)).rstrip("\n")


@pytest.mark.parametrize("query", ["from=1&to=2", "", "whole=1"])
def test_the_page_holds_both_texts(asked: tuple[Browser, str], query: str) -> None:
    browser, notice = asked
    flow = flow_of(browser.get(f"/notice/{notice}/diff?{query}").text)

    assert without("del", flow) == AFTER
    assert without("ins", flow) == BEFORE


def test_unchanged_lines_are_folded_until_the_whole_text_is_asked_for(asked: tuple[Browser, str]) -> None:
    browser, notice = asked
    changes, whole = (browser.get(f"/notice/{notice}/diff{query}").text for query in ("", "?whole=1"))

    assert "… 未改动" in flow_of(changes)
    assert "<details>" not in flow_of(whole)
    assert f'href="/notice/{notice}/diff?whole=1"' in changes
    assert f'href="/notice/{notice}/diff"' in whole


def test_the_table_tells_what_matters_most_first_and_leads_to_the_place(asked: tuple[Browser, str]) -> None:
    browser, notice = asked
    page = browser.get(f"/notice/{notice}/diff").text
    rows = re.findall(r"<tr><td[^>]*><a href=\"#(.*?)\">(\d+)</a>.*?</tr>", page, re.DOTALL)

    assert [("edit-1", "1"), ("edit-2", "2")] == rows
    assert all(f'<sup id="{anchor}">' in flow_of(page) for anchor, _ in rows)
    assert page.index("<del>300元</del><ins>320元</ins>") < page.index("<del>李四</del>")


def test_two_copies_are_laid_beside_each_other(asked: tuple[Browser, str]) -> None:
    browser, notice = asked
    page = browser.get(f"/notice/{notice}/diff?a={KEY}&b={REPOST}").text

    assert without("ins", flow_of(page)) == AFTER
    assert without("del", flow_of(page)) == BEFORE.replace("第5条", "第五条")
    assert f"https://{REPOST}" in page


def test_the_same_revision_on_both_sides_has_no_edits(asked: tuple[Browser, str]) -> None:
    browser, notice = asked

    assert "两边是同一版" in browser.get(f"/notice/{notice}/diff?from=2&to=2").text


@pytest.mark.parametrize(
    "query",
    ["from=1&to=3", "from=0&to=1", "from=x", "to=-1", "from=99999999999999999999", "copy=nowhere", "a=x&b=y", "a=x"],
)
def test_a_state_that_is_not_there_is_told(asked: tuple[Browser, str], query: str) -> None:
    browser, notice = asked
    answer = browser.get(f"/notice/{notice}/diff?{query}")

    assert (answer.status_code, "没有这一版" in answer.text) == (404, True)


def test_nothing_of_either_text_is_markup(asked: tuple[Browser, str]) -> None:
    browser, notice = asked
    answer = browser.get(f"/notice/{notice}/diff?whole=1&from=1&to=2&copy={KEY}")

    assert "&lt;img src=x onerror=alert(1)&gt;" in answer.text
    assert "<img" not in answer.text
    assert " style=" not in answer.text
    assert answer.headers.get_list("content-security-policy") == [OWN_POLICY]


def test_former_ids_lead_to_the_same_comparison(asked: tuple[Browser, str]) -> None:
    browser, notice = asked
    answer = browser.get("/notice/aaaabbbbcccc/diff?from=1&to=2&whole=1")

    assert answer.headers["location"] == f"/notice/{notice}/diff?from=1&to=2&whole=1"
    assert browser.get("/notice/zzzzzzzzzzzz/diff").status_code == 404


def test_giants_are_not_compared_while_somebody_waits(
    asked: tuple[Browser, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, notice = asked
    monkeypatch.setattr(diff, "_LONGEST", 100)
    page = browser.get(f"/notice/{notice}/diff").text

    assert '<div class="flow"' not in page
    assert f'href="/notice/{notice}/r/1.txt"' in page


def test_giant_files_are_named_and_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = an_archive(tmp_path / "notices.db")
    notice = a_notice(db, url=f"https://{KEY}")
    links = [["大表", "https://a.example/big.xlsx"], ["小表", "https://a.example/small.xlsx"]]
    fields = json.dumps({"attachments": links})
    files = [{url: f"{name}{version}" for name, url in links} for version in (1, 2)]
    db.execute("update revisions set fields = ?, files = ?", [fields, json.dumps(files[0])])
    a_revision(db, KEY, changed='["attachments"]', fields=fields, files=json.dumps(files[1]))
    for version in (1, 2):
        for name, text in (("大表", f"第{version}行\n" * 100), ("小表", f"第{version}行")):
            said = dict.fromkeys(("sha256", "media_type", "reader_version"), "")
            db["files"].insert({**said, "payload_digest": f"{name}{version}", "size": 1, "text": text})
    db.close()
    monkeypatch.setattr(diff, "_LONGEST", 300)
    browser = Browser(make_datasette(tmp_path))
    page = browser.get(f"/notice/{notice}/diff").text
    browser.close()

    assert "<code>minzheng diff</code>：大表</p>" in page
    assert re.findall(r'<h2 id="file-\d">(.*?)</h2>', page) == ["附件：小表"]


DATA = (
    r"<(\w+)[^>]* lang=zh-CN>.*?</\1>",
    r"<(td|h1|pre|dd)\b.*?</\1>",
    r"<a [^>]*>关于示例的通知</a>",
    r'<a href="/source/[^"]*">示例市民政局</a>',
    r"<p>转载</p>",
)
"""What a page shows of the notice itself."""


@pytest.mark.parametrize("page", ["?", "/diff?", "/r/1?", "/r/9?", "?at=2030-01-01&"])
def test_a_page_in_english_has_chinese_data_only(asked: tuple[Browser, str], page: str) -> None:
    browser, notice = asked
    shown = browser.get(f"/notice/{notice}{page}lang=en").text.partition("<main")[2].partition("</main>")[0]
    for pattern in DATA:
        shown = re.sub(pattern, "", shown, flags=re.DOTALL)

    assert re.findall(r"[\u4e00-\u9fff]+", shown) == []


def test_an_old_revision_lists_its_files_as_they_were(tmp_path: Path) -> None:
    db = an_archive(tmp_path / "notices.db")
    notice = a_notice(db, url=f"https://{KEY}")
    text = "新的正文。"
    db["notices"].update(1, {"text": text, "text_digest": text_digest(text)})
    fields = '{"attachments": [["旧表", "https://a.example/old.xlsx"], ["变过的表", "https://a.example/same.xlsx"]]}'
    db.execute("update revisions set fields = ?, files = ?", [fields, '{"https://a.example/same.xlsx": "sha256:then"}'])
    a_revision(db, KEY, text=text, changed='["text", "attachments"]')
    now = {"copy": KEY, "url": "https://a.example/same.xlsx", "name": "变过的表", "payload_digest": "sha256:now"}
    db["attachments"].insert({**now, "size": 5, "text": "现在的文字"})
    db.close()
    browser = Browser(make_datasette(tmp_path))
    old = browser.get(f"/notice/{notice}/r/1").text.partition("</article>")[0]
    new = browser.get(f"/notice/{notice}").text.partition("</article>")[0]
    browser.close()

    assert ("旧表" in old, "sha256:then" in old, "现在的文字" in old) == (True, True, False)
    assert ("旧表" in new, "sha256:now" in new, "现在的文字" in new) == (False, True, True)
