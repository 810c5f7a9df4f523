"""What is remembered of hosts: days of peace that grow with every block, and over what a host was reached."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.frontier.hosts import LEFT_ALONE, PROBED_AGAIN, Hosts
from crawler.frontier.schema import open_notebook

HOST = "mzj.qingshan.example"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_host_is_left_alone_for_longer_after_each_block_in_a_row(clock: Clock) -> None:
    hosts = Hosts(":memory:", now=clock)
    days = [(hosts.block(HOST, "blocked: 创宇盾") - clock.at).days for _ in range(6)]

    assert [1, 2, 4, 7, 7, 7] == days


def test_an_answer_ends_the_row_of_blocks(clock: Clock) -> None:
    hosts = Hosts(":memory:", now=clock)
    hosts.block(HOST, "challenge: 瑞数")
    hosts.forgive(HOST)

    assert {} == hosts.known()
    assert timedelta(days=1) == hosts.block(HOST, "challenge: 瑞数") - clock.at


def test_a_pause_does_not_shorten_the_peace_after_a_block(clock: Clock) -> None:
    hosts = Hosts(":memory:", now=clock)
    until = hosts.block(HOST, "blocked: 创宇盾")
    hosts.rest(HOST, 3600, "asks for a pause")

    assert until == hosts.known()[HOST].until


def test_no_pause_is_longer_than_the_longest_after_a_block(clock: Clock) -> None:
    assert LEFT_ALONE[-1] == Hosts(":memory:", now=clock).rest(HOST, 1e9, "asks for a pause") - clock.at


def test_over_what_a_host_is_reached_is_found_out_again_after_a_while(clock: Clock) -> None:
    hosts = Hosts(":memory:", now=clock)
    hosts.learn(HOST, "https", "legacy_tls")
    clock.at += PROBED_AGAIN - timedelta(minutes=1)
    hosts.learn(HOST, "https", "legacy_tls")  # to be reached so once more is no news
    before = hosts.transport(HOST, "https")
    clock.at += timedelta(minutes=1)

    assert ("legacy_tls", None) == (before, hosts.transport(HOST, "https"))


def test_the_memory_outlives_the_frontier_s_own_tables(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "crawl.db"
    with closing(open_notebook(file)) as db:
        db.execute("pragma user_version = 99")
    hosts = Hosts(file, now=clock)
    hosts.block(HOST, "blocked: 创宇盾")
    hosts.learn(HOST, "https", "http")
    hosts.close()
    open_notebook(file).close()
    again = Hosts(file, now=clock)

    assert [HOST] == list(again.known())
    assert "http" == again.transport(HOST, "https")
    again.close()


def test_reading_makes_no_file_and_changes_none(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "crawl.db"
    assert {} == Hosts.read(file).known()
    assert not file.exists()
    sqlite3.connect(file).close()
    assert {} == Hosts.read(file).known()

    hosts = Hosts(file, now=clock)
    hosts.block(HOST, "blocked: 创宇盾")
    Hosts.read(file).forgive(HOST)

    assert [HOST] == list(hosts.known())
    hosts.close()
