"""Fixtures that every test may ask for, and how a page that reads wrongly is told."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

from archive.extract.view import look
from archive.records import Page, Reading
from tests.web import web

__all__ = ["told", "web"]

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
    """What a failed field says: the case, both values, and where the readers looked."""
    seen = reading.evidence.get(field)
    trail = f"read in {seen}" if seen is not None else _trail(page)
    return f"\ntests/pages/{case} :: {field}\nexpected  {expected}\nactual    {actual}          {trail}"


def _trail(page: Page) -> str:
    view = look(page, None)
    tags = [tag.name for tag in (view.tags.title, view.tags.published, view.tags.source) if tag is not None]
    cells = [f"{pair.label}={pair.value[:20]!r}" for pair in view.pairs]
    return (
        f"meta: {' '.join(tags) or 'absent'} · table: {len(view.table.pairs)} rows"
        f" · labels: {' '.join(cells) or 'none'} · body: {view.text_evidence}, {len(view.text)} lines"
    )
