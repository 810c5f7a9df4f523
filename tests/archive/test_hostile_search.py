"""Whatever is typed into the search, it is answered: no error, no markup of it in the page, within bounds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browsing import a_long_notice
from tests.hostile import QUERIES, Asker, addresses, asked, fuzzed, spelt

FUZZED = 150
"""As many as a test run has time for; benchmarks/hostile.py asks 5,000."""


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """One server for every question."""
    path = tmp_path_factory.mktemp("hostile") / "notices.db"
    a_long_notice(path)
    with asked(path) as asker:
        yield asker


def test_there_are_enough_of_them() -> None:
    assert len(set(QUERIES)) >= 70
    assert list(fuzzed(5, 1)) == list(fuzzed(5, 1))


@pytest.mark.parametrize("page", ["/search?q=", "/search.json?q=", "/notices/notices?_search=x"])
def test_every_hostile_query_is_answered(asker: Asker, page: str) -> None:
    bad = []
    for query in QUERIES:
        status, body = asker.get(page + spelt(query))
        if status != 200 or (".json" not in page and (b"<script>alert(1)" in body or b"<img src=x" in body)):
            bad.append((status, query[:40]))

    assert [] == bad


def test_fuzzed_queries_and_filters_are_answered(asker: Asker) -> None:
    bad = [(status, where) for where in addresses(fuzzed(FUZZED, 2026), 6) if (status := asker.get(where)[0]) != 200]

    assert [] == bad
