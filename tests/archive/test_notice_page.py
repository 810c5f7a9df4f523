"""The page of a notice: what it shows, who may see it, and that nothing from the web is markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette

from archive.browse.policies import OWN_POLICY
from archive.browse.serve import make_datasette
from archive.records import Change
from archive.store.fidelities import put_fidelity
from archive.trace.fidelity import Printing, measure
from tests.browsing import Browser, traced
from tests.build import a_citation, a_copy, a_notice, a_revision, an_archive

ATTACK = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notices.db"


@pytest.fixture
def ids(path: Path) -> dict[str, str]:
    return traced(path)


@pytest.fixture
def browser(ids: dict[str, str], path: Path) -> Iterator[Browser]:
    browser = Browser(make_datasette(path))
    yield browser
    browser.close()


def test_the_page_of_a_notice_shows_the_document(ids: dict[str, str], browser: Browser) -> None:
    page = browser.get(f"/notice/{ids['notice']}").text

    assert '<html lang="zh-CN">' in page
    assert "<h1>关于提高低保标准的通知</h1>" in page
    for paragraph in ("<p>各区县民政局：</p>", "<p>第一段。</p>", "<p>第二段。</p>"):
        assert paragraph in page
    for value in ("示民发〔2021〕15号", "2021-03-01", "标准表", "网页标签 ArticleTitle"):
        assert value in page


def test_the_page_of_a_notice_says_why_each_copy_belongs(ids: dict[str, str], browser: Browser) -> None:
    page = browser.get(f"/notice/{ids['notice']}").text

    assert "就是原文" in page
    assert "该页注明了原文地址。" in page
    assert "注明的地址" in page
    assert "示例转载网" in page


def test_the_page_of_a_notice_says_what_a_copy_did_to_it(path: Path) -> None:
    notice = traced(path)["notice"]
    db = an_archive(path)
    changes = (Change(before="<b>680", after="820", lead="每人每月", tail="元"),)
    copy, original = (
        row["url_key"] for row in db.query("select url_key from copies where notice = ? order by role desc", [notice])
    )
    printing = Printing(key=original, title="甲", text="甲" * 70, text_digest="a", published_on=None)
    found = measure(printing, replace(printing, key=copy))
    put_fidelity(db, replace(found, numbers=changes, numbers_changed=1, revision=2), "")
    db.close()
    page = Browser(make_datasette(path)).get(f"/notice/{notice}").text

    assert "数字改动" in page
    assert "&lt;b&gt;680→820 (每人每月…元)" in page
    assert "第 2 版" in page


def test_the_page_of_a_notice_lists_revisions_and_captures(ids: dict[str, str], browser: Browser) -> None:
    page = browser.get(f"/notice/{ids['notice']}").text

    assert "2026-04-01 00:00:00" in page
    assert "2026/20260302T010000Z-abcdef-00000.warc.gz" in page
    assert "无法连接" in page
    assert "连接超时" in page


def test_an_original_that_was_not_captured_shows_what_came_back(ids: dict[str, str], browser: Browser) -> None:
    page = browser.get(f"/notice/{ids['lost']}").text

    assert "原文未能采集" in page
    assert "已不存在" in page


def test_an_original_that_moved_leads_to_where_it_is_now(path: Path) -> None:
    ids = traced(path)
    db = an_archive(path)
    now = "https://mzj.shili.example/art/2021/3/1/art_12_1.html"
    db.execute("update copies set state = 'moved' where notice = ? and role = 'original'", [ids["notice"]])
    a_copy(db, ids["notice"], now, role="mirror", rule="moved_page")
    db.close()
    browser = Browser(make_datasette(path))
    page = browser.get(f"/notice/{ids['notice']}").text
    browser.close()

    assert f'现址</dt><dd><a class="out" href="{now}"' in page
    assert "已迁址" in page


def test_the_page_of_a_notice_says_what_its_files_are_and_shows_their_text(path: Path) -> None:
    ids = traced(path)
    db = an_archive(path)
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    found = {"media_type": word, "payload_digest": "sha256:ab", "size": 2118, "text": f"甲 | 乙\n{ATTACK}"}
    copy = next(db.query("select copy from attachments"))["copy"]
    db["attachments"].update((copy, "https://mzj.shili.example/f/1.xlsx"), found)
    db["attachments"].insert(
        {**found, "copy": copy, "url": "https://mzj.shili.example/f/2.docx", "name": "长", "text": "长" * 2000}
    )
    db.close()
    browser = Browser(make_datasette(path))
    page = browser.get(f"/notice/{ids['notice']}").text
    browser.close()

    assert f'<span title="{word}">docx</span> · 2,118' in page
    assert "<p>甲 | 乙<br>&lt;script&gt;" in page
    assert f"{'长' * 1500}…</p>" in page


def test_the_page_of_a_notice_links_what_it_cites_and_what_cites_it(path: Path) -> None:
    db = an_archive(path)
    old = a_notice(db, "关于旧标准的通知", document_number="示民发〔2010〕1号")
    new = a_notice(db, "关于新标准的通知")
    sentence = "《关于旧标准的通知》（示民发〔2010〕1号）同时废止。"
    a_citation(db, new, cited_notice=old, kind="repeals", title="关于旧标准的通知", sentence=sentence)
    a_citation(db, new, title=None, document_number="示府发〔2009〕7号")
    db.close()
    browser = Browser(make_datasette(path))
    cites, cited = (browser.get(f"/notice/{notice}").text for notice in (new, old))
    browser.close()

    assert f'<a href="/notice/{old}">关于旧标准的通知</a>' in cites
    assert "废止" in cites
    assert sentence in cites
    assert "未收录" in cites.partition("示府发〔2009〕7号")[2]
    assert f'<a href="/notice/{new}">关于新标准的通知</a>' in cited
    assert sentence in cited
    assert 'id="cited-by"' not in cites
    assert 'id="citations"' not in cited


def test_the_page_of_a_notice_links_what_it_is_related_to_both_ways(path: Path) -> None:
    db = an_archive(path)
    first, second = a_notice(db, "2024年第一季度公示"), a_notice(db, "2024年第二季度公示")
    why = "same series, 92% in common; differs in 第1季度 / 第2季度"
    db["relations"].insert({"a": second, "b": first, "kind": "sibling", "why": why, "found_in": "text"})
    db["relations"].insert({"a": second, "b": first, "kind": "repeals", "why": "句子", "found_in": "citation"})
    db.close()
    browser = Browser(make_datasette(path))
    pages = {notice: browser.get(f"/notice/{notice}").text for notice in (first, second)}
    browser.close()

    for notice, other in ((first, second), (second, first)):
        section = pages[notice].partition('<section id="related"')[2].partition("</section>")[0]
        assert f'href="/notice/{other}"' in section
        assert "同系列" in section
        assert "同一系列，相同 92%；不同处 第1季度 / 第2季度" in section
        assert "废止" not in section


def test_of_very_many_citations_the_page_shows_the_first_and_a_way_to_all(path: Path) -> None:
    db = an_archive(path)
    notice = a_notice(db)
    for number in range(101):
        a_citation(db, notice, title=f"示例办法之{number}号规定")
    db.close()
    browser = Browser(make_datasette(path))
    page = browser.get(f"/notice/{notice}").text
    rows = browser.get(f"/notices/citations.json?_shape=array&_size=max&notice={notice}").json()
    browser.close()

    assert ("示例办法之99号规定" in page, "示例办法之100号规定" in page) == (True, False)
    assert f"/notices/citations?notice={notice}" in page
    assert len(rows) == 101


def test_of_very_many_relations_there_is_a_way_to_all_of_both_sides(path: Path) -> None:
    db = an_archive(path)
    notice = a_notice(db)
    for number in range(101):
        other = a_notice(db, f"示例市第{number}批名单公示")
        sides = (notice, other) if number % 2 else (other, notice)
        row = {"kind": "sibling", "why": "same series, 91% in common; differs in 1 / 2", "found_in": "text"}
        db["relations"].insert({"a": sides[0], "b": sides[1], **row})
    db.close()
    page = Browser(make_datasette(path)).get(f"/notice/{notice}").text

    assert "同一系列，相同 91%；不同处 1 / 2" in page
    assert all(f"/notices/relations?{side}={notice}" in page for side in "ab")


def test_of_very_many_copies_states_and_captures_there_is_a_way_to_all(path: Path) -> None:
    db = an_archive(path)
    notice = a_notice(db)
    for number in range(120):
        a_copy(db, notice, f"https://b{number}.example/1.html")
    db.close()
    browser = Browser(make_datasette(path))
    page = browser.get(f"/notice/{notice}").text
    browser.close()

    assert [100, 100, 100] == [
        section.partition("</section>")[0].count(row)
        for name, row in (("copies", '<p class="when">'), ("revisions", "/r/"), ("captures", "warc.gz</a>"))
        for section in [page.partition(f'<section id="{name}"')[2]]
    ]
    assert f"/notices/copies?notice={notice}" in page


def test_a_joint_notice_links_each_agency_and_where_they_were_read(path: Path) -> None:
    db = an_archive(path)
    agencies = '["示例市民政局", "示例市财政局"]'
    notice = a_notice(db, issuing_agency="示例市民政局", issuing_agencies=agencies)
    evidence = {"issuing_agencies": "table:发文机关", "title": "heading"}
    said = [{"field": "issuing_agencies", "value": "示例市民政局", "evidence": "byline"}]
    db.execute("update revisions set fields = ?", [json.dumps({"evidence": evidence, "conflicts": said})])
    db["captures"].update(1, {"record_id": "urn:uuid:0a1b"})
    db.close()
    browser = Browser(make_datasette(path))
    box = browser.get(f"/notice/{notice}").text.partition("<dl")[2].partition("</dl>")[0]
    browser.close()

    assert (
        f'<a href="/agency/{quote("示例市民政局")}">示例市民政局</a>、<a href="/agency/{quote("示例市财政局")}">' in box
    )
    assert "信息公开表 发文机关" in box
    assert 'href="/capture/0a1b?field=issuing_agencies#found"' in box
    assert "另见 文头来源行：示例市民政局" in box


def test_links_out_are_http_and_tell_nothing(ids: dict[str, str], browser: Browser) -> None:
    page = browser.get(f"/notice/{ids['notice']}").text

    assert f'<a class="out" href="{ids["url"]}" rel="noopener noreferrer nofollow">' in page


@pytest.mark.parametrize(
    "given",
    [
        "aaaabbbbcccc",
        "https%3A%2F%2Fmzj.shili.example%2Ftzgg%2F202103%2Ft20210301_1.html",
        "http://mzj.shili.example/tzgg/202103/t20210301_1.html",
        "www.zhuanzai.example/a/1.htm",
    ],
)
def test_former_ids_and_addresses_of_copies_lead_to_the_notice(
    ids: dict[str, str], browser: Browser, given: str
) -> None:
    answer = browser.get(f"/notice/{given}")

    assert (answer.status_code, answer.headers["location"]) == (302, f"/notice/{ids['notice']}")


@pytest.mark.parametrize("page", ["/notice/{}", "/notice/{}?lang=en", "/notices/-/notice/{}", "/dataset"])
def test_a_database_of_an_older_version_is_told_where_a_page_needs_more(path: Path, page: str) -> None:
    db = an_archive(path)
    notice = a_notice(db)
    db.execute("drop table relations")
    db.execute("delete from _sqlite_migrations where id = (select max(id) from _sqlite_migrations)")
    db.close()
    browser = Browser(make_datasette(path))
    answer = browser.get(page.format(notice))
    browser.close()

    assert answer.status_code == 404
    assert ("of an older version" if "lang=en" in page else "出自旧版程序") in answer.text


def test_an_address_with_a_slash_too_many_leads_to_the_notice(ids: dict[str, str], browser: Browser) -> None:
    answer = browser.get(f"/notice/{ids['notice']}/")

    assert (302, f"/notice/{ids['notice']}") == (answer.status_code, answer.headers["location"])


def test_a_notice_of_nobody_known_has_no_line_for_who_issued_it(path: Path) -> None:
    db = an_archive(path)
    notice = a_notice(db)
    db.close()
    browser = Browser(make_datasette(path))
    page = browser.get(f"/notice/{notice}").text
    browser.close()

    assert "<dt>发文机关</dt>" not in page


def test_an_unknown_id_is_a_page_that_says_so(ids: dict[str, str], browser: Browser) -> None:
    answer = browser.get("/notice/%3Cscript%3E")

    assert answer.status_code == 404
    assert "没有这条公告" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("given", ["known", "unknown"])
def test_our_pages_allow_no_script_but_our_own_file(ids: dict[str, str], browser: Browser, given: str) -> None:
    notice = ids["notice"] if given == "known" else "zzzz"
    answer = browser.get(f"/notice/{notice}")

    assert answer.headers.get_list("content-security-policy") == [OWN_POLICY]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self';" in OWN_POLICY
    assert "unsafe" not in OWN_POLICY
    data = ['<script type="application/ld+json">'] if given == "known" else []
    assert re.findall(r"<script[^>]*>", answer.text) == [
        '<script src="/-/static-plugins/minzheng-archive/archive.js" defer>',
        *data,
    ]
    assert " style=" not in answer.text


def test_a_notice_is_kept_from_whom_the_table_is_kept(path: Path) -> None:
    notice = traced(path)["notice"]
    browser = Browser(Datasette([str(path)], metadata={"databases": {"notices": {"allow": {"id": "someone"}}}}))

    assert browser.get(f"/notice/{notice}").status_code == 403
    browser.close()


def test_text_from_the_web_is_never_markup(path: Path) -> None:
    db = an_archive(path)
    notice = a_notice(db, f"标题{ATTACK}", f"正文{ATTACK}", issuing_agency=ATTACK, document_number=ATTACK)
    (copy,) = (row["url_key"] for row in db["copies"].rows)
    db["copies"].update(copy, {"attribution": ATTACK, "title": ATTACK, "claimed_original": "javascript:alert(3)"})
    db["attachments"].insert({"copy": copy, "url": "javascript:alert(4)", "name": ATTACK})
    a_citation(db, notice, title=ATTACK, document_number=ATTACK, raw=ATTACK, sentence=ATTACK)
    db.close()
    browser = Browser(make_datasette(path))

    for page in (
        f"/notice/{notice}",
        "/notices/notices",
        "/notices/notices?_search=标题",
        f"/notices/notices?_search={ATTACK}",
        "/notices/search?q=正文",
        "/notices/copies",
        "/notices/citations",
    ):
        shown = browser.get(page).text
        assert "<script>alert" not in shown, page
        assert "<img src=x" not in shown, page
        assert 'href="javascript:' not in shown, page
    browser.close()


def test_a_revision_is_shown_with_what_was_edited(path: Path) -> None:
    db = an_archive(path)
    notice = a_notice(db, url="https://a.example/1.html")
    edited = {"changed": '["text"]', "classes": '["amount", "text"]', "rank": 1, "headline": "300元 → <b>320元"}
    a_revision(db, "a.example/1.html", **edited)
    db.close()
    browser = Browser(make_datasette(path))
    page = browser.get(f"/notice/{notice}").text
    browser.close()

    assert "金额、其他文字" in page
    assert "<strong>300元 → &lt;b&gt;320元</strong>" in page


def with_a_table(path: Path, html: str, *, text: str = "名单如下：\n姓名 | 金额\n张某 | 30\n特此公示。") -> str:
    """An archive with one notice whose best copy has a table in lines 1 and 2; gives the notice's id."""
    db = an_archive(path)
    notice = a_notice(
        db, "救助名单公示", "名单如下：\n姓名 | 金额\n张某 | 30\n特此公示。", url="https://a.example/1.html"
    )
    fields = json.dumps({"tables": [{"first": 1, "last": 3, "html": html}]})
    db["revisions"].delete_where()
    a_revision(db, "a.example/1.html", text=text, fields=fields)
    db.close()
    return notice


def test_a_table_in_the_text_is_shown_as_a_table(path: Path) -> None:
    notice = with_a_table(path, '<table><tr><td>姓名</td><td rowspan="2">金额</td></tr></table>')
    browser = Browser(make_datasette(path))
    page = browser.get(f"/notice/{notice}").text
    browser.close()

    assert '<td>姓名</td><td rowspan="2">金额</td>' in page
    assert "姓名 | 金额" not in page
    assert page.index("<p>名单如下：</p>") < page.index("姓名") < page.index("<p>特此公示。</p>")


def test_a_table_of_a_database_from_elsewhere_is_cleaned(path: Path) -> None:
    notice = with_a_table(
        path,
        f"<table onclick=x style=y><tr><td onmouseover=x>{ATTACK}<a href='javascript:x'>张某</a></td></tr></table>",
    )
    browser = Browser(make_datasette(path))
    page = browser.get(f"/notice/{notice}").text
    browser.close()

    assert "张某" in page
    for trace in ("<script>alert", "<img", "onclick", "onmouseover", "javascript:", " style="):
        assert trace not in page


def test_tables_of_another_text_than_the_notices_are_not_shown(path: Path) -> None:
    notice = with_a_table(path, "<table><tr><td>姓名</td></tr></table>", text="旧的文字。")
    browser = Browser(make_datasette(path))
    page = browser.get(f"/notice/{notice}").text
    browser.close()

    assert "<p>姓名 | 金额</p>" in page
