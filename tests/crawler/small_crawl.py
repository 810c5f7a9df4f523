"""A small real crawl in a process of its own: the addresses given, through our middlewares and nothing else of ours.

Run as `python small_crawl.py FOLDER URL…`; names resolve by the JSON object in `SMALL_CRAWL_NAMES` and nowhere else,
a list of addresses answers in turn. Prints the tally and the errors that reached the spider as JSON.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.records import Crawl, Tally

CRAWL = Crawl(
    id="20261123T164200Z-abcdef",
    kind="crawl",
    started_at=datetime(2026, 11, 23, 16, 42, tzinfo=UTC),
    vantage="desk",
    agent="minzheng",
)


@dataclass(frozen=True)
class Crawled:
    """How it went. `errors` names the exceptions that reached the spider, `offsets` are where its answers are kept."""

    tally: Tally
    errors: list[str]
    offsets: list[int]
    gave_up: str | None


def crawl(
    folder: Path,
    urls: Sequence[str],
    *,
    names: Mapping[str, list[str]],
    proxy: str | None,
    settings: Mapping[str, object],
    no_proxy: str = "",
) -> Crawled:
    """Run it and wait for its end."""
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    env |= {"SMALL_CRAWL_NAMES": json.dumps(dict(names)), "SMALL_CRAWL_SETTINGS": json.dumps(dict(settings))}
    if proxy:
        env |= {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": no_proxy}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, __file__, str(folder), *urls],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**env, "PYTHONPATH": str(root)},
        cwd=root,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout.splitlines()[-1])
    return Crawled(tally=Tally(**told.pop("tally")), **told)


def main(folder: str, *urls: str) -> None:
    """The child's side."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess
    from twisted.python.failure import Failure

    from archive.warc import WarcWriter
    from crawler.capture import PLACE, Recording
    from crawler.pace import Pace

    socket.gethostbyname = _answering(json.loads(os.environ["SMALL_CRAWL_NAMES"]))
    settings = json.loads(os.environ["SMALL_CRAWL_SETTINGS"])
    writer = WarcWriter(Path(folder), CRAWL, earlier=lambda _key, _digest: None)
    if settings.pop("FULL_DISK", False):
        writer.keep = _fail_to_keep  # type: ignore[method-assign]  # a disk that is full
    told: dict[str, object] = {"errors": [], "offsets": [], "gave_up": None}

    class Spider(scrapy.Spider):
        name = "small"
        recording = Recording(writer)
        pace = Pace({}, least=0.0)
        errors: list[str] = []  # noqa: RUF012  one spider a process
        offsets: list[int] = []  # noqa: RUF012  the same

        async def start(self) -> AsyncIterator[scrapy.Request]:
            for url in urls:
                yield scrapy.Request(url, callback=self.parse, errback=self.fail, dont_filter=True)

        def parse(self, response: scrapy.http.Response) -> None:
            self.offsets.append(response.meta[PLACE].offset)

        def fail(self, failure: Failure) -> None:
            self.errors.append(type(failure.value).__name__)

        def give_up(self, problem: Exception) -> None:
            told["gave_up"] = str(problem)

    process = AsyncCrawlerProcess(
        {
            "DOWNLOADER_MIDDLEWARES": {
                "crawler.capture.AskedMiddleware": 10,
                "crawler.guard.GuardMiddleware": 70,
                **(_ROBOTS if settings.pop("ROBOTS", False) else {}),
                "crawler.capture.CaptureMiddleware": 950,
            },
            "TWISTED_DNS_RESOLVER": "crawler.guard.GuardedResolver",
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "RETRY_TIMES": 0,
            "REDIRECT_MAX_TIMES": 3,
            "DOWNLOAD_TIMEOUT": 2,
            "ROBOTSTXT_USER_AGENT": "minzheng",
            "LOG_LEVEL": "INFO",
            "HTTPERROR_ALLOW_ALL": True,
            **settings,
        }
    )
    process.crawl(Spider)
    process.start()
    Spider.recording.end("finished")
    print(
        json.dumps(
            {**told, "tally": asdict(Spider.recording.tally), "errors": Spider.errors, "offsets": Spider.offsets}
        )
    )


_ROBOTS = {
    "crawler.spiders.robots.Robots": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.spiders.retries.Retries": 550,
}


def _answering(names: dict[str, list[str]]) -> object:
    answers = {name: _in_turn(addresses) for name, addresses in names.items()}

    def gethostbyname(name: str) -> str:
        if name in answers:
            return next(answers[name])
        if all(part.isdigit() for part in name.split(".")):
            return name
        raise socket.gaierror(-2, "Name or service not known")

    return gethostbyname


def _in_turn(addresses: list[str]) -> Iterator[str]:
    while True:
        yield from addresses


def _fail_to_keep(_exchange: object) -> None:
    raise OSError(28, "No space left on device")


if __name__ == "__main__":
    main(*sys.argv[1:])
