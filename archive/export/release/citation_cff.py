"""`CITATION.cff`: how the release is cited, in the Citation File Format 1.2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.export.described import archive_words
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
        "abstract": str(about),
        "keywords": ["民政", "通知公告", "civil affairs", "China", "government notices"],
    }
    if facts.as_of:
        citation["date-released"] = facts.as_of
    snapshot = folder / "notices.sqlite"
    if snapshot.exists():
        citation["identifiers"] = [
            {"type": "other", "value": f"sha256:{digest(snapshot)}", "description": f"SHA-256 of {snapshot.name}"}
        ]
    (folder / "CITATION.cff").write_text(yaml_text(citation), "utf-8")
