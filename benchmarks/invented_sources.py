"""Sources that nobody has, at places that there are: bureaus and portals under .example, and how they were crawled."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archive.records import Channel, Crawl, Source, Walked
from archive.store.divisions import Division, place
from archive.text import digest_of

FIRST, LAST = datetime(2023, 1, 2, 18, tzinfo=UTC), datetime(2026, 10, 31, 18, tzinfo=UTC)
"""When the archive's first and last crawl began; crawls are 28 days apart."""
_PORTALS = {
    "zhuanzai": "每日转载网",
    "minsheng": "民生之窗",
    "zhengwu": "政务转载台",
    "xinwen": "城乡新闻网",
    "fabu": "发布汇集",
    "bianmin": "便民信息港",
    "zonghe": "综合资讯网",
    "shequ": "社区在线",
    "zixun": "基层资讯网",
    "gongyi": "公益观察网",
}
_CHANNELS = (("tzgg", "通知公告"), ("zcwj", "政策文件"), ("gsgg", "公示公开"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """A source with its channels, and how its documents are numbered."""

    source: Source
    channels: tuple[Channel, ...]
    prefix: str


def invent_bureaus(chance: random.Random, divisions: Sequence[Division]) -> list[Publisher]:
    """A bureau of every province, of 150 prefectures and of 70 counties."""
    provinces = [division for division in divisions if division.level == "province"]
    prefectures = [division for division in divisions if division.level == "prefecture"]
    counties = [division for division in divisions if division.level == "county"]
    some = chance.sample(prefectures, 150) + chance.sample(counties, 70)
    return [_bureau(chance, division) for division in (*provinces, *some)]


def invent_portals(chance: random.Random) -> list[Publisher]:
    """Those that repost."""
    return [_portal(chance, key, name) for key, name in _PORTALS.items()]


def invent_crawls() -> Iterator[Crawl]:
    """Crawls 28 days apart."""
    at = FIRST
    while at <= LAST:
        yield Crawl(
            id=f"{at:%Y%m%dT%H%M%SZ}-{digest_of(str(at))[7:13]}",
            kind="crawl",
            started_at=at,
            vantage="default",
            agent="MinzhengArchive/0.1.0",
        )
        at += timedelta(days=28)


def invent_walks(chance: random.Random, channel: Channel, crawls: Sequence[Crawl]) -> Iterator[tuple[Walked, Crawl]]:
    """Whole from the first crawl on, or for a year cut short, or never."""
    kind = chance.random()
    if kind < 0.05:
        return
    cut = range(12, 25) if kind < 0.22 else range(0)
    for number, crawl in enumerate(crawls):
        how = "cut" if number in cut else "end" if number == 0 or number == cut.stop else "edge"
        walked = Walked(
            source=channel.source,
            channel=channel.url,
            started_at=crawl.started_at,
            ended_at=crawl.started_at + timedelta(hours=1),
            how=how,  # type: ignore[arg-type]  # one of three
            pages=0 if how == "cut" else 3,
            entries=45,
        )
        yield walked, crawl


def _bureau(chance: random.Random, division: Division) -> Publisher:
    key = f"mz{division.code}"
    home = f"https://{key}.example/"
    province, city = place(division.code)
    prefix = "".join(dict.fromkeys(name[0] for name in (province, city, division.name) if name)) + "民发"
    agency = f"{division.name}民政{'厅' if division.level == 'province' and division.name[-1] != '市' else '局'}"
    source = Source(
        key=key, agency=agency, kind="bureau", home=home, division=division.code, addresses=(f"{key}.example/",)
    )
    return Publisher(source=source, channels=_channels(chance, source), prefix=prefix)


def _portal(chance: random.Random, key: str, name: str) -> Publisher:
    home = f"https://www.{key}.example/"
    source = Source(key=key, agency=name, kind="portal", home=home, addresses=(f"{key}.example/",))
    return Publisher(source=source, channels=_channels(chance, source), prefix="")


def _channels(chance: random.Random, source: Source) -> tuple[Channel, ...]:
    some = _CHANNELS[: chance.randint(1, len(_CHANNELS))]
    return tuple(
        Channel(source=source.key, name=name, url=f"{source.home}{path}/", family="trs") for path, name in some
    )
