"""Write `docs/fields.md`: every field that a page or the archive gives, what it means, where it is read and kept.

Run by hand from the checkout after any change of a field, its docstring, its label, its column or its readers:
`python tools/make_fields.py`. With `--check` nothing is written; exit code 1 says that the page is stale.
A test compares the file with what this would write.
"""

from __future__ import annotations

import argparse
import ast
import json
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from sqlite_utils import Database

from archive import records
from archive.extract import read
from archive.labels import FIELDS, PLACES
from archive.page import open_page
from archive.records import Entry, Page, Reading
from archive.store import dataset
from archive.store.migrations import migrations
from archive.store.revisions import put_revisions

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "fields.md"
PAGES = ROOT / "tests" / "pages"
MEND = "docs/fields.md is stale; run: python tools/make_fields.py"

Row = tuple[str, ...]

ADDED: Mapping[str, tuple[str, str, str]] = {
    "id": ("编号", "text", "The notice's id: 12 base32 characters; former ids still resolve (table `aliases`)."),
    "n": ("序号", "number", "The row's number, which the search index needs; it means nothing and is not kept."),
    "original_url": ("原文网址", "text", "The original's address: captured, or named by a copy; never composed."),
    "original_captured": ("原文已采", "true or false", "Whether the archive holds a capture of the original."),
    "best_copy": ("最佳副本", "url key", "The copy that the notice's fields and text are taken from."),
    "text_from": (
        "正文取自",
        "text",
        "Address of that copy: a repost's, where the original was never captured.",
    ),
    "copies": (
        "副本",
        "number; list in jsonl",
        "How many pages carry the notice; in jsonl each of them, with why it belongs there.",
    ),
    "year": ("年份", "number", "The year of `published_on`."),
    "source": ("来源站点", "text", "Key of the source whose address it is; of a notice its original's."),
    "division": ("行政区划代码", "text", "Of the source: six digits, GB/T 2260."),
    "province": ("省份", "text", "Of the division."),
    "city": ("城市", "text", "Of the division."),
    "first_seen_at": ("首次采集", "instant", "When it was first captured."),
    "last_seen_at": ("最近采集", "instant", "When a capture last showed it."),
    "checked_at": ("最近核查", "instant", "When its server last answered for it, whatever the answer."),
    "revisions": ("修订数", "number", "States seen of the best copy: 1 for a notice that never changed."),
    "text_digest": ("正文摘要", "text", "`sha256:` and hex digits of the normalised text."),
    "licence": (
        "权利",
        "one of `official-document`, `publisher`, `source-terms`",
        "Who has a say over the text, by our reading (`archive/licences.py`), which is no legal advice.",
    ),
    "reader_version": (
        "读取程序版本",
        "text",
        "Which version of the extractor read the latest capture of the best copy.",
    ),
    "text_length": ("正文字数", "number", "Characters of the normalised text."),
    "attachments_text": (
        "附件文字",
        "text",
        "What the notice's files say, where they could be read; search finds it.",
    ),
    "url_key": ("网址键", "text", "The one spelling by which the address is identified."),
    "notice": ("所属通知", "text", "Id of the notice that the copy carries."),
    "role": ("角色", "one of `original`, `repost`, `mirror`, `unknown`", "What the copy is to its notice."),
    "mark": ("比对标记", "number", "By which `postings` name it; a bureau's page has one of the smaller ones."),
    "least_bureau": (
        "比对门槛",
        "number",
        "Postings a bureau's page must share to be laid beside it.",
    ),
    "least_other": ("比对门槛（其他）", "number", "The same of other pages."),
    "claimed_key": ("注明原文的网址键", "text", "The url key of `claimed_original`."),
    "cms_id": (
        "网站内容编号",
        "text",
        "The CMS's id of the document as the address shows it, behind where it is unique.",
    ),
    "first_title": (
        "最初标题",
        "text",
        "What its first revision showed; `first_published_on` and `first_text_digest` likewise.",
    ),
    "first_published_on": ("最初发布日期", "day", "See `first_title`."),
    "first_text_digest": ("最初正文摘要", "text", "See `first_title`."),
    "state": (
        "状态",
        "one of `live`, `missing`, `gone`, `moved`, `blocked`",
        "Whether the page is still there; one that has moved its source shows at another address, as a copy beside it.",
    ),
}
"""What no page says: name → Chinese, type, meaning."""

HEAD = """# Fields

Written by `tools/make_fields.py` from the records, their labels, the schema and the fixtures.
Edit those, not this page.

A field that a page does not give is null or an empty list, never a guess.
Days are ISO days in Asia/Shanghai, instants ISO 8601 in UTC.
A field with a twin in `_raw` may be completed or normalised; the twin is the text it was read from.

*Given in* says where a field is found.
`extract` is what `minzheng extract` prints, `jsonl` a line of `minzheng export --format jsonl`, the others are tables.
`revisions` keeps its fields as JSON in the column `fields`, one row for every state that a copy was seen in.

## What a page says

*Read in* lists where the readers found the field on the pages of `tests/pages`; see [evidence](#evidence).

"""
EVIDENCE = """
## Evidence

`evidence` names for each field the place where its value was read.
Behind a colon stands the name, label or class found there: `meta:PubDate`, `table:发文字号`, `body:TRS_Editor`.

"""


def main() -> None:
    """Write the page anew, or check it."""
    parser = argparse.ArgumentParser(description="Write docs/fields.md from the records.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if the page is stale")
    if not parser.parse_args().check:
        TARGET.write_text(render(), encoding="utf-8")
        print(TARGET)
    elif not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != render():
        print(MEND, file=sys.stderr)
        raise SystemExit(1)


def render() -> str:
    """The whole page."""
    docs, hints, given, places = docstrings(Reading), get_type_hints(Reading), outputs(), places_read()
    said = [
        (
            f"`{name}`",
            FIELDS[name].zh if name in FIELDS else "",
            type_words(hints[name]),
            docs.get(name) or _twin_words(name),
            _listed(places.get(name, ())),
            _listed(["extract", *given.get(name, ())]),
        )
        for name in Reading.__slots__
    ]
    added = [
        (f"`{name}`", *_added_words(name), _listed(where))
        for name, where in given.items()
        if name not in Reading.__slots__
    ]
    words = {place: told for place, told in sorted(PLACES.items()) if place not in ("yes", "no")}
    return "".join(
        (
            HEAD,
            table(("field", "中文", "type", "meaning", "read in", "given in"), said),
            "\n## Records inside fields\n",
            *(_inside(record) for record in _nested(hints.values())),
            "\n## What the archive adds\n\n",
            table(("field", "中文", "type", "meaning", "given in"), added),
            EVIDENCE,
            table(("place", "中文", "meaning"), ((f"`{place}`", told.zh, told.en) for place, told in words.items())),
        )
    )


def docstrings(record: type) -> dict[str, str]:
    """The docstrings that stand under the attributes of a record, on one line each."""
    tree = ast.parse(Path(str(records.__file__)).read_text(encoding="utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == record.__name__)
    found = {}
    for node, behind in pairwise(body):
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
            continue
        if isinstance(behind, ast.Expr) and isinstance(behind.value, ast.Constant):
            found[node.target.id] = " ".join(str(behind.value.value).split())
    return found


def outputs() -> dict[str, list[str]]:
    """Where each field is given, besides `extract`: fields in the order of tables and columns."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        db = Database(conn)
        migrations.apply(db)
        columns = {name: _columns(db, name) for name in ("notices", "copies")}
        tables = set(db.table_names())
    given: dict[str, list[str]] = {}
    for where, names in (("jsonl", dataset.FIELDS), *columns.items(), ("revisions", kept_names())):
        for name in names:
            given.setdefault(name, []).append(where)
    for name in Reading.__slots__:
        if name in tables:
            given.setdefault(name, []).append(name)
    return given


def kept_names() -> list[str]:
    """The fields of a reading that a row of `revisions` keeps."""
    at = datetime(2024, 1, 1, tzinfo=UTC)
    revision = records.Revision(
        copy="",
        number=1,
        seen_from=at,
        seen_to=at,
        changed=(),
        reading=Reading(url=""),
        text_digest="",
        state_digest="",
        payloads=(),
    )
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        db = Database(conn)
        migrations.apply(db)
        put_revisions(db, "", [revision])
        row = next(db.query("select * from revisions"))
    kept = {*json.loads(row["fields"]), *row}
    return [name for name in Reading.__slots__ if name in kept]


def places_read() -> dict[str, list[str]]:
    """Field → the places where it was read on the fixtures, and on a page that a list tells all about, sorted."""
    found: dict[str, set[str]] = {}
    for page, entry in _fixtures():
        for name, evidence in read(page, entry).evidence.items():
            found.setdefault(name, set()).update(part.partition(":")[0].strip() for part in evidence.split(", "))
    return {name: sorted(places) for name, places in found.items()}


def type_words(hint: Any) -> str:
    """A type as a reader of JSON sees it; that it may be null is not said."""
    plain = {str: "text", int: "number", float: "number", date: "day", datetime: "instant"}
    origin, inside = get_origin(hint), [one for one in get_args(hint) if one not in (type(None), ...)]
    if origin in (Union, UnionType):
        return type_words(inside[0])
    if origin is tuple:
        return f"list of {type_words(inside[0])}"
    if origin is Literal:
        return "one of " + ", ".join(f"`{value}`" for value in inside)
    if hint in plain:
        return plain[hint]
    return "text by name" if origin is not None else f"[{hint.__name__}](#{hint.__name__.lower()})"


def table(header: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown, its line ends included."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _added_words(name: str) -> Row:
    if name not in ADDED:
        raise LookupError(f"{name} has no words: say in ADDED of tools/make_fields.py what it means")
    return ADDED[name]


def _columns(db: Database, name: str) -> list[str]:
    """The columns of a table, those that are reckoned from others too."""
    return [column[0] for column in db.execute(f"select * from {name}").description]  # noqa: S608  our own names


def _twin_words(name: str) -> str:
    twin = name.removesuffix("_raw")
    whole = next((other for other in (twin, f"{twin}_on") if other in Reading.__slots__), None)
    return f"What `{whole}` was read from, as printed." if name.endswith("_raw") and whole is not None else ""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def _nested(hints: Iterable[Any]) -> list[type]:
    """The records that fields hold, in the order of the fields."""
    inside = [one for hint in hints for one in (hint, *get_args(hint))]
    return list(dict.fromkeys(one for one in inside if getattr(one, "__module__", "") == records.__name__))


def _inside(record: type) -> str:
    docs, hints = docstrings(record), get_type_hints(record)
    rows = [(f"`{name}`", type_words(hint), docs.get(name, "")) for name, hint in hints.items()]
    told = " ".join((record.__doc__ or "").split())
    return f"\n### {record.__name__}\n\n{told}\n\n{table(('field', 'type', 'meaning'), rows)}"


def _fixtures() -> Iterable[tuple[Page, Entry | None]]:
    html = (("Content-Type", "text/html"),)
    for path in sorted(PAGES.glob("*/*/expected.json")):
        if not path.parent.name.startswith("list-"):
            url = json.loads(path.read_text(encoding="utf-8"))["url"]
            yield open_page(url, (path.parent / "page.html").read_bytes(), html), None
    said = {**dict.fromkeys(Reading.__slots__, "有效"), "document_number": "民发〔2024〕5号"}
    entry = Entry(url="http://mzj.example/1.html", title="关于救助的通知", date_raw="2024-03-01", fields=said)
    yield open_page(entry.url, b"<html><body><p>.</p></body></html>", html), entry


if __name__ == "__main__":
    main()
