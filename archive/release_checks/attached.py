"""Whether the files beside a release are those that its rows of attachments name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from archive.checks import Finding
from archive.export.files import FOLDER
from archive.release_checks.folder import Folder, digest_of, leaves
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
        elif stated not in name:
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
            elif (digest := digest_of(path)) != found["sha256"]:
                yield Finding(where=name, detail=f"SHA-256 is {digest}, not that of its name")
            if name not in self._named:
                yield Finding(where=name, detail="no row of attachments names it")
