"""What the card tells of using it: what changed, how it is loaded, checked and cited."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from archive.export.described import GUARD, archive_words
from archive.export.evidence.warc import MISSING
from archive.export.release.card.lines import block, both, counted
from archive.export.release.facts import Facts
from archive.labels import Words


def changes(facts: Facts) -> Iterator[str]:
    """What is otherwise than in the release before; nothing where there is none."""
    previous = facts.said.get("previous.name")
    if not previous:
        return
    yield from both(
        Words(
            f"与上一版 {previous} 相比的逐份变化在 `changes`；旧编号经 `aliases` 或 `successors` 找到现在的公告。",
            f"What is otherwise than in {previous} is listed in `changes`, a notice a row;"
            " former ids lead to notices of today by `aliases` or `successors`.",
        )
    )
    if kinds := facts.counts.get(("changes", "kind")):
        yield f"变化 · Changes: {counted(kinds)}"
        yield ""


def raw(folder: Path) -> Iterator[str]:
    """What came along as it was sent, and what of it did not; nothing where nothing did."""
    evidence = folder / "evidence"
    if any(evidence.glob("*.wa*")):
        yield from both(
            Words(
                "`evidence/` 中是请求与回应的原样（WARC 或 WACZ），凭 `captures.record_id` 找到记录；"
                "`warc_file` 与位置说的是档案自己的文件。",
                "`evidence/` has requests and answers as they were (WARC or WACZ), found by `captures.record_id`;"
                " `warc_file` and offsets are those of the archive's own files.",
            )
        )
    if (without := evidence / MISSING).is_file():
        count = len(without.read_text("utf-8").splitlines())
        yield from both(
            Words(
                f"{count} 次采集的记录不在其中，逐条见 evidence/{MISSING}："
                "cannot be read 为读不出；left out 为已不再提供的公告，或可能印有其标题的列表页。",
                f"The records of {count} captures are not there, each named in evidence/{MISSING}: they cannot be read,"
                " or were left out, with what is given out no more, as lists are then, which may print its title.",
            )
        )
    if (folder / "files").is_dir():
        yield from both(
            Words(
                "附件原件在 `files/`，以其 SHA-256 为名；`attachments.file` 指到它。",
                "Attached files are in `files/`, called by their SHA-256; `attachments.file` names them.",
            )
        )


def loading(formats: Collection[str]) -> Iterator[str]:
    """How the files are read, in the formats that are there, and what CSV cannot tell."""
    if "csv" in formats:
        yield from both(
            GUARD,
            Words(
                "CSV 没有类型：代码（如 `division`）请按文字读；空单元格可能是空文字，也可能是没有值。",
                "CSV has no types: read codes such as `division` as text. An empty cell is an empty text or nothing.",
            ),
        )
    if "parquet" in formats:
        yield from block("python", _PYTHON)
        yield from block("sql", _DUCKDB)
    if "csv" in formats:
        yield from block("r", _R)
    yield from both(
        Words(
            "`notices.sqlite` 可用任何 SQLite 打开、检索，见 DICTIONARY.md。",
            "Any SQLite opens `notices.sqlite` and searches it, as DICTIONARY.md shows.",
        )
    )


def verifying(formats: Collection[str]) -> Iterator[str]:
    """How everybody can check it, with our program and without."""
    yield from block("sh", [line for needed, line in _CHECKS if needed is None or needed in formats])


def citing(facts: Facts) -> Iterator[str]:
    """How the release is cited, and one notice of it."""
    called, _ = archive_words()
    day = f" ({facts.as_of})" if facts.as_of else ""
    yield from block(
        "",
        (
            f"{called.zh}. {called.zh} {facts.name}[DS].{day}{day and '.'}",
            f"{called.en}. {called.en} {facts.name} [Data set].{day}{day and '.'}",
        ),
    )
    yield from both(
        Words(
            f"从网上取得的：`{called.zh}. {called.zh} {facts.name}[DS/OL].{day}[引用日期]. 网址.`，有 DOI 的写 DOI。",
            "Where it was got from the web, add the day of access and the address, or the DOI if it has one.",
        ),
    )
    yield from both(
        Words(
            "引用一份公告时，请写明其 `id`、`original_url` 与本次发布的名称；`id` 长期有效，旧编号见 `aliases`。",
            "For one notice give its `id`, its `original_url` and the name of this release;"
            " ids last, and former ones are in `aliases`.",
        )
    )


_PYTHON: Final = (
    "import pandas, glob",
    "notices = pandas.concat(map(pandas.read_parquet, sorted(glob.glob('data/notices-*.parquet'))), ignore_index=True)",
    "",
    "import datasets",
    "notices = datasets.load_dataset('/path/to/this/folder')  # train, validation, test",
    "copies = datasets.load_dataset('/path/to/this/folder', 'copies', split='train')",
)
_DUCKDB: Final = (
    "-- DuckDB",
    "select province, year, count(*) from 'data/notices-*.parquet' group by all order by all;",
)
_R: Final = (
    "notices <- read.csv('notices.csv', fileEncoding = 'UTF-8-BOM', na.strings = '',",
    "                    colClasses = c(division = 'character', document_number = 'character'))",
    "notices$published_on <- as.Date(notices$published_on)",
)
_CHECKS: Final = (
    (None, "sha256sum -c SHA256SUMS"),
    (None, "minzheng verify .  # 各格式是否一致 · whether the formats agree"),
    ("csv", "frictionless validate datapackage.json"),
    ("parquet", "mlcroissant validate --jsonld croissant.json"),
)
"""The format that must be there, and the command."""
