"""Datasette and crawls at once: how fast the archive is read while it is written, and whether a page is ever half.

usage: python benchmarks/serving.py [--seconds 120] [--alone 20] [--readers 2] [--first 1000] [--batch 60] [--pause 3]
           [--rest 100]

A site is made up and served by a loopback proxy. After a first crawl our own command serves the archive; readers ask it
over HTTP, for some seconds alone, then while crawl follows crawl, each with its index and new notices, asked without a
delay, and a pause behind it: many times the pace at which anybody's server may be asked. A reader takes the search
page, a notice, a table and counts in turn, rests 100 ms behind each, and holds each against itself: a notice has its
text, its title and a copy; rows that count copies agree with the copies; the search index has as many notices as there
are. Printed are the times by kind of page, what was not answered with 200, and what did not agree; exit code 1 if there
was anything of these.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote

from incremental import put_site, title

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from archive.browse.serve import start  # noqa: E402  the checkout is put on the path above
from crawler.demo.hosts import Sites  # noqa: E402
from crawler.demo.proxy import serve  # noqa: E402
from tests.hostile import Asker  # noqa: E402

DISAGREE = """select (select count(*) from notices where copies <> (select count(*) from copies where notice = id))
  + abs((select count(*) from notices) - (select count(*) from notices_fts where notices_fts match zh_match('')))
  as wrong"""


class Reader(threading.Thread):
    """One who reads until told to stop; keeps the times by kind of page, and what was wrong."""

    def __init__(self, address: str, seed: int, *, first: int, rest: int) -> None:
        super().__init__(daemon=True)
        self.times: dict[str, list[float]] = defaultdict(list)
        self.alone: dict[str, list[float]] = {}
        self.wrong: list[str] = []
        self.stopped = threading.Event()
        self._asker = Asker(address)
        self._chance = random.Random(seed)
        self._first = first
        self._rest = rest

    def run(self) -> None:
        """Take page after page."""
        while not self.stopped.is_set():
            newest = json.loads(
                self._take("newest as JSON", "/notices/notices.json?_shape=array&_sort_desc=n&_size=40")
            )
            chosen: dict[str, str] = self._chance.choice(newest)
            word = quote(f"第{self._chance.randrange(1, self._first)}批")
            self._take("search", f"/search?q={word}", lambda page: "<mark>" in page)
            self._take("search, common word", f"/search?q={quote('民政服务事项')}", lambda page: "<mark>" in page)
            self._take("notice", f"/notice/{chosen['id']}", partial(_is_whole, notice=chosen))
            self._take("table", "/notices/notices?_sort_desc=n", lambda page: page.count("<tr>") > 20)
            counted = self._take("counts", f"/notices.json?_shape=array&sql={quote(DISAGREE)}")
            if counted and (wrong := json.loads(counted)[0]["wrong"]):
                self.wrong.append(f"counts: {wrong} rows disagree")

    def _take(self, kind: str, path: str, is_right: Callable[[str], bool] = bool) -> str:
        time.sleep(self._rest / 1000)
        begun = time.perf_counter()
        status, body = self._asker.get(path)
        self.times[kind].append((time.perf_counter() - begun) * 1000)
        page = body.decode()
        if status != 200 or "locked" in page or not is_right(page):
            self.wrong.append(f"{kind}: {status} {path[:80]}")
        return page


def main() -> int:
    """Crawl and read at once, print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, default in (
        ("seconds", 120),
        ("alone", 20),
        ("readers", 2),
        ("first", 1000),
        ("batch", 60),
        ("pause", 3),
        ("rest", 100),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sites").mkdir()
        sites = Sites(Path(folder) / "sites")
        with serve(sites) as proxy:
            env = {**os.environ, "http_proxy": proxy.address, "https_proxy": proxy.address, "no_proxy": ""}
            env["PYTHONPATH"] = str(ROOT)
            crawl(sites, given.first, Path(folder), env)
            address, process = start(Path(folder) / "archive")
            readers = [Reader(address, seed, first=given.first, rest=given.rest) for seed in range(given.readers)]
            for reader in readers:
                reader.start()
            time.sleep(given.alone)
            for reader in readers:
                reader.alone, reader.times = reader.times, defaultdict(list)
            count, crawls, until = given.first, 0, time.monotonic() + given.seconds
            while time.monotonic() < until:
                count, crawls = count + given.batch, crawls + 1
                crawl(sites, count, Path(folder), env)
                time.sleep(given.pause)
            for reader in readers:
                reader.stopped.set()
            for reader in readers:
                reader.join(timeout=30)
            process.communicate(timeout=30)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{machine}, CPython {platform.python_version()}")
    print(f"{crawls} crawls of {given.batch} new notices each, {count:,} notices in the end; {given.readers} readers")
    return report(readers)


def crawl(sites: Sites, count: int, folder: Path, env: dict[str, str]) -> None:
    """One crawl of the site with so many notices, by our spider without delays, its index beside it."""
    put_site(sites, count)
    command = [
        sys.executable,
        "-P",
        str(Path(__file__).with_name("incremental.py")),
        "--as",
        "ours",
        "--folder",
        str(folder),
    ]
    subprocess.run(command, env=env, check=True, capture_output=True)


def report(readers: list[Reader]) -> int:
    """Print times and faults; 1 if there is a fault."""
    tell("alone", [reader.alone for reader in readers])
    tell("while crawls write", [reader.times for reader in readers])
    wrong = [fault for reader in readers for fault in reader.wrong]
    print(f"not answered, locked, half or in disagreement: {len(wrong)}", *wrong[:10], sep="\n")
    return 1 if wrong else 0


def tell(when: str, taken: list[dict[str, list[float]]]) -> None:
    """Print the times of one phase by kind of page, in milliseconds."""
    print(when)
    for kind in (*sorted({kind for times in taken for kind in times}), "all"):
        every = sorted(time for times in taken for one in times if kind in {one, "all"} for time in times[one])
        p50, p95, p99 = (every[int(share * (len(every) - 1))] for share in (0.5, 0.95, 0.99))
        print(
            f"  {kind:20} {len(every):6,} read: p50 {p50:4.0f}, p95 {p95:4.0f}, p99 {p99:4.0f}, max {every[-1]:4.0f} ms"
        )


def _is_whole(page: str, notice: dict[str, str]) -> bool:
    """Whether the page of a notice has its title, all of its text, its copy and its capture."""
    number = re.search(r"第(\d+)批", notice["title"])
    if number is None:
        return False
    lines = all(f"第{number[1]}件事项第{line}条" in page for line in range(6))
    return lines and title(int(number[1])) in page and notice["best_copy"] in page and "/capture/" in page


if __name__ == "__main__":
    sys.exit(main())
