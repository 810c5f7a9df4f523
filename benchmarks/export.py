"""How fast the exporters write, in how much memory, and whether both keep pace with the archive.

usage: python benchmarks/export.py DIR [--rounds 3] [--notices 100000] [--out FIGURES.json]

DIR holds a `notices.db`, as benchmarks/archive_of.py makes it; it is only read. Printed as JSON are

- `speed`: CPU seconds of our CSV, guard and lists as JSON included, beside the csv module's own writer on the same
  rows, whose lists are JSON already; and of our JSON Lines beside a bare loop of orjson. The writers take turns page by
  page, the first of them another each page, every one into a file; a ratio is another's time by ours, so 1 is as fast.
- `growth`: each format in a process of its own, over the notices and over three times as many, which are the same
  under further ids: rows a second with reading them, without it, and the peak of resident memory. Parquet is parted
  and sharded as a release has it, with three files open at once.

Ends with code 1 if a ratio is below 0.8, Parquet takes more than 300 MB, three times as many rows take more than 3.6
times as long, or memory grows by more than a tenth.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from archive.export.formats import EXPORTERS
from archive.export.formats.csv import write_csv
from archive.export.formats.jsonl import write_jsonl
from archive.export.formats.shards import SPLITS, PartedShards, Plan, Shards
from archive.store import open_reader
from archive.store.dataset import notice_pages
from archive.store.tables import DATASET, TABLES

Rows = Sequence[Mapping[str, Any]]
Sink = Callable[[Rows], object]

LEAST_RATIO, MOST_MB, MOST_GROWTH, MOST_MEMORY = 0.8, 300, 3.6, 1.1
GROWN = ("csv", "jsonl", "jsonl.gz", "parquet")
TIMES = (1, 3)


def main() -> None:
    """Measure, print the figures, and end with 1 when they miss what is asked of them."""
    args = _arguments()
    if args.one:
        print(json.dumps(write_one(args.folder, args.one, args.times, args.notices)))
        return
    figures: dict[str, Any] = {
        "on": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, CPython {platform.python_version()}, "
        f"orjson {orjson.__version__}, pyarrow {version('pyarrow')}, load {os.getloadavg()[0]:.1f}",
        "speed": measure_speed(args.folder, args.rounds, args.notices),
        "growth": {name: measure_growth(args, name) for name in GROWN},
    }
    figures["missed"] = missed(figures)
    told = json.dumps(figures, ensure_ascii=False, indent=2)
    print(told)
    if args.out:
        args.out.write_text(told + "\n", "utf-8")
    raise SystemExit(bool(figures["missed"]))


def measure_speed(folder: Path, rounds: int, notices: int) -> dict[str, Any]:
    """CPU seconds of each writer, round by round, and how ours compare."""
    taken: dict[str, list[float]] = {name: [] for name in WRITERS}
    count = characters = 0
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as target:
            seconds, count, characters = _round(folder, Path(target), notices)
        for name, spent in seconds.items():
            taken[name].append(spent)
    return {
        "notices": count,
        "characters": characters,
        "rounds": rounds,
        "cpu_seconds": {name: [round(one, 2) for one in spent] for name, spent in taken.items()},
        "rows_a_second": {name: round(count / statistics.median(spent)) for name, spent in taken.items()},
        "csv_ratio": _ratio(taken["csv module"], taken["csv"]),
        "jsonl_ratio": _ratio(taken["orjson loop"], taken["jsonl"]),
    }


def _ratio(theirs: Sequence[float], ours: Sequence[float]) -> list[float]:
    """Median, least and most of the rounds."""
    found = [one / other for one, other in zip(theirs, ours, strict=True)]
    return [round(one, 3) for one in (statistics.median(found), min(found), max(found))]


def _round(folder: Path, target: Path, notices: int) -> tuple[dict[str, float], int, int]:
    seconds = dict.fromkeys(WRITERS, 0.0)
    count = characters = 0
    with ExitStack() as files:
        sinks = {name: files.enter_context(write(target / f"{at}")) for at, (name, write) in enumerate(WRITERS.items())}
        for number, page in enumerate(_pages(folder, notices)):
            count += len(page)
            characters += sum(len(row["text"]) for row in page)
            packed = orjson.dumps(page)
            names = list(WRITERS)
            for at in range(len(names)):
                name = names[(at + number) % len(names)]
                rows = _fresh(packed)
                given = (
                    [[spell_lists(value) for value in row.values()] for row in rows] if name == "csv module" else rows
                )
                begun = time.process_time()
                sinks[name](given)
                seconds[name] += time.process_time() - begun
    return seconds, count, characters


def _fresh(packed: bytes) -> Rows:
    """The rows as if they had just been read: a text keeps the UTF-8 that it was written in, and is faster then."""
    return [dict(zip(DATASET.names, row.values(), strict=True)) for row in orjson.loads(packed)]


def spell_lists(value: object) -> object:
    """A value as the csv module needs it: it knows no lists."""
    return orjson.dumps(value).decode() if isinstance(value, list) else value


@contextmanager
def _csv_module(path: Path) -> Iterator[Sink]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield csv.writer(file).writerows


@contextmanager
def _orjson_loop(path: Path) -> Iterator[Sink]:
    with path.open("wb") as file:

        def add(rows: Rows) -> None:
            for row in rows:
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

        yield add


WRITERS: dict[str, Callable[[Path], AbstractContextManager[Sink]]] = {
    "csv module": _csv_module,
    "csv": lambda path: write_csv(path, DATASET),
    "orjson loop": _orjson_loop,
    "jsonl": lambda path: write_jsonl(path, DATASET),
}


def measure_growth(args: argparse.Namespace, name: str) -> list[dict[str, Any]]:
    """What a process of its own takes to write one format, for the notices and for three times as many."""
    found = []
    for times in TIMES:
        words = [str(args.folder), "--one", name, "--times", str(times), "--notices", str(args.notices)]
        done = subprocess.run([sys.executable, __file__, *words], check=True, stdout=subprocess.PIPE)
        found.append(json.loads(done.stdout))
    return found


def write_one(folder: Path, name: str, times: int, notices: int) -> dict[str, Any]:
    """Write one format and tell what this process took for it."""
    count = 0
    writing = 0.0
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as target, _shards(Path(target), name) as shards:
        for turn in range(times):
            for page in _pages(folder, notices):
                rows = [_released(row, turn) for row in page]
                since = time.process_time()
                shards.add(rows)
                writing += time.process_time() - since
                count += len(rows)
        size = sum(path.stat().st_size for path in Path(target).iterdir())
    spent = time.process_time() - begun
    return {
        "rows": count,
        "cpu_seconds": round(spent, 1),
        "rows_a_second": round(count / spent),
        "rows_a_second_without_reading": round(count / writing),
        "megabytes": size >> 20,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6),
    }


def _shards(target: Path, name: str) -> Shards | PartedShards:
    plan = Plan(folder=target, table=TABLES["notices"], exporter=EXPORTERS[name.removesuffix(".gz")], ending=name)
    return PartedShards(plan, SPLITS) if name == "parquet" else Shards(plan)


def _released(row: Mapping[str, Any], turn: int) -> dict[str, Any]:
    """A notice as a release has it: every tenth for validation, another tenth for the test."""
    part = (*SPLITS.values[1:], *SPLITS.values[:1] * 8)[int(row["id"], 36) % 10]
    return {**row, "id": f"{row['id']}{turn}", "family": row["id"], "split": part}


def _pages(folder: Path, notices: int) -> Iterator[Rows]:
    left = notices
    with closing(open_reader(folder / "notices.db")) as db:
        for page in notice_pages(db):
            yield page[:left]
            left -= len(page)
            if left <= 0:
                return


def missed(figures: Mapping[str, Any]) -> list[str]:
    """What of that which is asked for is not so."""
    found = [name for name in ("csv_ratio", "jsonl_ratio") if figures["speed"][name][0] < LEAST_RATIO]
    for name, (once, thrice) in figures["growth"].items():
        if name == "parquet" and max(once["peak_mb"], thrice["peak_mb"]) > MOST_MB:
            found.append("memory of parquet")
        if thrice["cpu_seconds"] > MOST_GROWTH * once["cpu_seconds"]:
            found.append(f"time of {name} as the archive grows")
        if thrice["peak_mb"] > MOST_MEMORY * once["peak_mb"]:
            found.append(f"memory of {name} as the archive grows")
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the exporters.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--notices", type=int, default=100_000, help="how many of those that there are")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--one", choices=GROWN, help=argparse.SUPPRESS)
    parser.add_argument("--times", type=int, default=1, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
