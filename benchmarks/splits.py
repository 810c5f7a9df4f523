"""How long it takes to split a release, in how much memory, into families of which sizes; and whether anything leaks.

usage: python benchmarks/splits.py notices.db
       python benchmarks/splits.py --data DIR [--untraced]

Splits a copy of a database; or of one that is made of DIR/docs.jsonl and DIR/copies.jsonl, as benchmarks/tracing.py
makes it: settled, or with `--untraced` with every page as a notice of its own, as if no repost had been recognised.
Prints CPU seconds and peak memory of a process that does nothing else; the shares of the parts, families and the
largest of them; reposts whose original is in another part; and pairs that are near-duplicates (of the shingles of
eight characters half are common, or nine tenths of the lesser's) in two parts, found by laying 400 notices of chance
beside all, with what a split by notice would leak beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from archive.families import split_of
from archive.store import Database, open_draft
from archive.store.splits import put_splits
from archive.text import normalise

SAMPLE = 400
RESEMBLES, HOLDS = 0.5, 0.9
FEWEST = 52
"""Shingles of a text of sixty characters."""


def main() -> None:
    """Split, measure, print."""
    parser = argparse.ArgumentParser(description="Split notices by family.")
    parser.add_argument("database", type=Path, nargs="?")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--untraced", action="store_true", help="every page is a notice of its own")
    parser.add_argument("--here", action="store_true", help="split the database itself, and print what that took")
    asked = parser.parse_args()
    if asked.here:
        _split(asked.database)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notices.db"
        reposts: list[tuple[str, str, str]] = []
        if asked.data is None:
            shutil.copy(asked.database, path)
        else:
            reposts = _make(path, asked.data, is_traced=not asked.untraced)
        subprocess.run([sys.executable, __file__, str(path), "--here"], check=True)
        with contextlib.closing(open_draft(path)) as db:
            _print(db, reposts)


def _split(path: Path) -> None:
    with contextlib.closing(open_draft(path)) as db:
        began = time.process_time()
        put_splits(db)
        took = time.process_time() - began
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())  # maxrss knows the parent's, too
    print(f"{took:.1f} s of CPU, {int(peak) // 1024} MB at most")


def _make(path: Path, data: Path, *, is_traced: bool) -> list[tuple[str, str, str]]:
    """A database of these pages; gives the kind, the notice and the original's notice of each repost."""
    from tracing import put_page, put_sources, read_pages  # the process that is measured has no need of these

    from archive.index import Index

    docs, reposts = (list(read_pages(data / f"{name}.jsonl")) for name in ("docs", "copies"))
    with contextlib.closing(open_draft(path)) as db:
        if not is_traced:
            with db.atomic():
                for page in (*docs, *reposts):
                    _put_alone(db, page)
            return [(page["kind"], page["id"], page["of"]) for page in reposts]
        with db.atomic():
            put_sources(db, docs)
            keys = {page["id"]: put_page(db, page, is_bureau=True, is_first=True) for page in docs}
            for page in reposts:
                keys[page["id"]] = put_page(db, page, is_bureau=False, is_linked=True, is_first=True)
        Index(path.parent, db, run="benchmark").settle()
        notices = dict(db.execute("select url_key, notice from copies").fetchall())
        return [(page["kind"], notices[keys[page["id"]]], notices[keys[page["of"]]]) for page in reposts]


def _put_alone(db: Database, page: Mapping[str, str]) -> None:
    seen = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
    db.execute(
        "insert into notices (id, title, text, original_captured, first_seen_at) values (?, ?, ?, 1, ?)",
        [page["id"], page["title"], page["body"], seen],
    )


def _print(db: Database, reposts: list[tuple[str, str, str]]) -> None:
    rows = db.execute("select notice, family, split from splits order by notice").fetchall()
    splits = {notice: split for notice, _, split in rows}
    families = Counter(family for _, family, _ in rows)
    shares = Counter(splits.values())
    print(f"{len(rows)} notices, {len(families)} families; of the notices", end=" ")
    print(", ".join(f"{split} {count / len(rows):.1%}" for split, count in sorted(shares.items())))
    print("largest families:", *(size for _, size in families.most_common(16)))
    apart = Counter(kind for kind, *ends in reposts if _leaks(ends, splits.__getitem__))
    print(f"of {len(reposts)} reposts in another part than their original: {apart.total()} {dict(apart)}")
    pairs = list(_near(db, list(splits)))
    by_notice = sum(_leaks(pair, split_of) for pair in pairs)
    leaks = sum(_leaks(pair, splits.__getitem__) for pair in pairs)
    print(f"{len(pairs)} near-duplicates of {SAMPLE} notices: {leaks} leak, {by_notice} if cut by notice")


def _leaks(ends: list[str], split: Callable[[str], str]) -> bool:
    return len({split(notice) for notice in ends} - {"excluded"}) > 1


def _near(db: Database, ids: list[str]) -> Iterator[list[str]]:
    chosen = set(random.Random(1).sample(ids, min(SAMPLE, len(ids))))
    texts = "select id, text from notices"
    sizes = {notice: len(_shingles(text)) for notice, text in db.execute(texts) if notice in chosen}
    holders: dict[str, list[str]] = defaultdict(list)
    for notice, text in db.execute(texts):
        for shingle in _shingles(text) if notice in chosen else ():
            holders[shingle].append(notice)
    for notice, text in db.execute(texts):
        mine = _shingles(text)
        for other, common in Counter(chain.from_iterable(holders.get(one, ()) for one in mine)).items():
            either, lesser = len(mine) + sizes[other] - common, min(len(mine), sizes[other])
            if notice != other and common >= max(FEWEST, min(RESEMBLES * either, HOLDS * lesser)):
                yield [notice, other]


def _shingles(text: str) -> set[str]:
    plain = normalise(text)
    return {plain[at : at + 8] for at in range(len(plain) - 7)}


if __name__ == "__main__":
    main()
