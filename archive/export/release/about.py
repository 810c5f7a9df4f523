"""`release.json`: what a release is and of what it was made, as its table `release` has it, too."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Final

from archive.extract import READER_VERSION
from archive.store import Database
from archive.store.release_facts import PreviousRelease, Release, Selection, put_release, release_facts

ABOUT: Final = "release.json"


def write_about(
    draft: Database,
    folder: Path,
    *,
    name: str,
    selection: Selection,
    previous: PreviousRelease | None = None,
    changes_only: bool = False,
) -> Release:
    """Say in the draft of a release, and in a file in `folder`, what it is; all its other tables are there by then."""
    release = release_facts(
        draft,
        name=name,
        program=version("minzheng-archive"),
        reader=READER_VERSION,
        selection=selection,
        previous=previous,
        changes_only=changes_only,
    )
    put_release(draft, release)
    (folder / ABOUT).write_text(json.dumps(release, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return release
