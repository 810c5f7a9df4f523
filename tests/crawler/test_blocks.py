"""A block is a stop sign, and a single refusal is not yet a block."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.outcome import Verdict
from archive.records import Outcome
from crawler.blocks import BARE_REFUSALS, MOST_SILENT, Blocks, wants_look
from crawler.frontier.hosts import Hosts

PAGE = "http://mzj.qingshan.example/tzgg/a.html"
BARE = Verdict("blocked", None, "HTTP 403")


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict("blocked", None, "创宇盾"),
        Verdict("blocked", None, "rate limit (HTTP 429)"),
        Verdict("challenge", None, "瑞数 (HTTP 412)"),
        Verdict("geo", None, "HTTP 451"),
    ],
)
def test_a_named_block_stops_its_host_and_no_other(verdict: Verdict) -> None:
    blocks = Blocks()

    assert blocks.hear(PAGE, verdict)
    assert blocks.why("http://mzj.qingshan.example/other") is not None
    assert blocks.why("http://www.yunlingmz.example/") is None


def test_a_host_stops_once() -> None:
    blocks = Blocks()
    blocks.hear(PAGE, Verdict("challenge", None, "加速乐"))

    assert not blocks.hear(PAGE, Verdict("challenge", None, "加速乐"))


def test_bare_refusals_stop_a_host_when_they_come_in_a_row() -> None:
    blocks = Blocks()

    assert [blocks.hear(PAGE, BARE) for _ in range(BARE_REFUSALS)] == [False] * (BARE_REFUSALS - 1) + [True]


def test_a_page_that_came_ends_a_row_of_refusals() -> None:
    blocks = Blocks()
    for _ in range(BARE_REFUSALS):
        assert not blocks.hear(PAGE, BARE)
        blocks.hear(PAGE, Verdict("ok", "article"))

    assert blocks.why(PAGE) is None


def test_a_host_that_does_not_answer_several_times_in_a_row_stops_for_the_crawl_alone() -> None:
    memory = Hosts(":memory:")
    blocks = Blocks(memory)

    assert [blocks.hear_nothing(PAGE) for _ in range(MOST_SILENT)] == [False] * (MOST_SILENT - 1) + [True]
    assert blocks.why(PAGE) == "5 requests in a row got no answer"
    assert memory.known() == {}
    memory.close()


def test_any_answer_ends_a_row_of_silence() -> None:
    blocks = Blocks()
    for _ in range(MOST_SILENT):
        assert not blocks.hear_nothing(PAGE)
        blocks.hear(PAGE, Verdict("unreachable", None, "HTTP 500"))

    assert blocks.why(PAGE) is None


def test_a_block_counts_against_the_host_with_and_without_www() -> None:
    blocks = Blocks()
    blocks.hear("http://www.yunlingmz.example/a", Verdict("geo", None, "HTTP 451"))

    assert blocks.why("https://yunlingmz.example/b") is not None


def test_what_an_earlier_crawl_was_blocked_by_is_left_alone_and_told_once_it_is_wanted() -> None:
    hosts = Hosts(":memory:")
    Blocks(hosts).hear(PAGE, Verdict("challenge", None, "加速乐"))
    later = Blocks(hosts)
    nobody_asked = dict(later.left_alone)
    why = later.why(PAGE) or ""

    assert {} == nobody_asked
    assert why.startswith("challenge: 加速乐; left alone until ")
    assert {"mzj.qingshan.example": why} == later.left_alone


def test_a_host_whose_days_are_over_is_asked_and_its_next_block_is_the_second() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    hosts = Hosts(":memory:", now=lambda: now)
    Blocks(hosts).hear(PAGE, Verdict("challenge", None, "加速乐"))
    later = Blocks(hosts)

    assert later.why(PAGE) is None
    assert later.hear(PAGE, Verdict("challenge", None, "加速乐"))
    assert 2 == hosts.known()["mzj.qingshan.example"].blocks


@pytest.mark.parametrize(("outcome", "known"), [("ok", 0), ("not_modified", 0), ("gone", 1), ("unreachable", 1)])
def test_only_an_answer_forgives(outcome: Outcome, known: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    hosts = Hosts(":memory:", now=lambda: now)
    hosts.block("mzj.qingshan.example", "blocked: 创宇盾")
    Blocks(hosts).hear(PAGE, Verdict(outcome, None))

    assert known == len(hosts.known())


def test_an_answer_that_was_on_its_way_does_not_forgive_the_block_of_this_crawl() -> None:
    hosts = Hosts(":memory:")
    blocks = Blocks(hosts)
    blocks.hear(PAGE, Verdict("challenge", None, "加速乐"))
    blocks.hear(PAGE, Verdict("ok", "article"))

    assert 1 == len(hosts.known())


def test_a_person_may_ask_again() -> None:
    hosts = Hosts(":memory:")
    hosts.block("mzj.qingshan.example", "blocked: 创宇盾")
    blocks = Blocks(hosts, asked_again={"mzj.qingshan.example"})

    assert blocks.why(PAGE) is None
    assert {} == blocks.left_alone


def test_only_small_or_refused_pages_are_looked_at() -> None:
    assert wants_look(200, 900)
    assert wants_look(403, 90_000)
    assert not wants_look(200, 90_000)
