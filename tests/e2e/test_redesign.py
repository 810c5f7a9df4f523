"""Redesign day by whole crawls: a site moves every address between two of them, and nobody loses a notice."""

from __future__ import annotations

import json
from pathlib import Path

from crawler.demo import Web
from tests.crawler.crawling import crawl, rows
from tests.e2e.commands import minzheng
from tests.redesign import BUREAU, HOST, LIST, Planned, list_page, new_page, old_page, site

HTML = {"Content-Type": "text/html"}
SOFT_404 = "<html><body><h1>抱歉，您访问的页面不存在或已删除</h1><p>请返回首页</p></body></html>"
ENTRY = f"""
[[source]]
key = "{BUREAU.key}"
agency = "{BUREAU.agency}"
home = "{BUREAU.home}"
family = "auto"
delay = 0
channel = [{{ name = "通知公告", url = "{LIST}" }}]
"""


def a_folder(folder: Path) -> Path:
    """An archive folder whose catalogue is this one bureau."""
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "own.toml").write_text(ENTRY, encoding="utf-8")
    settings = 'contact = "archivist@example.org"\nshipped = false\nmin_free = 1\n'
    (folder / "minzheng.toml").write_text(settings, encoding="utf-8")
    return folder


def put_old(web: Web, notices: list[Planned]) -> None:
    web.sites.put(f"{HOST}/", "<html><body><p>松岭市民政局网站</p></body></html>", headers=HTML)
    web.sites.put(LIST, list_page(notices, new=False), headers=HTML)
    for one in notices:
        web.sites.put(one.old_url, old_page(one), headers=HTML)


def put_new(web: Web, notices: list[Planned]) -> None:
    """The list shows new addresses; of the old ones some are dead, some lead home, some to where the page is now."""
    web.sites.put(LIST, list_page(notices, new=True), headers=HTML)
    for number, one in enumerate(notices):
        web.sites.put(one.new_url, new_page(one), headers=HTML)
        if number % 4 == 0:
            web.sites.put(one.old_url, SOFT_404, headers=HTML)
        elif number % 4 == 1:
            web.sites.put(one.old_url, "", status=302, headers={"Location": f"{HOST}/"})
        elif number % 4 == 2:
            web.sites.put(one.old_url, "", status=301, headers={"Location": one.new_url})
        else:
            web.sites.remove(one.old_url)


def ask(folder: Path, urls: list[str]) -> None:
    """A crawl that looks at these addresses again, and walks nothing."""
    assert crawl(folder, articles=urls, only=[]).code in (0, 3)


def losses(folder: Path) -> list[str]:
    return [url for (url,) in rows(folder, "select url from copies where state in ('missing', 'gone') order by url")]


def exported(folder: Path, name: str) -> dict[str, dict[str, object]]:
    """The dataset by id."""
    assert minzheng(folder, "export", folder / name, "--format", "jsonl").code == 0
    lines = (folder / name / "notices.jsonl").read_text("utf-8").splitlines()
    return {notice["id"]: notice for notice in map(json.loads, lines)}


def test_a_site_of_45_notices_moves_every_address_and_keeps_them(web: Web, tmp_path: Path) -> None:
    folder, notices = a_folder(tmp_path / "archive"), site()
    put_old(web, notices)
    assert minzheng(folder, "crawl", BUREAU.key).code == 0
    first, listed = exported(folder, "first"), rows(folder, "select * from coverage")
    put_new(web, notices)
    assert minzheng(folder, "crawl", BUREAU.key).code in (0, 3)  # the new template names no agency
    ask(folder, [one.old_url for one in notices])
    second = exported(folder, "second")

    assert len(notices) == len(first) == 45
    assert first.keys() == second.keys()
    for name in ("title", "original_url", "text", "published_on", "document_type", "revisions"):
        assert {key: one[name] for key, one in second.items()} == {key: one[name] for key, one in first.items()}
    assert losses(folder) == []
    assert rows(folder, "select * from coverage") == listed
    assert rows(folder, "select copy from revisions where number > 1") == []
    assert rows(folder, "select distinct role, state from copies order by role") == [
        ("mirror", "live"),
        ("original", "moved"),
    ]

    shown = minzheng(folder, "show", notices[0].old_url).out
    assert f"现址 Now at: {notices[0].new_url}\n" in shown
    assert f"原文网址 Original: {notices[0].old_url}\n" in shown

    removed = [one.new_url for one in notices[10:15]]
    for url in removed:
        web.sites.remove(url)
    ask(folder, [one.new_url for one in notices])

    assert losses(folder) == sorted(removed)
    assert exported(folder, "third").keys() == first.keys()
    before = rows(folder, "select copy, notice, rule, class from matches order by copy")
    assert minzheng(folder, "rebuild").code == 0
    assert rows(folder, "select copy, notice, rule, class from matches order by copy") == before
    assert losses(folder) == sorted(removed)
