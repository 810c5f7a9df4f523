"""Whatever markup comes, a reading is sound: fragments put together at random, and fixtures that were damaged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.extract import read
from archive.outcome import judge
from archive.page import Unreadable, open_page
from archive.records import Headers, Reading

_URL: Final = "http://mzj.qingshan.example/tzgg/202403/t20240311_100.html"
_PAGES: Final = sorted((Path(__file__).parents[1] / "pages").glob("*/*/page.html"))
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u200b\ufeff\ud800-\udfff]")

_TAGS: Final = (
    "p",
    "div",
    "span",
    "a",
    "b",
    "td",
    "tr",
    "table",
    "th",
    "ul",
    "li",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "pre",
    "br",
    "img",
    "iframe",
    "script",
    "style",
    "form",
    "select",
    "option",
    "textarea",
    "font",
    "center",
    "section",
    "nav",
    "footer",
    "ucapcontent",
    "founder-content",
    "svg",
    "template",
    "object",
    "html",
    "body",
    "head",
    "title",
    "meta",
    "o:p",
)
_VALUES: Final = (
    "TRS_Editor",
    "zoom",
    "js_content",
    "content",
    "title",
    "nav",
    "share comment",
    "footer",
    "display:none",
    "hidden",
    "visibility: hidden",
    "/a/b.docx",
    "附件.pdf",
    "javascript:void(0)",
    "//[",
    "http://",
    "99",
    "-1",
    "0",
    "ArticleTitle",
    "PubDate",
    "ContentSource",
    "2024-03-11 10:20",
    "民政局",
    "text/html; charset=rot13",
    "gb2312",
    "",
)
_WORDS: Final = (
    "来源：",
    "发布时间：",
    "索 引 号：",
    "发文字号",
    "民发〔2024〕5号",
    "2024年3月11日",
    "二〇二四年三月十一日",
    "10:20:30",
    "关于印发《办法》的通知",
    "示例市民政局",
    "各区县民政局要高度重视，认真做好救助工作，及时发放资金。",
    "附件：1.申请表.docx",
    "上一篇：某文",
    "责任编辑：某",
    "本办法自2024年5月1日起施行。",
    "废止",
    "当前位置：首页 > 通知公告",
    "版权所有",
    "阅读原文",
    "\u200b",
    "\u3000",
    "&#0;",
    "&#x110000;",
    "&nbsp;",
    "&lt;p&gt;",
    "\x00",
    "\x1b",
    "\ufffe",
    "12345678901",
    "|",
    "<",
    "]]>",
)
_CHARSETS: Final = (
    "utf-8",
    "gbk",
    "gb2312",
    "big5",
    "utf-16",
    "utf-7",
    "rot13",
    "idna",
    "zlib",
    "base64",
    "undefined",
    "punycode",
    "utf8mb4",
    "x-user-defined",
    "hex",
    "mbcs",
    "a" * 300,
    "\u4e2d\u6587",
    "",
)

_NAMES: Final = ("class", "id", "style", "href", "src", "name", "content", "hidden", "colspan", "rowspan", "onclick")
_ATTRIBUTE: Final = st.builds("{}={!r}".format, st.sampled_from(_NAMES), st.sampled_from(_VALUES))
_TEXT: Final = st.one_of(st.sampled_from(_WORDS), st.text(max_size=8))
_PIECE: Final = st.one_of(
    st.builds(
        lambda tag, attributes: f"<{tag} {' '.join(attributes)}>",
        st.sampled_from(_TAGS),
        st.lists(_ATTRIBUTE, max_size=3),
    ),
    st.sampled_from(_TAGS).map("</{}>".format),
    _TEXT,
    st.sampled_from(("<!--", "-->", "<![CDATA[", "<?xml version='1.0'?>", "<!DOCTYPE html>", "<p", "='", "\n")),
)
_FRAGMENT: Final = st.recursive(
    st.lists(_PIECE, max_size=12).map("".join),
    lambda inner: st.builds(
        lambda tag, attributes, text: f"<{tag} {' '.join(attributes)}>{text}</{tag}>",
        st.sampled_from(_TAGS),
        st.lists(_ATTRIBUTE, max_size=2),
        inner,
    ),
    max_leaves=6,
)
_STRAY: Final = st.one_of(
    st.binary(max_size=4),
    st.sampled_from(
        (b"</div>", b"<div>", b"</html>", b"<table>", b"</table>", b"<!--", b"<script>", b"<p", b"\xff\xfe")
    ),
)


@settings(max_examples=200)
@given(st.lists(_FRAGMENT, max_size=6).map("".join), st.sampled_from(_CHARSETS), st.sampled_from(("utf-8", "gb18030")))
def test_a_page_of_fragments_reads_soundly(html: str, charset: str, written: str) -> None:
    body = f"<meta charset='{charset}'>{html}".encode(written, "replace")

    _check(body, (("Content-Type", f"text/html; charset={charset}"),))


@settings(max_examples=150)
@given(
    st.sampled_from(_PAGES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), _STRAY), min_size=1, max_size=6)
)
def test_a_damaged_page_reads_soundly(path: Path, damages: list[tuple[float, int, bytes]]) -> None:
    body = path.read_bytes()
    for place, lost, stray in damages:
        at = int(place * len(body))
        body = body[:at] + stray + body[at + lost :]

    _check(body, (("Content-Type", "text/html"),))


def _check(body: bytes, headers: Headers) -> None:
    """Follow the whole road twice; only what is no page at all may be refused, and both times."""
    first, second = _follow(body, headers), _follow(body, headers)

    assert first == second
    if first is not None:
        _check_reading(first)


def _follow(body: bytes, headers: Headers) -> Reading | None:
    try:
        page = open_page(_URL, body, headers)
    except Unreadable:
        return None
    judge(200, headers, page.url, page, page.size)
    return read(page)


def _check_reading(reading: Reading) -> None:
    lines = reading.text.split("\n") if reading.text else []
    texts = (reading.title, reading.text, reading.attribution, reading.author, reading.site_name, *lines)

    assert not any(_CONTROL.search(text) for text in texts if text is not None)
    assert all(line and line == line.strip() for line in lines)
    assert all(0 <= table.first < table.last <= len(lines) for table in reading.tables)
    assert all(one.last <= other.first for one, other in zip(reading.tables, reading.tables[1:], strict=False))
    assert all(link.url.startswith(("http://", "https://")) for link in reading.attachments)
    assert len({link.url for link in reading.attachments}) == len(reading.attachments)
    for field in ("title", "text", "published_on", "document_number", "attribution", "issuing_agencies", "author"):
        assert bool(getattr(reading, field)) == (field in reading.evidence), field
    assert all(reading.evidence.values())
