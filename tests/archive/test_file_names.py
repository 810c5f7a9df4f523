"""The names that files bear themselves: in their address, and in the header they are sent with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extract.files import is_nameless, name_in_address, name_in_header

TABLE = "登记表.docx"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/up/%E7%99%BB%E8%AE%B0%E8%A1%A8.docx", TABLE),
        ("/up/%B5%C7%BC%C7%B1%ED.docx#page=2", TABLE),
        ("/up/%25E7%2599%25BB%25E8%25AE%25B0%25E8%25A1%25A8.docx", TABLE),
        ("/module/download/downfile.jsp?filename=1904.docx&showname=%E7%99%BB%E8%AE%B0%E8%A1%A8.docx", TABLE),
        ("/down.do?fileName=2024%2F05%2F%E7%99%BB%E8%AE%B0%E8%A1%A8.docx", TABLE),
        ("/system/_content/download.jsp?wbfileid=7", "download.jsp"),
        ("/up/P020240613556663716813.docx", "P020240613556663716813.docx"),
        ("/attach/0/", ""),
    ],
    ids=["utf-8", "gbk", "twice", "showname", "in a folder", "a script", "a number", "none"],
)
def test_an_address_names_its_file_by_its_end_or_by_what_a_script_is_to_send(address: str, name: str) -> None:
    assert name == name_in_address(f"http://mzj.qinghe.example{address}")


@pytest.mark.parametrize(
    "header",
    [
        "attachment; filename=\"x.docx\"; filename*=UTF-8''%E7%99%BB%E8%AE%B0%E8%A1%A8.docx",
        "attachment; filename*=GBK''%B5%C7%BC%C7%B1%ED.docx",
        'attachment;filename="%E7%99%BB%E8%AE%B0%E8%A1%A8.docx"',
        f'attachment; filename="{TABLE.encode().decode("latin-1")}"',
        f"attachment; filename={TABLE.encode('gbk').decode('latin-1')}; size=7",
        'inline; filename="=?UTF-8?B?55m76K6w6KGoLmRvY3g=?="',
        f'attachment; filename="D:\\tmp\\{TABLE.encode().decode("latin-1")}"',
    ],
    ids=["rfc 8187", "gbk", "percent", "bytes utf-8", "bytes gbk", "as in mail", "with its folder"],
)
def test_a_header_names_its_file_in_every_coding_that_servers_use(header: str) -> None:
    assert TABLE == name_in_header(header)


@pytest.mark.parametrize("header", ["", "attachment", "attachment; filename=", "attachment; filename*=UTF-8''"])
def test_a_header_may_give_no_name(header: str) -> None:
    assert name_in_header(header) is None


@given(st.text(alphabet=st.characters(max_codepoint=255)), st.sampled_from(["", "*"]))
def test_no_header_makes_it_raise(text: str, star: str) -> None:
    name = name_in_header(f"attachment; filename{star}={text}")

    assert name is None or not set("/\\\n") & set(name)


@pytest.mark.parametrize(
    ("name", "nameless"), [("download.jsp", True), ("P0202.docx", True), (TABLE, False), ("报名表", False)]
)
def test_a_file_is_nameless_that_only_its_address_names_in_no_words(name: str, *, nameless: bool) -> None:
    url = f"http://mzj.qinghe.example/up/{name if name != '报名表' else '1.docx'}"

    assert nameless == is_nameless(name, url)
