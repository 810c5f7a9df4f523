"""What a notice's page tells citation managers, and the files of its citations: each the same text, none markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rispy

from archive import browse
from archive.browse.serve import make_datasette
from archive.references import FORMS
from archive.references.address import mark_of
from archive.store.masked import write_masked
from archive.text import text_digest
from tests.browsing import Browser, run_apart
from tests.build import a_notice, an_archive

HOSTILE = '</script><script>alert(1)</script><!-- "quotes" & {braces} \u2028'
TEXT = "各区县民政局：\n现将有关事项通知如下。"
ROOT = "http://localhost"
URL = "https://mzj.shili.example/tzgg/1.html"


class Head(HTMLParser):
    """What stands in the head of a page: `meta` by name, `links` of alternates, `data` of JSON-LD."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.links: dict[str, str] = {}
        self.data = ""
        self._is_data = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and given.get("name"):
            self.meta.setdefault(str(given["name"]), []).append(str(given["content"]))
        if tag == "link" and given.get("rel") == "alternate":
            self.links[str(given["type"])] = str(given["href"])
        self._is_data = tag == "script" and given.get("type") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  its signature
        self._is_data = False

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data += data


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, str, str]]:
    """A server of two notices, one well known, one whose every word is hostile; with their ids."""
    folder = tmp_path_factory.mktemp("citation")
    db = an_archive(folder / "notices.db")
    known = a_notice(
        db,
        "关于开展示例工作的通知",
        TEXT,
        url=URL,
        document_number="示民发〔2026〕12号",
        document_type="通知",
        index_number="0001/2026-1",
        issuing_agency="示例市民政局",
        issuing_agencies='["示例市民政局", "示例市财政局"]',
        published_on="2026-02-28",
        written_on="2026-02-25",
        effective_on="2026-04-01",
        text_digest=text_digest(TEXT),
    )
    hostile = a_notice(db, HOSTILE, HOSTILE, issuing_agency=HOSTILE, document_number=HOSTILE, document_type=HOSTILE)
    db.close()
    browser = Browser(make_datasette(folder))
    yield browser, known, hostile
    browser.close()


@pytest.fixture(scope="module")
def head(asked: tuple[Browser, str, str]) -> Head:
    browser, known, _ = asked
    return Head(browser.get(f"/notice/{known}").text)


def address(notice: str) -> str:
    return f"{ROOT}/notice/{notice}/r/1?text={mark_of(TEXT, text_digest(TEXT))}"


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("citation_title", ["关于开展示例工作的通知"]),
        ("citation_author", ["示例市民政局", "示例市财政局"]),
        ("citation_publication_date", ["2026/02/28"]),
        ("citation_language", ["zh-CN"]),
        ("citation_keywords", ["通知"]),
        ("DC.title", ["关于开展示例工作的通知"]),
        ("DC.creator", ["示例市民政局", "示例市财政局"]),
        ("DCTERMS.issued", ["2026-02-28"]),
        ("DCTERMS.created", ["2026-02-25"]),
        ("DCTERMS.valid", ["2026-04-01"]),
        ("DC.type", ["通知"]),
        ("DC.language", ["zh-CN"]),
        ("DC.source", [URL]),
    ],
)
def test_the_head_says(head: Head, name: str, contents: list[str]) -> None:
    assert contents == head.meta[name]


def test_the_head_names_the_address_of_this_text(asked: tuple[Browser, str, str], head: Head) -> None:
    _, known, _ = asked

    assert [address(known)] == head.meta["citation_public_url"]
    assert [address(known), "示民发〔2026〕12号"] == head.meta["DC.identifier"]


def test_every_tag_of_the_head_is_tested(head: Head) -> None:
    cases = test_the_head_says.pytestmark[0].args[1]  # type: ignore[attr-defined]
    named = {name for name, _ in cases} | {"citation_public_url", "DC.identifier"}

    assert {name for name in head.meta if name != "viewport"} == named


def test_the_linked_data_is_a_document_with_its_original_and_where_it_is_kept(
    asked: tuple[Browser, str, str], head: Head
) -> None:
    _, known, _ = asked
    agencies = ("示例市民政局", "示例市财政局")

    assert json.loads(head.data) == {
        "@context": "https://schema.org",
        "@type": "DigitalDocument",
        "name": "关于开展示例工作的通知",
        "author": [{"@type": "GovernmentOrganization", "name": agency} for agency in agencies],
        "datePublished": "2026-02-28",
        "dateCreated": "2026-02-25",
        "identifier": [
            {"@type": "PropertyValue", "name": "发文字号", "value": "示民发〔2026〕12号"},
            {"@type": "PropertyValue", "name": "索引号", "value": "0001/2026-1"},
        ],
        "inLanguage": "zh-CN",
        "keywords": "通知",
        "url": URL,
        "archivedAt": address(known),
    }


def test_no_word_of_the_web_ends_the_data_or_begins_a_script(asked: tuple[Browser, str, str]) -> None:
    browser, _, hostile = asked
    page = browser.get(f"/notice/{hostile}").text
    title = " ".join(HOSTILE.replace("\u2028", " ").split())

    assert json.loads(Head(page).data)["name"] == title
    assert Head(page).meta["citation_title"] == [title]
    assert re.findall("<script[^>]*>", page) == [
        '<script src="/-/static-plugins/minzheng-archive/archive.js" defer>',
        '<script type="application/ld+json">',
    ]
    assert " style=" not in page
    assert " on" not in "".join(re.findall(r"<[a-z][^>]*>", page)).replace(" one", "")


@pytest.mark.parametrize("ending", FORMS)
def test_the_box_and_the_file_say_the_same(asked: tuple[Browser, str, str], ending: str) -> None:
    browser, known, _ = asked
    page = browser.get(f"/notice/{known}").text
    file = browser.get(f"/notice/{known}.{ending}")
    boxes = [unescape(box) for box in re.findall(r'<pre class="form"[^>]*>(.*?)</pre>', page, re.DOTALL)]

    assert file.headers["content-type"] == FORMS[ending].media_type
    assert file.headers["content-disposition"] == f'attachment; filename="{known}.{ending}"'
    assert boxes[list(FORMS).index(ending)] == file.text.rstrip()
    assert f"{ROOT}/notice/{known}/r/1?text=" in file.text.replace("\\", "")


def test_a_citation_is_of_the_revision_that_the_page_shows(asked: tuple[Browser, str, str]) -> None:
    browser, known, _ = asked
    links = Head(browser.get(f"/notice/{known}/r/1").text).links
    (read,) = rispy.loads(browser.get(links["application/x-research-info-systems"]).text)

    assert (read["urls"], read["access_date"], read["date"]) == ([address(known)], "2026/03/02/", "2026/02/28/")
    assert [note.partition(": ")[2] for note in read["notes"]] == [URL, text_digest(TEXT)]


def test_the_printed_line_stands_open_and_the_other_forms_are_folded(asked: tuple[Browser, str, str]) -> None:
    browser, known, _ = asked
    box = browser.get(f"/notice/{known}").text.partition('<section class="citation"')[2].partition("</section>")[0]
    before, _, folded = box.partition("<details>")

    assert (
        "示例市民政局, 示例市财政局. 关于开展示例工作的通知: 示民发〔2026〕12号[EB/OL]. (2026-02-28)[2026-03-02]."
        in before
    )
    assert [name for name in ("BibTeX", "RIS", "CSL-JSON") if name in folded] == ["BibTeX", "RIS", "CSL-JSON"]


def test_on_paper_the_citation_stays_and_what_can_only_be_clicked_goes() -> None:
    css = (Path(browse.__file__).parent / "static" / "archive.css").read_text("utf-8")
    on_paper = [block.split("\n}", maxsplit=1)[0] for block in css.split("@media print {")[1:]]
    hidden = {
        selector.strip().removeprefix(".minzheng ")
        for rule in re.findall(r"^  ([^{}]+) \{ display: none; \}", "\n".join(on_paper), re.MULTILINE)
        for selector in rule.split(",")
    }

    assert {"header.bar", ".skip", ".facts .where", ".at", ".citation details", ".citation button"} <= hidden
    assert not {".citation", ".form", ".facts", ".text", ".timeline", ".flow"} & hidden


@pytest.mark.parametrize(("host", "is_local"), [("127.0.0.1:8001", True), ("archive.example", False)])
def test_a_citation_with_an_address_of_this_machine_says_so(
    asked: tuple[Browser, str, str],
    host: str,
    is_local: bool,  # noqa: FBT001  a case
) -> None:
    browser, known, _ = asked
    page = run_apart(browser.datasette.client.get(f"/notice/{known}", headers={"host": host})).text

    assert ("这是本机网址" in page, f"http://{host}/notice/{known}/r/1?text=" in page) == (is_local, True)


def test_the_same_instant_at_the_internet_archive_is_a_plain_link(asked: tuple[Browser, str, str]) -> None:
    browser, known, _ = asked
    page = browser.get(f"/notice/{known}").text

    link = f'<a class="out" href="https://web.archive.org/web/20260302010000/{URL}" rel="noopener noreferrer nofollow">'
    assert link in page


def test_strangers_get_no_way_to_raw_captures(tmp_path: Path) -> None:
    db = an_archive(tmp_path / "notices.db")
    notice = a_notice(db)
    fields = json.dumps({"evidence": {"title": "meta:ArticleTitle", "published_on": "meta:PubDate"}})
    db.execute("update revisions set fields = ?", [fields])
    db.execute("update notices set published_on = '2026-01-01'")
    db.close()
    pages = []
    for is_public in (False, True):
        browser = Browser(make_datasette(tmp_path, public=is_public))
        pages += [browser.get(f"/notice/{notice}").text + browser.get(f"/notice/{notice}/r/1").text]
        browser.close()

    assert ["/capture/" in page for page in pages] == [True, False]
    assert all("网页标签 PubDate" in page for page in pages)


def test_a_masked_copy_says_what_was_masked_and_by_which_rule(tmp_path: Path) -> None:
    whole, masked = tmp_path / "whole", tmp_path / "masked"
    for folder in (whole, masked):
        folder.mkdir()
    db = an_archive(whole / "notices.db")
    text = "各区县民政局：\n联系人张某，手机13800138000，身份证号11010519491231002X。"
    notice = a_notice(db, "关于示例的通知", text)
    write_masked(db, masked / "notices.db")
    db.close()
    pages = []
    for folder in (whole, masked):
        browser = Browser(make_datasette(folder))
        pages.append(browser.get(f"/notice/{notice}").text)
        citation = browser.get(f"/notice/{notice}.csl.json").json()[0]["URL"].removeprefix(ROOT)
        pages.append(browser.get(citation).text)
        browser.close()

    assert all("13800138000" in page and "遮盖" not in page for page in pages[:2])
    for page in pages[2:]:
        assert "13800138000" not in page
        assert "遮盖了个人信息：" in page
        assert "手机号码 1 处" in page
