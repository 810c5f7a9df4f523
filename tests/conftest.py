"""Fixtures that every test may ask for, and how a page that reads wrongly is told."""

from __future__ import annotations

from archive.extract.view import look
from archive.records import Page, Reading
from tests.web import web

__all__ = ["told", "web"]


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
