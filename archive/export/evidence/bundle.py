"""The evidence of one notice as a folder: raw exchanges, rows, texts, files, sums, and a page for whoever is handed it.

The page says what the folder proves and what it does not. It runs nothing and needs no network.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from archive.export.evidence.files import NotTheFile, write_files
from archive.export.evidence.wacz import write_wacz
from archive.export.evidence.warc import MISSING, Missing, refuse_masked, write_missing, write_warc
from archive.export.sums import SUMS, digest, write_sums
from archive.extract import READER_VERSION
from archive.labels import CLASSES, EVIDENCE, OUTCOMES, ROLES, evidence_words, in_order, rule_words, words_for
from archive.store import Database, open_reader
from archive.store.chains import Linked, chain
from archive.store.choosing import Choice
from archive.store.evidence import Evidence, crawls_of_captures
from archive.store.notices import settled_by
from archive.store.outgoing import write_outgoing
from archive.store.tables import Table, Value, table_rows, tables_of

PAGE: Final = "index.html"
ROWS: Final = "notice.json"
_NAME: Final = "evidence"
_LEFT: Final = ("coverage", "divisions", "stamped_hosts", "masks")
"""Tables that say nothing of a single notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What was written, and what could not be read: records of the WARC files, and attached files."""

    folder: Path
    captures: int
    missing: tuple[Missing, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The text of one revision of a copy, and the file that has it."""

    copy: str
    number: int
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file of the folder as the page lists it."""

    name: str
    size: int
    sha256: str


def write_bundle(folder: Path, root: Path, db: Database, notice: str) -> Bundle:
    """Write the evidence of one notice to `folder`, which appears when all of it is there; the same twice.

    `root` is the archive's folder of WARC files, `db` the archive's database. Takedowns are obeyed.
    Raises: RawIsUnmasked, LookupError if there is no such notice that may leave the archive, FileExistsError if the
    folder has anything in it, OSError.
    """
    refuse_masked(db, "--notice")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} is there; give a folder that is not there yet")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        draft, out = Path(scratch) / "draft.db", Path(scratch) / "out"
        out.mkdir()
        if not write_outgoing(db, draft, Choice(ids=(notice,))):
            raise LookupError(f"there is no notice {notice}, or it was taken down")
        with closing(open_reader(draft)) as chosen:
            bundle = _write(out, root, chosen, notice)
        if folder.exists():
            folder.rmdir()
        out.rename(folder)
    return replace(bundle, folder=folder)


def _write(out: Path, root: Path, db: Database, notice: str) -> Bundle:
    written = write_warc(out, root, db, name=_NAME)
    write_missing(out / MISSING, written.missing)
    rows = {table.name: list(_rows(db, table)) for table in tables_of(db) if table.name not in _LEFT}
    [about] = rows["notices"]
    if written.files:
        write_wacz(out / f"{_NAME}.wacz", written.files, Evidence(db).shown(), title=about["title"] or notice)
    missed: list[NotTheFile] = []
    files = dict(write_files(out, root, db, missed=missed.append))
    for row in rows["attachments"]:
        row["file"] = files.get(str(row["sha256"]).removeprefix("sha256:"))
    linked = chain(db, notice, about["original_url"])
    texts = list(_write_texts(out, linked, rows["revisions"]))
    versions = {"program": metadata.version("minzheng-archive"), "reader": READER_VERSION, "matcher": settled_by(db)}
    said = {"notice": notice, "versions": versions, "texts": [asdict(text) for text in texts], "tables": rows}
    (out / ROWS).write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    page = _page(
        rows,
        copies=[_copy(number, one, texts) for number, one in enumerate(linked, 1)],
        crawls=crawls_of_captures(db),
        files=list(_listed(out)),
        versions=versions,
        missing=[*(one.record_id for one in written.missing), *map(str, missed)],
    )
    (out / PAGE).write_text(page, "utf-8")
    write_sums(out)
    return Bundle(
        folder=out, captures=written.captures, missing=written.missing, missed=tuple(str(error) for error in missed)
    )


def _rows(db: Database, table: Table) -> Iterator[dict[str, Value]]:
    """The rows of a table that are about the notice: of sources those alone that show it."""
    rows = (row for page in table_rows(db, table) for row in page)
    if table.name != "sources":
        return rows
    shown = Evidence(db).sources()
    return (row for row in rows if row["key"] in shown)


def _write_texts(out: Path, linked: Sequence[Linked], revisions: Sequence[Mapping[str, Value]]) -> Iterator[Text]:
    """Write the text of every revision as it was read, under the number that the copy has on the page."""
    numbers = {one["copy"]["url_key"]: number for number, one in enumerate(linked, 1)}
    (out / "texts").mkdir()
    for row in revisions:
        file = f"texts/copy-{numbers[row['copy']]}-revision-{row['number']}.txt"
        (out / file).write_bytes(row["text"].encode("utf-8", "surrogatepass"))
        yield Text(copy=row["copy"], number=row["number"], file=file)


def _listed(out: Path) -> Iterator[_File]:
    for path in sorted(out.rglob("*")):
        if path.is_file():
            yield _File(name=path.relative_to(out).as_posix(), size=path.stat().st_size, sha256=digest(path))


def _page(rows: Mapping[str, Sequence[Mapping[str, Value]]], **more: object) -> str:
    template = Environment(
        loader=PackageLoader("archive.export.evidence"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    ).get_template("evidence.html")
    [notice] = rows["notices"]
    return template.render(
        notice=notice,
        captures=sorted(rows["captures"], key=lambda row: (row["fetched_at"], row["record_id"])),
        attachments=rows["attachments"],
        outcome=lambda name: words_for(OUTCOMES, name),
        at=lambda instant: f"{instant[:10]} {instant[11:19]}",
        sums=SUMS,
        **more,
    )


def _copy(number: int, linked: Linked, texts: Sequence[Text]) -> dict[str, Any]:
    copy = linked["copy"]
    return {
        **copy,
        "number": number,
        "role": words_for(ROLES, copy["role"]),
        "why": rule_words(copy["rule"]),
        "common": words_for(CLASSES, copy["match_class"]) if copy["match_class"] else None,
        "pieces": [
            (words_for(EVIDENCE, name), evidence_words(name, value)) for name, value in in_order(copy["match_evidence"])
        ],
        "texts": [text for text in texts if text.copy == copy["url_key"]],
    }
