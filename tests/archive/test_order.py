"""Law 4 and law 1 on invented archives: whatever comes in whatever order, the rows are those of a rebuild.

Each archive has few addresses, so that claims, redirects, revisits, entries, changed sources and rulings meet often,
and few numbers and titles, so that notices cite each other, and others of the same name.
"""

from __future__ import annotations

import contextlib
import itertools
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import fate
from archive.decisions import append_decision
from archive.index import Index
from archive.records import Crawl, Decision, Entry, Exchange, Failure, Listed, Note, Source
from archive.store import notices, open_draft
from archive.warc import Earlier, WarcWriter
from tests.captures import BUREAU, NOW, PORTAL, an_exchange, article
from tests.dump import dump

HOSTS = ("http://mzj.qingshan.example", "http://www.zixun.example", "https://blog.weizhi.example")
URLS = (*(f"{host}/a/{number}.html" for host in HOSTS for number in (1, 2)), f"{HOSTS[0]}/a/t20260301_5.html")
PART = f"{HOSTS[0]}/a/t20260301_5_1.html"
SPLIT = '<script>createPageHTML(2, {}, "t20260301_5", "html");</script></body>'
LIST = "http://mzj.qingshan.example/a/"
TITLES = ("关于规范工作的通知", "2021年第1季度公示", "2021年第2季度公示")
TEXTS = tuple(
    [f"{word}落实主体责任，定期开展入户核查，按规定调整{word}保障金额。", f"{word}名单在社区公示，{word}接受监督。" * 9]
    for word in ("低保", "养老")
)
NUMBERS = ("青民发〔2021〕1号", "青民发〔2021〕2号")
CITES = (
    "根据《关于规范工作的通知》，请遵照执行。",
    "青民发〔2021〕1号、《2021年第1季度公示》（青民发〔2021〕2号）同时废止。",
    "现将白河市民政局《关于规范工作的通知》（青民发〔2021〕1号）转发给你们，请认真贯彻。",
)
SOURCES = (
    replace(BUREAU, agency="白河市民政局", division="420200"),
    replace(BUREAU, kind="portal"),
    replace(BUREAU, addresses=("mzj.qingshan.example/", "blog.weizhi.example/")),
    replace(PORTAL, kind="bureau", agency="青山市民政局"),
    Source(key="weizhi", agency="青山市民政局", kind="bureau", home=HOSTS[2], addresses=("blog.weizhi.example/",)),
)


def records(chance: random.Random, count: int) -> Iterator[tuple[Exchange | Note, bool]]:
    """What crawls of a few addresses bring, at few instants, so that some are equal; and whether it is a revisit."""
    urls = [*chance.sample(URLS[:-1], 3), *URLS[-1:]]
    pages: list[Exchange] = []
    for _ in range(count):
        url = chance.choice(urls)
        at = NOW + timedelta(days=chance.choice((0, 0, 0, 7, 14, 21)), hours=chance.randrange(12))
        entry = Entry(url=url, title=chance.choice(TITLES), date_raw=chance.choice(["2026-02-01", None]))
        text, day, claim = chance.choice(TEXTS), f"2026-03-0{chance.randint(1, 3)}", chance.choice([None, *URLS])
        cites = [words for words in (*NUMBERS, *CITES) if chance.random() < 0.5]
        html = article(chance.choice(TITLES), paragraphs=[*cites, *text], on=day, original=claim)
        page = an_exchange(url, html.replace("</body>", SPLIT.format(0)) if url == URLS[-1] else html, at=at)
        again = replace(chance.choice([*pages, page]), fetched_at=at)
        number = chance.randrange(count)
        crawl = Crawl(id=crawl_of(number), kind="crawl", started_at=NOW, vantage="ab"[number // 3 % 2], agent="test")
        found: tuple[Exchange | Note, ...] = (
            page,
            again,
            an_exchange(PART, html.replace("</body>", SPLIT.format(1)), at=at),
            an_exchange(url, status=304, at=at),
            an_exchange(url, status=chance.choice((403, 404)), at=at),
            crawl,
            an_exchange(url, status=302, location=chance.choice([*urls, f"{HOSTS[0]}/404.html"]), at=at),
            an_exchange(f"{HOSTS[0]}/404.html", status=404, at=at),
            an_exchange(url, "<html><body><p>栏目首页</p></body></html>", at=at),
            Listed(entry=entry, source="qingshan", channel=LIST, list_url=LIST, listed_at=at),
            Failure(url=url, raw_url=None, fetched_at=at, outcome="unreachable", detail="timed out"),
            chance.choice(SOURCES),
        )
        [chosen] = chance.choices(range(len(found)), (10, 2, 3, 3, 4, 1, 5, 1, 1, 1, 1, 2))
        pages += [page] * (chosen == 0)
        yield found[chosen], chosen == 1


def write_each(root: Path, chance: random.Random, count: int) -> list[Path]:
    """One WARC file for each record."""
    for number, (record, is_revisit) in enumerate(records(chance, count)):
        writer = WarcWriter(
            root,
            Crawl(id=crawl_of(number), kind="crawl", started_at=NOW, vantage="test", agent="test"),
            earlier=_elsewhere if is_revisit else _nothing,
            new_id=map(f"urn:test:{number}:{{}}".format, itertools.count()).__next__,
        )
        if isinstance(record, Exchange):
            writer.keep(record)
        else:
            writer.note(record, at=NOW)
        writer.close()
    return sorted(root.glob("*/*"))


def crawl_of(number: int) -> str:
    """Three records are one crawl's, each in a file of its own."""
    return f"20260302T0100{number // 3:02}Z-aaaaaa"


def _elsewhere(_key: str, _digest: str) -> Earlier:
    return Earlier(url=LIST, fetched_at=NOW, record_id="")


def _nothing(_key: str, _digest: str) -> None:
    return None


def ruling(chance: random.Random, db: Database, number: int) -> Decision | None:
    """What a person may say of two or three copies, or nothing."""
    copies = sorted(row["url"] for row in db.table("copies").rows)
    if len(copies) < 3 or chance.random() < 0.8:
        return None
    urls = tuple(chance.sample(copies, chance.randint(2, 3)))
    at = NOW + timedelta(minutes=number)
    return Decision(at=at, who="test", what=chance.choice(["merge", "split"]), urls=urls, why=f"ruling {number}")


def rebuilt(archive: Path, order: Sequence[str] = ()) -> dict[str, list[tuple[object, ...]]]:
    """The rows of a database made from nothing."""
    path = archive / "new.db"
    with contextlib.closing(open_draft(path)) as db:
        Index(archive, db, run="test").catch_up(order)
        rows = dump(db)
    for made in archive.glob("new.db*"):
        made.unlink()
    return rows


@pytest.mark.parametrize("seed", [*range(12), 47, 50, 245])
def test_an_archive_that_grew_equals_one_made_anew_and_every_id_still_resolves(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fate, "RECHECKED", 2)  # so few pages are a source here
    chance = random.Random(seed)
    archive, given, count = tmp_path / "archive", set[str](), 20
    files = write_each(tmp_path / "made", chance, count)
    chance.shuffle(files)
    (archive / "warc" / "2026").mkdir(parents=True)
    with contextlib.closing(open_draft(archive / "notices.db")) as db:
        index = Index(archive, db, run="test")
        for number, file in enumerate(files):
            shutil.copy(file, archive / "warc" / "2026")
            if decision := ruling(chance, db, number):
                append_decision(archive / "decisions.jsonl", decision)
            index.catch_up()
            given |= {row["id"] for row in db.table("notices").rows}
            if number % 3 == 0 or number == count - 1:
                assert dump(db) == rebuilt(archive)

        assert {found for found in given if notices.find(db, found) is None} == set()
        assert db.execute("pragma foreign_key_check").fetchall() == []
        chance.shuffle(files)
        assert dump(db) == rebuilt(archive, [f"2026/{file.name}" for file in files])
