"""docs/add-a-bureau.md and docs/add-a-family.md, followed word for word in a copy of the checkout.

Files and commands are taken out of the documents; what a person does by hand is done here as they say.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from crawler.demo import Web
from tests.crawler.crawling import rows
from tests.crawler.surveying import article, put_home, put_list, title
from tests.e2e.commands import ROOT, Done, run

_SECTION = r"^## {}\n(.*?)(?=^## |\Z)"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Checkout:
    """A copy of the checkout with `minzheng` (without delays) and `python` on its path, and an archive beside it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "checkout"
        self.archive = folder / "archive"
        skip = shutil.ignore_patterns("__pycache__", ".*", "*.db", "demo-archive", "archive-data")
        for name in ("archive", "crawler", "tests", "docs", "tools"):
            shutil.copytree(ROOT / name, self.path / name, ignore=skip)
        for name in ("pyproject.toml", "README.md", "README.zh-CN.md"):
            shutil.copy(ROOT / name, self.path / name)
        bin_folder = folder / "bin"
        bin_folder.mkdir()
        for name, words in (("minzheng", f'"{self.path / "tests/crawler/fast.py"}"'), ("python", "")):
            (bin_folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', "utf-8")
            (bin_folder / name).chmod(0o755)
        self.env = {
            "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "PYTHONPATH": str(self.path),
            "MINZHENG_ARCHIVE": str(self.archive),
            "MINZHENG_CONTACT": "tests@example.org",
        }

    def run(self, command: str) -> Done:
        """Run one command line of a document, in the checkout."""
        return run(["sh", "-c", command], env=self.env, cwd=self.path, timeout=240)

    def confirm(self) -> None:
        """What a person does who has looked at every new fixture and found it right."""
        for path in (self.path / "tests" / "pages").glob("*/*/expected.json"):
            text = path.read_text("utf-8")
            if '  "confirmed": false,\n' in text:
                path.write_text(text.replace('  "confirmed": false,\n', ""), "utf-8")

    def notices(self, source: str) -> int:
        """How many notices of a source the archive holds."""
        (row,) = rows(self.archive, f"select count(*) as n from notices where source = '{source}'")
        return int(row[0])


@pytest.fixture
def checkout(web: Web, tmp_path: Path) -> Checkout:
    """A copy of the checkout, beside the miniature web."""
    return Checkout(tmp_path)


def test_a_bureau_is_added_by_hand_as_the_document_says(web: Web, checkout: Checkout) -> None:
    put_home(web, {"通知公告": "/xw/tzgg/", "政策文件": "/zwgk/zcwj/"}, host="mzj.shuixi.example")
    put_list(web, "http://mzj.shuixi.example/xw/tzgg/", range(7, 0, -1))
    put_list(web, "http://mzj.shuixi.example/zwgk/zcwj/", range(15, 10, -1), name="政策文件")
    entry = _blocks("add-a-bureau", "The entry", "toml")[0]
    (checkout.archive / "sources").mkdir(parents=True)
    (checkout.archive / "sources" / "mine.toml").write_text(entry, "utf-8")
    commands = _commands("add-a-bureau", "Try it")

    assert [("minzheng", 0)] * 4 == [(line.split()[0], _ended(checkout.run(line))) for line in commands]
    assert 12 == checkout.notices("shuixi")


def test_a_bureau_is_added_for_everybody_as_the_document_says(web: Web, checkout: Checkout) -> None:
    put_home(web, {"通知公告": "/tzgg/"}, host="mzj.donghe.example")
    put_list(web, "http://mzj.donghe.example/tzgg/", range(7, 0, -1))
    add, look, check, table, crawl = _commands("add-a-bureau", "For everybody, with fixtures")

    assert 0 == _ended(checkout.run(add))
    waiting = checkout.run(look)
    assert 1 == waiting.code
    assert "list-donghe/expected.json" in waiting.out
    assert "take out the line" in waiting.out
    checkout.confirm()
    assert [0, 0, 0] == [_ended(checkout.run(line)) for line in (check, table, crawl)]
    assert 7 == checkout.notices("donghe")
    assert "东河市民政局" in (checkout.path / "docs" / "sources.md").read_text("utf-8")


def test_a_family_is_added_as_the_document_says(web: Web, checkout: Checkout) -> None:
    _put_springs(web)
    module, names = _blocks("add-a-family", "An example", "python")
    families = checkout.path / "crawler" / "families"
    (families / "yuanquan.py").write_text(module, "utf-8")
    _name_family(families / "__init__.py", names)
    add, crawl, fixture, check = _commands("add-a-family", "The tests")

    assert [0, 0, 0] == [_ended(checkout.run(line)) for line in (add, crawl, fixture)]
    assert 8 == checkout.notices("yuanxi")
    checkout.confirm()
    done = checkout.run(check)
    assert 0 == _ended(done)
    assert {"list-yuanxi", "list-last-page", "yuanxi-notice"} == {
        path.name for path in (checkout.path / "tests" / "pages" / "yuanquan").iterdir()
    }


def test_the_example_family_is_as_our_own_are(checkout: Checkout) -> None:
    pytest.importorskip("ruff", reason="pip install -c constraints.txt -e '.[dev]' brings ruff")
    module, names = _blocks("add-a-family", "An example", "python")
    families = checkout.path / "crawler" / "families"
    (families / "yuanquan.py").write_text(module, "utf-8")
    _name_family(families / "__init__.py", names)

    assert 0 == _ended(checkout.run("python -m ruff check --no-cache crawler/families/yuanquan.py"))
    assert 0 == _ended(checkout.run("python -m ruff format --no-cache --check crawler/families/yuanquan.py"))


def _name_family(file: Path, lines: str) -> None:
    """Put the two lines of the document where it says: among the imports, and into FAMILIES."""
    text = file.read_text("utf-8")
    statement, item = lines.rstrip("\n").split("\n")
    text = text.replace("from crawler.lists import", f"{statement}\nfrom crawler.lists import", 1)
    opening = "FAMILIES: dict[str, Family] = {\n"
    assert opening in text
    file.write_text(text.replace(opening, f"{opening}{item}\n"), "utf-8")


def _put_springs(web: Web) -> None:
    """A site of the invented system: eight notices on three pages."""
    host = "http://mzj.yuanxi.example"
    for place, numbers in enumerate(([8, 7, 6], [5, 4, 3], [2, 1]), start=1):
        items = "".join(
            f'<dl class="yq"><dt><a href="/gg/{n}.html">{title(n)}</a></dt><dd>2024-01-{n:02}</dd></dl>'
            for n in numbers
        )
        page = f'<html><body>{items}<script>yqPages({place}, 3, "list_")</script></body></html>'
        web.sites.put(f"{host}/gg/{f'list_{place}.html' if place > 1 else ''}", page)
        for n in numbers:
            web.sites.put(f"{host}/gg/{n}.html", article(n))


def _commands(document: str, section: str) -> Sequence[str]:
    return [line for block in _blocks(document, section, "sh") for line in block.splitlines() if line.strip()]


def _blocks(document: str, section: str, language: str) -> list[str]:
    text = (ROOT / "docs" / f"{document}.md").read_text("utf-8")
    found = re.search(_SECTION.format(re.escape(section)), text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/{document}.md has no section {section!r}"
    return [body for kind, body in _BLOCK.findall(found[1]) if kind == language]


def _ended(done: Done) -> int:
    if done.code:
        print(done.out[-3000:], done.err[-3000:])
    return done.code
