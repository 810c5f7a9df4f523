"""How well `auto` tells lists: reads every page of a set and writes {id, kind, items, next} a line.

    python benchmarks/lists.py --set DIR --out PRED.jsonl

DIR has manifest.jsonl (id, file, url or null) and the pages. `kind` is `list` where `auto` reads a list.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from archive.page import open_page
from archive.records import Channel
from crawler.families import FAMILIES, Unreadable

NOWHERE = "http://unknown.example/a/b/c/"
"""Where a page of unknown address is taken to stand; links are compared by their last part."""


def main() -> None:
    """Read the set and write the predictions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    with options.out.open("w", encoding="utf-8") as out:
        for line in (options.set / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            found = predict(page.get("url") or NOWHERE, (options.set / page["file"]).read_bytes())
            out.write(json.dumps({"id": page["id"], **found}, ensure_ascii=False) + "\n")


def predict(url: str, body: bytes) -> dict[str, object]:
    """What `auto` makes of one page."""
    channel = Channel(source="set", name="set", url=url, family="auto")
    try:
        listing = FAMILIES["auto"].read(open_page(url, body, (("Content-Type", "text/html"),)), channel)
    except Unreadable as reason:
        return {"kind": "other", "items": [], "next": None, "why": str(reason)}
    items = [{"url": entry.url, "title": entry.title, "date": entry.date_raw} for entry in listing.entries]
    return {"kind": "list", "items": items, "next": listing.asks[0].url if listing.asks else None}


if __name__ == "__main__":
    main()
