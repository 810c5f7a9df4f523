"""The miniature web for tests: served by its proxy, with an environment that leads nowhere else.

What a crawl of it must give is in `e2e/expected.json`. The hosts that were written by hand have 34 notices: 30 that a
bureau lists, one that only a repost names, two whose original is gone or does not answer, and one that a portal wrote
itself. The others are written by `tools/make_miniature_web.py`, and so are their rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from crawler import demo

PROXY_NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class ExpectedNotice(TypedDict):
    """A notice as the miniature web has it. `reposts` maps addresses of copies to the manner of copying."""

    title: str
    original: str | None
    captured: bool
    published_on: str
    reposts: dict[str, str]
    alone: NotRequired[str]
    """Its only page, on a host that no source has: neither an original nor a repost."""


class ExpectedFile(TypedDict):
    """A file that a notice links. `sha256` is of the file, in hex digits."""

    notice: str
    """Address of the page that links it."""
    name: str
    sha256: str
    read_as: str | None
    """None for one that nobody reads."""
    says: str
    """What stands in its text; without a text, why there is none."""


class Expected(TypedDict):
    """What a whole crawl of the miniature web finds, and what it must not take for a notice."""

    notices: list[ExpectedNotice]
    not_notices: dict[str, str]
    lists: list[str]
    walks: dict[str, str]
    """Address of a channel that is a trap → the kind of issue that its walk ends with."""
    files: dict[str, ExpectedFile]
    """Address of each file that a notice links."""
    parts: dict[str, str]
    """Address of a later part of a split notice → that of its first part."""


def expected() -> Expected:
    """The contents of `e2e/expected.json`."""
    found: Expected = json.loads((Path(__file__).parent / "e2e" / "expected.json").read_text("utf-8"))
    return found


@contextmanager
def served(patch: pytest.MonkeyPatch) -> Iterator[demo.Web]:
    """The miniature web, served; this process and its children send every request to its proxy."""
    for name in PROXY_NAMES:
        patch.delenv(name, raising=False)
        patch.delenv(name.upper(), raising=False)
    with demo.web() as found:
        for name, value in found.env.items():
            patch.setenv(name, value)
        yield found


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[demo.Web]:
    """The miniature web, for one test."""
    with served(monkeypatch) as found:
        yield found
