"""A whole crawl of the miniature web in a process of its own, as the spiders run it: no delays, nothing else changed.

Run as `python crawling.py FOLDER OPTIONS`, where OPTIONS is a JSON object: `only` (source keys), `limit`, `since`,
`until`, `max_time` (seconds), `addresses` (lists that nobody configured; an object of them names the family of each),
`articles`, `file_size` (bytes that a file may have, as on a full disk), `broken` (every article breaks the spider),
`delay`, `platform` (of every site), `kind` (`crawl` keeps the least delay and what is remembered of hosts), `is_named`.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Crawled:
    """How a crawl ended; `told` is its CrawlResult, None if it raised."""

    code: int
    told: Mapping[str, Any] | None
    err: str


def start(folder: Path, **options: object) -> subprocess.Popen[str]:
    """Start a crawl in the environment of the `web` fixture."""
    return subprocess.Popen(
        [sys.executable, __file__, str(folder), json.dumps(options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=folder.parent,
    )


def finish(process: subprocess.Popen[str]) -> Crawled:
    """Wait for its end."""
    try:
        out, err = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    lines = out.splitlines()
    return Crawled(process.returncode, json.loads(lines[-1]) if lines else None, err)


def crawl(folder: Path, **options: object) -> Crawled:
    """Crawl to the end."""
    return finish(start(folder, **options))


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of the archive's database."""
    db = sqlite3.connect(f"file:{folder / 'notices.db'}?mode=ro", uri=True)
    try:
        return db.execute(query).fetchall()
    finally:
        db.close()


def main(folder: str, given: str) -> None:
    """The child's side."""
    from dataclasses import replace

    from crawler.catalogue import adhoc_site, load_catalogue
    from crawler.demo import DEMO_SOURCES
    from crawler.lists import Ask
    from crawler.run import run_crawl
    from crawler.spiders.plan import Plan

    options = json.loads(given)
    if "file_size" in options:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (options["file_size"], options["file_size"]))
    if "broken" in options:
        from crawler.spiders import channel

        channel.wants_look = _break
    if "wants_nothing_good" in options:
        from archive.archive import Archive

        Archive.wanted = _break  # type: ignore[method-assign]  # a bug where the crawl is idle
    catalogue = load_catalogue(DEMO_SOURCES)
    addresses = options.get("addresses", ())
    named = tuple(adhoc_site(url) for url in addresses)
    if isinstance(addresses, dict):
        named = tuple(
            replace(site, channels=tuple(replace(channel, family=addresses[channel.url]) for channel in site.channels))
            for site in named
        )
    sites = named or tuple(catalogue[key] for key in options.get("only", catalogue))
    plan = Plan(
        sites=tuple(replace(site, platform=options.get("platform", site.platform)) for site in sites),
        articles=tuple(Ask(url=url, kind="entry") for url in options.get("articles", ())),
        by_address=frozenset(channel.url for site in named for channel in site.channels),
        limit=options.get("limit"),
        since=date.fromisoformat(options["since"]) if "since" in options else None,
        until=date.fromisoformat(options["until"]) if "until" in options else None,
        max_time=options.get("max_time"),
        kind=options.get("kind", "demo"),
        delay=options.get("delay", 0.0),
        is_named=options.get("is_named", False),
    )
    result = run_crawl(plan, Path(folder))
    print(json.dumps(asdict(result)))
    raise SystemExit(result.exit_code)


def _break(*_: object) -> Any:
    raise RuntimeError("a bug")


if __name__ == "__main__":
    main(*sys.argv[1:])
