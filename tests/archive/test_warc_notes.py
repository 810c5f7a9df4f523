"""Notes: the facts that have no exchange, as JSON in the WARC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Channel, CrawlEnd, Entry, Listed, Note, Source, Tally
from archive.warc.notes import decode_note, encode_note

AT = datetime(2026, 11, 23, 16, 42, 1, 5, tzinfo=UTC)


st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))


@given(note=st.one_of([st.from_type(kind) for kind in get_args(Note)]))
def test_a_note_survives_its_json(note: Note) -> None:
    assert note == decode_note(encode_note(note))


def test_a_note_is_readable_json_without_its_defaults() -> None:
    source = Source(
        key="demo", agency="示例市民政局", kind="bureau", home="http://mz.example/", addresses=("mz.example/",)
    )

    assert (
        '{"what": "Source", "key": "demo", "agency": "示例市民政局", "kind": "bureau", '
        '"home": "http://mz.example/", "addresses": ["mz.example/"]}'
    ) == encode_note(source).decode()


def test_a_record_within_a_note_is_an_object() -> None:
    end = CrawlEnd(ended_at=AT, reason="finished", tally=Tally(asked=3, stored=2, failed=1))

    assert b'"tally": {"asked": 3, "stored": 2, "failed": 1}' in encode_note(end)
    assert end == decode_note(encode_note(end))


def test_half_a_surrogate_pair_survives() -> None:
    listed = Listed(
        entry=Entry(url="http://mz.example/", title="\ud83d"), source="s", channel="c", list_url="l", listed_at=AT
    )

    assert listed == decode_note(encode_note(listed))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"what": "Weather"}', "type 'Weather' is unknown"),
        (b'{"key": "x"}', "JSON object with `what`"),
        (b"[]", "JSON object with `what`"),
        (b"{", "Expecting property name"),
        (b'{"what": "Channel", "source": "s", "name": "n", "url": "u", "family": "f", "depth": 2}', r"\['depth'\]"),
        (b'{"what": "Channel", "source": "s", "name": "n", "url": 5, "family": "f"}', "Channel.url cannot be 5"),
        (b'{"what": "Channel", "source": "s"}', "missing 3 required"),
        (b'{"what": "Source", "key": "k", "agency": "a", "kind": "shop", "home": "h"}', "Source.kind cannot be 'shop'"),
        (b'{"what": "CrawlEnd", "ended_at": "2026-01-01T00:00:00", "reason": "r", "tally": {}}', "without its zone"),
        (b'{"what": "CrawlEnd", "ended_at": "2026-01-01T00:00:00Z", "reason": "r", "tally": 3}', "CrawlEnd.tally"),
    ],
)
def test_what_is_no_note_of_this_version_is_told(data: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        decode_note(data)


def test_a_channel_keeps_its_options() -> None:
    channel = Channel(source="s", name="要闻", url="http://mz.example/", family="links", options={"row": "li"})

    assert channel == decode_note(encode_note(channel))
