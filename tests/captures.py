"""Makers of WARC files for tests: pages of an invented bureau and portal, as a crawl would have kept them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.archive import Archive
from archive.index import Index
from archive.records import Crawl, CrawlEnd, Exchange, Failure, Note, Source, Tally
from archive.store import Database, open_writer
from archive.warc import WarcWriter

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

BUREAU = Source(
    key="qingshan",
    agency="青山市民政局",
    kind="bureau",
    home="http://mzj.qingshan.example/",
    division="420100",
    addresses=("mzj.qingshan.example/",),
)
PORTAL = Source(
    key="zixun",
    agency="民情资讯",
    kind="portal",
    home="http://www.zixun.example/",
    addresses=("zixun.example/",),
)

PARAGRAPHS = (
    "各区民政局，局属各单位：",
    "为进一步规范最低生活保障工作，现就有关事项通知如下，请结合实际认真贯彻执行。",
    "一、落实主体责任。各区民政局要定期开展入户核查，发现家庭收入变化的，按规定调整保障金额。",
    "二、加强信息公开。保障对象名单每季度在社区公示一次，公示期不少于七天，接受群众监督。",
    "三、严格资金管理。低保资金实行社会化发放，任何单位和个人不得截留、挪用，违者依法处理。",
)


def article(
    title: str, *, paragraphs: Sequence[str] = PARAGRAPHS, on: str = "2026-03-01", original: str | None = None
) -> str:
    """A bureau's article page with official meta tags; `original` adds the link line of a repost."""
    body = "".join(f"<p>　　{text}</p>" for text in paragraphs)
    if original is not None:
        body += f"<p>原文链接:{original}</p>"
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title><meta name="ArticleTitle" content="{title}">'
        f'<meta name="PubDate" content="{on} 09:00"><meta name="ContentSource" content="青山市民政局"></head><body>'
        f'<div class="main"><h1>{title}</h1><div class="info">来源：青山市民政局 时间：{on} 09:00</div>'
        f'<div class="TRS_Editor">{body}</div></div></body></html>'
    )


def an_exchange(
    url: str, html: str = "", *, at: datetime = NOW, status: int = 200, location: str | None = None
) -> Exchange:
    """One answer, as it would be kept."""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    if location is not None:
        headers += (("Location", location),)
    return Exchange(
        url=url,
        method="GET",
        request_headers=(("User-Agent", "test"),),
        request_body=b"",
        status=status,
        reason="OK",
        headers=headers,
        body=html.encode(),
        fetched_at=at,
    )


def write_warc(
    root: Path, crawl: str, records: Sequence[Exchange | Note], *, at: datetime = NOW, ended: bool = True
) -> None:
    """Write a crawl's WARC under `root`, the archive's `warc/` folder: sources, then the records given."""
    begun = Crawl(id=crawl, kind="crawl", started_at=at, vantage="test", agent="test")
    writer = WarcWriter(root, begun, earlier=lambda _key, _digest: None)
    for note in (begun, BUREAU, PORTAL):
        writer.note(note, at=at)
    asked = 0
    for record in records:
        if isinstance(record, Exchange):
            asked += 1
            writer.keep(record)
        else:
            asked += isinstance(record, Failure)
            writer.note(record, at=at)
    if ended:
        tally = Tally(asked=asked, stored=asked, failed=0, refused=0)
        writer.note(CrawlEnd(ended_at=at + timedelta(minutes=1), reason="finished", tally=tally), at=at)
    writer.close()


def crawled(archive: Archive, day: int, records: Sequence[Exchange | Note]) -> Database:
    """A database of what crawls brought, this one of that day (month and day as one number) among them."""
    write_warc(archive.warc, f"2026{day:04}T010000Z-aaaaaa", records, at=NOW + timedelta(day))
    db = open_writer(archive.database)
    Index(archive.path, db, run="test").catch_up()
    return db
