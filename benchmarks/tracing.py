"""Which original every repost is attached to, by the archive's own comparing and settling.

usage: python benchmarks/tracing.py --data DIR --out PRED.jsonl [--blind]

DIR holds docs.jsonl (separate notices) and copies.jsonl (reposts of them): id, title, body, url, date, docno, agency.
They are put into a database as copies, without links, compared and settled, as a first index of an archive does.
PRED.jsonl gets a line for each, `{"id", "decision": "merge" | "review" | "new", "target"}`. The hosts of docs.jsonl are
bureaus, as a catalogue would say; with `--blind` nobody knows any host. Prints how many merges of each class are right,
and decisions a second of CPU: of comparing and settling alone, and with reading postings and putting the rows.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import platform
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from archive.comparing import place
from archive.index import Index
from archive.records import Copy, Reading, Revision, Source
from archive.revise import weigh
from archive.store import Database, copies, crawls, likenesses, nearby, open_writer, revisions
from archive.urls import host, url_key

SEEN = datetime(2026, 1, 1, tzinfo=UTC)
"""When every page was captured."""
Page = Mapping[str, str]


def main() -> None:
    """Read DIR, settle, write PRED.jsonl."""
    parser = argparse.ArgumentParser(description="Trace reposts to their originals.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--blind", action="store_true", help="no host is known for a bureau's")
    asked = parser.parse_args()
    docs, reposts = (list(read_pages(asked.data / f"{name}.jsonl")) for name in ("docs", "copies"))
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(open_writer(Path(folder) / "notices.db")) as db:
        began = time.process_time()
        index = Index(Path(folder), db, run="benchmark")
        with db.atomic():
            if not asked.blind:
                put_sources(db, docs)
            keys = {page["id"]: put_page(db, page, is_bureau=not asked.blind, is_first=True) for page in docs}
            keys |= {page["id"]: put_page(db, page, is_bureau=False, is_first=True) for page in reposts}
        loaded = time.process_time()
        index.settle()
        settled = time.process_time()
        decided = list(_decisions(db, keys, {page["id"] for page in docs}))
        classes = dict(
            db.execute(
                "select copy, rule || ' ' || class || iif(confidence = 0.9, ' provisional', '') from matches"
            ).fetchall()
        )
        size = db.execute("select sum(pgsize) from dbstat where name in ('postings')").fetchone()[0]
    with asked.out.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(one) + "\n" for one in decided)
    _print_classes(decided, {page["id"]: page["of"] for page in reposts}, {name: classes[keys[name]] for name in keys})
    count = len(keys)
    print(f"{platform.machine()}, CPython {platform.python_version()}; {len(docs)} notices, {len(reposts)} copies")
    print(f"load {loaded - began:.1f} s, compare and settle {settled - loaded:.1f} s of CPU:", end=" ")
    print(
        f"{count / (settled - loaded):.0f} decisions a second, {count / (settled - began):.0f} with loading;", end=" "
    )
    print(f"postings {size / count:.0f} bytes a page")


def read_pages(path: Path) -> Iterator[Page]:
    """The pages of a file, in its order."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def put_sources(db: Database, docs: list[Page]) -> None:
    """Make the hosts of these pages bureaus."""
    for name in sorted({host(page["url"]) for page in docs}):
        home = f"http://{name}/"
        addresses = (url_key(home).rstrip("/") + "/",)
        source = Source(key=name, agency=name, kind="bureau", home=home, addresses=addresses)
        crawls.put_source(db, source, SEEN)


def put_page(db: Database, page: Page, *, is_bureau: bool, is_linked: bool = False, is_first: bool = False) -> str:
    """Put a page as a copy, with the link that it has where `is_linked`. Gives its url key.

    Where it `is_first`, nothing in the database was compared yet.
    """
    link = page.get("link") if is_linked else None
    key = url_key(page["url"])
    reading = Reading(
        url=page["url"],
        title=page["title"],
        text=page["body"],
        published_on=date.fromisoformat(page["date"]) if page["date"] else None,
        issuing_agency=page.get("agency"),
        document_number=page.get("docno") or None,
        claimed_original=link or None,
    )
    state = weigh(reading)
    source = host(page["url"]) if is_bureau else None
    copy = Copy(
        url=page["url"],
        url_key=key,
        source=source,
        source_kind="bureau" if source is not None else "unknown",
        reading=reading,
        text_digest=state.text_digest,
        text_length=state.text_length,
        claimed_key=url_key(link) if link else None,
        claimed_keys=(url_key(link),) if link else (),
        first_seen_at=SEEN,
        last_seen_at=SEEN,
    )
    copies.put_copy(db, copy)
    copies.mark(db, [key], "settle")
    revision = Revision(
        copy=key,
        number=1,
        seen_from=SEEN,
        seen_to=SEEN,
        changed=(),
        reading=reading,
        text_digest=state.text_digest,
        state_digest=state.digest,
        payloads=(),
    )
    revisions.put_revisions(db, key, [revision])
    place(db, None, likenesses.printed(db, key), state.postings, is_first=is_first)
    copies.mark(db, nearby.claimers(db, [key]), "settle")
    return key


def _decisions(db: Database, keys: Mapping[str, str], docs: set[str]) -> Iterator[dict[str, str | None]]:
    """For a repost the one original that its notice holds; for a notice whether it was merged with another."""
    notices = dict(db.execute("select url_key, notice from copies").fetchall())
    reviews = dict(db.execute("select copy, other from reviews").fetchall())
    names = {key: name for name, key in keys.items()}
    held: dict[str, list[str]] = defaultdict(list)
    for name in sorted(docs):
        held[notices[keys[name]]].append(name)
    for name, key in keys.items():
        mates = [mate for mate in held[notices[key]] if mate != name]
        if mates:
            yield {"id": name, "decision": "merge", "target": mates[0]}
        elif key in reviews:
            yield {"id": name, "decision": "review", "target": names.get(reviews[key])}
        else:
            yield {"id": name, "decision": "new", "target": None}


def _print_classes(
    decided: Iterable[Mapping[str, str | None]], truth: Mapping[str, str], classes: Mapping[str, str]
) -> None:
    """How many merges of each class are right."""
    right: Counter[str] = Counter()
    merged: Counter[str] = Counter()
    for one in decided:
        name = str(one["id"])
        if one["decision"] == "merge" and name in truth:
            merged[classes[name]] += 1
            right[classes[name]] += one["target"] == truth[name]
    for name, count in sorted(merged.items()):
        print(f"{name}: {right[name]} of {count} right ({right[name] / count:.4f})")


if __name__ == "__main__":
    main()
