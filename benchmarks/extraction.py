"""What our reader gets from real pages, and what it costs beside trafilatura's default in the same run.

usage: python benchmarks/extraction.py --set DIR --out PRED.jsonl [--baseline BASE.jsonl] [--rounds 5]

DIR holds `manifest.jsonl` (id, kind, file, url) and the files it names. Every article page gives one line:
id, title, published, source, original_url, doc_number, author, text, seconds. `seconds` is CPU time from bytes to
Reading, the median of the rounds. With `--baseline`, trafilatura reads the same bytes in the same rounds, in turn
before and after us, and the ratio of the two is printed: compare ratios, for seconds depend on the machine's day.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from trafilatura import bare_extraction

from archive import extract
from archive.dates import BEIJING
from archive.page import open_page
from archive.records import Reading

HEADERS = (("Content-Type", "text/html"),)


@dataclass(frozen=True)
class Sample:
    """One article page of the set."""

    id: str
    url: str
    body: bytes


def main() -> None:
    """Read the set in interleaved rounds, write the predictions, print the figures."""
    args = _arguments()
    samples = load(args.set)
    readers: dict[str, Callable[[Sample], dict[str, object]]] = {"ours": read_ours}
    if args.baseline:
        readers["trafilatura"] = read_trafilatura
    seconds: dict[str, list[list[float]]] = {name: [] for name in readers}
    found: dict[str, list[dict[str, object]]] = {}
    for number in range(-1, args.rounds):  # round -1 warms up: imports, compiled patterns
        for name in list(readers) if number % 2 else reversed(list(readers)):
            results, costs = run(readers[name], samples)
            found[name] = results
            if number >= 0:
                seconds[name].append(costs)
    for name, path in (("ours", args.out), ("trafilatura", args.baseline)):
        if path:
            write(path, found[name], [statistics.median(page) for page in zip(*seconds[name], strict=True)])
    report(len(samples), seconds)


def load(folder: Path) -> list[Sample]:
    """Load the article pages that the manifest names; a page without a known address gets an invented one."""
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines() if line]
    return [
        Sample(row["id"], row.get("url") or _invented(row["id"]), (folder / row["file"]).read_bytes())
        for row in rows
        if row["kind"] == "article"
    ]


def run(
    reader: Callable[[Sample], dict[str, object]], samples: list[Sample]
) -> tuple[list[dict[str, object]], list[float]]:
    """Read every page once; CPU seconds of this process for each."""
    results, costs = [], []
    for sample in samples:
        start = time.process_time()
        result = reader(sample)
        costs.append(time.process_time() - start)
        results.append({"id": sample.id, **result})
    return results, costs


def read_ours(sample: Sample) -> dict[str, object]:
    """Bytes to Reading, as the index does it."""
    reading = extract.read(open_page(sample.url, sample.body, HEADERS))
    return {
        "title": reading.title,
        "published": _printed(reading),
        "source": reading.attribution,
        "original_url": reading.claimed_original,
        "doc_number": reading.document_number,
        "author": reading.author,
        "text": reading.text,
    }


def read_trafilatura(sample: Sample) -> dict[str, object]:
    """The same bytes through trafilatura's default, with its metadata."""
    found = bare_extraction(sample.body, url=sample.url, with_metadata=True)
    if found is None or isinstance(found, dict):
        return {"title": None, "published": None, "source": None, "author": None, "text": ""}
    return {
        "title": found.title,
        "published": found.date,
        "source": found.sitename,
        "author": found.author,
        "text": found.text,
    }


def write(path: Path, results: list[dict[str, object]], seconds: list[float]) -> None:
    """Write one prediction a line."""
    with path.open("w", encoding="utf-8") as file:
        for result, cost in zip(results, seconds, strict=True):
            file.write(json.dumps({**result, "seconds": round(cost, 6)}, ensure_ascii=False) + "\n")


def report(pages: int, seconds: dict[str, list[list[float]]]) -> None:
    """Print CPU a page, the ratio of the same rounds, and what it was measured on."""
    rounds = {name: [sum(costs) / pages for costs in runs] for name, runs in seconds.items()}
    for name, means in rounds.items():
        print(f"{name:12} {1000 * statistics.median(means):7.2f} ms CPU a page (median of {len(means)} rounds)")
    if "trafilatura" in rounds:
        ratios = [ours / theirs for ours, theirs in zip(rounds["ours"], rounds["trafilatura"], strict=True)]
        print(
            f"ratio        {min(ratios):.3f} / {statistics.median(ratios):.3f} / {max(ratios):.3f} (min / median / max)"
        )
    names = ", ".join(f"{name} {version(name)}" for name in ("trafilatura", "lxml"))
    print(f"{pages} pages; Python {platform.python_version()}, {names}, reader {extract.READER_VERSION}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {time.strftime('%Y-%m-%d')}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="PRED.jsonl")
    parser.add_argument("--baseline", type=Path, metavar="BASE.jsonl")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def _invented(name: str) -> str:
    return f"http://{name.replace('_', '-').lower()}.example/page.html"


def _printed(reading: Reading) -> str | None:
    if reading.published_at is not None:
        return reading.published_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    return reading.published_on.isoformat() if reading.published_on is not None else None


if __name__ == "__main__":
    main()
