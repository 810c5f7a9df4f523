"""How long it takes to find what a page may be a repost of, among ever more copies.

usage: python benchmarks/lookup.py [--sizes 2000 20000 200000] [--looks 1000]

Notices are made up, the same every time: nineteen sentences each, two in five of them from a stock that notices
share (some of it in thousands of them, as templates are), the others its own; a fifth of the pages are reposts that
leave out a third of another. Their postings are put into one database, which grows from size to size, a file on disk
with the cache of the index. At every size so many pages, chosen by chance, are looked up as `archive.comparing` does:
every posting read, the copies ranked that share most, their addresses found. Printed are milliseconds of CPU a look-up
(median and 95th percentile), postings and bytes of them a page, and how much slower tenfold is.
"""

from __future__ import annotations

import argparse
import contextlib
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.store import Database, likenesses, open_draft
from archive.trace.forms import read_form
from archive.trace.postings import postings

_STOCK = 20_000
"""Sentences that notices share."""
_HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]


def main() -> None:
    """Fill a database step by step, look pages up at each, print the figures."""
    parser = argparse.ArgumentParser(description="Look up candidates among many copies.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000, 20_000, 200_000])
    parser.add_argument("--looks", type=int, default=1_000)
    asked = parser.parse_args()
    print(f"{platform.machine()}, CPython {platform.python_version()}")
    chance = random.Random(1)
    held = 0
    before: float | None = None
    pages = _pages()
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(open_draft(Path(folder) / "notices.db")) as db:
        known: list[tuple[str, frozenset[int]]] = []
        for size in asked.sizes:
            with db.atomic():
                for number in range(held, size):
                    title, text, is_bureau = next(pages)
                    found = postings(title, read_form(text))
                    key = f"{'mzj' if is_bureau else 'www'}.site{number % 500}.example/a/{number}.html"
                    _put(db, key, found, is_bureau=is_bureau)
                    if chance.random() < asked.looks / size:
                        known.append((key, found))
            held = size
            looked = chance.sample(known, min(asked.looks, len(known)))
            seconds = sorted(_look(db, key, found) for key, found in looked)
            median = statistics.median(seconds) * 1000
            rows = db.execute("select count(*) from postings").fetchone()[0]
            taken = db.execute("select sum(pgsize) from dbstat where name = 'postings'").fetchone()[0]
            growth = f", {median / before:.2f} times the size before" if before is not None else ""
            print(
                f"{size:>8} pages: {median:.2f} ms (95 %: {seconds[int(0.95 * len(seconds))] * 1000:.2f} ms){growth};"
                f" {rows / size:.0f} postings and {taken / size:.0f} bytes a page"
            )
            before = median


def _pages() -> Iterator[tuple[str, str, bool]]:
    """Title, text and whether it is a bureau's, without end."""
    chance = random.Random(7)
    stock = [_sentence(chance) for _ in range(_STOCK)]
    last: list[tuple[str, list[str]]] = []
    while True:
        if last and chance.random() < 0.2:
            title, sentences = chance.choice(last)
            yield title, "\n".join(chance.sample(sentences, len(sentences) * 2 // 3)), False
            continue
        sentences = [_shared(chance, stock) if chance.random() < 0.4 else _sentence(chance) for _ in range(19)]
        title = f"{''.join(chance.choices(_HAN, k=6))}关于做好{''.join(chance.choices(_HAN, k=4))}工作的通知"
        last = [*last[-99:], (title, sentences)]
        yield title, "\n".join(sentences), True


def _sentence(chance: random.Random) -> str:
    return "".join(chance.choices(_HAN, k=chance.randint(15, 60))) + "。"


def _shared(chance: random.Random, stock: Sequence[str]) -> str:
    """A sentence of the stock, the first ones most often."""
    return stock[int(len(stock) * chance.random() ** 4)]


def _put(db: Database, key: str, found: frozenset[int], *, is_bureau: bool) -> None:
    db.execute(
        "insert into copies (url, url_key, evidence, first_seen_at, last_seen_at, text_digest, text_length)"
        " values (?, ?, '{}', '', '', '', 0)",
        [f"http://{key}", key],
    )
    likenesses.put_postings(db, key, found, is_bureau=is_bureau)


def _look(db: Database, key: str, found: frozenset[int]) -> float:
    began = time.process_time()
    bureaus, others = likenesses.sharing(db, found).most(likenesses.mark_of(db, key))
    likenesses.keys_of(db, [*bureaus, *others])
    return time.process_time() - began


if __name__ == "__main__":
    main()
