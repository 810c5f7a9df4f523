"""What a second crawl of a site costs in requests, beside scrapy-deltafetch on the same site in the same run.

usage: python benchmarks/incremental.py [--notices 10000] [--new 5] [--out FIGURES.json]

A site with one list of twenty notices a page is made up and served by a loopback proxy. Each of the two crawls it three
times: all of it, again with nothing new, again with some new notices; the proxy counts what it was asked, robots.txt
included. scrapy-deltafetch stands beside us in a plain Scrapy spider without delays, sixteen requests at a time; it is
needed for this script alone (`pip install scrapy-deltafetch`), and left out with a word where it is missing. As
shipped, 2.1.0 does not start on Scrapy 2.19 (TypeError: "DeltaFetch doesn't support asynchronous spider output"), so
its one method is called through an asynchronous one here; what it skips is its own doing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from crawler.demo.hosts import Sites
from crawler.demo.proxy import Asked, serve

HOME = "http://mzj.wanjian.example"
LIST = f"{HOME}/tzgg/"
SIZE = 20
NAMES = ("first crawl", "nothing new", "new notices")


def main() -> None:
    """Serve the site, crawl it in turn, print the figures."""
    args = _arguments()
    figures: dict[str, object] = {"notices": args.notices, "new": args.new, "machine": _machine(), "crawls": {}}
    for name in ("ours", "scrapy-deltafetch"):
        if name != "ours" and _version(name) is None:
            print(f"{name} is not installed and is left out: pip install {name}")
            continue
        figures["crawls"][name] = measure(name, notices=args.notices, new=args.new)  # type: ignore[index]
    print(json.dumps(figures, ensure_ascii=False, indent=2))
    if args.out:
        args.out.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")


def measure(name: str, *, notices: int, new: int) -> list[dict[str, object]]:
    """Three crawls by one of the two; what the proxy was asked in each."""
    told: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sites").mkdir()
        sites = Sites(Path(folder) / "sites")
        with serve(sites) as proxy:
            for crawl, count in zip(NAMES, (notices, notices, notices + new), strict=True):
                put_site(sites, count)
                before, begun = len(proxy.log), time.perf_counter()
                env = {**os.environ, "http_proxy": proxy.address, "https_proxy": proxy.address, "no_proxy": ""}
                # -P: Twisted needs another module that is called as this file is
                command = [sys.executable, "-P", __file__, "--as", name, "--folder", folder]
                done = subprocess.run(command, env=env, check=False, capture_output=True, text=True)
                told.append(
                    {
                        "crawl": crawl,
                        "seconds": round(time.perf_counter() - begun, 1),
                        **count_asked(proxy.log[before:]),
                    }
                )
                if done.returncode:
                    told[-1]["failed"] = done.stderr[-400:]
                print(name, told[-1], file=sys.stderr)
    return told


def count_asked(log: list[Asked]) -> dict[str, int]:
    """How many requests, and how many of them for robots.txt, list pages and notices."""
    robots = sum(one.url.endswith("/robots.txt") for one in log)
    articles = sum("/t2" in one.url for one in log)
    return {"requests": len(log), "robots": robots, "lists": len(log) - robots - articles, "articles": articles}


def put_site(sites: Sites, count: int) -> None:
    """The list with its pager, the newest first, and its notices; those that are there stay as they are."""
    pages = -(-count // SIZE)
    for page in range(pages):
        numbers = range(count - page * SIZE, max(count - (page + 1) * SIZE, 0), -1)
        rows = "".join(f'<li><a href="{url_of(n)}">{title(n)}</a><span>{day(n)}</span></li>' for n in numbers)
        sites.put(
            f"{LIST}index_{page}.html" if page else LIST,
            f'<html><head><title>通知公告</title></head><body><ul class="list">{rows}</ul>'
            f"<script>createPageHTML({pages}, {page}, 'index', 'html');</script></body></html>",
        )
        for number in numbers:
            lines = "".join(f"<p>第{number}件事项第{line}条，请各单位结合实际认真落实。</p>" for line in range(6))
            text = f"<h1>{title(number)}</h1><p>发布时间：{day(number)}</p><div class='TRS_Editor'>{lines}</div>"
            sites.put(url_of(number), f"<html><head><title>{title(number)}</title></head><body>{text}</body></html>")


def url_of(number: int) -> str:
    """The address of a notice, in the form of TRS."""
    return f"{LIST}{day(number):%Y%m}/t{day(number):%Y%m%d}_{number}.html"


def title(number: int) -> str:
    """Its title."""
    return f"关于做好第{number}批民政服务事项办理工作的通知"


def day(number: int) -> date:
    """Its day: three notices a day, from 2010 on."""
    return date(2010, 1, 1) + timedelta(days=number // 3)


def crawl_ours(folder: Path) -> None:
    """One crawl by our spider, without delays."""
    from crawler.catalogue import adhoc_site
    from crawler.run import run_crawl
    from crawler.spiders.plan import Plan

    raise SystemExit(run_crawl(Plan(sites=(adhoc_site(LIST),), kind="demo"), folder / "archive").exit_code)


def crawl_deltafetch(folder: Path) -> None:
    """One crawl by a plain spider with scrapy-deltafetch, as its README sets it up."""
    from collections.abc import AsyncIterator, Iterator

    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.http import HtmlResponse
    from scrapy_deltafetch import DeltaFetch

    class Delta(DeltaFetch):  # type: ignore[misc]  # ships no types
        async def process_spider_output(
            self, response: HtmlResponse, result: AsyncIterator[object]
        ) -> AsyncIterator[object]:
            async for output in result:
                for kept in super().process_spider_output(response, (output,), None):
                    yield kept

    class Spider(scrapy.Spider):
        name = "plain"

        async def start(self) -> AsyncIterator[scrapy.Request]:
            yield scrapy.Request(LIST, callback=self.parse)

        def parse(self, response: HtmlResponse) -> Iterator[scrapy.Request]:  # type: ignore[override]
            for href in response.css("ul.list a::attr(href)").getall():
                yield response.follow(href, callback=self.keep)
            pages, page = map(int, response.css("script::text").re(r"createPageHTML\((\d+), (\d+)"))
            if page + 1 < pages:
                yield response.follow(f"{LIST}index_{page + 1}.html", callback=self.parse)

        def keep(self, response: HtmlResponse) -> Iterator[dict[str, str]]:
            yield {"url": response.url, "title": response.css("h1::text").get("")}

    process = AsyncCrawlerProcess(
        {
            "SPIDER_MIDDLEWARES": {Delta: 100},
            "DELTAFETCH_ENABLED": True,
            "DELTAFETCH_DIR": str(folder / "deltafetch"),
            "ROBOTSTXT_OBEY": True,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
            "LOG_LEVEL": "ERROR",
        }
    )
    process.crawl(Spider)
    process.start()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notices", type=int, default=10_000)
    parser.add_argument("--new", type=int, default=5)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--as", dest="crawler", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.crawler:
        (crawl_ours if args.crawler == "ours" else crawl_deltafetch)(args.folder)
        raise SystemExit(0)
    return args


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _machine() -> str:
    today, python = datetime.now(UTC).date(), platform.python_version()
    versions = ", ".join(f"{name} {_version(name) or 'absent'}" for name in ("scrapy", "scrapy-deltafetch"))
    return f"{today}, {platform.machine()}, {os.cpu_count()} cores, CPython {python}, {versions}"


if __name__ == "__main__":
    main()
