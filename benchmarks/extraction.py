"""What our reader gets from real pages, and what it costs beside trafilatura's default and others in the same run.

usage: python benchmarks/extraction.py --set DIR --out PRED.jsonl [--baseline BASE.jsonl] [--rounds 5]
       python benchmarks/extraction.py --set DIR --out PRED.jsonl --peers DIR --score SCORE.py [--class CLASS]...

DIR holds `manifest.jsonl` (id, kind, file, url) and the files it names. Every article page gives one line:
id, title, published, source, original_url, doc_number, author, text, seconds. `seconds` is CPU time from bytes to
Reading, the median of the rounds. With `--baseline`, trafilatura reads the same bytes in the same rounds, in turn
before and after us, and the ratio of the two is printed: compare ratios, for seconds depend on the machine's day.
With `--peers`, so do readability-lxml, magic-html, newspaper4k and GNE (benchmarks/peers.py), and every reader's
predictions go to a file of their own in that folder.
Readers that take text get it decoded by us, which is not on their clock; trafilatura and we get the bytes.
With `--score`, the set's scorer is run on all of them and its figures are printed as a table, once for all pages and,
with `--class`, once for those of these classes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from peers import Prediction, Reader, Sample, load_peers, nothing, read_trafilatura, version_of

from archive import extract
from archive.dates import BEIJING
from archive.page import decode_text, open_page
from archive.records import Reading

HEADERS = (("Content-Type", "text/html"),)
OURS = "ours"
BASELINE = "trafilatura"
COLUMNS = {
    "F1": "text",
    "F1<.5": "text",
    "title%": "title",
    "date%": "published",
    "time%": "published",
    "source%": "source",
}
"""The scorer's column → the field it scores; a reader that never gives the field has no figure."""


@dataclass
class Run:
    """What one reader made of the set: its last predictions, CPU seconds by round and page, and pages it failed on."""

    predictions: list[Prediction] = field(default_factory=list)
    seconds: list[list[float]] = field(default_factory=list)
    failed: int = 0

    def cost(self) -> list[float]:
        """CPU seconds of each page: the median of the rounds."""
        return [statistics.median(page) for page in zip(*self.seconds, strict=True)]

    def means(self) -> list[float]:
        """CPU seconds a page of each round."""
        return [statistics.fmean(pages) for pages in self.seconds]


def main() -> None:
    """Read the set in interleaved rounds, write the predictions, print the figures."""
    args = _arguments()
    samples = load(args.set)
    readers: dict[str, Reader] = {OURS: read_ours}
    missing: dict[str, str] = {}
    if args.baseline or args.peers:
        readers[BASELINE] = read_trafilatura
    if args.peers:
        peers, missing = load_peers()
        readers |= peers
    runs = read_all(readers, samples, rounds=args.rounds)
    files = write_all(runs, args.out, args.peers)
    if args.baseline:
        write(args.baseline, runs[BASELINE])
    report(len(samples), runs)
    for name, why in missing.items():
        print(f"{name:18} not run: {why}")
    if args.score:
        for classes in ([], args.classes) if args.classes else ([],):
            print(f"\n{table(runs, missing, scores(args.score, files, classes), classes)}", end="")
    told = ", ".join(f"{name} {version_of(name)}" for name in ("lxml", *(name for name in readers if name != OURS)))
    print(f"\n{len(samples)} pages; Python {platform.python_version()}, {told}, reader {extract.READER_VERSION}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {time.strftime('%Y-%m-%d')}")


def load(folder: Path) -> list[Sample]:
    """Load the article pages that the manifest names; a page without a known address gets an invented one."""
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines() if line]
    samples = []
    for row in rows:
        if row["kind"] == "article":
            body = (folder / row["file"]).read_bytes()
            samples.append(Sample(row["id"], row.get("url") or _invented(row["id"]), body, decode_text(body, None)[0]))
    return samples


def read_all(readers: dict[str, Reader], samples: list[Sample], *, rounds: int) -> dict[str, Run]:
    """Let every reader read every page once a round, in turn from first to last and from last to first."""
    runs = {name: Run() for name in readers}
    for number in range(-1, rounds):  # round -1 warms up: imports, compiled patterns, dictionaries
        for name in list(readers) if number % 2 else reversed(list(readers)):
            costs = read_once(readers[name], samples, runs[name])
            if number >= 0:
                runs[name].seconds.append(costs)
    return runs


def read_once(reader: Reader, samples: list[Sample], run: Run) -> list[float]:
    """Read every page once; CPU seconds of this process for each. A page that a reader fails on counts as empty."""
    costs = []
    run.predictions, run.failed = [], 0
    for sample in samples:
        start = time.process_time()
        try:
            result = reader(sample)
        except Exception as error:  # noqa: BLE001 (a reader's failure is a figure here)
            result = {**nothing(), "error": f"{type(error).__name__}: {error}"}
            run.failed += 1
        costs.append(time.process_time() - start)
        run.predictions.append({"id": sample.id, **result})
    return costs


def read_ours(sample: Sample) -> Prediction:
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


def write_all(runs: dict[str, Run], out: Path, folder: Path | None) -> dict[str, Path]:
    """Write our predictions, and those of every other reader to its own file in the folder; the files by reader."""
    files = {OURS: out}
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        files |= {name: folder / f"{name}.jsonl" for name in runs if name != OURS}
    for name, path in files.items():
        write(path, runs[name])
    return files


def write(path: Path, run: Run) -> None:
    """Write one prediction a line."""
    with path.open("w", encoding="utf-8") as file:
        for result, cost in zip(run.predictions, run.cost(), strict=True):
            file.write(json.dumps({**result, "seconds": round(cost, 6)}, ensure_ascii=False) + "\n")


def report(pages: int, runs: dict[str, Run]) -> None:
    """Print CPU a page of every reader and its ratio to trafilatura in the same rounds."""
    for name, run in runs.items():
        failed = f"; failed on {run.failed} of {pages} pages" if run.failed else ""
        cost = 1000 * statistics.median(run.means())
        print(f"{name:18} {cost:8.2f} ms CPU a page, median of {len(run.seconds)} rounds{_ratio(runs, name)}{failed}")


def scores(scorer: Path, files: dict[str, Path], classes: list[str]) -> dict[str, dict[str, str]]:
    """The scorer's figures by reader and column, as it prints them."""
    words = [word for one in classes for word in ("--class", one)]
    command = [sys.executable, str(scorer), *map(str, files.values()), *words]
    printed = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout.splitlines()
    at = next(number for number, line in enumerate(printed) if line.startswith("predictions"))
    header = printed[at].split()
    rows = (line.split() for line in printed[at + 1 :])
    pages = printed[at - 1].split()[0]
    found = [{**dict(zip(header, row, strict=False)), "pages": pages} for row in rows]  # more stands behind the columns
    return dict(zip(files, found, strict=True))


def table(runs: dict[str, Run], missing: dict[str, str], scored: dict[str, dict[str, str]], classes: list[str]) -> str:
    """The figures of every reader as a table in Markdown; a reader that does not run here has its error in its row."""
    told = f"classes {', '.join(classes)}" if classes else "all classes"
    lines = [
        f"{next(iter(scored.values()))['pages']} pages, {told}:\n",
        "| reader | F1 | F1 < .5 % | title % | day % | minute % | source % | CPU ms a page | × trafilatura |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, row in scored.items():
        cost = f"{1000 * statistics.median(runs[name].means()):.2f}" if not classes else ""
        ratio = _ratio(runs, name).removeprefix("; × trafilatura ") if not classes else ""
        figures = [row[column] if _gives(runs[name], wanted) else "–" for column, wanted in COLUMNS.items()]
        lines.append(f"| {name} | {' | '.join(figures)} | {cost} | {ratio} |")
    lines += [f"| {name} | not run: {why} |{' |' * 7}" for name, why in missing.items() if not classes]
    return "\n".join(lines) + "\n"


def _gives(run: Run, name: str) -> bool:
    return any(result.get(name) for result in run.predictions)


def _ratio(runs: dict[str, Run], name: str) -> str:
    """Median of the rounds' ratios to trafilatura, and their span; nothing where it was not read."""
    if BASELINE not in runs or name == BASELINE:
        return ""
    ratios = [mine / base for mine, base in zip(runs[name].means(), runs[BASELINE].means(), strict=True)]
    return f"; × trafilatura {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="PRED.jsonl")
    parser.add_argument("--baseline", type=Path, metavar="BASE.jsonl")
    parser.add_argument("--peers", type=Path, metavar="DIR")
    parser.add_argument("--score", type=Path, metavar="SCORE.py")
    parser.add_argument("--class", dest="classes", action="append", default=[], metavar="CLASS")
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
