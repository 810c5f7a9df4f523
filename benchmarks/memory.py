"""What crawl, index and serve of the miniature web take of memory, all at once.

usage: python benchmarks/memory.py [--limit MIB] [--out FIGURES.json]

The miniature web is served by this process, which is not counted. `minzheng crawl --all` runs over it with its index,
and beside them `minzheng serve` answers page after page from the archive that grows. Ten times a second the resident
memory of these processes and all their children is read from /proc (Linux only); pages that two of them share are
counted in each, so the sum is an upper bound. Ends with code 1 when the peak of the sum is above the limit.
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
import urllib.request
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError

from crawler.demo import DEMO_SOURCES, web

MIB = 1024 * 1024
PAGES = ("/", "/notices/notices", "/notices/notices?_search=%E6%B0%91%E6%94%BF", "/notices/copies")


def main() -> None:
    """Measure, print the figures, and end with 1 when they are above the limit."""
    args = _arguments()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "archive"
        _write_settings(folder)
        peak, single, seconds, code, answers = measure(folder)
    figures = {
        "on": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, CPython {platform.python_version()}",
        "peak_mib": {"together": round(peak / MIB), **{name: round(most / MIB) for name, most in single.items()}},
        "seconds": round(seconds),
        "crawl_exit_code": code,
        "pages_served": answers,
    }
    print(json.dumps(figures, ensure_ascii=False, indent=2))
    if args.out:
        args.out.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if peak > args.limit * MIB:
        raise SystemExit(f"{peak / MIB:.0f} MiB is above the limit of {args.limit} MiB")


def measure(folder: Path) -> tuple[int, Counter[str], float, int, int]:
    """Peak of the sum and of each process in bytes, seconds, the crawl's exit code, pages that were served."""
    single: Counter[str] = Counter()
    peak = answers = 0
    begun = time.perf_counter()
    with web() as served:
        env = {**os.environ, **served.env}
        crawl = _start(folder, "crawl", "--all", env=env)
        while not (folder / "notices.db").exists() and crawl.poll() is None:
            time.sleep(0.1)
        serve = _start(folder, "serve", "--port", "8765", env={**os.environ, "no_proxy": "127.0.0.1"})
        try:
            rounds = 0
            while crawl.poll() is None or rounds < 40:
                rounds += crawl.poll() is not None  # a while longer: what is served is whole then
                answers += _ask(PAGES[rounds % len(PAGES)])
                now = {**_resident("crawl", crawl.pid), **_resident("serve", serve.pid)}
                peak = max(peak, sum(now.values()))
                for name, size in now.items():
                    single[name] = max(single[name], size)
                time.sleep(0.1)
        finally:
            serve.terminate()
            serve.wait()
    return peak, single, time.perf_counter() - begun, crawl.returncode, answers


def _start(folder: Path, *words: str, env: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "crawler.cli", "--archive", str(folder), *words]
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _write_settings(folder: Path) -> None:
    """An operator's own archive that knows the miniature web, asked without delays: its hosts are nobody's."""
    (folder / "sources").mkdir(parents=True)
    settings = 'contact = "benchmark@example.org"\nshipped = false\nmin_free = 1\n'
    (folder / "minzheng.toml").write_text(settings, "utf-8")
    for file in DEMO_SOURCES.glob("*.toml"):
        first, *entries = file.read_text("utf-8").split("[[source]]")
        timed = [entry if "\ndelay" in entry else f"\ndelay = 0{entry}" for entry in entries]
        (folder / "sources" / file.name).write_text("[[source]]".join((first, *timed)), "utf-8")


def _ask(path: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:8765{path}", timeout=10) as answer:
            return bool(answer.read())
    except (URLError, ConnectionError, TimeoutError):
        return False


def _resident(name: str, pid: int) -> dict[str, int]:
    """Resident bytes of a process and of all its children; the crawl's child is the index."""
    found, waiting = {}, [(name, pid)]
    while waiting:
        told, one = waiting.pop()
        try:
            lines = Path(f"/proc/{one}/status").read_text().splitlines()
            children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
        except OSError:  # it has ended
            continue
        resident = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")), 0)
        found[told] = found.get(told, 0) + resident
        waiting += [("index" if told in ("crawl", "index") else told, int(child)) for child in children]
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, default=1024, help="MiB that the three may take together")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
