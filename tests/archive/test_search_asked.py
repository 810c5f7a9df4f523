"""What an address asks for: whatever stands in it is read, and what is read can be written again."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.browse.search.asked import FLAGS, LISTS, Asked, Misread, read_asked

VALUES = st.text(min_size=1, max_size=20).map(lambda text: f"值{text.encode('utf-8', 'ignore').hex()}")
DAYS = st.dates().filter(lambda day: 1949 <= day.year <= 2100).map(str)
SEARCHES = st.builds(
    Asked,
    q=st.sampled_from(["", "养老", '"养老 服务" -补贴', "民发〔2021〕15号"]),
    **{name: st.lists(VALUES, max_size=3, unique=True).map(tuple) for name in LISTS},
    **{name: st.booleans() for name in FLAGS},
    year=st.none() | st.integers(1949, 2100),
    since=st.none() | DAYS,
    role=st.sampled_from([None, "original", "reposted", "repost_only"]),
    sort=st.sampled_from([None, "relevance", "newest", "oldest"]),
    page=st.integers(1, 1_000_000),
)


def read(query: str) -> tuple[Asked, tuple[Misread, ...]]:
    return read_asked(parse_qs(query, keep_blank_values=True))


@given(SEARCHES)
def test_a_search_is_read_again_from_its_address(asked: Asked) -> None:
    assert (asked, ()) == read(urlencode(asked.pairs()))


@given(
    st.dictionaries(
        st.sampled_from([*LISTS, *FLAGS, "q", "year", "from", "to", "role", "sort", "page"]),
        st.lists(st.text()),
    )
)
def test_whatever_stands_in_an_address_is_read(given_: dict[str, list[str]]) -> None:
    asked, _ = read_asked(given_)

    assert (asked, ()) == read(urlencode(asked.pairs()))


@given(SEARCHES)
def test_taking_a_filter_out_leaves_the_others(asked: Asked) -> None:
    for name, value in asked.chosen:
        assert [one for one in asked.chosen if one != (name, value)] == asked.widened(name, value).chosen


@pytest.mark.parametrize(
    ("query", "span"),
    [
        ("from=2024&to=2024", ("2024-01-01", "2024-12-31")),
        ("from=2024-02&to=2024-02", ("2024-02-01", "2024-02-29")),
        ("from=2024年3月5日", ("2024-03-05", None)),
        ("from=2024-05-01&to=2023-01-01", ("2023-01-01", "2024-05-01")),
        ("year=2024", ("2024-01-01", "2024-12-31")),
        ("year=2024&from=2024-06", ("2024-06-01", "2024-12-31")),
        ("year=2024&to=2023", ("2024-01-01", "2023-12-31")),
        ("", (None, None)),
    ],
)
def test_days_are_read_as_people_write_them(query: str, span: tuple[str | None, str | None]) -> None:
    assert span == read(query)[0].span


@pytest.mark.parametrize(
    "query",
    ["year=24", "year=9999", "from=2024-13", "to=yesterday", "role=x", "files=yes", "sort=best", "page=0", "page=-1",
     "page=99999999999999999999", "page=１"],
)  # fmt: skip
def test_what_means_nothing_is_told_and_left_out(query: str) -> None:
    name, _, value = query.partition("=")

    assert (Asked(), (Misread(name, value),)) == read(query)


@pytest.mark.parametrize(
    ("query", "order"),
    [("q=养老", "relevance"), ("", "newest"), ("sort=relevance", "newest"), ("q=养老&sort=oldest", "oldest")],
)
def test_without_words_nothing_is_more_relevant_than_anything_else(query: str, order: str) -> None:
    assert order == read(query)[0].order


def test_turning_narrowing_and_sorting_begin_where_they_must() -> None:
    asked, _ = read("q=养老&page=7")

    assert 8 == asked.turned(8).page
    assert {1} == {
        other.page for other in (asked.narrowed("type", "通知"), asked.sorted_by("newest"), asked.month("2024-02"))
    }
    assert ("2024-02-01", "2024-02-29") == asked.month("2024-02").span
