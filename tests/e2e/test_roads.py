"""Every road into the archive is the same road: `minzheng crawl`, `scrapy crawl`, and a file of addresses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive.store import open_reader
from archive.urls import url_key
from crawler.demo import Web
from tests.captures import PARAGRAPHS, article
from tests.e2e.commands import ROOT, minzheng, run

CONTACT = {"MINZHENG_CONTACT": "test@example.org"}
ORIGINAL = "http://mzj.baihe.example/tzgg/202603/t20260301_7.html"
PORTAL = "http://www.zixun.example"
SOURCES = f"""
[[source]]
key = "zixun"
agency = "民情资讯"
kind = "portal"
home = "{PORTAL}/"
family = "auto"
channel = [{{ name = "民政", url = "{PORTAL}/mz/" }}]

[[source]]
key = "baihe"
agency = "白河市民政局"
home = "http://mzj.baihe.example/"
division = "420000"
"""
TITLES = ("关于开展低保年度复核的通知", "关于举办养老护理培训的通知", "关于殡葬服务收费的公示")


@pytest.fixture
def portal(web: Web) -> Web:
    """A portal with three reposts, one of which names its original."""
    html = {"Content-Type": "text/html; charset=utf-8"}
    rows = "".join(
        f'<li><a href="/mz/{n}.html">{title}</a><span>2026-03-0{n}</span></li>' for n, title in enumerate(TITLES, 1)
    )
    web.sites.put(f"{PORTAL}/mz/", f"<html><body><ul>{rows}</ul></body></html>", headers=html)
    for n, title in enumerate(TITLES, 1):
        lines = [f"{title}的有关内容如下。", *PARAGRAPHS[n:]]
        original = ORIGINAL if n == 1 else None
        web.sites.put(f"{PORTAL}/mz/{n}.html", article(title, paragraphs=lines, original=original), headers=html)
        if original:
            web.sites.put(original, article(title, paragraphs=lines), headers=html)
    return web


def operated(folder: Path) -> Path:
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "own.toml").write_text(SOURCES, encoding="utf-8")
    return folder


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What was found, without when and in which record."""
    db = open_reader(folder / "notices.db")
    found = {
        "notices": db.execute(
            "select id, title, original_url, original_captured, issuing_agency, source, text, copies from notices"
        ).fetchall(),
        "copies": db.execute(
            "select url_key, notice, role, source, text_digest, claimed_original from copies"
        ).fetchall(),
        "matches": db.execute("select copy, notice, rule, class from matches").fetchall(),
        "aliases": db.execute("select * from aliases").fetchall(),
        "captures": db.execute("select url, outcome, kind, payload_digest from captures").fetchall(),
        "entries": db.execute("select url_key, title, date_raw from entries").fetchall(),
        "sources": db.execute("select key, agency, kind from sources").fetchall(),
    }
    db.close()
    return {table: sorted(lines, key=repr) for table, lines in found.items()}


@pytest.mark.usefixtures("portal")
def test_scrapy_crawl_and_minzheng_crawl_find_the_same(tmp_path: Path) -> None:
    ours, scrapys = operated(tmp_path / "ours"), operated(tmp_path / "scrapys")
    words = [sys.executable, "-m", "scrapy", "crawl", "portal", "-a", "source=zixun"]
    child = subprocess.Popen(
        [*words, "-s", f"MINZHENG_ARCHIVE={scrapys}"], cwd=ROOT, stderr=subprocess.PIPE, env={**_env(), **CONTACT}
    )
    done = minzheng(ours, "crawl", "zixun", env=CONTACT)
    _, log = child.communicate(timeout=120)

    assert (done.code, child.returncode) == (0, 0), log.decode()
    assert "minzheng index" in log.decode()
    assert minzheng(scrapys, "index").code == 0
    assert rows(scrapys) == rows(ours)
    assert [len(rows(ours)[table]) for table in ("notices", "copies")] == [3, 4]


def test_a_file_of_addresses_says_what_is_held_new_and_refused_and_asks_the_new(portal: Web, tmp_path: Path) -> None:
    folder = operated(tmp_path / "archive")
    file = tmp_path / "addresses.txt"
    file.write_text(f"{ORIGINAL}\n", encoding="utf-8")
    assert minzheng(folder, "crawl", "--from", file, env=CONTACT).code == 0
    portal.log.clear()
    file.write_text(f"{ORIGINAL}\n{PORTAL}/mz/2.html\nhttp://127.0.0.1/x.html\n见附件\n", encoding="utf-8")
    done = minzheng(folder, "crawl", "--from", file, env=CONTACT)

    assert done.code == 0, done.err
    assert [line.split()[0] for line in done.out.splitlines()[:4]] == ["held", "new", "refused", "refused"]
    assert [asked.url for asked in portal.log if asked.url.endswith("html")] == [f"{PORTAL}/mz/2.html"]
    db = open_reader(folder / "notices.db")
    assert {row["url_key"] for row in db.query("select url_key from copies")} == {
        url_key(ORIGINAL),
        url_key(f"{PORTAL}/mz/2.html"),
    }


def _env() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_scrapy_lists_its_spiders_from_the_project_folder() -> None:
    assert run([sys.executable, "-m", "scrapy", "list"]).out.split() == ["bureau", "portal"]
