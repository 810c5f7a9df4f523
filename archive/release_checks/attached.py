"""Whether the files beside rows are those that the rows name: attached files, and texts of the evidence of a notice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from archive.checks import Finding
from archive.export.evidence.files import FOLDER
from archive.export.sums import digest
from archive.release_checks.folder import Folder, leaves
from archive.release_checks.rows import Row

_NAME: Final = re.compile(r"(?P<two>[0-9a-f]{2})/(?P<sha256>[0-9a-f]{64})\.[a-z0-9]{1,5}")


class Attached:
    """The rows of `attachments` that name a file, and then the files."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._named: set[str] = set()

    def see(self, row: Row) -> Iterator[Finding]:
        """Look at a row: the file that it names is there, under the digest that it states."""
        name = row.get("file")
        if name is None:
            return
        where = f"attachments {row.get('copy')} {row.get('url')}"
        name, stated = str(name), str(row.get("sha256")).removeprefix("sha256:")
        if leaves(name) or not name.startswith(f"{FOLDER}/"):
            yield Finding(where=where, detail=f"names {name[:80]!r}, which is not in {FOLDER}/; it was not opened")
        elif name not in self._folder.files:
            yield Finding(where=where, detail=f"names {name}, which is not there")
        elif not name.startswith(f"{FOLDER}/{stated[:2]}/{stated}."):
            yield Finding(where=where, detail=f"names {name}, and says that its file has SHA-256 {stated}")
        self._named.add(name)

    def check(self) -> Iterator[Finding]:
        """Look at the files, when all rows were seen: each is what its name says, and some row names it."""
        for name, path in self._folder.files.items():
            if not name.startswith(f"{FOLDER}/"):
                continue
            found = _NAME.fullmatch(name.removeprefix(f"{FOLDER}/"))
            if found is None or not found["sha256"].startswith(found["two"]):
                yield Finding(where=name, detail="is not named after its digest")
            elif (found_digest := digest(path)) != found["sha256"]:
                yield Finding(where=name, detail=f"SHA-256 is {found_digest}, not that of its name")
            if name not in self._named:
                yield Finding(where=name, detail="no row of attachments names it")


def check_texts(folder: Folder, stated: object, revisions: Sequence[Row]) -> Iterator[Finding]:
    """Compare the texts that the evidence of a notice has as files with its revisions: each is there, and no other."""
    texts = {f"{row.get('copy')} {row.get('number')}": str(row.get("text")) for row in revisions}
    named: set[str] = set()
    for one in stated if isinstance(stated, list) else ():
        revision = f"{one.get('copy')} {one.get('number')}" if isinstance(one, dict) else ""
        if revision not in texts:
            yield Finding(where="texts", detail=f"{revision[:80]!r} is no revision, or has two texts")
            continue
        name, text = str(one.get("file")), texts.pop(revision).encode("utf-8", "surrogatepass")
        named.add(name)
        if name not in folder.files:
            yield Finding(where=name[:80], detail="is not there")
        elif folder.sizes[name] != len(text) or folder.read(name) != text:
            yield Finding(where=name, detail=f"is not the text of revision {revision}")
    yield from (Finding(where="texts", detail=f"revision {revision} has none") for revision in texts)
    yield from (
        Finding(where=name, detail="is the text of no revision")
        for name in folder.files
        if name.startswith("texts/") and name not in named
    )
