"""Which other documents a text names, and what it does with them: repeals, revises, forwards, explains or mentions.

Kept is what is told to be a document: a title that ends in a kind of document (通知, 办法, 条例, 法 …), or any title
with a number beside it, and every number. Newspapers, books, forms, systems and certificates go with that rule; so do
the notice's own number and title, what the notice itself carries (印发《X》的通知), and short names (以下简称《办法》).
A kind other than `mentions` needs a phrase that says so of this very mention; without one nothing is guessed.
Source: the phrases of 党政机关公文处理工作条例 (2012) and of regulations; docs/glossary.md, citation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive.extract.mentions import Mention, find_mentions
from archive.extract.phrases import is_explanation, is_head_of_repealed, is_side_by_side, kind_of_title, kinds_of
from archive.names import carried_titles, title_key
from archive.records import Citation, CitationKind

_TAIL: Final = re.compile(r"(?:[（(【\[〔][^（()）]{1,40}[)）】\]〕]|[\s》〉”\"])+$")
_KIND_END: Final = re.compile(
    r"(?:通知|办法|条例|法典|法|规定|意见|决定|细则|通告|公告|公示|通报|批复|答复|函|令|纲要|决议|解释|准则|守则|规程|措施)$"
)
# Of these there are forms and drafts by the thousand; a longer title names one.
_WEAK_END: Final = re.compile(r"(?:方案|规划|计划|制度|章程|标准|规范|目录|清单|指南|指引|预案|规则|要点)$")
_SHORTEST: Final = 4
_SHORTEST_WEAK: Final = 6
_LONGEST_SENTENCE: Final = 300
_AROUND: Final = 110

_SENTENCE_END: Final = re.compile("[。！？!?]")
_ITEM: Final = re.compile(r"\s?[（(]?[\d一二三四五六七八九十]{0,4}[)）]?[.．、\s]{0,2}\s?")
_BROUGHT_OUT: Final = re.compile(r"(?:印发|出台|发布|公布|制定|下发|修订)(?:了)?$")
_TITLE_FORWARDS: Final = re.compile(r"转发([^《》]{6,120})$")
_ENDS_IN_KIND: Final = re.compile(r"(?:通知|意见|办法|决定|通报|批复|函|方案|规定|公告)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A mention with its kind and where it stands."""

    title: str | None
    number: str | None
    raw: str
    kind: CitationKind
    sentence: str
    is_own_title: bool = False


def find_citations(text: str, title: str | None, number: str | None) -> tuple[Citation, ...]:
    """Give the documents that a notice names, in its title and then in the order of its text, each once a kind.

    `title` and `number` (in its one spelling) are the notice's own. A sentence longer than 300 characters is cut to
    what is around the mention and around the phrase that shows its kind.
    """
    own = (title or "")[:_LONGEST_SENTENCE]
    said = [*_of_title(own), *_of_text(text.split("\n"))]
    if is_explanation(own):
        said = _explaining(said)
    keys = _own_keys(own)
    others = [one for one in said if not _is_own(one, keys, number)]
    return _each_once([one for one in _named_alike(others) if _is_document(one)])


def is_only_titled(citations: Sequence[Citation], title: str | None) -> bool:
    """Tell whether all of them stand in the notice's title alone."""
    own = (title or "")[:_LONGEST_SENTENCE]
    return all(citation.sentence == own for citation in citations)


def _of_title(title: str) -> Iterator[_Said]:
    """What the own title names; it may say what the whole notice does."""
    mentions, _ = find_mentions(title)
    kind = kind_of_title(title, title[: mentions[0].start]) if mentions else "mentions"
    for at, mention in enumerate(mentions):
        if at and not is_side_by_side(title, mentions, at - 1):
            kind = "mentions"
        raw = title[mention.start : mention.end]
        yield _Said(title=mention.title, number=mention.number, raw=raw, kind=kind, sentence=title, is_own_title=True)
    forwarded = _TITLE_FORWARDS.search(title) if not mentions else None
    if forwarded is not None:
        shorter = forwarded[1].removesuffix("的通知")
        name = shorter if _ENDS_IN_KIND.search(shorter) else forwarded[1]
        yield _Said(title=name, number=None, raw=name, kind="forwards", sentence=title, is_own_title=True)


def _of_text(lines: Sequence[str]) -> Iterator[_Said]:
    short: dict[str, Mention] = {}
    head = ""  # 下列文件予以废止：, while its list goes on
    for line in lines:
        mentions, named = find_mentions(line)
        mentions = [_full(mention, short | named) for mention in mentions]
        short |= named
        is_item = bool(head and mentions and _ITEM.fullmatch(line, 0, mentions[0].start))
        head = head if is_item else ""
        for sentence, inside in _sentences(line, mentions):
            for mention, (kind, shown) in zip(inside, kinds_of(sentence, line, inside), strict=True):
                whole = _clip(line, sentence, mention, shown)
                raw = line[mention.start : mention.end]
                one = _Said(title=mention.title, number=mention.number, raw=raw, kind=kind, sentence=whole)
                if is_item and kind == "mentions" and mention is mentions[0]:
                    one = replace(one, kind="repeals", sentence=f"{head} {whole}")
                yield one
        if is_head_of_repealed(line):
            head = line[-_AROUND:]


def _full(mention: Mention, short: Mapping[str, Mention]) -> Mention:
    """A mention by a short name as one of the document that has it."""
    whole = short.get(mention.title or "")
    if whole is None or mention.number is not None:
        return mention
    return replace(mention, title=whole.title, number=whole.number)


def _sentences(line: str, mentions: Sequence[Mention]) -> Iterator[tuple[tuple[int, int], list[Mention]]]:
    """The sentences of a line that hold mentions; a mark within a mention ends none."""
    ends = (match.end() for match in _SENTENCE_END.finditer(line))
    start, end = 0, next(ends, len(line))
    inside: list[Mention] = []
    for mention in mentions:
        while end <= mention.start:
            if inside:
                yield (start, end), inside
                inside = []
            start, end = end, next(ends, len(line))
        while end < mention.end:
            end = next(ends, len(line))
        inside.append(mention)
    if inside:
        yield (start, end), inside


def _clip(line: str, sentence: tuple[int, int], mention: Mention, shown: tuple[int, int] | None) -> str:
    """The sentence, or of a long one what is around the mention and around the phrase."""
    start, end = sentence
    if end - start <= _LONGEST_SENTENCE:
        return line[start:end].strip()
    spots = sorted({(mention.start, mention.end), shown or (mention.start, mention.end)})
    pieces: list[str] = []
    came = start
    for first, last in spots:
        begin, stop = max(first - _AROUND // 2, came), min(max(last, first) + _AROUND // 2, end)
        pieces += ["…"] * (begin > came) + [line[begin:stop]] * (stop > begin)
        came = max(came, stop)
    return "".join([*pieces, *["…"] * (came < end)]).strip()


def _explaining(said: Sequence[_Said]) -> list[_Said]:
    """What an explanation says: it repeals and revises nothing itself, it only tells of that.

    One that does not say what it explains, explains the first document that it says was brought out.
    """
    said = [one if one.kind in ("mentions", "explains") else replace(one, kind="mentions") for one in said]
    if any(one.kind == "explains" for one in said):
        return said
    for at, one in enumerate(said):
        before = one.sentence.partition(one.raw)[0]
        if one.title is not None and not one.is_own_title and _BROUGHT_OUT.search(before):
            return [*said[:at], replace(one, kind="explains"), *said[at + 1 :]]
    return said


def _named_alike(said: Sequence[_Said]) -> Iterator[_Said]:
    """Give a mention by title alone the number that stands beside that title elsewhere, and the other way round.

    What the own title does with a document, the whole notice does.
    """
    numbers: dict[str, set[str]] = {}
    titles: dict[str, set[str]] = {}
    does: dict[str, _Said] = {}
    for one in said:
        if one.title and one.number:
            numbers.setdefault(title_key(one.title), set()).add(one.number)
            titles.setdefault(one.number, set()).add(one.title)
        if one.is_own_title and one.title and one.kind != "mentions":
            does.setdefault(title_key(one.title), one)
    for one in said:
        key = title_key(one.title) if one.title else ""
        known, named = numbers.get(key, set()), titles.get(one.number or "", set())
        found = one
        if one.number is None and len(known) == 1:
            found = replace(one, number=next(iter(known)))
        elif one.title is None and len(named) == 1:
            found = replace(one, title=next(iter(named)))
        whole = does.get(title_key(found.title)) if found.title else None
        if whole is not None and found.kind == "mentions":
            found = replace(found, kind=whole.kind, sentence=whole.sentence)
        yield found


def _is_document(one: _Said) -> bool:
    """Whether a mention names a document, not a newspaper, a form or a short name."""
    if one.number is not None:
        return True
    title = _TAIL.sub("", one.title or "")
    if title.endswith("法") and not title.endswith("办法"):
        return len(title) >= _SHORTEST - 1
    weak = _WEAK_END.search(title) is not None and len(title) >= _SHORTEST_WEAK
    return weak or (_KIND_END.search(title) is not None and len(title) >= _SHORTEST)


def _own_keys(title: str) -> frozenset[str]:
    """The keys of the notice's own title and of what it carries, with and without a （试行） at the end."""
    carried = [form for inner in carried_titles(title) for form in (inner, _TAIL.sub("", inner))]
    return frozenset(key for form in (title, *carried) if (key := title_key(form)))


def _is_own(one: _Said, keys: frozenset[str], number: str | None) -> bool:
    """Whether it is the notice itself, or what it carries. An older document of the same title is another."""
    if one.number is not None:
        return one.number == number
    return one.kind != "repeals" and one.title is not None and title_key(one.title) in keys


def _each_once(said: Iterable[_Said]) -> tuple[Citation, ...]:
    """Each document once a kind, where it first stands."""
    found: dict[tuple[str, str], Citation] = {}
    for one in said:
        citation = Citation(
            kind=one.kind, document_number=one.number, title=one.title, raw=one.raw, sentence=one.sentence
        )
        found.setdefault((one.kind, one.number or title_key(one.title or "")), citation)
    return tuple(found.values())
