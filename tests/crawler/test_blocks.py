"""A block is a stop sign, and a single refusal is not yet a block."""

from __future__ import annotations

import pytest

from archive.outcome import Verdict
from crawler.blocks import BARE_REFUSALS, Blocks, wants_look

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


def test_only_small_or_refused_pages_are_looked_at() -> None:
    assert wants_look(200, 900)
    assert wants_look(403, 90_000)
    assert not wants_look(200, 90_000)
