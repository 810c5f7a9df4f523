"""Articles that a bar of page numbers splits, in the forms of the systems that write them, and what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.extract import read
from archive.index import Index
from archive.page import open_page
from archive.records import Exchange, Reading
from archive.store import Database, open_writer
from archive.store.wants import wanted
from tests.captures import NOW, an_exchange, write_warc

HOST = "http://mzj.songxi.example"
TEXT = "".join(
    f"<p>第{number}条 街道办事处应当在五个工作日内完成入户核查，并将结果在社区公示，接受群众监督。</p>"
    for number in "一二三四五"
)
DEDE = """<ul class="pagelist"><li><a>共3页: </a></li><li><a href='#'>上一页</a></li>
<li class="thisclass"><a href='#'>1</a></li><li><a href='123_2.html'>2</a></li><li><a href='123_3.html'>3</a></li>
<li><a href='123_2.html'>下一页</a></li></ul>"""
PHPCMS = """<div id="pages"><a class="a1" href="/show-5-123-1.html">上一页</a> <span>1</span>
<a href="/show-5-123-2.html">2</a> <a href="/show-5-123-3.html">3</a> <a href="/show-5-123-2.html">下一页</a></div>"""
JHTML = """<p><span>首页</span> <span>上一页</span> 1 <a href="/tzgg/123_2.jhtml">2</a> <a
href="/tzgg/123_3.jhtml">3</a> <a href="/tzgg/123_2.jhtml">下一页</a> <a href="/tzgg/123_3.jhtml">尾页</a></p>"""
FROM_NOUGHT = """<div class="page"><b>1</b> <a href="t1_1.html">[2]</a> <a href="t1_2.html">[3]</a>
<a href="t1_1.html">下一页</a></div>"""
QUERY = """<p>1 <a href="?id=7&amp;page=2">2</a> <a href="?id=7&amp;page=3">3</a>
<a href="?id=7&amp;page=2">下一页</a></p>"""
ELIDED = """<div>1 <a href="9_2.html">2</a> … <a href="9_12.html">12</a> <a href="9_2.html">下一页</a></div>"""


def a_page(url: str, bar: str, *, inside: bool = False, text: str = TEXT) -> Reading:
    html = a_html(bar, inside=inside, text=text)
    return read(open_page(f"{HOST}{url}", html.encode(), (("Content-Type", "text/html"),)))


def a_html(bar: str, *, inside: bool = False, text: str = TEXT) -> str:
    box = f'<div class="TRS_Editor">{text}{bar}</div>' if inside else f'<div class="TRS_Editor">{text}</div>{bar}'
    return (
        f"<html><head><title>关于入户核查的通知</title></head><body><div class='main'><h1>关于入户核查的通知</h1>"
        f"<div>时间：2024-05-06 来源：松溪市民政局</div>{box}"
        "<p>上一篇：<a href='122.html'>关于低保的通知</a></p></div></body></html>"
    )


@pytest.mark.parametrize("inside", [False, True], ids=["behind", "inside"])
@pytest.mark.parametrize(
    ("url", "bar", "further"),
    [
        ("/a/123.html", DEDE, ["/a/123_2.html", "/a/123_3.html"]),
        ("/show-5-123-1.html", PHPCMS, ["/show-5-123-2.html", "/show-5-123-3.html"]),
        ("/tzgg/123.jhtml", JHTML, ["/tzgg/123_2.jhtml", "/tzgg/123_3.jhtml"]),
        ("/a/t1.html", FROM_NOUGHT, ["/a/t1_1.html", "/a/t1_2.html"]),
        ("/a/9.html", ELIDED, [f"/a/9_{number}.html" for number in range(2, 13)]),
    ],
    ids=["dede", "phpcms", "jeecms", "from nought", "elided"],
)
def test_a_bar_of_numbers_names_the_further_pages(url: str, bar: str, further: list[str], *, inside: bool) -> None:
    reading = a_page(url, bar, inside=inside)

    assert [f"{HOST}{name}" for name in further] == list(reading.parts)
    assert (None, "link") == (reading.part_of, reading.evidence["parts"])
    assert "下一页" not in reading.text
    assert reading.text.endswith("接受群众监督。")


def test_a_script_that_takes_a_page_is_believed_inside_the_text_only() -> None:
    """Behind it, that is how comments are turned."""
    assert (f"{HOST}/show.php?id=7&page=2", f"{HOST}/show.php?id=7&page=3") == a_page(
        "/show.php?id=7", QUERY, inside=True
    ).parts
    assert () == a_page("/show.php?id=7", QUERY).parts


@pytest.mark.parametrize(
    ("url", "first", "bar"),
    [
        ("/a/123_2.html", "/a/123.html", "<a href='123.html'>上一页</a><a href='123.html'>1</a><b>2</b>"),
        (
            "/a/123_2.html",
            "/a/123.html",
            "<a href='123.html'>1</a><b>2</b><a href='123_3.html'>3</a><a href='123_3.html'>下一页</a>",
        ),
        (
            "/show-5-123-3.html",
            "/show-5-123-1.html",
            "<a href='show-5-123-2.html'>上页</a> <a href='show-5-123-1.html'>1</a> 3",
        ),
        ("/a/t1_1.html", "/a/t1.html", "<a href='t1.html'>上页</a><a href='t1.html'>1</a>2<a href='t1_2.html'>3</a>"),
    ],
    ids=["last of two", "in the middle", "phpcms", "from nought"],
)
def test_a_further_page_names_the_first(url: str, first: str, bar: str) -> None:
    reading = a_page(url, f"<div>{bar}</div>")

    assert ((), f"{HOST}{first}") == (reading.parts, reading.part_of)


@pytest.mark.parametrize(
    ("url", "bar"),
    [
        ("/a/123.html", "<p>下一篇：<a href='123_2.html'>关于年检的通知</a></p>"),
        ("/a/123.html", "<p><a href='123_2.html'>下一篇</a></p>"),
        ("/a/123_1.html", "<p><a href='123_2.html'>下一页</a></p>"),
        ("/a/123.html", "<p><a href='124.html'>2</a> <a href='125.html'>3</a> <a href='124.html'>下一页</a></p>"),
        ("/a/123.html", "<p><a href='123_7.html'>2</a> <a href='123_9.html'>3</a> <a href='123_7.html'>下一页</a></p>"),
        ("/a/index.html", "<p>1 <a href='index_2.html'>2</a> <a href='index_2.html'>下一页</a></p>"),
        ("/a/list_5.html", "<p>1 <a href='list_5_2.html'>2</a> <a href='list_5_2.html'>下一页</a></p>"),
        ("/a/123.html", "<p>1 <a href='123_2.html'>2</a> <a href='123_3.html'>3</a></p>"),
        ("/a/123.html", "<p>1 <a href='123_2.html'>2</a> <a href='123_2.html'>下一页</a> <a href='/'>首页</a></p>"),
        ("/a/123.html", "<p>1 <a href='123_2.html'>2</a> <a href='123_999.html'>尾页</a> 下一页</p>"),
        ("/a/123.html", "<p>1 <a href='/b/123_2.html'>2</a> <a href='/b/123_2.html'>下一页</a></p>"),
    ],
    ids=[
        "the next article",
        "the next article without its title",
        "no numbers",
        "other articles",
        "numbers of others",
        "index",
        "list",
        "dots of a slideshow",
        "the home page among them",
        "a thousand pages",
        "another folder",
    ],
)
def test_what_is_not_surely_a_part_is_none(url: str, bar: str) -> None:
    reading = a_page(url, bar)

    assert ((), None) == (reading.parts, reading.part_of)


def test_the_pages_of_a_bar_are_wanted_and_become_one_notice(tmp_path: Path) -> None:
    pages = {
        f"{HOST}/a/123.html": DEDE,
        f"{HOST}/a/123_2.html": "<div><a href='123.html'>1</a> 2 <a href='123_3.html'>3</a> 下一页</div>",
        f"{HOST}/a/123_3.html": "<div><a href='123_2.html'>上一页</a><a href='123.html'>1</a> 3</div>",
    }
    places = ("街道", "乡镇", "区县")
    kept = [
        an_exchange(url, a_html(bar, text=TEXT.replace("街道", place)))
        for (url, bar), place in zip(pages.items(), places, strict=True)
    ]
    wants = wanted(_index(tmp_path / "one", kept[:1]), NOW)
    db = _index(tmp_path / "all", kept)
    [notice] = db.query("select original_url, best_copy, text from notices")

    assert list(pages)[1:] == [want.url for want in wants if want.kind == "part"]
    assert "mzj.songxi.example/a/123.html" == notice["best_copy"]
    assert [5, 5, 5] == [notice["text"].count(f"{place}办事处") for place in places]
    assert sorted(places, key=notice["text"].index) == list(places)


def _index(path: Path, records: list[Exchange]) -> Database:
    write_warc(path / "warc", "20260302T010000Z-aaaaaa", records)
    db = open_writer(path / "notices.db")
    Index(path, db, run="test").catch_up()
    return db


def test_rows_of_links_with_a_bar_are_a_list() -> None:
    rows = "".join(
        f"<p><a href='{n}0.html'>关于第{n}批社会组织年检结论的公告</a> 2024-05-0{n}</p>" for n in range(1, 9)
    )
    reading = a_page("/a/123.html", DEDE, text=rows)

    assert ((), None) == (reading.parts, reading.part_of)


def test_a_long_line_of_numbers_is_read_in_no_time() -> None:
    """Nothing in it may be tried in two ways."""
    bar = "<p>" + "1 " * 140 + "下一页x</p>" + "<p>" + "12345" * 50_000 + "x 下一页</p>"

    assert () == a_page("/a/123.html", bar).parts
