"""No bytes make the reading road raise anything but Unreadable."""

from __future__ import annotations

from datetime import UTC

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.extract import read
from archive.extract.state import state_digest
from archive.outcome import judge
from archive.page import Unreadable, decode_text, open_page
from archive.records import Headers, Reading

HTML: Headers = (("Content-Type", "text/html"),)
PIECES = [
    *(
        "<html>",
        "</html>",
        "<body>",
        "</body>",
        "<head>",
        "<title>",
        "</title>",
        "<div class='TRS_Editor'>",
        "</div>",
        "<p>",
        "</p>",
    ),
    *(
        "<table><tr><td>",
        "</td><td>",
        "</td></tr></table>",
        "<h1>",
        "</h1>",
        "<a href='",
        "'>",
        "</a>",
        "<!--",
        "-->",
        "<script>",
    ),
    *(
        "</script>",
        "<br>",
        "<img>",
        "<iframe src='a.pdf'>",
        "<meta name='PubDate' content='",
        "<meta charset='rot13'>",
        "<ul><li>",
    ),
    *(
        "<span class='footer'>",
        "style='display:none'",
        "来源：",
        "作者:佚名",
        "时间:2021-11-05",
        "发布时间：",
        "索 引 号：",
        "发文字号：",
    ),
    *(
        "〔2021〕15号",
        "民发[2021]5号",
        "原文链接：",
        "http://",
        "https://mzj.example:99999/",
        "www.a.example/t20211104_1.html",
        "//[",
    ),
    *(
        "附件：1.",
        "a.docx",
        "[免责声明]",
        "相关阅读",
        "上一篇",
        "本网",
        "&#0;",
        "&#x110000;",
        "&nbsp;",
        "\x00",
        "\ufffe",
        "\u200b",
        "　",
    ),
    *(
        "2021年13月45日",
        "二〇二一年十一月三日",
        "9999-99-99 99:99",
        "关于印发《办法》的通知",
        "示例市民政局",
        "，",
        "。",
        "中" * 40,
    ),
]
MARKUP = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40).map("".join)


@settings(max_examples=150, deadline=None)
@given(MARKUP)
def test_reading_never_raises_on_markup(html: str) -> None:
    _follow(html.encode("utf-8", "replace"))


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=600), st.sampled_from([b"", b"<html><p>", b"\xef\xbb\xbf", b"\xff\xfe", b"<meta charset=gbk>"])
)
def test_reading_never_raises_on_bytes(body: bytes, start: bytes) -> None:
    _follow(start + body)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=20))
def test_decoding_never_raises(body: bytes, charset: str) -> None:
    text, _ = decode_text(body, f"text/html; charset={charset}")

    assert isinstance(text, str)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    body = text.encode("utf-8", "replace")
    clean = body.decode()

    assert clean.lstrip("\ufeff") == decode_text("中中中中".encode() + body, None)[0].removeprefix("中中中中").lstrip(
        "\ufeff"
    )


def _follow(body: bytes) -> Reading | None:
    """The whole road: page, outcome, reading, digest."""
    try:
        page = open_page("http://mzj.example/tzgg/202111/t20211104_1.html", body, HTML)
    except Unreadable:
        return None
    judge(200, HTML, page.url, page, page.size)
    reading = read(page)

    assert state_digest(reading).startswith("sha256:")
    assert reading.published_at is None or reading.published_at.tzinfo is UTC
    return reading
