"""Fixtures that every test may ask for, and how a page that reads wrongly is told."""

from __future__ import annotations

import os
from collections.abc import Generator
from itertools import zip_longest

import pytest
from hypothesis import settings

from archive.records import Page, Reading
from tests.chromium import chromium, pictures
from tests.trail import trail
from tests.web import web

__all__ = ["chromium", "pictures", "told", "web"]

# A red test means a change, not luck: properties try the same examples each time, on a busy machine too.
# `pytest --hypothesis-profile=explore` tries new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("same")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skip is a failure, but for the material beside the checkout (tests/shared.py), which may be absent."""
    report = yield
    if report.skipped and "MINZHENG_CI" in os.environ and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr)
        if "../shared" not in reason:
            report.outcome, report.longrepr = "failed", f"nothing skips in CI: {reason}"
    return report


def told(case: str, field: str, expected: object, actual: object, *, page: Page, reading: Reading) -> str:
    """What a failed field says: the case, both values, and for each reader where it looked and what it saw."""
    seen = reading.evidence.get(field.removeprefix("evidence."))
    looked = [f"read in {seen}"] if seen is not None else []
    if isinstance(expected, list) and isinstance(actual, list):
        looked.append(_first_difference(expected, actual))
    where = " · ".join((*looked, trail(field, page, reading)))
    return f"\ntests/pages/{case} :: {field}\nexpected  {expected}\nactual    {actual}          {where}"


def _first_difference(expected: list[object], actual: list[object]) -> str:
    pairs = zip_longest(expected, actual, fillvalue="nothing")
    at = next((number for number, (one, other) in enumerate(pairs) if one != other), len(expected))
    return f"{len(actual)} of {len(expected)}, the same up to number {at}"
