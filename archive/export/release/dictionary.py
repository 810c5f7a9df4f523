"""`DICTIONARY.md`: every table and column of a release in Chinese and English, and how to search its database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from archive.export.described import RECORDS, column_words, field_words, table_words
from archive.export.release.facts import Facts
from archive.export.release.values import MEANINGS
from archive.labels import EVIDENCE, PLACES, Words
from archive.store.tables import Column, Kind, Table

KINDS: Final[Mapping[Kind, Words]] = {
    "text": Words("文字", "text"),
    "integer": Words("整数", "integer"),
    "number": Words("数", "number"),
    "boolean": Words("真假", "true or false"),
    "day": Words("日期", "day"),
    "instant": Words("时刻", "instant"),
    "texts": Words("文字列表", "list of texts"),
    "copies": Words("副本列表", "list of copies"),
    "files": Words("附件列表", "list of files"),
    "json": Words("JSON", "JSON"),
}

ANY_WORD: Final = """\
with recursive asked(word) as (select '养老服务'),
  pairs(place, pair) as (
    select 1, substr(word, 1, 2) from asked
    union all
    select place + 1, substr(word, place + 1, 2) from pairs, asked where place + 1 < length(word)
  )
select id, title, published_on from notices
where n in (
  select rowid from notices_fts
  where notices_fts match (select '"' || group_concat(pair, ' ') || '"' from pairs)
)
order by published_on desc;
"""
"""A search for one Chinese word of two characters or more, in SQL alone."""

ONE_PHRASE: Final = """\
select id, notices.title from notices_fts join notices on n = notices_fts.rowid
where notices_fts match '"养老 老服 服务" AND "低保"'
order by rank;
"""
"""A search for two words, each as the phrase of its pairs, the best first."""


def write_dictionary(folder: Path, facts: Facts, tables: Sequence[Table]) -> None:
    """Write what every table and column means."""
    told = (line for table in tables for line in _table(table, facts))
    lines = [*_opening(facts), *told, *_values(), *_records(), *_json(), *_search()]
    (folder / "DICTIONARY.md").write_text("\n".join(lines) + "\n", "utf-8")


def _opening(facts: Facts) -> Iterator[str]:
    yield f"# 数据字典 · Data dictionary: {facts.name}"
    yield ""
    yield "各格式的列与行相同；没有的值为空（CSV 为空单元格，其他格式为 null），从不猜测。"
    yield "日期为北京时间的 ISO 日期，时刻为 UTC 的 ISO 8601；CSV 中列表写作 JSON。"
    yield "真假在 CSV 中为 true 与 false，在 `notices.sqlite` 中为 1 与 0。"
    yield "`notices.sqlite` 另有档案的其他表，列可能更多。"
    yield ""
    yield "Columns and rows are the same in every format."
    yield "What is not known is empty (an empty cell of CSV, null elsewhere), never guessed."
    yield "Days are ISO days in Beijing, instants ISO 8601 in UTC; CSV has lists as JSON."
    yield "True and false are `true` and `false` in CSV, 1 and 0 in `notices.sqlite`."
    yield "`notices.sqlite` has further tables of the archive, and may have more columns."
    yield ""


def _table(table: Table, facts: Facts) -> Iterator[str]:
    called, about = table_words(table)
    held = facts.references.get(table.name, {})
    key = "、".join(f"`{name}`" for name in table.key)
    yield f"## {table.name}"
    yield ""
    yield f"**{called.zh} · {called.en}** — {about.zh}"
    yield ""
    yield about.en
    yield ""
    yield f"主键 · Key: {key}. 行数 · Rows: {facts.rows[table.name]}."
    yield ""
    yield "| 列 · column | 类型 · type | 中文 | English | 指向 · refers to |"
    yield "| --- | --- | --- | --- | --- |"
    for column in table.columns:
        to = table.points_to.get(column.name)
        refers = f"`{to[0]}.{to[1]}`{'' if column.name in held else ' *'}" if to else ""
        yield _row(f"`{column.name}`", _kind(column), *_words(column_words(table, column)), refers)
    yield ""
    if set(table.points_to) - set(held):
        yield "\\* 所指的行可能不在本次发布中。 · The row that is meant may not be in this release."
        yield ""


def _values() -> Iterator[str]:
    yield "## 值 · Values"
    yield ""
    yield "| 列 · column | 值 · value | 中文 | English |"
    yield "| --- | --- | --- | --- |"
    for (table, column), meanings in MEANINGS.items():
        for value, words in meanings.items():
            yield _row(f"`{table}.{column}`", f"`{value}`", *_words(words))
    yield ""


def _records() -> Iterator[str]:
    yield "## 列表中的记录 · Records in lists"
    yield ""
    yield "JSON 与 CSV 中为对象的列表，Parquet 中为结构的列表。"
    yield "In JSON and CSV they are lists of objects, in Parquet lists of structs."
    yield ""
    for kind, fields in RECORDS.items():
        yield f"### {KINDS[kind].zh} · {KINDS[kind].en}"
        yield ""
        yield "| 字段 · field | 类型 · type | 中文 | English |"
        yield "| --- | --- | --- | --- |"
        for field in fields:
            yield _row(f"`{field.name}`", _kind(field), *_words(field_words(field)))
        yield ""


def _json() -> Iterator[str]:
    yield "### JSON"
    yield ""
    yield "- `copies.evidence`: 字段名 → 读自何处，冒号后为细节 · field → where it was read, details behind a colon"
    yield "- `copies.conflicts`: 列表，各项有 `field`、`value`、`evidence` · a list; each has these three"
    yield "- `matches.evidence`: 下列各键中的若干 · some of the keys below"
    yield ""
    yield "| `matches.evidence` | 中文 | English |"
    yield "| --- | --- | --- |"
    yield from (_row(f"`{key}`", *_words(words)) for key, words in EVIDENCE.items())
    yield ""
    yield "| 读自何处 · where a field was read | 中文 | English |"
    yield "| --- | --- | --- |"
    yield from (_row(f"`{place}`", *_words(words)) for place, words in PLACES.items())
    yield ""


def _search() -> Iterator[str]:
    yield "## 检索 · Search"
    yield ""
    yield "`notices.sqlite` 的全文索引按相邻两字编排，任何 SQLite（3.40 起，含 FTS5）都能检索，不需要其他程序。"
    yield '把词写成相邻两字的短语：养老服务 → `"养老 老服 服务"`；单字写作 `"老" *`；字母用小写，数字照写。'
    yield '短语之间可用 AND、OR、NOT；可限于一列：`title : "低保"`（title、text、attachments_text、document_number）。'
    yield "全角字母数字在索引中为半角。`snippet()` 与 `highlight()` 需要本项目的函数，纯 SQLite 中不可用。"
    yield ""
    yield "The full-text index of `notices.sqlite` is made of pairs of neighbouring characters."
    yield "Any SQLite with FTS5 (3.40 or later) searches it, without a program of ours."
    yield 'Write a word as the phrase of its pairs: 养老服务 → `"养老 老服 服务"`; one character as `"老" *`.'
    yield "Letters are small, full-width letters and digits are half-width."
    yield "Phrases may be joined by AND, OR, NOT, and kept to a column:"
    yield '`title : "低保"` (title, text, attachments_text, document_number).'
    yield "`snippet()` and `highlight()` need functions of ours and do not work in plain SQLite."
    yield ""
    yield "```sql"
    yield ONE_PHRASE.rstrip()
    yield "```"
    yield ""
    yield "两字以上的词，不必自己拆 · A word of two characters or more, without taking it apart yourself:"
    yield ""
    yield "```sql"
    yield ANY_WORD.rstrip()
    yield "```"


def _kind(column: Column) -> str:
    return f"{KINDS[column.kind].zh} {KINDS[column.kind].en}" if column.kind != "json" else "JSON"


def _words(words: Words) -> tuple[str, str]:
    return words.zh, words.en


def _row(*cells: str) -> str:
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
