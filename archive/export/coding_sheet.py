"""A workbook for coding a sample by hand: a notice a row, empty columns for the coder, and how to join it back.

The text is for reading alone. What counts afterwards are the ids: they hold from release to release through `aliases`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from archive.store import Database
from archive.store.sampling import SampledNotice, sampled_notices
from archive.workbook import LONGEST, NO_TIME, Sheet, write_book

FILE: Final = "coding-sheet.xlsx"
"""What the sheet is called in a release."""
CODER: Final = ("code", "note", "coder", "coded_on")
"""The columns that a coder fills in, unless others are named."""


def write_coding_sheet(
    path: Path, db: Database, *, seed: int, by: Sequence[str], columns: Sequence[str] = CODER
) -> int:
    """Write the sample that a database has as a workbook; gives how many notices are in it.

    `columns` name what the coder fills in, as `check_coded` lets them.
    """
    names = (*_GIVEN, *columns)
    with path.open("wb") as file, write_book(file, made_at=NO_TIME) as book:
        sheet = book.begin("coding", names, wrapped=names)
        strata = set()
        for notice in sampled_notices(db):
            values = dict(notice)
            strata.add(notice["stratum"])
            sheet.add((values.get(name) for name in names), whole=_whole(notice))
        book.tell("how to · 说明", _how_to(sheet, len(strata), seed=seed, by=by, columns=columns), whole="")
        return sheet.rows


def check_coded(columns: Sequence[str]) -> None:
    """Raises: ValueError if a column for the coder is empty, twice there, or another column's name."""
    for at, name in enumerate(columns):
        if not name.strip() or name in _GIVEN or name in columns[:at]:
            raise ValueError(
                f"{name!r} cannot name a column for the coder: it is empty, twice there or one of {', '.join(_GIVEN)}"
            )


def _whole(notice: SampledNotice) -> str:
    return f"notices.csv, id {notice['id']}"


def _how_to(
    sheet: Sheet, strata: int, *, seed: int, by: Sequence[str], columns: Sequence[str]
) -> Iterator[tuple[str, str]]:
    parted = ", ".join(by) or "—"
    yield "抽样", f"{sheet.rows} 条公告，{strata} 层；分层依据：{parted}；种子：{seed}"
    yield "Sample", f"{sheet.rows} notices of {strata} strata; parted by: {parted}; seed: {seed}"
    yield "填写", f"只填这些列：{'、'.join(columns)}。其余勿改，尤其是 id。"
    yield "Fill in", f"These columns alone: {', '.join(columns)}. Leave the others as they are, above all id."
    yield "行序", f"随机；只编了前 k 行，这 k 行也是样本，weight 再乘以 {sheet.rows}/k。"
    yield "Order", f"Random: the first k rows alone are a sample, too; then multiply weight by {sheet.rows}/k."
    yield "正文", f"超过 {LONGEST:,} 字的已截断（{sheet.cut} 格），全文在 notices.csv 的同一 id。"
    yield "Text", f"Cut where longer than {LONGEST:,} characters ({sheet.cut} cells); whole in notices.csv, same id."
    yield "加权", "估计总数时，每行按 weight 计：该层公告数除以该层抽中数。"
    yield "Weigh", "To estimate totals count each row weight times: the notices of its stratum over those drawn of it."
    yield "合并", "按 id 与 notices 合并。用以后的版本时，先在 aliases 的 alias 列查 id，查到则换成同行的 notice。"
    yield "Join", "By id with notices. With a later release first look each id up in aliases (column alias)."
    yield "", "Where it is there, take the notice of that row instead."
    yield "pandas", 'coded["id"] = coded["id"].map(aliases.set_index("alias")["notice"]).fillna(coded["id"])'
    yield "拆分", "已拆分的公告，各部分见 successors；编的是哪一条，须由人判定。"
    yield "Split", "The parts of a notice that was split are in successors: a person has to say which one was coded."


_GIVEN: Final = ("id", "title", "issuing_agency", "published_on", "original_url", "stratum", "weight", "text")
