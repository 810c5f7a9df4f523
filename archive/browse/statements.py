"""The SQL of this room, one statement a file under `queries/`.

Files at the top are canned queries. Their leading comment says what they are: a block in Chinese, a line with nothing
but `--`, a block in English; the first line of each is the title, the others the description. Files in `page/` serve
our own pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from archive.labels import Words

_FOLDER = Path(__file__).parent / "queries"
_PARAMETER = re.compile(r"(?<![\w:]):([a-z_]+)")

PARAMETERS: Final[Mapping[str, Words]] = {
    "q": Words("检索词，查标题、正文、附件", "words in title, text or attachments"),
    "title": Words("标题中的文字", "words of the title"),
    "site": Words("转载站点，名称或其一部分", "site that reposts: its name or part of it"),
    "source": Words("来源站点，名称一部分或代号", "source: part of its name, or its key"),
    "province": Words("省份，或其一部分", "province, or part of its name"),
    "agency": Words("机关名称，或其一部分", "agency, or part of its name"),
    "document_type": Words("文种，如 通知", "document type, such as 通知"),
    "edit_class": Words("改动类别，如 amount、deadline", "kind of edit: amount, deadline, …"),
    "lost": Words("withdrawn、missing 或 never held", "withdrawn, missing or never held"),
    "kind": Words("引用关系，如 repeals", "kind of citation: repeals, revises, …"),
    "reason": Words("未读原因，如 no text", "why it was not read, such as no text"),
    "from_year": Words("起始年份", "from this year"),
    "to_year": Words("截止年份", "to this year"),
}
"""What may be filled in, in the order in which it is asked for. Whatever is left blank stands for everything."""

LOST: Final[Mapping[str, Words]] = {
    "withdrawn": Words("已撤下", "withdrawn"),
    "missing": Words("最近未见", "missing"),
    "never held": Words("未能采到", "never held"),
}
"""How an original was lost, as `lost_originals` says it."""

RESULTS: Final[Mapping[str, Words]] = {
    "id": Words("编号", "id of the notice"),
    "snippet": Words("片段", "words around what was found"),
    "copies": Words("副本数", "addresses that carry it"),
    "province": Words("省份", "province"),
    "year": Words("年份", "year"),
    "notices": Words("文件数", "documents"),
    "originals_held": Words("原文已采", "documents whose original is held"),
    "agencies": Words("机关数", "agencies that issued them"),
    "percent": Words("占当年百分比", "share of that year, in percent"),
    "site": Words("转载站点", "site that reposts"),
    "agency": Words("机关", "agency"),
    "kind": Words("种类", "kind of site"),
    "documents": Words("文件数", "documents"),
    "dated": Words("可算天数者", "documents that have both days"),
    "same_day": Words("当日转载", "reposted on the same day"),
    "quarter_within": Words("四分之一在几天内", "days within which a quarter was reposted"),
    "half_within": Words("半数在几天内", "days within which half was reposted"),
    "three_quarters_within": Words("四分之三在几天内", "days within which three quarters were"),
    "nine_tenths_within": Words("九成在几天内", "days within which nine tenths were"),
    "longest": Words("最长天数", "longest lag in days"),
    "early": Words("早于原文", "dated before the original"),
    "pages": Words("网页数", "pages"),
    "whole_text": Words("全文转载", "those that leave nothing out"),
    "first_on": Words("最早", "first day"),
    "last_on": Words("最晚", "last day"),
    "reposts": Words("转载网页", "pages that repost"),
    "linked": Words("给出原文网址", "pages that give the original's address"),
    "linked_percent": Words("给出网址百分比", "their share in percent"),
    "leads_there": Words("网址确为所收原文", "those whose address is the original held"),
    "source_only": Words("只写来源", "pages that print a source only"),
    "neither": Words("皆无", "pages that print neither"),
    "sites": Words("转载站点数", "sites that repost it"),
    "headline": Words("最要紧的改动", "the edit that matters most"),
    "classes": Words("改动类别", "kinds of edit"),
    "unchanged_until": Words("此前最后所见", "last seen unchanged, UTC"),
    "found_at": Words("发现改动", "edit found, UTC"),
    "days_after": Words("距发布至多几天", "days after publication, at most"),
    "revision": Words("第几版", "number of the revision"),
    "originals": Words("原文份数", "originals held"),
    "looked_again": Words("再次看过", "looked at again"),
    "edited": Words("有改动", "edited"),
    "edited_percent": Words("改动百分比", "edited, in percent of those looked at again"),
    "amount": Words("改金额", "sums edited"),
    "deadline": Words("改期限", "deadlines edited"),
    "eligibility": Words("改资格条件", "eligibility edited"),
    "names": Words("改名单", "names edited"),
    "withdrawn": Words("已撤下", "withdrawn"),
    "withdrawn_percent": Words("撤下百分比", "withdrawn, in percent of those looked at again"),
    "lost": Words("如何失去", "how it was lost"),
    "last_seen_at": Words("最后所见", "last seen, UTC"),
    "answer": Words("最近应答", "last answer of its address"),
    "still_live": Words("转载仍在线", "reposts still there"),
    "cited_by": Words("被引用", "documents that cite it"),
    "repealed_by": Words("被废止", "documents that repeal it"),
    "revised_by": Words("被修改", "documents that revise it"),
    "forwarded_by": Words("被转发", "documents that forward it"),
    "explained_by": Words("被解读", "documents that explain it"),
    "first_cited_on": Words("最早被引", "cited first"),
    "last_cited_on": Words("最近被引", "cited last"),
    "source": Words("来源代号", "key of the source"),
    "unobserved": Words("未观测月数", "months not observed"),
    "files": Words("附件数", "files"),
    "unread": Words("未读数", "files not read"),
    "unread_files": Words("未读附件", "names of these"),
    "reasons": Words("原因", "why they were not read"),
}
"""The columns that canned queries give, besides the fields of a notice (`archive.labels.FIELDS`) and months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One canned query, as its file says."""

    name: str
    title: Words
    description: Words
    sql: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """What may be filled in."""
        used = set(_PARAMETER.findall(self.sql))
        return tuple(name for name in PARAMETERS if name in used)


@cache
def statement(name: str) -> str:
    """The SQL of `queries/<name>.sql`."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


@cache
def canned_queries() -> tuple[Query, ...]:
    """Every canned query, by name."""
    return tuple(_read_query(path.stem) for path in sorted(_FOLDER.glob("*.sql")))


def _read_query(name: str) -> Query:
    lines = statement(name).splitlines()
    comment = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    middle = comment.index("")
    (zh, *about), (en, *english) = comment[:middle], comment[middle + 1 :]
    sql = "\n".join(line for line in lines if not line.startswith("--")).strip()
    return Query(name=name, title=Words(zh, en), description=Words(_run_on(about), " ".join(english)), sql=sql)


def _run_on(lines: Sequence[str]) -> str:
    """Lines as one: Chinese needs no blank where a line was broken, Latin letters do."""
    joined = ""
    for line in lines:
        joined += f" {line}" if joined and (joined[-1] + line[0]).isascii() else line
    return joined
