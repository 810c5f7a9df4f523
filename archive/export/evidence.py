"""The pages behind an export as they were sent: WARC files, and the same as one WACZ that a browser replays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from archive.export.steps import Bar
from archive.export.wacz import write_wacz
from archive.export.warc import write_missing, write_warc
from archive.store import Database
from archive.store.evidence import Evidence

EVIDENCE: Final = ("warc", "wacz")
"""The formats of it."""
_MISSING: Final = "missing.jsonl"


def write_evidence(
    folder: Path,
    warc: Path,
    db: Database,
    *,
    name: str,
    formats: Sequence[str],
    left_out: Collection[str] = (),
    bar: Bar,
) -> list[Path]:
    """Write what is asked for of `EVIDENCE` into `folder`; gives the files.

    `warc` is the archive's folder of WARC files; `db` holds what was chosen and no more. What stands at the addresses
    `left_out` (url keys) is not written. Records that could not be read are named in `missing.jsonl`.
    Raises: RawIsUnmasked, OSError.
    """
    with bar("evidence") as progress:
        written = write_warc(folder, warc, db, name=name, left_out=left_out, progress=progress)
    files = list(written.files)
    if "wacz" in formats:
        write_wacz(folder / f"{name}.wacz", files, Evidence(db, frozenset(left_out)).shown(), title=name)
    if "warc" not in formats:
        for file in files:
            file.unlink()
        files = []
    if written.missing:
        write_missing(folder / _MISSING, written.missing)
        files.append(folder / _MISSING)
    return [*files, *([folder / f"{name}.wacz"] if "wacz" in formats else [])]
