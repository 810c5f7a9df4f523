"""`CITATION.cff`: how the release is cited, in the Citation File Format 1.2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.export.described import KEYWORDS, archive_words
from archive.export.formats import SNAPSHOT_FILE
from archive.export.release.facts import Facts
from archive.export.release.yaml_text import yaml_text
from archive.export.sums import digest


def write_citation(folder: Path, facts: Facts) -> None:
    """Write how the release is cited. The digest of its database names its contents, whoever keeps a copy."""
    called, about = archive_words()
    citation: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "引用本数据集时请注明名称、版本与日期。 · Please cite the dataset with its version and date.",
        "type": "dataset",
        "title": f"{called} {facts.name}",
        "version": facts.name,
        "authors": [{"name": str(called)}],
        "abstract": f"{about}{_part(facts)}",
        "keywords": list(KEYWORDS),
    }
    if facts.as_of:
        citation["date-released"] = facts.as_of
    snapshot = folder / SNAPSHOT_FILE
    if snapshot.exists():
        citation["identifiers"] = [
            {"type": "other", "value": f"sha256:{digest(snapshot)}", "description": f"SHA-256 of {snapshot.name}"}
        ]
    (folder / "CITATION.cff").write_text(yaml_text(citation), "utf-8")


def _part(facts: Facts) -> str:
    """That it is not all of the archive, and which part; nothing of a release of every notice."""
    told = []
    if facts.said.get("selection.options", "{}") != "{}":
        told.append(f" 所选范围 · Selection: {facts.said['selection.words']}")
    if facts.said.get("changes_only") == "true":
        told.append(f" 只含与上一版相比有变化的公告 · Only what changed since {facts.said['previous.name']}")
    return "".join(told)
