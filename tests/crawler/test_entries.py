"""Entries written as TOML say what they were written from, and never spoil a catalogue."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue import CatalogueError, load_catalogue
from crawler.entries import print_entry, write_entry

ENTRY = {"key": "shuixi", "agency": "水西市民政局", "home": "https://mzj.shuixi.example/"}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(
    note=TEXT,
    hosts=st.lists(TEXT),
    days=st.lists(st.integers(1, 999)),
    options=st.dictionaries(TEXT, TEXT),
    unverified=st.booleans(),
)
def test_an_entry_reads_as_it_was_written(
    note: str, hosts: list[str], days: list[int], options: dict[str, str], *, unverified: bool
) -> None:
    channels = [{"name": note, "url": "https://mzj.shuixi.example/tzgg/", **options}]
    table = {**ENTRY, "note": note, "hosts": hosts, "recheck": days, "channel": channels, "unverified": unverified}

    assert {"source": [table]} == tomllib.loads(print_entry(table, ["第一行\n第二行"]))


def test_an_entry_that_does_not_fit_the_catalogue_changes_nothing(tmp_path: Path) -> None:
    write_entry(tmp_path, ENTRY)
    before = {file: file.read_text("utf-8") for file in tmp_path.iterdir()}
    with pytest.raises(CatalogueError, match="belongs to both"):
        write_entry(tmp_path, {**ENTRY, "key": "another"})
    with pytest.raises(CatalogueError, match="unknown key"):
        write_entry(tmp_path, {**ENTRY, "hme": "x"})

    assert before == {file: file.read_text("utf-8") for file in tmp_path.iterdir()}


def test_what_is_written_twice_leaves_one_file(tmp_path: Path) -> None:
    write_entry(tmp_path, ENTRY)
    write_entry(tmp_path, ENTRY)

    assert ["shuixi.toml"] == [file.name for file in tmp_path.iterdir()]
    assert ["shuixi"] == list(load_catalogue(tmp_path))
