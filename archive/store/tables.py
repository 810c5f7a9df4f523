"""The tables of a release: which columns of the database stand in its files, of which kind, in which order.

Names are those of the database; what each column says is told to readers once, by the descriptions of the reading
room (`archive/browse/datasette.yaml`), but for columns that only a release has. `notices` is the dataset's own record
(`archive.store.dataset`) with its family and split.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, NamedTuple, cast

from sqlite_utils import Database

from archive.store.dataset import FIELDS, notice_pages
from archive.store.rows import ask

Kind = Literal["text", "integer", "number", "boolean", "day", "instant", "texts", "copies", "files", "json"]
"""`day` and `instant` are ISO 8601, instants in UTC; `texts` is a list of text, `copies` and `files` are lists of the
dataset's records, `json` is JSON text whose shape differs from row to row."""

Value = Any
"""None, text, a number, true or false, or a list: as JSON has it."""


class Column(NamedTuple):
    """One column. `about` is `中文 · English`; None where the reading room describes the column of that table."""

    name: str
    kind: Kind = "text"
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: `key` names a row and is the order of the rows; `refers` says where a column's values are found.

    `called` and `about` are `中文 · English`; None where the reading room describes the table.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    names_others: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Columns that name rows which a choice of notices may leave out: of the other notice of two."""
    called: str | None = None
    about: str | None = None
    origin: str | None = None
    """What is selected from; None for the table of that name."""
    beside: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Column → a table that only the draft of a release has, and how its value is asked of it; null without it."""

    @property
    def points_to(self) -> Mapping[str, tuple[str, str]]:
        """Column → the table and column where its values are found, in a release of every notice."""
        return {**self.refers, **self.names_others}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def tables_of(db: Database) -> list[Table]:
    """The tables that a database has, in the order in which they are written."""
    return [table for table in TABLES.values() if db.table(table.name).exists()]


def table_rows(db: Database, table: Table) -> Iterator[list[dict[str, Value]]]:
    """Give the rows of one table in the order of its key, some at a time. The database is one that nobody writes."""
    if table.name == "notices":
        yield from _notices(db)
        return
    made = _made(table)
    page: list[dict[str, Value]] = []
    size = 0
    for row in ask(db, _select(db, table)):
        for name, make in made:
            if row[name] is not None:
                row[name] = make(row[name])
        page.append(row)
        size += sum(len(value) for value in row.values() if isinstance(value, str))
        if len(page) == _PAGE or size >= _CHARACTERS:
            yield page
            page, size = [], 0
    if page:
        yield page


def put_held_files(draft: Database, held: Iterable[tuple[str, str]]) -> None:
    """Say in the draft of a release which files come along, by SHA-256 (hex), and under which path."""
    with draft.atomic():
        draft.execute("drop table if exists held_files")
        draft.execute("create table held_files (digest text primary key, path text not null) without rowid")
        draft.conn.executemany("insert into held_files values (?, ?)", held)


_PAGE: Final = 500
_CHARACTERS: Final = 2_000_000
"""Of texts, past which no more rows are taken together: one file may hold a million."""


def _notices(db: Database) -> Iterator[list[dict[str, Value]]]:
    """The notices, with the family and the split of each where the database has them."""
    parted = db.table("splits").exists()
    for notices in notice_pages(db):
        ids = json.dumps([notice["id"] for notice in notices])
        cut = {row["notice"]: row for row in ask(db, _SPLITS, [ids])} if parted else {}
        yield [
            {**notice, **{name: cut.get(notice["id"], {}).get(name) for name in ("family", "split")}}
            for notice in notices
        ]


_SPLITS = "select notice, family, split from splits where notice in (select value from json_each(?))"


def _select(db: Database, table: Table) -> str:
    asked = {column: sql if db.table(other).exists() else "null" for column, (other, sql) in table.beside.items()}
    names = ", ".join(f'{asked[name]} as "{name}"' if name in asked else f'"{name}"' for name in table.names)
    key = ", ".join(f'"{name}"' for name in table.key)
    return f"select {names} from {table.origin or table.name} order by {key}"  # noqa: S608 (names of ours)


def _made(table: Table) -> list[tuple[str, Callable[[Any], Value]]]:
    """What becomes of the columns that the database holds otherwise."""
    return [(column.name, _MADE[column.kind]) for column in table.columns if column.kind in _MADE]


def _instant(at: str) -> Value:
    """An instant, of which some columns have an empty text where it is not known."""
    return at or None


_MADE: Final[Mapping[str, Callable[[Any], Value]]] = {
    "boolean": bool,
    "number": float,
    "texts": json.loads,
    "instant": _instant,
}


def _columns(spelled: str) -> tuple[Column, ...]:
    """Columns as `name` or `name:kind`."""
    parted = (word.partition(":") for word in spelled.split())
    return tuple(Column(name, cast("Kind", kind or "text")) for name, _, kind in parted)


_KINDS: Final[Mapping[str, Kind]] = {
    "original_captured": "boolean",
    "issuing_agencies": "texts",
    "published_on": "day",
    "written_on": "day",
    "effective_on": "day",
    "year": "integer",
    "copies": "copies",
    "attachments": "files",
    "first_seen_at": "instant",
    "last_seen_at": "instant",
    "revisions": "integer",
}
"""Kinds of the dataset's fields that are no text."""

_OF_NOTICES: Final[Mapping[str, str]] = {
    "copies": "副本，原文在前；每个副本为何归于此公告 · Its copies, the original first, and why each belongs",
    "attachments": "附件，每个网址一次 · Its attachments, each address once",
    "revisions": "所取副本的版本数，1 为从未改动 · States seen of the copy that the text is from; 1: never changed",
    "licence": "权利：official-document 公文，应不受保护，publisher 归发布者，source-terms 依来源条款；非法律意见"
    " · Rights in the text: official-document, publisher or source-terms; our reading, no legal advice",
    "reader_version": "读取此文的程序版本 · Version of the extractor that read the text",
    "text_from": "正文所取副本的网址 · Address of the copy that text and fields are read from",
}

DATASET: Final = Table(
    name="notices",
    columns=tuple(Column(name, _KINDS.get(name, "text"), _OF_NOTICES.get(name)) for name in FIELDS),
    key=("id",),
    refers={"source": ("sources", "key"), "division": ("divisions", "code")},
)
"""The notices alone, as any export has them."""

_NOTICES = replace(
    DATASET,
    columns=(
        *DATASET.columns,
        Column(
            "family", "text", "近似家族：近似、同系列或转发的公告同属一族 · Its family of near-duplicates and siblings"
        ),
        Column(
            "split",
            "text",
            "划分：train、validation、test，不拆散家族；跨几份的汇编为 excluded"
            " · train, validation or test, cut by family; excluded for a digest of several of these",
        ),
    ),
)

_COPIES = Table(
    name="copies",
    columns=_columns(
        """url_key url notice role source title published_on:day published_at:instant written_on:day effective_on:day
        document_number document_type index_number issuing_agency issuing_agencies:texts attribution author
        claimed_original validity text_digest text_length:integer state first_seen_at:instant last_seen_at:instant
        checked_at:instant published_raw written_raw effective_raw document_number_raw issuing_agency_raw
        attribution_raw author_raw validity_raw site_name channel_name subject_category evidence:json conflicts:json"""
    ),
    key=("url_key",),
    refers={"notice": ("notices", "id"), "source": ("sources", "key")},
)

_REVISIONS = Table(
    name="revisions",
    columns=_columns(
        """copy number:integer seen_from:instant seen_to:instant changed:texts classes:texts rank:integer headline
        title text text_digest state_digest payloads:texts"""
    ),
    key=("copy", "number"),
    refers={"copy": ("copies", "url_key")},
)

_MATCHES = Table(
    name="matches",
    columns=_columns("copy notice rule class confidence:number evidence:json"),
    key=("copy",),
    refers={"copy": ("copies", "url_key"), "notice": ("notices", "id")},
)

_RELATIONS = Table(
    name="relations",
    columns=_columns("a b kind why found_in"),
    key=("a", "b", "kind", "found_in"),
    names_others={"a": ("notices", "id"), "b": ("notices", "id")},
)

_CITATIONS = Table(
    name="citations",
    columns=_columns("notice number:integer kind document_number title cited_notice raw sentence copy"),
    key=("notice", "number"),
    refers={"notice": ("notices", "id")},
    names_others={"cited_notice": ("notices", "id"), "copy": ("copies", "url_key")},
)

_ALIASES = Table(
    name="aliases", columns=_columns("alias kind notice"), key=("alias",), refers={"notice": ("notices", "id")}
)

_COVERAGE = Table(
    name="coverage",
    columns=(
        *_columns("source channel"),
        Column("channel_name", "text", "栏目名称 · Name of the channel"),
        *_columns("month stated:integer listed:integer captured:integer readable:integer state"),
    ),
    key=("source", "channel", "month"),
    refers={"source": ("sources", "key")},
    origin="""(select coverage.*, (select name from channels
        where channels.source = coverage.source and channels.url = coverage.channel) as channel_name from coverage)""",
)

_ATTACHMENTS = Table(
    name="attachments",
    columns=(
        *_columns("copy url"),
        Column("notice", "text", "所属公告 · The notice of that copy"),
        *_columns("name media_type size:integer payload_digest"),
        Column("sha256", "text", "文件摘要 · SHA-256 of the file itself"),
        Column("pages", "integer", "页数或工作表数 · Pages of a PDF, sheets of a workbook"),
        *_columns("text skipped"),
        Column("file", "text", "文件在本次发布中的路径 · Where the file itself is in the release, if it came along"),
    ),
    key=("copy", "url"),
    refers={"copy": ("copies", "url_key"), "notice": ("notices", "id")},
    origin="""(select attachments.*, copies.notice, replace(files.sha256, 'sha256:', '') as sha256, files.pages
        from attachments left join copies on copies.url_key = attachments.copy
          left join files on files.payload_digest = attachments.payload_digest)""",
    beside={"file": ("held_files", "(select path from held_files where digest = sha256)")},
)

_SOURCES = Table(
    name="sources",
    columns=_columns(
        "key agency kind division home family addresses:texts seen note terms terms_url state noted_at:instant"
    ),
    key=("key",),
    refers={"division": ("divisions", "code")},
)

_DIVISIONS = Table(
    name="divisions",
    columns=_columns("code name name_en parent level"),
    key=("code",),
    refers={"parent": ("divisions", "code")},
)

_CAPTURES = Table(
    name="captures",
    columns=_columns(
        """url url_key fetched_at:instant status:integer outcome kind content_type charset payload_digest location
        state_digest reader_version record_id revisit:boolean warc_file warc_offset:integer warc_end:integer crawl
        transport"""
    ),
    key=("warc_file", "warc_offset"),
)

_STAMPED_HOSTS = Table(name="stamped_hosts", columns=_columns("host pages:integer same_day:integer"), key=("host",))

_MASKS = Table(
    name="masks",
    columns=_columns("notice rule places:integer"),
    key=("notice", "rule"),
    refers={"notice": ("notices", "id")},
)

_SAMPLE = Table(
    name="sample",
    called="抽样 · Sample",
    about="抽中的公告及其权重 · The notices that were drawn, and how many each stands for",
    columns=(
        Column("notice", "text", "公告编号 · Id of the notice"),
        Column("stratum", "text", "所在层，等号后为空即未知 · Its stratum; nothing behind = where it is not known"),
        Column("stratum_notices", "integer", "该层公告总数 · Notices of that stratum"),
        Column("sampled", "integer", "该层抽中数 · Drawn of that stratum"),
        Column(
            "weight", "number", "权重，即该层总数除以抽中数 · Notices that it stands for: stratum_notices / sampled"
        ),
        Column(
            "position", "integer", "编码次序，从 1 起，与层无关 · Order in which to code, from 1; random as the sample"
        ),
    ),
    key=("notice",),
    refers={"notice": ("notices", "id")},
)

_CHANGES = Table(
    name="changes",
    called="变化 · Changes",
    columns=(
        Column("number", "integer", "序号 · Place in the list"),
        Column("id", "text", "公告编号，removed 者为空 · The notice as it is called now; empty where it was removed"),
        Column(
            "kind",
            "text",
            "added 新增、changed 有改、withdrawn 原文下线、moved 换了编号、merged 并入、split 拆分、removed 不再收录 ·"
            " added, changed, withdrawn (its original's page is gone since), moved (another id),"
            " merged (several are one now), split (it has a part of another), removed",
        ),
        Column(
            "former_id", "text", "上一版中的编号，编号未变则空 · Its id in the last release, where that is not `id`"
        ),
        Column("fields", "texts", "有改的栏或表 · What changed: columns of notices, or names of other tables"),
        Column(
            "detail",
            "text",
            "withdrawn 为原文网址；moved、merged、split 同 successors.known_by；removed 为原因："
            "taken_down 应要求不再提供、not_chosen 不在所选范围、not_held 已无其网页 · The original's address,"
            " how the id is known to lead here, or why it was removed: taken down, not chosen, or none of its pages is"
            " held",
        ),
    ),
    key=("number",),
    refers={"id": ("notices", "id")},
    about="与上一版相比的变化 · What is otherwise than in the last release",
)

_SUCCESSORS = Table(
    name="successors",
    called="编号去向 · Successors",
    columns=(
        Column("former_id", "text", "上一版中的编号 · An id of the last release"),
        Column("notice", "text", "如今的公告 · What it is now, or a part of what it is"),
        Column(
            "known_by",
            "text",
            "依据：id 编号未变、alias 曾用此编号、ruling 人工裁定分开、claim 注明的原文即该编号的网址、"
            "moved 副本归入此公告 · id (it still has it), alias (it had it), ruling (a person parted them),"
            " claim (a copy names the address that the id is of), moved (a copy of it went there)",
        ),
        Column(
            "has_text",
            "boolean",
            "上一版正文所取的副本在此公告 · Whether the copy is here that the former notice's text was read from",
        ),
    ),
    key=("former_id", "notice"),
    refers={"notice": ("notices", "id")},
    about="上一版的编号如今是哪些公告；编号未变且未拆分者不列 · Which notices the ids of the last release are now;"
    " an id that simply is still there is not listed",
)

TABLES: Final[Mapping[str, Table]] = {
    table.name: table
    for table in (
        _NOTICES,
        _COPIES,
        _REVISIONS,
        _MATCHES,
        _RELATIONS,
        _CITATIONS,
        _ALIASES,
        _COVERAGE,
        _ATTACHMENTS,
        _SOURCES,
        _DIVISIONS,
        _CAPTURES,
        _STAMPED_HOSTS,
        _MASKS,
        _SAMPLE,
        _CHANGES,
        _SUCCESSORS,
    )
}
"""Every table by its name, in the order in which they are written."""
