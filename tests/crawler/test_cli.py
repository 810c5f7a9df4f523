"""The crawler's commands: what they take, refuse and say. Nothing here asks a server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.records import Channel, Source, Tally
from archive.urls import url_key
from crawler.catalogue import CatalogueError
from crawler.cli import COMMANDS, main
from crawler.cli.choosing import choose_all, choose_sites, sort_addresses
from crawler.cli.crawl import print_result
from crawler.lists import Site
from crawler.run import CrawlResult

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `minzheng` on an archive folder that does not exist yet, without a contact."""
    monkeypatch.delenv("MINZHENG_CONTACT", raising=False)
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, ["--archive", str(tmp_path / "archive"), *arguments], input=stdin)

    return invoke


def site(key: str, *, unverified: bool = False, channels: Iterable[str] = ("tzgg/",)) -> Site:
    home = f"http://mzj.{key}.example/"
    source = Source(key=key, agency=key, kind="bureau", home=home, addresses=(f"mzj.{key}.example/",))
    lists = tuple(Channel(source=key, name=path, url=home + path, family="trs") for path in channels)
    return Site(source=source, channels=lists, unverified=unverified)


CATALOGUE = {"qingshan": site("qingshan", channels=("tzgg/", "fg/")), "yunling": site("yunling", unverified=True)}


def test_every_command_of_the_table_is_one() -> None:
    ctx = main.make_context("minzheng", ["status"], resilient_parsing=True)

    assert sorted(COMMANDS) == sorted(name for name in COMMANDS if main.get_command(ctx, name) is not None)


def test_no_summary_is_cut_in_the_list_of_commands(run: Run) -> None:
    summaries = [*run("--help").stdout.splitlines(), *run("sources", "--help").stdout.splitlines()]

    assert [] == [line for line in summaries if line.startswith("  ") and line.endswith("...")]


def test_help_imports_neither_scrapy_nor_datasette() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from crawler.cli import main;"
        "assert CliRunner().invoke(main, ['-h']).exit_code == 0;"
        "print([name for name in ('scrapy', 'datasette', 'trafilatura', 'sqlite_utils') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Name sources or addresses"),
        (("--all", "chongqing"), "--all takes every source"),
        (("chongqing", "--unverified"), "--unverified goes with --all"),
        (("chongqin",), "did you mean 'chongqing'?"),
        (("chongqing", "--delay", "0.5"), "2 seconds is the least"),
        (("chongqing", "--max-time", "soon"), "no length of time"),
        (("chongqing", "--since", "2024"), "write it as 2024-03-01"),
        (("chongqing", "--limit", "0"), "--limit"),
        (("http://",), "neither a key nor a web address"),
        (("--due", "chongqing"), "--due chooses the sources itself"),
        (("--all", "--due"), "--due and --group take some of them"),
        (("--group", "chongqin"), "did you mean 'chongqing'?"),
        (("--all", "--heartbeat", "hc-ping.example/1"), "is no address"),
    ],
)
def test_what_cannot_be_meant_is_refused_as_usage(run: Run, arguments: tuple[str, ...], told: str) -> None:
    result = run("crawl", *arguments)

    assert result.exit_code == 2
    assert told in result.output


@pytest.mark.parametrize(
    ("until", "told"), [("2020-01-01", "--until 2020-01-01 is past"), ("2999-01-01", "no source 'chongqing'")]
)
def test_a_pause_wants_a_day_to_come_and_a_source_that_is_crawled(
    until: str, told: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "minzheng.toml").write_text("shipped = false\n", "utf-8")
    result = run("sources", "pause", "chongqing", "--why", "改版", "--until", until)

    assert result.exit_code == 2
    assert told in result.output


def test_a_crawl_without_a_contact_names_the_line_to_write(run: Run, tmp_path: Path) -> None:
    result = run("crawl", "chongqing")

    assert result.exit_code == 2
    assert 'contact = "' in result.output
    assert not (tmp_path / "archive").exists()


def test_a_dry_run_says_what_would_be_asked_and_makes_nothing(run: Run, tmp_path: Path) -> None:
    result = run("crawl", "chongqing", "--dry-run", "--json")
    lists = json.loads(result.stdout)["lists"]

    assert result.exit_code == 0
    assert {row["source"] for row in lists} == {"chongqing"}
    assert not (tmp_path / "archive").exists()


def test_a_file_of_addresses_tells_new_from_refused(run: Run) -> None:
    lines = "# last week\nhttp://mzj.qingshan.example/a.html\nhttp://127.1/a\nno address\n\n"
    result = run("crawl", "--from", "-", "--dry-run", "--json", stdin=lines)
    states = [(one["address"], one["state"]) for one in json.loads(result.stdout)["addresses"]]

    assert states == [
        ("http://mzj.qingshan.example/a.html", "new"),
        ("http://127.1/a", "refused"),
        ("no address", "refused"),
    ]


def test_a_crawl_that_nothing_answered_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally(asked=6, stored=0, failed=6, refused=0)
    print_result(CrawlResult(crawl="c", reason="finished", tally=tally, new_entries=0, issues=0))

    assert "all 6 requests failed; is there a network?" in capsys.readouterr().err


def test_broken_toml_of_the_operator_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "archive" / "sources").mkdir(parents=True)
    (tmp_path / "archive" / "sources" / "own.toml").write_text("[[source]\n")
    result = run("sources", "list")

    assert result.exit_code == 2
    assert "own.toml:1" in result.output


def test_sources_are_listed_and_shown(run: Run) -> None:
    keys = [source["key"] for source in json.loads(run("sources", "list", "--json").stdout)]

    assert "chongqing" in keys
    assert "重庆市民政局" in run("sources", "show", "chongqing").stdout
    assert "did you mean 'chongqing'?" in run("sources", "show", "chongqin").output


def test_the_demo_throws_away_no_folder_that_is_not_its_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "thesis.txt").write_text("three years")
    result = run("demo", "--no-serve")

    assert result.exit_code == 2
    assert (tmp_path / "archive" / "thesis.txt").exists()


def test_a_channel_s_address_is_crawled_alone() -> None:
    (chosen,) = choose_sites(["http://mzj.qingshan.example/fg/"], CATALOGUE)

    assert [channel.name for channel in chosen.channels] == ["fg/"]


def test_a_home_page_stands_for_its_source() -> None:
    assert choose_sites(["mzj.qingshan.example"], CATALOGUE) == (CATALOGUE["qingshan"],)


def test_an_unknown_list_of_a_known_source_keeps_the_source() -> None:
    (chosen,) = choose_sites(["http://mzj.qingshan.example/zt/"], CATALOGUE)

    assert chosen.source == CATALOGUE["qingshan"].source
    assert [channel.family for channel in chosen.channels] == ["auto"]


def test_an_unknown_host_becomes_a_source_of_unknown_kind() -> None:
    (chosen,) = choose_sites(["www.heishixian.example/tzgg/"], CATALOGUE)

    assert chosen.source.kind == "unknown"


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(CatalogueError, match="did you mean 'qingshan'"):
        choose_sites(["qingshann"], CATALOGUE)


def test_all_leaves_out_what_nobody_has_seen_answer() -> None:
    assert [site.source.key for site in choose_all(CATALOGUE, unverified=False)] == ["qingshan"]
    assert [site.source.key for site in choose_all(CATALOGUE, unverified=True)] == ["qingshan", "yunling"]


def test_addresses_are_held_new_or_refused_and_asked_once() -> None:
    held = "http://mzj.qingshan.example/held.html"
    told, asks = sort_addresses(
        [
            held,
            "no address",
            "https://mzj.qingshan.example/new.html",
            "http://mzj.qingshan.example/new.html",
        ],
        known=lambda keys: {url_key(held)} & set(keys),
        refusal=lambda _: None,
    )

    assert [one.state for one in told] == ["held", "refused", "new", "refused"]
    assert [ask.url for ask in asks] == ["https://mzj.qingshan.example/new.html"]
