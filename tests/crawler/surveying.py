"""Surveys and crawls by the command line as it is shipped, without delays, in an archive whose catalogue is its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from crawler.demo import Web
from tests.e2e.commands import ROOT, Done, run

HOST = "mzj.shuimu.example"
CHANNELS = {"通知公告": "tzgg", "政策文件": "zcwj"}
_LEAF = {"trs": "t202401{n:02}_{n:06}.html", "vsb": "{n}.htm"}


def fast(folder: Path, *words: str | Path) -> Done:
    """Run `minzheng --archive FOLDER …` without delays."""
    env = {"MINZHENG_CONTACT": "tests@example.org"}
    return run([sys.executable, Path(__file__).with_name("fast.py"), "--archive", folder, *words], env=env)


def stop_when(happens: Callable[[], bool], folder: Path, *words: str | Path) -> Done:
    """Run `minzheng` and press Ctrl-C as soon as something has happened."""
    command = [sys.executable, Path(__file__).with_name("fast.py"), "--archive", folder, *words]
    process = subprocess.Popen(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    for _ in range(600):
        if happens() or process.poll() is not None:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return Done(process.returncode, out, err)


def make_archive(folder: Path, *entries: str) -> Path:
    """An archive folder with these entries and no others."""
    (folder / "sources").mkdir(parents=True)
    (folder / "minzheng.toml").write_text("shipped = false\n", "utf-8")
    for number, entry in enumerate(entries):
        (folder / "sources" / f"entries-{number}.toml").write_text(entry, "utf-8")
    return folder


def entry(channels: Mapping[str, str], *, host: str = HOST, family: str = "trs", more: str = "") -> str:
    """The entry of the bureau: name → address of its channels."""
    lists = "".join(f'  {{ name = "{name}", url = "{url}" }},\n' for name, url in channels.items())
    return (
        f'[[source]]\nkey = "shuimu"\nagency = "水沐市民政局"\nhome = "http://{host}/"\nfamily = "{family}"\n'
        f'channel = [\n{lists}]\nseen = "2023"\n{more}'
    )


def put_home(web: Web, links: Mapping[str, str], *, host: str = HOST) -> None:
    """A front page that links its columns, and what every front page links beside them."""
    items = "".join(f'<li><a href="{url}">{name}</a></li>' for name, url in links.items())
    web.sites.put(
        f"http://{host}/",
        f"<html><head><title>水沐市民政局</title></head><body><ul class='nav'><li><a href='/'>首页</a></li>{items}"
        "<li><a href='/hd/zxly/'>在线留言</a></li></ul><p>水沐市民政局主管全市民政工作。</p></body></html>",
    )


def put_list(
    web: Web, folder: str, numbers: Sequence[int], *, family: str = "trs", size: int = 3, name: str = "通知公告"
) -> list[str]:
    """A list of notices by number, newest first, and its articles; the addresses of the notices.

    trs: `folder/index.html`, `index_1.html` …; vsb: `folder.htm`, then `folder/<n>.htm` counting down.
    """
    base = folder.rstrip("/")
    host = base.split("/")[2]
    documents = {
        n: f"{base}/202401/{_LEAF['trs'].format(n=n)}" if family == "trs" else f"http://{host}/info/1011/{n}.htm"
        for n in numbers
    }
    pages = [numbers[start : start + size] for start in range(0, len(numbers), size)]
    for place, page in enumerate(pages):
        rows = "".join(f'<li><a href="{documents[n]}">{title(n)}</a><span>2024-01-{n:02}</span></li>' for n in page)
        web.sites.put(_page(base, place, len(pages), family), _list_html(base, rows, place, len(pages), family, name))
    for n, url in documents.items():
        web.sites.put(url, article(n))
    return list(documents.values())


def remove_list(web: Web, host: str) -> None:
    """Let every address of a host answer 404."""
    for url in [one for one in web.sites if one.startswith(f"http://{host}/")]:
        web.sites.remove(url)


def title(number: int) -> str:
    """The title of the notice with this number."""
    return f"关于做好第{number}批民政服务事项办理工作的通知"


def article(number: int) -> str:
    """A notice with byline and text, the same wherever it stands."""
    lines = "".join(
        f"<p>第{number}件事项第{line}条：请各单位结合实际认真落实，并于月底前报送情况。</p>" for line in range(9)
    )
    return (
        f"<html><head><meta name='ArticleTitle' content='{title(number)}'><title>{title(number)}</title></head><body>"
        f"<h1>{title(number)}</h1><p>发布时间：2024-01-{number:02} 来源：水沐市民政局</p>"
        f"<div class='TRS_Editor'>{lines}</div></body></html>"
    )


def _page(base: str, place: int, pages: int, family: str) -> str:
    if family == "trs":
        return f"{base}/index_{place}.html" if place else f"{base}/"
    return f"{base}/{pages - place}.htm" if place else f"{base}.htm"


def _list_html(base: str, rows: str, place: int, pages: int, family: str, name: str) -> str:
    pager = f'<script>createPageHTML({pages}, {place}, "index", "html");</script>'
    if family == "vsb":
        after = _page(base, place + 1, pages, family)
        pager = f'<span class="p_next"><a href="{after}">下页</a></span>' if place + 1 < pages else ""
    return (
        f"<html><head><title>{name}-水沐市民政局</title></head><body><ul class='list'>{rows}</ul>{pager}</body></html>"
    )
