"""Bytes to a page: codings undone, the charset decided, the tree whole."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest

from archive.page import Unreadable, content_type, decode_body, decode_text, header, is_html, open_page, parse
from archive.records import Headers

URL = "http://mzj.shili.example/a.html"
TEXT = (
    "<html><head><title>通知</title></head><body><p>各区民政局：请于月底前报送〇二表，〔2021〕5号。</p></body></html>"
)
HTML: Headers = (("Content-Type", "text/html"),)


def _coded(name: str) -> Headers:
    return (*HTML, ("content-encoding", name))


def test_the_last_header_of_a_name_counts_whatever_its_case() -> None:
    headers = (("X-A", "1"), ("x-a", " 2 "))

    assert ("2", None) == (header(headers, "X-a"), header(headers, "x-b"))


def test_a_content_type_comes_without_its_parameters() -> None:
    assert "text/html" == content_type((("CONTENT-TYPE", "Text/HTML; charset=gbk"),))


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "gzip, br": lambda body: brotli.compress(gzip.compress(body)),
    "identity": lambda body: body,
}


@pytest.mark.parametrize("name", CODINGS)
def test_codings_are_undone_in_the_reverse_order(name: str) -> None:
    body = TEXT.encode()

    assert body == decode_body(CODINGS[name](body), _coded(name))


def test_deflate_without_its_frame_is_undone() -> None:
    packer = zlib.compressobj(wbits=-15)

    assert TEXT.encode() == decode_body(packer.compress(TEXT.encode()) + packer.flush(), _coded("deflate"))


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_is_not_coded_whatever_its_header_says_is_kept(name: str) -> None:
    assert TEXT.encode() == decode_body(TEXT.encode(), _coded(name))


def test_gzip_that_no_header_tells_of_is_undone_for_pages_only() -> None:
    packed = gzip.compress(TEXT.encode())

    assert (TEXT.encode(), packed) == (
        decode_body(packed, HTML),
        decode_body(packed, (("Content-Type", "application/gzip"),)),
    )


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_body_that_is_broken_off_is_unreadable(name: str) -> None:
    body = CODINGS[name](TEXT.encode() * 50)

    with pytest.raises(Unreadable, match=r"broken off|not br"):
        decode_body(body[: len(body) // 2], _coded(name))


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_bomb_stops_at_the_limit(name: str) -> None:
    with pytest.raises(Unreadable, match="more than 1000 bytes"):
        decode_body(CODINGS[name](b"0" * 10_000_000), _coded(name), limit=1000)


def test_an_unknown_coding_is_named() -> None:
    with pytest.raises(Unreadable, match="'lzma'"):
        decode_body(b"x", _coded("lzma"))


@pytest.mark.parametrize(
    ("body", "declared", "charset"),
    [
        (TEXT.encode(), None, "utf-8"),
        (TEXT.encode("gb18030"), None, "gb18030"),
        (TEXT.encode("gb18030"), "text/html; charset=utf-8", "gb18030"),
        (TEXT.encode(), "text/html; charset=GB2312", "utf-8"),
        (TEXT.encode("gb18030"), "text/html; charset=ISO-8859-1", "gb18030"),
        (TEXT.encode("big5hkscs", "replace"), "text/html; charset=Big5", "big5hkscs"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=gbk", "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), None, "utf-16-le"),
        (b'<meta charset="gbk">' + TEXT.encode("gb18030"), None, "gb18030"),
        (b"<meta charset=gb2312><meta charset=utf-8>" + TEXT.encode("gb18030"), None, "gb18030"),
        (b" " * 5000 + b"<meta charset=big5>" + TEXT.encode("gb18030"), None, "gb18030"),
    ],
    ids=[
        *("utf-8, silent", "gbk, silent", "gbk called utf-8", "utf-8 called gb2312", "gbk called latin-1", "big5"),
        *(
            "a BOM outweighs the header",
            "utf-16 by its BOM",
            "gbk by its meta",
            "the first meta counts",
            "a late meta is not read",
        ),
    ],
)
def test_a_page_is_read_in_the_charset_its_bytes_are_in(body: bytes, declared: str | None, charset: str) -> None:
    text, told = decode_text(body, declared)

    assert charset == told
    assert "各區民政局" in text or "各区民政局" in text or charset == "big5hkscs"


@pytest.mark.parametrize(
    "name", ["rot13", "utf8mb4", "idna", "zlib", "base64", "undefined", "punycode", "", "utf-7", "gbk;", "\x00"]
)
def test_a_charset_that_is_none_says_nothing(name: str) -> None:
    assert (TEXT, "utf-8") == decode_text(TEXT.encode(), f"text/html; charset={name}")


def test_a_few_spoilt_bytes_do_not_turn_utf8_into_another_charset() -> None:
    body = (TEXT * 20).encode() + b"\xe4\xb8"

    text, charset = decode_text(body, "text/html; charset=utf-8")

    assert ("utf-8", TEXT * 20) == (charset, text.rstrip("\ufffd"))


def test_a_few_spoilt_bytes_do_not_turn_gbk_into_another_charset() -> None:
    text, charset = decode_text(TEXT.encode("gb18030") + b"\xff\xff", None)

    assert ("gb18030", True) == (charset, text.startswith(TEXT))


@pytest.mark.parametrize(("whole", "part"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_a_part_pasted_in_from_a_page_in_another_charset_is_read_in_its_own(whole: str, part: str) -> None:
    own, other = "各区民政局要认真做好救助工作。" * 9, "一份粘贴进来的附件"
    body = f"<p>{own}</p>".encode(whole) + f"<p>{other}</p>".encode(part) + b"<p>\xff</p>" + f"<p>{own}".encode(whole)

    text, charset = decode_text(body, f"text/html; charset={whole}")

    assert (whole, [own, other, "\ufffd", own]) == (charset, text[3:].split("</p><p>"))


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_told_by_its_markup(charset: str) -> None:
    html = f"<html><head><title>{TEXT}</title></head><body><p>{TEXT}</p></body></html>"

    assert (html, charset) == decode_text(html.encode(charset), "text/html; charset=utf-8")


@pytest.mark.parametrize("body", [b"", b" \r\n\t ", b"\x00\x00"])
def test_an_empty_body_is_no_page(body: bytes) -> None:
    with pytest.raises(Unreadable, match="empty"):
        open_page(URL, body, HTML)


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        (HTML, b"13 bytes only", True),
        ((), b"\xef\xbb\xbf  <!DOCTYPE html><p>", True),
        ((), b"log line\n<html><body>", True),
        ((), b"{}", False),
        (HTML, b"%PDF-1.4", False),
        ((("Content-Type", "application/pdf"),), b"<html>", False),
        ((("Content-Type", "text/plain"),), b"<html>", True),
    ],
    ids=[
        "declared",
        "by its doctype",
        "behind a stray line",
        "json",
        "a pdf called html",
        "html called pdf",
        "called text",
    ],
)
def test_html_is_told_by_type_and_by_first_bytes(headers: Headers, body: bytes, expected: bool) -> None:  # noqa: FBT001  # a column of the table
    assert expected is is_html(headers, body)


def test_what_is_not_html_is_unreadable_and_named() -> None:
    with pytest.raises(Unreadable, match="application/json"):
        open_page(URL, b"{}", (("Content-Type", "application/json"),))


@pytest.mark.parametrize(
    "html",
    [
        "<html><head></html><title>x</title></head><body><p>text</p>",
        "<html><body><div></body></html><p>text</p></div></body></html>",
        "\x00<p>te\x00xt</p>".replace("te\x00xt", "text"),
        "<?xml version='1.0' encoding='gb2312'?><!DOCTYPE html><html><body><p>text</p>",
        "<div>" * 20_000 + "deep" + "</div>" * 20_000 + "<p>text</p>",
        "<div>" * 20_000 + "<p>text",
        "<p>&#0;&#55555;&#x1;text</p>",
    ],
    ids=[
        "</html> in the head",
        "</html> in the middle",
        "NUL",
        "an XML prolog",
        "a deep nest",
        "an open nest",
        "bad references",
    ],
)
def test_no_text_is_lost_to_careless_markup(html: str) -> None:
    assert "text" in parse(html).text_content()


@pytest.mark.parametrize("html", ["", "   ", "<!-- only a comment -->", "<!DOCTYPE html>"])
def test_a_document_without_an_element_is_unreadable(html: str) -> None:
    with pytest.raises(Unreadable, match="no element"):
        parse(html)
