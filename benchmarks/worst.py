"""What the worst pages cost, and what of their text is kept.

usage: python benchmarks/worst.py [--size 1000000] [--only NAME …] [--seconds 5] [--mib 1024]

Each case is a notice with one kind of damage between its first and its last paragraph, made at half the size and at
the size. A child process opens, judges and reads it, as the index does. A line gives CPU seconds, the exponent with
which they grow from half the size to the size (where they can be told from nothing), the peak of resident memory, the
reader that took the text, and whether the paragraphs before and after the damage are in it. `·` stands for a
paragraph that the damage swallows for a browser, too, or before which a text ends; a page without a notice around the
damage has none to keep. Cases of "50 MB" are made fifty times as large as the others. Ends with code 1 when a case
takes too long, too much memory, grows faster than `_STEEP`, loses a paragraph, or raises anything but Unreadable.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.extract import read
from archive.outcome import judge
from archive.page import Unreadable, open_page

_URL: Final = "http://mzj.qingshan.example/tzgg/202403/t20240311_100.html"
_TITLE: Final = "关于做好困难群众救助工作的通知"
_BEFORE: Final = "各区县民政局要高度重视，认真做好本地区困难群众的救助工作，及时发放救助资金。"
_AFTER: Final = "请各单位于本月底前将工作情况报送市局，并按要求做好资料归档，逾期不再受理。"
_STEEP: Final = 1.35
_TOLD: Final = 0.3  # CPU seconds from which a growth says something
_GIVE_UP: Final = 120
_GREAT: Final = 50


@dataclass(frozen=True, kw_only=True)
class Case:
    """One kind of damage: how it is made at a size in bytes, and which paragraphs outlive it."""

    make: Callable[[int], str | bytes]
    before: bool = True
    after: bool = True
    headers: Mapping[str, str] | None = None
    whole: bool = False
    """What is made is a page by itself, and not the damage inside one."""


def notice(damage: str, *, head: str = "", before: str = _BEFORE, after: str = _AFTER) -> str:
    """A notice with something between its paragraphs."""
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{_TITLE}_示例市民政局</title>{head}"
        f"<meta name='ArticleTitle' content='{_TITLE}'><meta name='PubDate' content='2024-03-11 10:20'></head><body>"
        f"<div class='main'><h1>{_TITLE}</h1><p>来源：示例市民政局 发布时间：2024-03-11 10:20</p>"
        f"<div class='TRS_Editor'><p>{before}</p><p>{before}</p>{damage}<p>{after}</p><p>{after}</p></div></div>"
        "<div class='footer'>主办单位：示例市民政局</div></body></html>"
    )


def unknown(damage: str) -> str:
    """The same in a container that no one knows, so that the densest block has to be found."""
    return notice(damage).replace("class='TRS_Editor'", "class='qs-text'")


def fill(size: int, unit: str) -> str:
    """As many of one unit as a size in bytes takes."""
    return unit * max(size // len(unit.encode()), 1)


def number(size: int, unit: str) -> str:
    """Units with a number in the place of `#`."""
    return "".join(unit.replace("#", str(count)) for count in range(max(size // len(unit.encode()), 1)))


def nest(levels: int, opened: str, closed: str, *, text: str = "") -> str:
    """Elements within elements."""
    return f"{opened * levels}里面的文字，也是正文的一部分。{text}{closed * levels}"


_ROW: Final = "<tr><td>#</td><td>张三</td><td>示例街道第一社区</td><td>城市低保</td><td>2024-03-01</td></tr>"
_SMALL: Final = "<div class='comment sidebar'><p>第#条，小块文字。</p></div>"
_LINK: Final = "<li><a href='/tzgg/202403/t20240311_#.html'>关于第#批救助对象的公示</a><span>2024-03-11</span></li>"
_NAMES: Final = "张三李四王五赵六孙七周八吴九郑十"
_CHARSETS: Final = (
    *("rot13", "idna", "zlib", "base64", "undefined", "punycode", "utf8mb4", "utf-7", "x-user-defined", "unicode"),
    *("hex", "raw_unicode_escape", "mbcs", "utf-32", "ebcdic-cp-be", "\u4e2d\u6587", "a" * 1000),
)


def names(unit: str, *, count: int, opened: str = "", closed: str = "") -> Callable[[int], str]:
    """A list of so many people, whatever the size."""

    def make(size: int) -> str:
        many = count * size // 1_000_000
        return notice(opened + "".join(unit.replace("#", f"{_NAMES[at % 16]}某{at}") for at in range(many)) + closed)

    return make


def _metas(size: int) -> str:
    return notice("", head=number(size, "<meta name='x-tag-#' content='some value of no use'>"))


def _two_charsets(size: int) -> bytes:
    half = fill(size // 2, "本市城乡居民最低生活保障标准，")
    page = notice("<p>|</p>").encode()
    start, end = page.split(b"|")
    return start + half.encode() + b"</p><p>" + half.encode("gbk") + end


def _torn(size: int) -> bytes:
    page = notice("<p>|</p>").encode()
    start, end = page.split(b"|")
    return start + fill(size, "保障标准，").encode().replace("准".encode(), b"\xe5\x87", 200) + end


def _utf16(size: int) -> bytes:
    return notice(fill(size, "<p>保障标准，按月发放。</p>")).encode("utf-16-le")


def _case_of_attributes(size: int) -> str:
    return notice("<p " + number(size, "data-attribute-#='1' ") + ">段落里的文字，也是正文。</p>")


CASES: Final[Mapping[str, Case]] = {
    # many of one thing
    "small blocks": Case(make=lambda size: notice(number(size, _SMALL))),
    "small blocks, unknown": Case(make=lambda size: unknown(number(size, _SMALL))),
    "small blocks alone": Case(make=lambda size: f"<html><body>{number(size, _SMALL)}</body></html>", whole=True),
    "paragraphs, unknown": Case(make=lambda size: unknown(number(size, "<p>第#段，这是一段不长不短的正文。</p>"))),
    "empty paragraphs": Case(make=lambda size: unknown(fill(size, "<p>&nbsp;</p>"))),
    "empty elements": Case(make=lambda size: unknown(fill(size, "<div></div>"))),
    "spans": Case(make=lambda size: notice("<p>" + number(size, "<span>第#段，</span>") + "</p>")),
    "table": Case(make=lambda size: notice("<table>" + number(size, _ROW) + "</table>")),
    "table, unknown": Case(make=lambda size: unknown("<table>" + number(size, _ROW) + "</table>")),
    "table of one row": Case(make=lambda size: unknown("<table><tr>" + number(size, "<td>第#格</td>") + "</table>")),
    "table without ends": Case(make=lambda size: notice("<table>" + fill(size, "<tr><td>张三<td>某街道<tr>"))),
    "list of links": Case(make=lambda size: notice("<ul>" + number(size, _LINK) + "</ul>")),
    "list of links, unknown": Case(make=lambda size: unknown("<ul>" + number(size, _LINK) + "</ul>")),
    "list page": Case(make=lambda size: "<html><body><ul>" + number(size, _LINK) + "</ul></body></html>", whole=True),
    "links in one line": Case(make=lambda size: notice("<p>" + number(size, "<a href='/#.pdf'>附件#</a>") + "</p>")),
    "files": Case(make=lambda size: notice(number(size, "<p><a href='/#.docx'>附件#：申请表</a></p>"))),
    "icons of files": Case(
        make=lambda size: notice(number(size, "<p>附件#<a href='/#.docx'><img src='w.png'></a></p>"))
    ),
    "frames": Case(make=lambda size: notice(number(size, "<iframe src='/#.pdf'></iframe>"))),
    "pictures": Case(make=lambda size: notice(number(size, "<p><img src='/#.jpg'></p><p>图#</p>"))),
    "breaks": Case(make=lambda size: notice("<p>" + number(size, "第#行，<br>") + "</p>")),
    "breaks of one letter": Case(make=lambda size: notice("<p>" + fill(size, "a<br>") + "</p>")),
    "editors' names": Case(make=lambda size: notice(fill(size, f"<p>编辑：张三</p><p>{_BEFORE}</p>")), after=False),
    "small tables": Case(make=lambda size: notice(fill(size, "<table><tr><td>甲</td><td>乙</td></tr></table>"))),
    "breaks without text": Case(make=lambda size: unknown("<p>" + fill(size, "<br>") + "</p>")),
    "headings": Case(make=lambda size: unknown(number(size, "<h2>第#个标题在这里</h2>"))),
    "headings and dates": Case(make=lambda size: unknown(number(size, "<h2>第#个标题在这里</h2><p>2024-03-11</p>"))),
    "titles repeated": Case(make=lambda size: unknown(fill(size, f"<p>{_TITLE}</p>"))),
    "title blocks": Case(make=lambda size: unknown(fill(size, f"<div class='title'>{_TITLE[:8]}</div>"))),
    "select": Case(make=lambda size: notice("<select>" + number(size, "<option>第#项</option>") + "</select>")),
    "scripts": Case(make=lambda size: notice(number(size, "<script>var a#='<p>文字</p>';</script>"))),
    "comments": Case(make=lambda size: notice(number(size, "<!-- # -->"))),
    "menus in the text": Case(make=lambda size: notice(number(size, "<div class='share nav'>分享#</div>"))),
    # lists of people
    "5,000 names, table": Case(
        make=names("<tr><td>#</td><td>男</td></tr>", count=5_000, opened="<table>", closed="</table>")
    ),
    "5,000 names, paragraphs": Case(make=names("<p>#</p>", count=5_000)),
    "5,000 names, breaks": Case(make=names("#<br>", count=5_000, opened="<p>", closed="</p>")),
    "5,000 names, spans": Case(make=names("<span>#　</span>", count=5_000, opened="<p>", closed="</p>")),
    "50,000 names, table": Case(
        make=names("<tr><td>#</td><td>男</td></tr>", count=50_000, opened="<table>", closed="</table>")
    ),
    "50,000 names, paragraphs": Case(make=names("<p>#</p>", count=50_000)),
    "50,000 names, breaks": Case(make=names("#<br>", count=50_000, opened="<p>", closed="</p>")),
    "50,000 names, spans": Case(make=names("<span>#　</span>", count=50_000, opened="<p>", closed="</p>")),
    # depth
    **{
        f"{levels} {tag}": Case(
            make=lambda size, levels=levels, tag=tag: notice(  # type: ignore[misc]  # mypy takes a default for an argument
                nest(levels * size // 1_000_000, f"<{tag}>", f"</{tag}>")
            )
        )
        for tag in ("div", "span", "font", "b", "a href='/x.html'", "blockquote")
        for levels in (256, 2_048, 20_000)
    },
    **{
        f"{levels} tables": Case(
            make=lambda size, levels=levels: notice(  # type: ignore[misc]
                nest(levels * size // 1_000_000, "<table><tr><td>", "</td></tr></table>")
            )
        )
        for levels in (256, 2_048, 20_000)
    },
    "20000 lists": Case(make=lambda size: notice(nest(size // 50, "<ul><li>", "</li></ul>"))),
    "20000 misnested": Case(make=lambda size: notice(nest(size // 50, "<b><i>", "</b></i>"))),
    "unclosed inline": Case(make=lambda size: notice(fill(size, "<b><i><font><p>文字，"))),
    "unclosed links": Case(
        make=lambda size: notice(number(size, "<a href='/#.html'>链接#<p>")),
        after=False,  # a link, too
    ),
    "unclosed divs": Case(make=lambda size: notice(fill(size, "<div>文字，"))),
    "closed too often": Case(make=lambda size: notice(fill(size, "</b></p></span></td>"))),
    "deep text": Case(make=lambda size: notice(fill(size, "<div>一层，<p>两层，"))),
    # charsets
    **{
        f"charset {name[:20]}": Case(
            make=lambda _size, name=name: notice("").replace("charset='utf-8'", f"charset='{name}'"),
            headers={"Content-Type": f"text/html; charset={name}".encode().decode("latin-1")},
        )
        for name in _CHARSETS
    },
    "GBK called rot13": Case(
        make=lambda size: notice(fill(size, "<p>保障标准。</p>")).replace("utf-8", "rot13").encode("gbk")
    ),
    "UTF-8 and GBK": Case(make=_two_charsets),
    "torn characters": Case(make=_torn),
    "NULs": Case(make=lambda size: notice("<p>" + fill(size, "保障\x00标准，") + "</p>")),
    "UTF-8 with BOM": Case(make=lambda size: notice(fill(size, "<p>保障标准。</p>")).encode("utf-8-sig")),
    "BOMs inside": Case(make=lambda size: notice(fill(size, "<p>\ufeff保障标准。</p>"))),
    "UTF-16 with BOM": Case(make=lambda size: b"\xff\xfe" + _utf16(size)),
    "UTF-16 BE with BOM": Case(make=lambda size: b"\xfe\xff" + notice(fill(size, "<p>标准。</p>")).encode("utf-16-be")),
    "UTF-16 without BOM": Case(make=_utf16),
    # one thing that is too long
    "attribute value": Case(make=lambda size: notice(f"<p class='{'x' * size}'>一段。</p>")),
    "class of names": Case(
        make=lambda size: notice(f"<div class='{fill(size, 'foot-x nav_2 ')}z'><p>一段。</p></div>")
    ),
    "style": Case(make=lambda size: notice(f"<p style='display{' ' * size}: x'>一段。</p>")),
    "attributes": Case(make=_case_of_attributes),
    "address": Case(make=lambda size: notice(f"<p><a href='/{'a.p' * (size // 3)}'>一段。</a></p>")),
    "comment": Case(make=lambda size: notice(f"<!-- {'<p>x' * (size // 4)} -->")),
    "comment unclosed": Case(make=lambda size: notice(f"<!-- {fill(size, '<p>文字')}"), after=False),
    "script unclosed": Case(make=lambda size: notice(f"<script>{fill(size, '<p>文字')}"), after=False),
    "style unclosed": Case(make=lambda size: notice(f"<style>{fill(size, '<p>文字')}"), after=False),
    "textarea unclosed": Case(make=lambda size: notice(f"<textarea>{fill(size, '<p>文字')}"), after=False),
    "title unclosed": Case(make=lambda size: notice(f"<title>{fill(size, '<p>文字')}"), after=False),
    "tag unclosed": Case(make=lambda size: notice(f"<p {fill(size, '文字 ')}")),
    "quote unclosed": Case(make=lambda size: notice(f"<p class='{fill(size, '文字 ')}"), after=False),
    "angles": Case(make=lambda size: notice(f"<p>{'<' * size}</p>")),
    "entities": Case(make=lambda size: notice(f"<p>{fill(size, '&#27665;&amp;&nbsp;')}</p>")),
    "bad entities": Case(make=lambda size: notice(f"<p>{fill(size, '&#x110000;&zzz;&#0;&')}</p>")),
    "metas": Case(make=_metas),
    "title": Case(
        make=lambda size: notice("").replace(f"<title>{_TITLE}", f"<title>{_TITLE}{fill(size, '长标题 - ')}")
    ),
    "heading": Case(make=lambda size: unknown("").replace("<h1>", f"<h1>{fill(size, '长标题')}")),
    "tag of the title": Case(
        make=lambda size: notice("").replace(f"content='{_TITLE}", f"content='{fill(size, '关于转发')}")
    ),
    "line": Case(make=lambda size: notice(f"<p>{fill(size, '没有标点的一行')}</p>")),
    "line of stops": Case(make=lambda size: notice(f"<p>{fill(size, '，。；')}</p>")),
    "lines": Case(make=lambda size: notice(f"<p>{number(size, '第#行没有标点<br>')}</p>")),
    # bombs for the grammar of fields
    **{
        f"bomb {unit[:12]!r}": Case(
            make=lambda size, unit=unit: unknown("").replace(  # type: ignore[misc]
                "<p>来源：", f"<p>{fill(size, unit)}</p><p>来源："
            )
        )
        for unit in (
            *(
                "来源：",
                "来源：来源：2024-",
                "来 源 ",
                "2024-03-11 ",
                "2024年3月",
                "2024-",
                "二〇二四年",
                "12:",
                "10:20:30 ",
            ),
            *(
                "《",
                "《办法",
                "》",
                "〔2021〕",
                "民发〔2021〕",
                "〔",
                "第",
                "第一",
                "号",
                "令",
                "关于",
                "附件：",
                "附件1.",
            ),
            *(
                "（",
                "【",
                "【来源】",
                "http://",
                "http://a.b/",
                "原文链接：",
                "www.",
                "自2021年",
                "起施行",
                "局",
                "民政局 ",
            ),
            *(
                "市民政局",
                "本办法自",
                "\u3000",
                "来\u3000源",
                "发\u00a0布\u00a0时\u00a0间",
                "| ",
                "> ",
                "- ",
                "_",
                "1",
                "a",
            ),
            *("责任编辑：", "上一篇", "版权所有", "记者 ", "〇", "一二三", "１２", "％", "\u200b", "&amp;nbsp;"),
        )
    },
    **{
        f"lines of {unit!r}": Case(
            make=lambda size, unit=unit: unknown(fill(size, f"<p>{unit}</p>")),  # type: ignore[misc]
            after=not unit.startswith(("上一篇", "原文链接")),  # by which texts end
        )
        for unit in (
            *(
                "来源：",
                "来源：某局",
                "索引号：",
                "发文字号：民发〔2021〕5号",
                "成文日期：2021-03-04",
                "2021-03-04 10:20",
            ),
            *(
                "《办法》",
                "民发〔2021〕5号",
                "附件：1.表",
                "示例市民政局",
                "2021年3月4日",
                "原文链接：http://a.example/b.html",
            ),
            *("上一篇：某文", "责任编辑：某", "本办法自2021年3月4日起施行。", "第一条 为了规范，制定本办法。"),
        )
    },
    "blanks between letters": Case(make=lambda size: notice(f"<p>来{' ' * size}源：某局</p>")),
    "nbsp between letters": Case(make=lambda size: notice(f"<p>来{'&nbsp;' * (size // 6)}源：某局</p>")),
    "wide blanks": Case(make=lambda size: notice(f"<p>发布{chr(0x3000) * (size // 3)}时间：2024-03-11</p>")),
    "blanks in lines": Case(make=lambda size: notice(fill(size, "<p>来&nbsp;&nbsp;&nbsp;源&nbsp;&nbsp;：</p>"))),
    "disclosure table": Case(
        make=lambda size: notice(
            "<table>"
            + number(size, "<tr><td>索引号：</td><td>A#</td><td>发文字号：</td><td>民发〔2021〕#号</td></tr>")
            + "</table>"
        )
    ),
    "definition list": Case(make=lambda size: notice("<dl>" + number(size, "<dt>名称</dt><dd>值#</dd>") + "</dl>")),
    # pages near the largest that are opened
    "50 MB of rows": Case(make=lambda size: notice("<table>" + number(size * _GREAT, _ROW) + "</table>")),
    "50 MB of rows, unknown": Case(make=lambda size: unknown("<table>" + number(size * _GREAT, _ROW) + "</table>")),
    "50 MB of blocks": Case(make=lambda size: notice(number(size * _GREAT, _SMALL))),
    "50 MB of blocks alone": Case(
        make=lambda size: f"<html><body>{number(size * _GREAT, _SMALL)}</body></html>", whole=True
    ),
    "50 MB of links": Case(make=lambda size: unknown("<ul>" + number(size * _GREAT, _LINK) + "</ul>")),
    "50 MB of paragraphs": Case(make=lambda size: unknown(number(size * _GREAT, "<p>第#段，不长不短的正文。</p>"))),
    "50 MB of breaks": Case(make=lambda size: notice("<p>" + number(size * _GREAT, "第#行，没有标点<br>") + "</p>")),
    "50 MB of spans": Case(make=lambda size: notice("<p>" + number(size * _GREAT, "<span>第#段，</span>") + "</p>")),
    "50 MB of depth": Case(make=lambda size: notice(fill(size * _GREAT, "<div>一层，<p>两层，"))),
    "50 MB in a line": Case(make=lambda size: notice(f"<p>{fill(size * _GREAT, '没有标点的一行')}</p>")),
    "50 MB in two charsets": Case(make=lambda size: _two_charsets(size * _GREAT)),
    "script document": Case(
        make=lambda size: notice("<script>window._CONFIG = {DETAIL: " + '{"a":' * (size // 5) + "</script>")
    ),
}


def main() -> None:
    """Run every case at two sizes, print a table, and end with 1 if one is over."""
    args = _arguments()
    if args.read:
        print(json.dumps(_read(Path(args.read), args.only[0])))
        return
    print(f"{platform.machine()}, CPython {platform.python_version()}, {args.size} bytes, {time.strftime('%Y-%m-%d')}")
    print(f"{'case':32} {'s':>7} {'grows':>6} {'MiB':>6}  {'kept':5} reader")
    over = [name for name in CASES if (not args.only or name in args.only) and not _run(name, args)]
    print(f"over: {', '.join(over) or 'none'}")
    raise SystemExit(1 if over else 0)


def _run(name: str, args: argparse.Namespace) -> bool:
    half, full = _measure(name, args.size // 2), _measure(name, args.size)
    if "error" in full:
        print(f"{name:32} {full['error']}")
        return False
    spent, peak = float(full["seconds"]), float(full["peak"]) / 1024
    grows = None
    if spent >= _TOLD and "error" not in half:
        grows = math.log2(spent / max(float(half["seconds"]), 0.001))
    case = CASES[name]
    kept = "".join("+" if full[at] else "·" if not getattr(case, at) else "-" for at in ("before", "after"))
    kept, well = ("", True) if case.whole else (kept, "-" not in kept)
    good = spent <= args.seconds and peak <= args.mib and well and (grows is None or grows <= _STEEP)
    told = f"{grows:6.2f}" if grows is not None else "      "
    print(
        f"{name:32} {spent:7.2f} {told} {peak:6.0f}  {kept:5} {full['reader']}{'' if good else '  ← over'}", flush=True
    )
    return good


def _measure(name: str, size: int) -> Mapping[str, str]:
    """Read one page in a child."""
    case = CASES[name]
    made = case.make(size)
    with tempfile.NamedTemporaryFile(suffix=".html") as file:
        file.write(made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made)
        file.flush()
        command = [sys.executable, __file__, "--read", file.name, "--only", name]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_GIVE_UP, check=False)
        except subprocess.TimeoutExpired:
            return {"error": f"not done after {_GIVE_UP} s"}
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or [f"code {done.returncode}"])[-1]}
    return dict(json.loads(done.stdout))


def _read(path: Path, name: str) -> Mapping[str, object]:
    headers = tuple((CASES[name].headers or {"Content-Type": "text/html"}).items())
    body = path.read_bytes()
    begun = time.process_time()
    try:
        page = open_page(_URL, body, headers)
        judge(200, headers, page.url, page, page.size)
        reading = read(page)
    except Unreadable as error:
        text, reader = "", f"unreadable: {str(error)[-60:]}"
    else:
        text, reader = reading.text, reading.evidence.get("text", "none")
    return {
        "seconds": time.process_time() - begun,
        "peak": _peak(),
        "reader": reader,
        "before": _BEFORE in text,
        "after": _AFTER in text,
    }


def _peak() -> int:
    """The most KiB of memory that this process held; what getrusage tells begins with its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000, help="bytes of the damage")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="these cases only")
    parser.add_argument("--seconds", type=float, default=5.0, help="CPU seconds a page may take")
    parser.add_argument("--mib", type=float, default=1024.0, help="MiB of resident memory a page may take")
    parser.add_argument("--read", metavar="FILE", help=argparse.SUPPRESS)  # be the child
    return parser.parse_args()


if __name__ == "__main__":
    main()
