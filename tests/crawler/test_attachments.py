"""Files that notices link, asked for by a real crawl: which, by what name, within which bounds, and what came back."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.records import Exchange
from crawler.catalogue import load_catalogue
from crawler.demo import Web
from tests.captures import PARAGRAPHS, an_exchange, article, write_warc
from tests.e2e.commands import minzheng
from tests.web import served

BUREAU = "http://mzj.qinghe.example"
LIST = f"{BUREAU}/tzgg/"
OTHER = "http://files.yunpan.example"
PORTAL = "http://www.minsheng.example"
SOURCES = f"""
[[source]]
key = "qinghe"
agency = "清河市民政局"
home = "{BUREAU}/"
family = "trs"
delay = 0
channel = [{{ name = "通知公告", url = "{LIST}" }}]
"""
PORTAL_SOURCE = f"""
[[source]]
key = "minsheng"
agency = "民生资讯"
kind = "portal"
home = "{PORTAL}/"
family = "trs"
delay = 0
channel = [{{ name = "转载", url = "{PORTAL}/zz/" }}]
"""


def folder_of(path: Path, *, config: str = "", sources: str = SOURCES) -> Path:
    """An archive folder whose catalogue is these sources."""
    (path / "sources").mkdir(parents=True, exist_ok=True)
    (path / "sources" / "qinghe.toml").write_text(sources, encoding="utf-8")
    settings = f'contact = "archivist@example.org"\nshipped = false\nmin_free = 1\n{config}'
    (path / "minzheng.toml").write_text(settings, encoding="utf-8")
    return path


def put_site(web: Web, notices: dict[str, str], *, home: str = BUREAU, column: str = "tzgg") -> None:
    """A column of notices: title → the markup of the links under its text, in the order given."""
    rows = "".join(
        f'<li><a href="./202603/t20260301_{number}.html">{title}</a><span>2026-03-01</span></li>'
        for number, title in enumerate(notices, 1)
    )
    web.sites.put(f"{home}/{column}/", f'<html><body><ul class="list">{rows}</ul></body></html>')
    for number, (title, links) in enumerate(notices.items(), 1):
        text = (*PARAGRAPHS, f"本件为第{number}号事项，题为{title}。", links)
        web.sites.put(f"{home}/{column}/202603/t20260301_{number}.html", article(title, paragraphs=text))


def rows(folder: Path, query: str) -> list[dict[str, Any]]:
    db = sqlite3.connect(f"file:{folder / 'notices.db'}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in db.execute(query)]
    finally:
        db.close()


def files(folder: Path) -> dict[str, str | None]:
    """Name of each file → why it has no text, or not all."""
    return {row["name"]: row["skipped"] for row in rows(folder, "select name, skipped from attachments")}


def asked(web: Web, since: int = 0) -> Counter[str]:
    return Counter(one.url for one in web.log[since:] if "robots.txt" not in one.url)


def a_link(href: str, text: str, more: str = "") -> str:
    return f'<a href="{href}"{more}>{text}</a>'


def docx(*lines: str) -> bytes:
    """A Word document of these paragraphs."""
    made = io.BytesIO()
    text = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    names = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("[Content_Types].xml"), "<Types/>")  # of 1980: the same bytes every time
        package.writestr(
            zipfile.ZipInfo("word/document.xml"),
            f'<?xml version="1.0"?><w:document xmlns:w="{names}"><w:body>{text}</w:body></w:document>',
        )
    return made.getvalue()


UP = f"{BUREAU}/up"
GBK = "".join(f"%{byte:02X}" for byte in "低保名册".encode("gb18030"))
TWICE = f"{UP}/twice.docx"
ERROR_PAGE = "<html><head><title>404</title></head><body><h1>您访问的页面不存在或已删除</h1></body></html>"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Web]]:
    """One crawl of a bureau whose notices link files of every fate."""
    folder = folder_of(tmp_path_factory.mktemp("files") / "archive", config="max_file_bytes = 60000\n")
    with pytest.MonkeyPatch.context() as patch, served(patch) as web:
        links = {
            "关于开展养老服务评估的通知": a_link(TWICE, "附件1：养老服务评估表"),
            "关于养老服务评估结果的公示": a_link(TWICE, "附件：评估表（同前）"),
            "关于公布低保标准的通知": a_link("/up/stated.pdf", "标得太大的文件")
            + a_link("/up/streamed.pdf", "传到一半才知太大的文件")
            + a_link("/up/just.docx", "正好的文件"),
            "关于社会组织年检的通知": a_link("/up/gone.doc", "找不到的文件")
            + a_link("/up/forbidden.doc", "不给的文件")
            + a_link("/up/error.doc", "其实是错误页的文件")
            + a_link("/up/empty.doc", "空的文件"),
            "关于慈善组织认定的通知": a_link(f"{OTHER}/d/1.docx", "放在别处的文件")
            + a_link("/robots/secret.docx", "网站不许采集的文件")
            + a_link("/up/moved.docx", "搬走的文件"),
            "关于婚姻登记材料的通知": a_link(f"/up/{GBK}.docx", "点击下载")
            + a_link("/up/b.docx", "下载", ' title="登记材料清单.docx"')
            + a_link("/system/_content/download.jsp?wbfileid=7", "附件下载")
            + a_link("/up/%E5%91%8A%E7%9F%A5%E4%B9%A6.docx", "下载"),
        }
        put_site(web, links)
        pdf = b"%PDF-1.4\n" + b"0" * 90_000
        web.sites.put(TWICE, docx("评估表由街道乡镇初审"))
        web.sites.put(f"{UP}/stated.pdf", pdf)
        web.sites.put(f"{UP}/streamed.pdf", pdf, headers={"Transfer-Encoding": "chunked"})
        web.sites.put(f"{UP}/just.docx", docx("正好的文字"), headers={"Transfer-Encoding": "chunked"})
        web.sites.put(f"{UP}/forbidden.doc", "<h1>403 Forbidden</h1>", status=403)
        web.sites.put(f"{UP}/error.doc", ERROR_PAGE, headers={"Content-Type": "text/html"})
        web.sites.put(f"{UP}/empty.doc", b"")
        web.sites.put(f"{OTHER}/d/1.docx", docx("别处的文字"))
        web.sites.put(f"{BUREAU}/robots.txt", "User-agent: *\nDisallow: /robots/\n")
        web.sites.put(f"{UP}/moved.docx", b"", status=302, headers={"Location": f"{OTHER}/d/2.docx"})
        web.sites.put(f"{OTHER}/d/2.docx", docx("搬走的文字"))
        web.sites.put(f"{UP}/{GBK}.docx", docx("名册的文字"))
        web.sites.put(f"{UP}/b.docx", docx("清单的文字"))
        disposition = "attachment; filename*=UTF-8''%E5%A9%9A%E5%A7%BB%E7%99%BB%E8%AE%B0%E8%A1%A8.docx"
        web.sites.put(
            f"{BUREAU}/system/_content/download.jsp?wbfileid=7",
            docx("登记表的文字"),
            headers={"Content-Type": "application/octet-stream", "Content-Disposition": disposition},
        )
        web.sites.put(f"{UP}/%E5%91%8A%E7%9F%A5%E4%B9%A6.docx", docx("告知的文字"))
        done = minzheng(folder, "crawl", "qinghe")
        assert done.code in (0, 3), done.err
        yield folder, web


def test_a_file_that_came_is_named_by_its_link_and_read(crawled: tuple[Path, Web]) -> None:
    found = rows(crawled[0], "select name, text, payload_digest, size from attachments where text is not null")

    assert {
        "养老服务评估表": "评估表由街道乡镇初审",
        "评估表（同前）": "评估表由街道乡镇初审",
        "正好的文件": "正好的文字",
        "放在别处的文件": "别处的文字",
        "搬走的文件": "搬走的文字",
        "低保名册.docx": "名册的文字",
        "登记材料清单.docx": "清单的文字",
        "婚姻登记表.docx": "登记表的文字",
        "告知书.docx": "告知的文字",
    } == {row["name"]: row["text"] for row in found}
    body = docx("正好的文字")
    just = next(row for row in found if row["name"] == "正好的文件")

    assert (f"sha256:{hashlib.sha256(body).hexdigest()}", len(body)) == (just["payload_digest"], just["size"])


def test_a_file_that_did_not_come_is_a_row_with_its_reason(crawled: tuple[Path, Web]) -> None:
    assert {
        "标得太大的文件": "too large: 90,009 bytes, and 60,000 is the limit",
        "传到一半才知太大的文件": "too large: broken off when it went past the limit, its size was not stated",
        "找不到的文件": "gone: HTTP 404",
        "不给的文件": "blocked: HTTP 403",
        "其实是错误页的文件": "gone: a page came in its place that says 访问的页面不",
        "空的文件": "not a file: empty body",
        "网站不许采集的文件": "robots.txt forbids it",
    } == {name: why for name, why in files(crawled[0]).items() if why is not None}


def test_a_file_is_asked_for_once_whoever_links_it(crawled: tuple[Path, Web]) -> None:
    counts = asked(crawled[1])

    assert 1 == counts[TWICE]
    assert {1} == set(counts.values())
    assert 0 == counts[f"{BUREAU}/robots/secret.docx"]


def test_files_are_asked_for_when_all_pages_are_in(crawled: tuple[Path, Web]) -> None:
    order = list(asked(crawled[1]))
    first = min(order.index(url) for url in order if "/up/" in url or "/d/" in url or "/system/" in url)

    assert all("/tzgg/" in url for url in order[:first])
    assert not any("/tzgg/" in url for url in order[first:])


def test_a_word_that_stands_in_a_file_only_finds_its_notices(crawled: tuple[Path, Web]) -> None:
    done = minzheng(crawled[0], "search", "街道乡镇初审")

    assert 2 == done.out.count("附件 Attachments: "), done.out


def test_a_crawl_with_files_is_sound(crawled: tuple[Path, Web]) -> None:
    [tally] = rows(crawled[0], "select asked, stored, failed, refused from crawls")

    assert tally["asked"] == tally["stored"] + tally["failed"] + tally["refused"]
    assert 0 == minzheng(crawled[0], "verify").code
    assert [] == rows(crawled[0], "select * from issues")


def test_a_source_that_gave_enough_files_goes_on_with_the_next_crawl(web: Web, tmp_path: Path) -> None:
    """What lies at a host of nobody counts for the source whose notice links it."""
    links = "".join(a_link(f"{OTHER}/d/{number}.docx", f"文件{number}") for number in range(4))
    put_site(web, {"关于养老服务评估的通知": links})
    for number in range(4):
        web.sites.put(f"{OTHER}/d/{number}.docx", docx(f"第{number}份"))
    folder = folder_of(tmp_path / "archive", config="max_files_bytes = 500\n")
    for _ in range(3):
        before = files(folder) if (folder / "notices.db").exists() else {}
        done = minzheng(folder, "crawl", "qinghe")
        assert done.code in (0, 3), done.err
        if not before:
            first = files(folder)

    assert [None, None] == [first[name] for name in ("文件0", "文件1")]
    assert [True, True] == [
        (first[name] or "").startswith("not asked: qinghe has given") for name in ("文件2", "文件3")
    ]
    assert {None} == set(files(folder).values())


def test_files_that_are_refused_stop_no_pages(web: Web, tmp_path: Path) -> None:
    """Servers refuse files to whoever does not come from the page that links them."""
    links = "".join(a_link(f"/up/{number}.docx", f"文件{number}") for number in range(5))
    put_site(web, {"关于养老服务评估的通知": links})
    for number in range(5):
        web.sites.put(f"{UP}/{number}.docx", "<h1>403 Forbidden</h1>", status=403)
    folder = folder_of(tmp_path / "archive")
    minzheng(folder, "crawl", "qinghe")
    first, reasons = asked(web), files(folder)
    put_site(web, {"关于养老服务评估的通知": links, "关于慈善信托备案的公告": ""})
    before = len(web.log)
    done = minzheng(folder, "crawl", "qinghe")

    assert 3 == sum("/up/" in url for url in first)
    assert ["blocked: HTTP 403"] * 3 == [reasons[f"文件{number}"] for number in range(3)]
    assert all((reasons[f"文件{number}"] or "").startswith("not asked: ") for number in (3, 4))
    assert f"{LIST}202603/t20260301_2.html" in asked(web, before), done.err
    assert [] == rows(folder, "select * from issues where kind = 'blocked'")


MODES = {
    "bureau": ("", {"关于养老的通知 附件": "read", "关于养老的转载 附件": "names"}),
    "all": ('attachments = "all"', {"关于养老的通知 附件": "read", "关于养老的转载 附件": "read"}),
    "names": ('attachments = "names"', {"关于养老的通知 附件": "names", "关于养老的转载 附件": "names"}),
    "none": ('attachments = "none"', {}),
}


@pytest.mark.parametrize("mode", MODES)
def test_which_files_are_fetched_is_said_for_all_or_hangs_on_who_links_them(
    mode: str, web: Web, tmp_path: Path
) -> None:
    said, expected = MODES[mode]
    put_both(web)
    folder = folder_of(tmp_path / "archive", config=f"{said}\n", sources=SOURCES + PORTAL_SOURCE)
    done = minzheng(folder, "crawl", "qinghe", "minsheng")

    assert done.code in (0, 3), done.err
    assert expected == {
        name: "read" if why is None else why.partition(" only")[0] for name, why in files(folder).items()
    }


def test_a_source_says_for_itself_which_files_are_fetched_and_may_say_otherwise_later(web: Web, tmp_path: Path) -> None:
    put_both(web)
    sources = SOURCES.replace("delay", 'attachments = "none"\ndelay') + PORTAL_SOURCE.replace(
        "delay", 'attachments = "all"\ndelay'
    )
    folder = folder_of(tmp_path / "archive", sources=sources)
    minzheng(folder, "crawl", "qinghe", "minsheng")
    first = files(folder)
    folder_of(folder, sources=SOURCES + PORTAL_SOURCE.replace("delay", 'attachments = "none"\ndelay'))
    minzheng(folder, "crawl", "qinghe", "minsheng")

    assert {"关于养老的转载 附件": None} == first
    assert {"关于养老的通知 附件": None} == files(folder)


def test_a_file_that_is_held_is_asked_whether_it_changed_when_its_notice_is_looked_at_again(
    web: Web, tmp_path: Path
) -> None:
    """Held since March: one by its `ETag`, one by its day, one that changed since, one that nobody can tell of."""
    page = f"{LIST}202603/t20260301_1.html"
    names = {"etag": {"ETag": '"1"'}, "day": {"Last-Modified": "Mon, 02 Mar 2026 01:00:00 GMT"}, "new": {}, "same": {}}
    put_site(web, {"关于养老服务评估的通知": "".join(a_link(f"/up/{name}.docx", name) for name in names)})
    held = [_kept(page, web, {"Content-Type": "text/html"})]
    for name, headers in names.items():
        web.sites.put(f"{UP}/{name}.docx", docx(f"{name} 三月的文字"), headers=headers)
        held.append(_kept(f"{UP}/{name}.docx", web, headers))
    web.sites.put(f"{UP}/new.docx", docx("改过的文字"))
    folder = folder_of(tmp_path / "archive")
    source = load_catalogue(folder / "sources")["qinghe"].source
    write_warc(folder / "warc", "20260302T010000Z-aaaaaa", [source, *held])
    done = minzheng(folder, "crawl", "qinghe", "--recheck", "30")
    answers = {one.url.rpartition("/")[2]: one.status for one in web.log if "/up/" in one.url}

    assert done.code in (0, 3), done.err
    assert {"etag.docx": 304, "day.docx": 304, "new.docx": 200, "same.docx": 200} == answers
    assert [("new", 1), ("new", 2)] == [
        (row["url"].rpartition("/")[2].removesuffix(".docx"), row["number"])
        for row in rows(
            folder,
            "select url_key as url, number from file_versions where url_key in"
            " (select url_key from file_versions where number = 2) order by number",
        )
    ]
    assert ["[]", '["attachments"]'] == [
        row["changed"] for row in rows(folder, "select changed from revisions order by number")
    ]
    assert {"改过的文字"} <= {row["text"] for row in rows(folder, "select text from attachments")}


def _kept(url: str, web: Web, headers: dict[str, str]) -> Exchange:
    """What an address of the web answers, as kept in March."""
    return replace(an_exchange(url), headers=tuple(headers.items()), body=web.sites.answer(url).body)


def put_both(web: Web) -> None:
    """A notice of a bureau and one of a portal, each with a file."""
    for home, column, title in ((BUREAU, "tzgg", "关于养老的通知"), (PORTAL, "zz", "关于养老的转载")):
        put_site(web, {title: a_link("/up/a.docx", f"{title} 附件")}, home=home, column=column)
        web.sites.put(f"{home}/up/a.docx", docx(f"{title}的附件"))
