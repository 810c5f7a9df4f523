"""`sources show` says how a source is treated, and what is left alone for now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.cli import main
from crawler.frontier.hosts import Hosts


def show(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--archive", str(folder), "sources", "show", "chongqing", *arguments])


def test_sources_show_names_the_manners_of_a_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINZHENG_CONTACT", "crawls@desk.example")
    (tmp_path / "minzheng.toml").write_text('delay = 3.5\nnight = "22:00-06:30"\n', "utf-8")
    hosts = Hosts(tmp_path / "crawl.db")
    hosts.learn("mzj.cq.gov.cn", "https", "legacy_tls")
    until = hosts.block("mzj.cq.gov.cn", "challenge: 瑞数")
    hosts.block("mzt.elsewhere.example", "challenge: 加速乐")
    hosts.close()
    told = dict(line.split(maxsplit=1) for line in show(tmp_path).stdout.replace("left alone", "left").splitlines())

    assert "crawls@desk.example" in told["agent"]
    assert told["delay"].startswith("3.5 s")
    assert "one connection: *.cq.gov.cn" == told["turn"]
    assert "22:00-06:30 Asia/Shanghai" == told["night"]
    assert "mzj.cq.gov.cn: https over legacy_tls since" in told["reached"]
    assert f"mzj.cq.gov.cn until {until:%Y-%m-%d %H:%M} UTC (challenge: 瑞数)" == told["left"]
    assert "no host" != json.loads(show(tmp_path, "--json").stdout)["manners"]["left alone"]


def test_showing_a_source_makes_no_archive(tmp_path: Path) -> None:
    folder = tmp_path / "none"

    assert "no host" in show(folder).stdout
    assert not folder.exists()


def test_sources_show_tells_the_terms_of_a_source(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "own.toml").write_text(
        '[[source]]\nkey = "chongqing"\nagency = "重庆市民政局"\nhome = "http://mz.chongqing.example/"\n'
        'terms = "转载须注明出处。"\nterms_url = "http://mz.chongqing.example/sm/"\n',
        "utf-8",
    )

    assert "转载须注明出处。 http://mz.chongqing.example/sm/" in show(tmp_path).stdout
    assert "转载须注明出处。" == json.loads(show(tmp_path, "--json").stdout)["terms"]
