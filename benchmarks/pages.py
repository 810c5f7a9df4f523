"""How long the pages about an archive take: agencies, places, sources, changes, crawls, the overview, health, feeds.

usage: python benchmarks/pages.py DIR [--times 9]

DIR holds a `notices.db`, as benchmarks/archive_of.py makes it; it is only read. Of agencies, places and sources those
with most notices are asked for, the worst there are. Each page is asked of Datasette in process so many times after a
first one; printed are milliseconds of CPU (50 % and 95 %) and of the clock (50 %), which other work on the machine
lengthens, and the size of the page.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import sqlite3
import statistics
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from archive.browse.serve import find_database, make_datasette

LARGEST = {
    "agency": "select issuing_agency from notices group by 1 order by count(*) desc limit 1",
    "place": "select substr(division, 1, 2) || '0000' from notices group by 1 order by count(*) desc limit 1",
    "source": "select source from copies where role <> 'repost' group by 1 order by count(*) desc limit 1",
    "portal": "select source from copies where role = 'repost' group by 1 order by count(*) desc limit 1",
}
FIXED = (
    *("/dataset", "/changes", "/changes?order=newest", "/changes?class=amount", "/changes.atom", "/crawls"),
    *("/agencies", "/places", "/sources", "/health", "/health/coverage", "/health/issues"),
)


def main() -> None:
    """Ask for each page and print how long it took."""
    parser = argparse.ArgumentParser(description="Time the pages about an archive.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=9)
    asked = parser.parse_args()
    database = find_database(asked.folder)
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as conn:
        notices = conn.execute("select count(*) from notices").fetchone()[0]
        largest = {what: conn.execute(sql).fetchone()[0] for what, sql in LARGEST.items()}
    print(f"{notices:,} notices; {platform.machine()}, Python {platform.python_version()}, {sqlite3.sqlite_version}")
    pages = []
    for what, name in largest.items():
        path = f"/{'source' if what == 'portal' else what}/{quote(name, safe='')}"
        pages += [(f"{what} {name}", path), (f"{what} {name}, feed", f"{path}.atom")]
    asyncio.run(_time(asked.folder, [*pages, *((page, page) for page in FIXED)], asked.times))


async def _time(folder: Path, pages: Sequence[tuple[str, str]], times: int) -> None:
    datasette = make_datasette(folder)
    print(f"{'page':40} {'CPU p50':>8} {'p95':>6} {'clock':>7} {'KB':>6}")
    for name, path in pages:
        cpu, clock, size = [], [], 0
        for turn in range(times + 1):
            began, at = time.process_time(), time.perf_counter()
            answer = await datasette.client.get(path)
            if turn:
                cpu.append((time.process_time() - began) * 1000)
                clock.append((time.perf_counter() - at) * 1000)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
            size = len(answer.content)
        worst = statistics.quantiles(cpu, n=20)[-1]
        told = f"{statistics.median(cpu):8.0f} {worst:6.0f} {statistics.median(clock):7.0f} {size / 1000:6.0f}"
        print(f"{name:40} {told}", flush=True)


if __name__ == "__main__":
    main()
