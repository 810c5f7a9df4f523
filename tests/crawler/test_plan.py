"""The pace of a crawl: every host of the catalogue at its site's own, every other at the operator's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.records import Channel, Source
from crawler.catalogue import CatalogueError, load_catalogue
from crawler.config import Config
from crawler.lists import Site
from crawler.spiders.plan import Plan, pace_of

SLOW = Site(
    source=Source(
        key="qingshan",
        agency="青山市民政局",
        kind="bureau",
        home="http://mzj.qingshan.example/",
        addresses=("mzj.qingshan.example/", "xxgk.qingshan.example/mzj/", "qingshan.example/mz/"),
    ),
    channels=(Channel(source="qingshan", name="通知", url="http://mzj.qingshan.example/tz/", family="trs"),),
    delay=7.0,
)


def delay_of(host: str, plan: Plan, config: Config) -> float:
    pace = pace_of(plan, config)
    return pace.delay(pace.slot(f"http://{host}/"))


@pytest.mark.parametrize("plan", [Plan(sites=(SLOW,)), Plan(catalogue=(SLOW,))])
@pytest.mark.parametrize("host", ["mzj.qingshan.example", "xxgk.qingshan.example", "www.qingshan.example"])
def test_every_host_of_a_site_is_asked_at_its_pace_also_when_only_a_repost_names_it(plan: Plan, host: str) -> None:
    assert 7.0 == delay_of(host, plan, Config())


def test_no_delay_is_shorter_than_the_operator_s() -> None:
    assert 9.0 == delay_of("mzj.qingshan.example", Plan(sites=(SLOW,)), Config(delay=9.0))
    assert 9.0 == delay_of("www.elsewhere.example", Plan(sites=(SLOW,), delay=9.0), Config())


def test_only_an_invented_host_is_asked_without_delay_and_the_rest_of_the_crawl_as_ever(tmp_path: Path) -> None:
    entry = """[[source]]\nkey = "qingshan"\nagency = "青山市民政局"\nhome = "{}"\ndelay = 0\n"""
    file = tmp_path / "own.toml"
    file.write_text(entry.format("http://mzj.qingshan.gov.cn/"), encoding="utf-8")
    with pytest.raises(CatalogueError, match="from 2 to 3600"):
        load_catalogue(tmp_path)
    file.write_text(entry.format("http://mzj.qingshan.example/"), encoding="utf-8")
    plan = Plan(sites=tuple(load_catalogue(tmp_path).values()))

    assert 0.0 == delay_of("mzj.qingshan.example", plan, Config())
    assert 2.0 == delay_of("www.elsewhere.example", plan, Config())


def test_a_source_of_the_catalogue_is_told_once_as_the_site_that_is_crawled() -> None:
    crawled = replace(SLOW, source=replace(SLOW.source, agency="青山市民政局（新）"))

    assert (crawled.source,) == Plan(sites=(crawled,), catalogue=(SLOW,)).sources
