"""The labelled set and the seed, which lie beside the checkout and not in it; skipped where they are absent."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.extract import read
from archive.outcome import judge
from archive.page import open_page
from archive.records import Page
from archive.text import text_digest
from tests.shared import SHARED, seed_title

HTML = (("Content-Type", "text/html"),)
PORTAL = "http://www.mszx.org.cn/mzzx/20211105/1.html"
ORIGINAL = "http://mzj.cq.gov.cn/sy_218/bmdt/mzyw/202111/t20211104_9926756.html"

pytestmark = pytest.mark.skipif(not (SHARED / "eval").is_dir(), reason="eval is not beside this checkout (../shared)")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """The rows of the manifest."""
    return [json.loads(line) for line in (SHARED / "eval" / "manifest.jsonl").read_text("utf-8").splitlines()]


def test_every_list_is_no_article_and_every_article_is_one(rows: list[dict[str, Any]]) -> None:
    wrong = []
    for row in rows:
        page = _open(row)
        verdict = judge(200, HTML, page.url, page, page.size)
        if (row["kind"] == "article") != (verdict.kind == "article") and row["kind"] != "other":
            wrong.append((row["id"], row["kind"], verdict))

    assert [] == wrong


def test_text_title_day_and_source_are_read_as_well_as_promised(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    sys.path.insert(0, str(SHARED / "eval"))
    from score import load, score

    truth = load(SHARED / "eval" / "truth.jsonl")
    official = {row["id"] for row in rows if row["site_class"] in ("gov.cn", "public body", "official media")}
    predictions = [_predict(row) for row in rows if row["kind"] == "article"]
    everything = score(predictions, truth)
    best = score(predictions, [line for line in truth if line["id"] in official])

    assert _mean(best["f"]) >= 0.975
    assert min(best["f"]) >= 0.5
    assert _mean(everything["f"]) >= 0.955
    assert _mean(everything["title"]) >= 0.94
    assert _mean(everything["date"]) >= 0.93
    assert _mean(everything["source"]) >= 0.9


def test_the_seed_reads_as_a_repost() -> None:
    reading = read(open_page(PORTAL, (SHARED / "seed" / "portal.html").read_bytes(), HTML))

    assert seed_title() == reading.title
    assert ("重庆市民政局", None) == (reading.attribution, reading.author)
    assert ("重庆市民政局",) == reading.issuing_agencies
    assert (date(2021, 11, 5), None) == (reading.published_on, reading.published_at)
    assert ORIGINAL == reading.claimed_original
    assert 12 == len(reading.text.split("\n"))
    assert not any(word in reading.text for word in ("原文链接", "免责声明", "主办", "ICP"))


def test_the_original_of_the_seed_reads_the_same() -> None:
    portal = read(open_page(PORTAL, (SHARED / "seed" / "portal.html").read_bytes(), HTML))
    original = read(open_page(ORIGINAL, (SHARED / "seed" / "original.html").read_bytes(), HTML))

    assert text_digest(portal.text) == text_digest(original.text)
    assert datetime(2021, 11, 4, 1, 12, tzinfo=UTC) == original.published_at
    assert original.claimed_original is None


def _open(row: dict[str, Any]) -> Page:
    url = row["url"] or f"http://{row['id'].replace('_', '-')}.example/page.html"
    return open_page(url, (SHARED / "eval" / row["file"]).read_bytes(), HTML)


def _predict(row: dict[str, Any]) -> dict[str, Any]:
    reading = read(_open(row))
    published = reading.published_on.isoformat() if reading.published_on is not None else None
    return {
        "id": row["id"],
        "title": reading.title,
        "published": published,
        "source": reading.attribution,
        "text": reading.text,
    }


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
