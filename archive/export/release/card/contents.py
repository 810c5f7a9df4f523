"""What the card tells of the contents: how much, of what kind, made how, split how, how long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from archive.export.described import table_words
from archive.export.release.card.lines import both, counted, empty, inline
from archive.export.release.facts import Facts
from archive.labels import ROLES, SOURCE_KINDS, STATES, Words, words_for
from archive.store.tables import Table
from archive.writing import Script

SHOWN_VALUES: Final = 12
"""Provinces, and kinds of documents, that the card lists."""


def size(facts: Facts) -> Iterator[str]:
    """How many notices and copies, of which places, years and kinds; and what was chosen of the archive."""
    rows = facts.rows
    years = facts.counts.get(("notices", "year"), {})
    span = f"{min(years)}–{max(years)}" if years else "—"
    yield from both(
        Words(
            f"本次发布有公告 {rows['notices']} 份、副本 {rows.get('copies', 0)} 个，发布年份 {span}。",
            f"This release has {rows['notices']} notices and {rows.get('copies', 0)} copies, published {span}.",
        )
    )
    if facts.seen:
        yield from both(
            Words(
                f"第一次采集于 {facts.seen[0]}，最后一次于 {facts.seen[1]}；此后的变化，本次发布未及。",
                f"The first capture is of {facts.seen[0]}, the last of {facts.seen[1]}; later changes are unknown.",
            )
        )
    for title, place, words in _KINDS:
        if found := facts.counts.get(place):
            yield f"{title}: {counted({str(words_for(words, value)): count for value, count in found.items()})}"
            yield ""
    if provinces := facts.counts.get(("notices", "province")):
        yield f"省份 · Provinces: {counted(provinces, SHOWN_VALUES, of=rows['notices'])}"
        yield ""
    if years:
        told = [f"{year} {count}" for year, count in sorted(years.items())]
        yield f"年份 · Years: {' · '.join((*told, *empty(years, rows['notices'])))}"
        yield ""
    if kinds := facts.counts.get(("notices", "document_type")):
        yield f"文种 · Kinds of documents: {counted(kinds, SHOWN_VALUES, of=rows['notices'])}"
        yield ""
    if selection := facts.said.get("selection.words"):
        yield f"所选范围 · Selection: {inline(selection)}"
        yield ""
    if "sample" in rows:
        population = sum(facts.strata.values())
        yield from both(
            Words(
                f"**这是样本：从 {population} 份中按 {len(facts.strata)} 层抽出 {rows['sample']} 份。**"
                "本卡的数字是样本的；估计全体时，每份公告按 `sample.weight` 计。",
                f"**This is a sample: {rows['sample']} of {population} notices, drawn in {len(facts.strata)} strata.**"
                " The figures of this card are those of the sample; to estimate all, count each notice"
                " `sample.weight` times.",
            )
        )
    if facts.said.get("changes_only") == "true":
        previous = facts.said.get("previous.name")
        yield from both(
            Words(
                f"**不是全部：只有与 {previous} 相比有变化的公告。**",
                f"**This is not all: it has only the notices that are not as they were in {previous}.**",
            )
        )


def making(facts: Facts) -> Iterator[str]:
    """How the rows came to be, and by which versions of the program."""
    yield from both(
        Words(
            "程序访问民政部门与转载门户的公开栏目，遵守 robots.txt，原样保存每次 HTTP 往来（WARC）。",
            "A crawler visits public lists of civil-affairs bureaus and of portals, obeys robots.txt, and keeps every"
            " exchange as it was (WARC).",
        ),
        Words(
            "其余一切由这些记录推导：字段连同依据，转载归于原文连同规则与把握，修订由先后快照比较而得。",
            "All else is derived from these records: fields with where they were read, reposts tied to their original"
            " with the rule and how sure it is, revisions by comparing captures.",
        ),
        Words(
            "程序会读错、归错；`matches.confidence`、`matches.evidence` 与 `copies.conflicts` 说明可疑之处。",
            "Programs misread and mistie; `matches.confidence`, `matches.evidence` and `copies.conflicts` show where.",
        ),
    )
    if versions := [f"{words} {facts.said[key]}" for key, words in _VERSIONS.items() if key in facts.said]:
        yield f"版本 · Versions: {' · '.join(versions)}"
        yield ""


def contents(facts: Facts, tables: Sequence[Table]) -> Iterator[str]:
    """The tables, and what one row of each is."""
    yield "各列见 [DICTIONARY.md](DICTIONARY.md)；各格式的行相同。"
    yield "The columns are told in [DICTIONARY.md](DICTIONARY.md); every format has the same rows."
    yield ""
    yield "| 表 · table | 行数 · rows | 中文 | English |"
    yield "| --- | --- | --- | --- |"
    for table in tables:
        _, about = table_words(table)
        yield f"| `{table.name}` | {facts.rows[table.name]} | {about.zh} | {about.en} |"
    yield ""


def splits(facts: Facts) -> Iterator[str]:
    """Into which parts the notices are split, and how large these are; nothing where they are not."""
    if not facts.parts:
        return
    total = sum(part.notices for part in facts.parts)
    yield from both(
        Words(
            "近似、同系列与转发的公告同属一族（`family`），整族归入一份，不会两边都有。",
            "Near-duplicates, siblings of a series and forwardings are one family (`family`), which is never divided.",
        )
    )
    if any(part.split == "excluded" for part in facts.parts):
        yield from both(
            Words(
                "excluded 是与其中几份都有相同内容的公告（多为汇编）：不归任何一份，训练与测试都不要用。",
                "What is `excluded` has text in common with several parts, as a digest has: train and test without it.",
            )
        )
    yield "| 划分 · split | 公告 · notices | 比例 · share | 家族 · families |"
    yield "| --- | --- | --- | --- |"
    for part in facts.parts:
        yield f"| {part.split} | {part.notices} | {part.notices / total:.1%} | {part.families} |"
    yield ""


def texts(facts: Facts) -> Iterator[str]:
    """How long the texts are, and in which script; nothing where there is none."""
    if not facts.statistics.lengths:
        return
    yield from both(
        Words(
            "正文长度以字符计，含标点与换行；四分位数是实有的长度。",
            "Lengths are characters, with marks and ends of lines; quartiles are lengths that occur.",
        )
    )
    yield "| 划分 · split | 篇 · texts | 最短 · least | 25% | 中位 · median | 75% | 最长 · most | 平均 · mean |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for split, found in facts.statistics.lengths.items():
        quartiles = f"{found.least} | {found.quarter} | {found.median} | {found.three_quarters} | {found.most}"
        yield f"| {split} | {found.texts} | {quartiles} | {found.mean:.0f} |"
    yield ""
    yield "| 字符 · characters | 篇 · texts |"
    yield "| --- | --- |"
    for first, end, number in (bar for bar in facts.statistics.histogram if bar[2]):
        span = f"{first}–{end - 1}" if end is not None and end > first + 1 else f"{first}{'' if end else '+'}"
        yield f"| {span} | {number} |"
    yield ""
    scripts = [f"{_SCRIPTS[script]} {number}" for script, number in facts.statistics.scripts.items()]
    yield f"文字 · Scripts, by the letters of each text: {' · '.join(scripts)}"
    yield ""


_KINDS: Final = (
    ("副本 · Copies", ("copies", "role"), ROLES),
    ("网页，最近一次核查时 · Pages, at the last look", ("copies", "state"), STATES),
    ("来源 · Sources", ("sources", "kind"), SOURCE_KINDS),
)
"""What is counted by a column of few values: title, table and column, what each value is called."""

_VERSIONS: Final[Mapping[str, str]] = {
    "versions.program": "程序 program",
    "versions.reader": "读取 reader",
    "versions.matcher": "归并 matcher",
    "versions.schema": "结构 schema",
    "masked": "遮盖 masks",
}

_SCRIPTS: Final[Mapping[Script, str]] = {
    "simplified": "简体 simplified Chinese",
    "traditional": "繁体 traditional Chinese",
    "tibetan": "藏文 Tibetan",
    "mongolian": "蒙古文 Mongolian",
    "arabic": "维吾尔、哈萨克等文 Arabic letters (Uyghur, Kazakh)",
    "korean": "朝鲜文 Korean",
    "yi": "彝文 Yi",
    "dai": "傣文 Dai",
    "cyrillic": "西里尔字母 Cyrillic",
    "latin": "拉丁字母 Latin",
    "other": "其他 other",
    "none": "无文字 none",
}
