"""The pace of a crawl: every host of the catalogue at its site's own, every other at the operator's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.records import Channel, Source
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


def test_a_source_of_the_catalogue_is_told_once_as_the_site_that_is_crawled() -> None:
    crawled = replace(SLOW, source=replace(SLOW.source, agency="青山市民政局（新）"))

    assert (crawled.source,) == Plan(sites=(crawled,), catalogue=(SLOW,)).sources
