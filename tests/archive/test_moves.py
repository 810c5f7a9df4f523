"""What ties a page to the address it was at before, and what says too little for that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from archive.records import Witness
from archive.text import normalise, text_digest
from archive.trace import moves
from archive.trace.moves import find_moved

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TEXT = (
    "为进一步规范社区养老服务，现就有关事项通知如下，请结合实际认真贯彻执行。\n"
    + "各区要定期开展走访，按规定公示。" * 9
)


def a_page(url_key: str, text: str, day: int) -> Witness:
    """A page of one site, seen in the crawl of that day."""
    return Witness(
        url=f"http://{url_key}",
        url_key=url_key,
        kind="bureau",
        title="关于规范社区养老服务的通知",
        published_on=date(2026, 2, 1),
        claimed_url=None,
        claimed_key=None,
        claim_evidence=None,
        claim_kind=None,
        text=text,
        text_digest=text_digest(text),
        text_length=len(normalise(text)),
        source="qingshan",
        first_seen_at=NOW + timedelta(day),
        last_seen_at=NOW + timedelta(day),
        first_crawl=f"{day}",
        last_crawl=f"{day}",
    )


BEFORE, AFTER = a_page("mzj.qingshan.example/a/1.html", TEXT, 0), a_page("mzj.qingshan.example/b/1.html", TEXT, 30)


def test_a_page_of_one_title_and_day_that_stands_elsewhere_later_moved_there() -> None:
    retold = replace(AFTER, text=f"{TEXT}\n打印本页", text_digest="another")

    assert find_moved([BEFORE, retold], {})[AFTER.url_key].before == BEFORE.url_key


def test_a_title_that_a_site_gives_to_all_its_pages_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each laid beside each would take memory and time with the square of their number."""
    monkeypatch.setattr(moves, "_MANY", 1)
    retold = replace(AFTER, text=f"{TEXT}\n打印本页", text_digest="another")

    assert find_moved([BEFORE, retold], {}) == {}
