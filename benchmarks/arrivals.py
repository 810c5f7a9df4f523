"""What is decided while notices and reposts come in any order, with links: whether it is right, and always the same.

usage: python benchmarks/arrivals.py --data DIR [--orders 5] [--at-once 100]

DIR is as for benchmarks/tracing.py; here reposts have the links that they print: some right, some to a home page, to
a dead address or to another notice. All pages come in an order of chance, a few at a time, and what is known is settled
each time. Printed are, over the pages whose repost can be told (`ambiguous` is false), B-cubed precision and recall (of
every page: the share of its notice's pages that are its own document's, and of its document's pages that are its
notice's), notices that hold two documents, originals elected that are right, and whether all orders came to one result.
"""

from __future__ import annotations

import argparse
import contextlib
import platform
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from tracing import Page, put_page, put_sources, read_pages

from archive.index import Index
from archive.store import open_writer
from archive.urls import url_key


def main() -> None:
    """Let them arrive in several orders, print the figures."""
    parser = argparse.ArgumentParser(description="Trace reposts that arrive in any order.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--orders", type=int, default=5)
    parser.add_argument("--at-once", type=int, default=100)
    asked = parser.parse_args()
    docs, reposts = (list(read_pages(asked.data / f"{name}.jsonl")) for name in ("docs", "copies"))
    truth = {url_key(page["url"]): page.get("of", page["id"]) for page in (*docs, *reposts)}
    told = {url_key(page["url"]) for page in (*docs, *reposts) if not page.get("ambiguous")}
    originals = {page["id"]: url_key(page["url"]) for page in docs}
    print(f"{platform.machine()}, CPython {platform.python_version()}; {len(docs)} notices, {len(reposts)} copies")
    results: set[frozenset[tuple[str, str]]] = set()
    for order in range(asked.orders):
        began = time.process_time()
        notices = assign(docs, reposts, seed=order, at_once=asked.at_once)
        results.add(frozenset(notices.items()))
        precision, recall = b_cubed(notices, truth, told)
        mixed, elected, right = originals_held(notices, originals, truth)
        print(
            f"order {order}: B3 precision {precision:.4f}, recall {recall:.4f}; {mixed} notices hold two documents;"
            f" {right} of {elected} documents with copies have their original; {time.process_time() - began:.0f} s"
        )
    print(f"{len(results)} different results of {asked.orders} orders")


def assign(docs: Sequence[Page], reposts: Sequence[Page], *, seed: int, at_once: int) -> dict[str, str]:
    """Let all pages come in an order of chance: url key → notice id in the end."""
    pages = [(page, True) for page in docs] + [(page, False) for page in reposts]
    random.Random(seed).shuffle(pages)
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(open_writer(Path(folder) / "notices.db")) as db:
        index = Index(Path(folder), db, run="benchmark")
        with db.atomic():
            put_sources(db, list(docs))
        for at in range(0, len(pages), at_once):
            with db.atomic():
                for page, is_bureau in pages[at : at + at_once]:
                    put_page(db, page, is_bureau=is_bureau, is_linked=True)
            index.settle()
        return dict(db.execute("select url_key, notice from copies").fetchall())


def b_cubed(notices: Mapping[str, str], truth: Mapping[str, str], told: set[str]) -> tuple[float, float]:
    """Precision and recall, averaged over the pages in `told`."""
    held, meant = Counter(notices[key] for key in told), Counter(truth[key] for key in told)
    both = Counter((notices[key], truth[key]) for key in told)
    precision = sum(count * count / held[notice] for (notice, _), count in both.items()) / len(told)
    recall = sum(count * count / meant[document] for (_, document), count in both.items()) / len(told)
    return precision, recall


def originals_held(
    notices: Mapping[str, str], originals: Mapping[str, str], truth: Mapping[str, str]
) -> tuple[int, int, int]:
    """Notices with two originals; documents some repost of which came to a notice; those whose original is there."""
    documents: dict[str, set[str]] = defaultdict(set)
    for document, key in originals.items():
        documents[notices[key]].add(document)
    pages: dict[str, Counter[str]] = defaultdict(Counter)
    for key, document in truth.items():
        if key != originals[document]:
            pages[document][notices[key]] += 1
    right = sum(most.most_common(1)[0][0] == notices[originals[document]] for document, most in pages.items())
    return sum(len(found) > 1 for found in documents.values()), len(pages), right


if __name__ == "__main__":
    main()
