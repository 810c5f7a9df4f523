"""The fixtures under `tests/pages`: each was looked at by a person before it may pass."""

from __future__ import annotations

import json
from pathlib import Path

PAGES = Path(__file__).parent / "pages"


def test_a_person_has_confirmed_every_fixture() -> None:
    waiting = [
        str(path.relative_to(PAGES.parent.parent))
        for path in sorted(PAGES.glob("*/*/expected.json"))
        if not json.loads(path.read_text("utf-8")).get("confirmed", True)
    ]

    assert [] == waiting, "\n".join(waiting) + (
        "\nThese were written by a program. Open page.html in a browser beside each, correct every field that it does "
        'not say, and take out the line `"confirmed": false`.'
    )
