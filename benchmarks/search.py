"""Whether a search finds all there is and nothing else, and how long it takes, beside trigram and LIKE in the same run.

usage: python benchmarks/search.py DIR [--queries 150] [--peers] [--seed 1]

DIR holds a `notices.db`, as benchmarks/archive_of.py makes it; it is only read. The queries are terms of the trade,
pieces of one to nine and more characters out of its own texts, traditional, full-width and quoted with blanks,
document numbers in four brackets, and several words with AND, OR and exclusion. Truth is a scan of the folded texts
that knows nothing of the index. Printed for each class are recall and precision, and milliseconds of CPU (50 % and 95 %
of the queries) of counting the hits and of ranking the best twenty with snippets; then of the whole search page and of
a notice's page, asked of Datasette in process. With `--peers`, FTS5 trigram and LIKE answer the same queries over the
same texts as they stand: what their users do without folding.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from invented_notices import TERMS, to_traditional

from archive.browse.serve import make_datasette
from archive.browse.statements import statement
from archive.store.search import register
from archive.text import fold

FIELDS = ("title", "text", "attachments_text", "document_number")
_CJK = "\u3005-\u3007\u4e00-\u9fff\u3400-\u4dbf"
_PIECES = re.compile(f"[{_CJK}]+|[0-9a-z]+")
_BLANKS = re.compile(f"(?<=[{_CJK}])[ \t]+(?=[{_CJK}])")
_LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 12)
_RUNS = re.compile(f"[{_CJK}]+")

Rows = list[tuple[str, ...]]
Ask = Callable[["Query"], tuple[sqlite3.Connection, str, Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is typed, its class, and what it means: any of some groups, each all of its terms, and none of others."""

    typed: str
    kind: str
    groups: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()


def main() -> None:
    """Ask every query of every way, print the figures."""
    parser = argparse.ArgumentParser(description="Measure search against a scan, trigram and LIKE.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", type=int, default=150)
    parser.add_argument("--peers", action="store_true", help="ask FTS5 trigram and LIKE, too")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    conn = sqlite3.connect(f"{(asked.folder / 'notices.db').resolve().as_uri()}?mode=ro", uri=True)
    register(conn)
    texts, folded, ids = _load(conn)
    queries = make_queries(random.Random(asked.seed), folded, asked.queries)
    truth = [scan(query, folded) for query in queries]
    machine = f"{platform.machine()}, CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}")
    size = sum(len(text) for row in texts for text in row)
    print(f"{len(ids):,} notices, {size / 1e6:.1f} M characters, {len(queries)} queries; ms of CPU, 50 % / 95 %\n")
    ours = _measure(
        "character pairs",
        queries,
        truth,
        lambda query: (conn, "notices_fts match zh_match(?)", [query.typed]),
        "from notices_fts where",
    )
    best = statement("search")
    top = [_timed(conn, best, {"q": query.typed}) for query in queries]
    _print_kinds("top 20 with snippets", queries, top)
    if asked.peers:
        _measure_peers(texts, queries, truth)
    _measure_pages(asked.folder, queries, random.Random(asked.seed).sample(ids, 100))
    if not ours:
        sys.exit("recall or precision below 1: see above")


def make_queries(chance: random.Random, folded: Rows, wanted: int) -> list[Query]:
    """So many queries, a fixed share of each class, pieces taken out of the texts themselves."""
    terms = chance.sample(TERMS, 40)
    pieces = [_piece(chance, folded, length) for length in _LENGTHS for _ in range(7)]
    made = [_plain(term, _length(term)) for term in (*terms[:20], *pieces)]
    made += [_plain(to_traditional(term), "traditional", meaning=term) for term in terms[20:30]]
    made += [_plain(f'"{" ".join(term)}"', "spaced", meaning=term) for term in terms[30:36]]
    for year in chance.sample(range(2005, 2026), 5):
        made.append(_plain(f"{year}年".translate(_WIDE), "full width", meaning=f"{year}年"))
        made.append(_plain(f"{year}年{chance.randint(1, 12)}月", "mixed"))
    numbers = [number for *_, number in folded if number]
    made += [query for number in chance.sample(numbers, 5) for query in _numbers(number)]
    for one, other in zip(chance.sample(TERMS, 10), chance.sample(TERMS, 10), strict=True):
        made.append(Query(typed=f"{one} {other}", kind="and", groups=((one, other),)))
        made.append(Query(typed=f"{one} OR {other}", kind="or", groups=((one,), (other,))))
        made.append(Query(typed=f"{one} -{other}", kind="without", groups=((one,),), without=(other,)))
    different = list({query.typed: query for query in made}.values())
    return sorted(chance.sample(different, min(wanted, len(different))), key=lambda query: query.kind)


def _plain(typed: str, kind: str, *, meaning: str | None = None) -> Query:
    return Query(typed=typed, kind=kind, groups=((meaning or typed,),))


def _numbers(number: str) -> Iterator[Query]:
    """A document number as it is, and its year and serial in each kind of brackets."""
    yield _plain(number, "number")
    year, serial = re.findall(r"〔(\d+)〕(\d+号)", number)[0]
    for left, right in ("〔〕", "[]", "（）", "【】"):
        yield _plain(f"{left}{year}{right}{serial}", "number", meaning=f"{year} {serial}")


def scan(query: Query, folded: Rows) -> set[int]:
    """Places of the notices that a query means, by reading all of them."""
    groups = [[_meant(term) for term in group] for group in query.groups]
    without = [_meant(term) for term in query.without]
    return {
        place
        for place, row in enumerate(folded)
        if any(all(_is_in(term, row) for term in group) for group in groups)
        and not any(_is_in(term, row) for term in without)
    }


def _meant(term: str) -> str | re.Pattern[str]:
    """A term as it is looked for: Chinese alone as it is; pieces of anything else whole, with any marks between."""
    pieces: list[str] = _PIECES.findall(fold(term))
    if len(pieces) == 1 and _RUNS.fullmatch(pieces[0]):
        return pieces[0]
    whole = [piece if _RUNS.match(piece) else f"(?<![0-9a-z]){piece}(?![0-9a-z])" for piece in pieces]
    return re.compile(f"[^0-9a-z{_CJK}]*".join(whole))


def _is_in(term: str | re.Pattern[str], row: Sequence[str]) -> bool:
    if isinstance(term, str):
        return any(term in text for text in row)
    return any(term.search(text) for text in row)


def _load(conn: sqlite3.Connection) -> tuple[Rows, Rows, list[str]]:
    """Texts as they stand, folded and without blanks inside words, and ids; place i is the notice with n = i + 1."""
    rows = conn.execute(f"select id, {', '.join(FIELDS)} from notices order by n").fetchall()
    texts = [tuple(text or "" for text in row[1:]) for row in rows]
    return texts, [tuple(_BLANKS.sub("", fold(text)) for text in row) for row in texts], [row[0] for row in rows]


def _piece(chance: random.Random, folded: Rows, length: int) -> str:
    while True:
        runs: list[str] = [run for run in _RUNS.findall(chance.choice(folded)[1]) if len(run) >= length]
        if runs:
            run = chance.choice(runs)
            at = chance.randrange(len(run) - length + 1)
            return run[at : at + length]


def _length(term: str) -> str:
    return f"{len(term)} character{'s' if len(term) > 1 else ''}" if len(term) < 5 else "5 and more"


def _measure(name: str, queries: Sequence[Query], truth: Sequence[set[int]], ask: Ask, from_where: str) -> bool:
    """Recall, precision and time of one way to count, by class. Whether both are 1 everywhere.

    `from_where` is the SQL behind the columns, `ask` gives its `where` term and what is bound in it.
    """
    right = True
    taken: list[float] = []
    found: list[set[int]] = []
    for query in queries:
        conn, where, bound = ask(query)
        found.append({n - 1 for (n,) in conn.execute(f"select rowid {from_where} {where}", bound)})
        began = time.process_time()
        conn.execute(f"select count(*) {from_where} {where}", bound).fetchone()
        taken.append((time.process_time() - began) * 1000)
    print(f"{name}: count\n{'class':<14}{'queries':>8}{'hits':>9}{'recall':>9}{'precision':>11}{'50 %':>9}{'95 %':>9}")
    for kind, places in _kinds(queries):
        hits = sum(len(truth[at]) for at in places) / len(places)
        recall = statistics.mean(len(found[at] & truth[at]) / len(truth[at]) if truth[at] else 1.0 for at in places)
        precise = statistics.mean(len(found[at] & truth[at]) / len(found[at]) if found[at] else 1.0 for at in places)
        middle, most = _percentiles([taken[at] for at in places])
        print(f"{kind:<14}{len(places):>8}{hits:>9.0f}{recall:>9.3f}{precise:>11.3f}{middle:>9.2f}{most:>9.2f}")
        right = right and recall == precise == 1.0
    _print_longer(queries, taken, width=29)
    return right


def _measure_peers(texts: Rows, queries: Sequence[Query], truth: Sequence[set[int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        conn = sqlite3.connect(Path(folder) / "peer.db")
        conn.execute(f"create table texts (n integer primary key, {', '.join(FIELDS)})")
        marks = ", ".join("?" * (len(FIELDS) + 1))
        conn.executemany(f"insert into texts values ({marks})", ((at + 1, *row) for at, row in enumerate(texts)))
        columns = f"{', '.join(FIELDS)}, content='texts', content_rowid='n', tokenize='trigram'"
        conn.execute(f"create virtual table tri using fts5({columns})")
        conn.execute("insert into tri (tri) values ('rebuild')")
        conn.commit()
        _measure(
            "FTS5 trigram", queries, truth, lambda query: (conn, "tri match ?", [_as_match(query)]), "from tri where"
        )
        _measure("LIKE", queries, truth, lambda query: (conn, *_as_like(query)), "from texts where")
        conn.close()


def _as_match(query: Query) -> str:
    """The query as people write it for FTS5: each term in quotes, as it was typed."""
    groups = [f"({' AND '.join(map(_quoted, group))})" for group in _typed_groups(query)]
    wanted = " OR ".join(groups)
    return f"({wanted}) NOT ({' OR '.join(map(_quoted, query.without))})" if query.without else wanted


def _as_like(query: Query) -> tuple[str, list[str]]:
    bound: list[str] = []

    def anywhere(term: str) -> str:
        bound.extend([f"%{term}%"] * len(FIELDS))
        return f"({' or '.join(f'{name} like ?' for name in FIELDS)})"

    wanted = " or ".join(f"({' and '.join(map(anywhere, group))})" for group in _typed_groups(query))
    without = "".join(f" and not {anywhere(term)}" for term in query.without)
    return f"({wanted}){without}", bound


def _typed_groups(query: Query) -> list[list[str]]:
    if query.kind in {"and", "or", "without"}:
        return [list(group) for group in query.groups]
    return [[query.typed.strip('"')]]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _measure_pages(folder: Path, queries: Sequence[Query], ids: Sequence[str]) -> None:
    datasette = make_datasette(folder)

    async def ask(path: str) -> float:
        began = time.process_time()
        answer = await datasette.client.get(path)
        if answer.status_code != 200:
            sys.exit(f"{path} answers {answer.status_code}")
        return (time.process_time() - began) * 1000

    async def ask_all(paths: Sequence[str]) -> list[float]:
        for path in paths[:5]:
            await ask(path)
        return [await ask(path) for path in paths]

    pages = asyncio.run(ask_all([f"/search?q={quote(query.typed)}" for query in queries]))
    _print_kinds("search page", queries, pages)
    notices = asyncio.run(ask_all([f"/notice/{notice}" for notice in ids]))
    print("notice page, {} of them: {:.1f} / {:.1f}".format(len(ids), *_percentiles(notices)))


def _print_kinds(name: str, queries: Sequence[Query], taken: Sequence[float]) -> None:
    print(f"{name}\n{'class':<14}{'queries':>8}{'50 %':>9}{'95 %':>9}")
    for kind, places in _kinds(queries):
        print("{:<14}{:>8}{:>9.2f}{:>9.2f}".format(kind, len(places), *_percentiles([taken[at] for at in places])))
    _print_longer(queries, taken)


def _print_longer(queries: Sequence[Query], taken: Sequence[float], *, width: int = 0) -> None:
    """The words of two and more characters together, and all but single characters."""
    words = {"2 characters", "3 characters", "4 characters", "5 and more", "traditional", "spaced"}
    for name, kinds in (("words of 2+", words), ("all but 1", {query.kind for query in queries} - {"1 character"})):
        some = [taken[at] for at, query in enumerate(queries) if query.kind in kinds]
        print("{:<14}{:>8}{}{:>9.2f}{:>9.2f}".format(name, len(some), " " * width, *_percentiles(some)))
    print()


def _kinds(queries: Sequence[Query]) -> Iterator[tuple[str, list[int]]]:
    places: dict[str, list[int]] = defaultdict(list)
    for at, query in enumerate(queries):
        places[query.kind].append(at)
    yield from places.items()


def _timed(conn: sqlite3.Connection, sql: str, bound: dict[str, str]) -> float:
    """Milliseconds of CPU of a query that was asked once before."""
    conn.execute(sql, bound).fetchall()
    began = time.process_time()
    conn.execute(sql, bound).fetchall()
    return (time.process_time() - began) * 1000


def _percentiles(taken: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(taken)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


_WIDE = {code: code + 0xFEE0 for code in range(ord("0"), ord("9") + 1)}

if __name__ == "__main__":
    main()
