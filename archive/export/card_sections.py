"""What the dataset card tells people: short, Chinese first, every figure from the release itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from archive.export.described import GUARD, archive_words, table_words
from archive.export.facts import Facts
from archive.labels import LICENCE_REASONS, LICENCES, NO_ADVICE, ROLES, Words
from archive.store.tables import Table
from archive.writing import Script

SHOWN_GAPS: Final = 15
"""Sources whose gaps the card lists; all stand in coverage.csv."""
SHOWN_TERMS: Final = 15
"""Sources whose terms the card lists."""
SHOWN_VALUES: Final = 12
"""Provinces that the card lists."""


def sections(facts: Facts, tables: Sequence[Table]) -> Iterator[str]:
    """The lines of the card below its head."""
    called, about = archive_words()
    yield f"# {called.zh} {facts.name} · {called.en} {facts.name}"
    yield ""
    yield from _both(about)
    for title, told in _SECTIONS:
        lines = list(told(facts))
        if lines:
            yield f"## {title}"
            yield ""
            yield from lines
            if lines[-1]:
                yield ""
        if told is _made:
            yield from _tables(facts, tables)


def _what(facts: Facts) -> Iterator[str]:
    rows = facts.rows
    roles = facts.counts.get(("copies", "role"), {})
    years = facts.counts.get(("notices", "year"), {})
    span = f"{min(years)}–{max(years)}" if years else "—"
    yield from _both(
        Words(
            f"本次发布有公告 {rows['notices']} 份、副本 {rows.get('copies', 0)} 个，发布年份 {span}。",
            f"This release has {rows['notices']} notices and {rows.get('copies', 0)} copies, published {span}.",
        )
    )
    if facts.seen:
        yield from _both(
            Words(
                f"第一次采集于 {facts.seen[0]}，最后一次于 {facts.seen[1]}；此后网上有何变化，本次发布不知道。",
                f"The first capture is of {facts.seen[0]}, the last of {facts.seen[1]}; later changes are unknown.",
            )
        )
    if roles:
        yield f"副本 · Copies: {_counted({str(ROLES.get(role, role)): count for role, count in roles.items()})}"
        yield ""
    if provinces := facts.counts.get(("notices", "province")):
        yield f"省份 · Provinces: {_counted(provinces, SHOWN_VALUES)}"
        yield ""
    if years:
        yield f"年份 · Years: {' · '.join(f'{year} {count}' for year, count in sorted(years.items()))}"
        yield ""
    if selection := facts.said.get("selection.words"):
        yield f"所选范围 · Selection: {selection}"
        yield ""
    if facts.said.get("changes_only") == "true":
        previous = facts.said.get("previous.name")
        yield from _both(
            Words(
                f"**不是全部：只有与 {previous} 相比有变化的公告。**",
                f"**This is not all: it has only the notices that are not as they were in {previous}.**",
            )
        )


def _made(facts: Facts) -> Iterator[str]:
    yield from _both(
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


def _tables(facts: Facts, tables: Sequence[Table]) -> Iterator[str]:
    yield "## 一行是什么 · What one row is"
    yield ""
    yield "各列见 [DICTIONARY.md](DICTIONARY.md)；各格式的行相同。"
    yield "The columns are told in [DICTIONARY.md](DICTIONARY.md); every format has the same rows."
    yield ""
    yield "| 表 · table | 行数 · rows | 中文 | English |"
    yield "| --- | --- | --- | --- |"
    for table in tables:
        _, about = table_words(table)
        yield f"| `{table.name}` | {facts.rows[table.name]} | {about.zh} | {about.en} |"
    yield ""


def _parts(facts: Facts) -> Iterator[str]:
    if not facts.parts:
        return
    total = sum(part.notices for part in facts.parts)
    yield from _both(
        Words(
            "近似、同系列与转发的公告同属一族（`family`），整族归入一份，不会两边都有。",
            "Near-duplicates, siblings of a series and forwardings are one family (`family`), which is never divided.",
        )
    )
    if any(part.split == "excluded" for part in facts.parts):
        yield from _both(
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


def _texts(facts: Facts) -> Iterator[str]:
    if not facts.statistics.lengths:
        return
    yield from _both(
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
    for first, end, texts in (bar for bar in facts.statistics.histogram if bar[2]):
        span = f"{first}–{end - 1}" if end is not None and end > first + 1 else f"{first}{'' if end else '+'}"
        yield f"| {span} | {texts} |"
    yield ""
    scripts = [f"{_SCRIPTS[script]} {texts}" for script, texts in facts.statistics.scripts.items()]
    yield f"文字 · Scripts, by the letters of each text: {' · '.join(scripts)}"
    yield ""


def _gaps(facts: Facts) -> Iterator[str]:
    states = facts.counts.get(("coverage", "state"), {})
    yield from _both(
        Words(
            "“没有公告”与“没有观测”是两回事：只有 `coverage` 中 complete 的月份，零才是真的零。",
            "No notice and not observed are two things: only in a month that `coverage` calls complete is zero a zero.",
        ),
        Words(
            "没有列出的栏目与月份同样没有观测；完整情况见 coverage.csv。",
            "What has no row was not observed, either; all of it is in coverage.csv.",
        ),
    )
    if facts.said.get("selection.options", "{}") != "{}":
        yield from _both(
            Words(
                "`coverage` 说的是整个档案；所选范围之外的公告不在本次发布中。",
                "`coverage` tells of the whole archive; notices beyond what was chosen are not in this release.",
            )
        )
    if not states:
        return
    counts = [states.get(state, 0) for state in ("complete", "partial", "unobserved")]
    yield "栏目×月 · Months of channels: 采全 complete {} · 不全 partial {} · 未观测 unobserved {}".format(*counts)
    yield ""
    open_ones = sorted((gaps for gaps in facts.gaps if gaps.missing), key=lambda gaps: (-gaps.missing, gaps.source))
    if not open_ones:
        return
    yield "| 来源 · source | 栏目 · channels | 采全 · complete | 不全 · partial | 未观测 · unobserved | 月份 · months |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for gaps in open_ones[:SHOWN_GAPS]:
        spans = [first if first == last else f"{first}–{last}" for first, last in gaps.spans]
        told = ", ".join(spans) if len(spans) <= 3 else f"{', '.join(spans[:2])}, … {spans[-1]}"
        yield (
            f"| {gaps.agency} (`{gaps.source}`) | {gaps.channels} | {gaps.complete} | {gaps.partial}"
            f" | {gaps.unobserved} | {told} |"
        )
    yield ""
    if rest := open_ones[SHOWN_GAPS:]:
        missing = sum(gaps.missing for gaps in rest)
        yield f"另有 {len(rest)} 个来源，共 {missing} 个栏目月。 · {len(rest)} more sources with {missing} such months."
        yield ""


def _personal(facts: Facts) -> Iterator[str]:
    if facts.masked_by is None:
        yield from _both(
            Words(
                "**未作遮盖。** 公告中的身份证号码、电话、银行卡号与名单照原样列出；请勿公开传播。",
                "**Nothing is masked.** Identity numbers, telephones, bank cards and lists of names stand as they were"
                " printed: do not pass it on in public.",
            )
        )
        return
    yield from _both(
        Words(
            f"身份证号码、电话、银行卡号与长名单中的姓名已遮盖（规则版本 {facts.masked_by}）；`masks` 逐份说明处数。",
            f"Identity numbers, telephones, bank cards and names in long lists are masked (rules {facts.masked_by});"
            " `masks` says where and how often.",
        ),
        Words(
            "规则会有遗漏；落款、联系人与任免中的姓名保留。",
            "Rules miss some; names of signatories, contacts and appointments stay.",
        ),
    )
    for rule in facts.masked:
        yield f"- {rule.words}: {rule.notices} 份公告 notices, {rule.places} 处 places"
    yield ""


def _rights(facts: Facts) -> Iterator[str]:
    yield '<a id="rights"></a>'
    yield ""
    yield from _both(
        Words(
            f"`notices.licence` 逐份说明公告文字的权利。{NO_ADVICE.zh}",
            f"`notices.licence` says of each notice who has a say over its text. {NO_ADVICE.en}",
        ),
    )
    for licence, count in facts.licences.items():
        yield f"- `{licence}`: {count} 份 notices"
        yield f"  - {LICENCES[licence].zh}：{LICENCE_REASONS[licence].zh}。"
        yield f"  - {LICENCES[licence].en}: {LICENCE_REASONS[licence].en}."
    yield ""
    yield from _both(
        Words("图片与附件可能受保护。", "Pictures and files may be protected, whatever the text is."),
        Words("来源自己的说法见 `sources.terms`。", "What sources say themselves stands in `sources.terms`."),
    )
    for terms in facts.terms[:SHOWN_TERMS]:
        yield f"- {terms.agency} (`{terms.source}`): {terms.terms}{f' <{terms.url}>' if terms.url else ''}"
    if rest := len(facts.terms[SHOWN_TERMS:]):
        yield f"- 另有 {rest} 个来源，见 sources.csv · {rest} more in sources.csv"
    if facts.terms:
        yield ""
    if (taken := facts.said.get("archive.taken_down", "0")) != "0":
        yield from _both(
            Words(
                f"应请求撤下、不在任何发布中的公告：{taken} 份。",
                f"Notices taken down on request, which no release has: {taken}.",
            )
        )


def _changes(facts: Facts) -> Iterator[str]:
    previous = facts.said.get("previous.name")
    if not previous:
        return
    yield from _both(
        Words(
            f"与上次发布 {previous} 相比的逐份变化在 `changes`；旧编号经 `aliases` 或 `successors` 找到现在的公告。",
            f"What is otherwise than in {previous} is listed in `changes`, a notice a row;"
            " former ids lead to notices of today by `aliases` or `successors`.",
        )
    )
    if changes := facts.counts.get(("changes", "kind")):
        yield f"变化 · Changes: {_counted(changes)}"
        yield ""


def _load(facts: Facts) -> Iterator[str]:  # noqa: ARG001  every section is told the facts
    yield from _both(
        Words(
            "Parquet 有类型，程序请读它；CSV 给电子表格（`division` 等代码请按文字读）。",
            "Parquet has types: programs should read it. CSV is for spreadsheets (codes such as `division` are text).",
        ),
        GUARD,
        Words(
            "CSV 的空单元格可能是空文字，也可能是没有值；其他格式分得清。",
            "An empty cell of CSV is an empty text or nothing known; the other formats tell which.",
        ),
    )
    yield from _block("python", _PYTHON)
    yield from _block("sql", _DUCKDB)
    yield from _block("r", _R)


def _verify(facts: Facts) -> Iterator[str]:  # noqa: ARG001
    yield from _block("sh", _CHECKS)


def _cite(facts: Facts) -> Iterator[str]:
    called, _ = archive_words()
    day = f" ({facts.as_of})." if facts.as_of else ""
    yield from _block(
        "",
        (
            f"{called.zh}. {called.zh} {facts.name}[DS].{day}",
            f"{called.en}. {called.en} {facts.name} [Data set].{day}",
        ),
    )
    yield from _both(
        Words(
            "引用一份公告时，请写明其 `id`、`original_url` 与本次发布的名称；`id` 长期有效，旧编号见 `aliases`。",
            "For one notice give its `id`, its `original_url` and the name of this release;"
            " ids last, and former ones are in `aliases`.",
        )
    )


def _block(language: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"```{language}"
    yield from lines
    yield "```"
    yield ""


_VERSIONS: Final[Mapping[str, str]] = {
    "versions.program": "程序 program",
    "versions.reader": "读取 reader",
    "versions.matcher": "归并 matcher",
    "versions.schema": "结构 schema",
    "masked": "遮盖 masks",
}
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
    "notices <- read.csv('notices.csv', fileEncoding = 'UTF-8-BOM', colClasses = c(division = 'character'))",
    "notices$published_on <- as.Date(notices$published_on)",
)
_CHECKS: Final = (
    "sha256sum -c SHA256SUMS",
    "minzheng verify .                                # 各格式是否一致 · whether the formats agree",
    "frictionless validate datapackage.json           # CSV",
    "mlcroissant validate --jsonld croissant.json     # Parquet",
)


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


def _both(*told: Words) -> Iterator[str]:
    """Sentences in Chinese, a line each, then the same in English."""
    yield from (words.zh for words in told)
    yield ""
    yield from (words.en for words in told)
    yield ""


def _counted(counts: Mapping[str, int], most: int | None = None) -> str:
    """`value count · value count`, the most frequent first; what is beyond `most` in one sum."""
    ordered = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
    told = [f"{value} {count}" for value, count in islice(ordered, most)]
    if most is not None and (rest := ordered[most:]):
        told.append(f"其他 other {sum(count for _, count in rest)}")
    return " · ".join(told)


_SECTIONS: Final[Sequence[tuple[str, Callable[[Facts], Iterator[str]]]]] = (
    ("规模 · Size", _what),
    ("怎样做成 · How it was made", _made),
    ("划分 · Splits", _parts),
    ("正文 · Texts", _texts),
    ("缺漏 · Known gaps", _gaps),
    ("个人信息 · Personal data", _personal),
    ("权利 · Rights", _rights),
    ("变化 · What changed", _changes),
    ("读取 · Loading", _load),
    ("核验 · Verifying", _verify),
    ("引用 · Citing", _cite),
)
