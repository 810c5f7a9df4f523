"""The pages behind an export as they were sent: WARC files, and the same as one WACZ that a browser replays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from archive.export.evidence.wacz import write_wacz
from archive.export.evidence.warc import MISSING, write_missing, write_warc
from archive.export.steps import Bar
from archive.store import Database
from archive.store.evidence import Evidence, listing_keys

EVIDENCE: Final = ("warc", "wacz")
"""The formats of it."""


def write_evidence(
    folder: Path,
    warc: Path,
    db: Database,
    *,
    name: str,
    formats: Sequence[str],
    left_out: Collection[str] = (),
    bar: Bar,
) -> list[str]:
    """Write what is asked for of `EVIDENCE` into `folder`; gives the records that cannot be read, in words.

    `warc` is the archive's folder of WARC files; `db` holds what was chosen and no more. What stands at the addresses
    `left_out` (url keys) is not written, nor are then lists, which print its titles. Records that were not written are
    named in `missing.jsonl`. Raises: RawIsUnmasked, OSError.
    """
    without = frozenset(left_out) | listing_keys(db) if left_out else frozenset[str]()
    with bar("evidence") as progress:
        written = write_warc(folder, warc, db, name=name, left_out=without, progress=progress)
    if "wacz" in formats and written.files:
        write_wacz(folder / f"{name}.wacz", written.files, Evidence(db, without).shown(), title=name)
    if "warc" not in formats:
        for file in written.files:
            file.unlink()
    write_missing(folder / MISSING, written.missing)
    return [
        f"record {one.record_id} at {one.offset} of {one.warc_file}"
        for one in written.missing
        if one.why == "cannot be read"
    ]
