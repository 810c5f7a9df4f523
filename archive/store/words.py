"""Chinese words of any length in an ordinary FTS5 table: character pairs in, exact phrases out, marks in the text.

`养老服务` is indexed as `养老 老服 服务 务`, so that every piece of it is a phrase of neighbouring tokens. The three
functions take whatever SQL or a person gives them and never raise.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from archive.text import fold

EVERY_ROW = "\ue000"
"""A token that stands in the title of every row and in no text."""
NO_ROW = "\ue001"
"""A token that stands nowhere."""
MARK_START, MARK_END = "\ue000", "\ue001"
"""What `zh_snippet` sets around a found word; browsers turn them into `<mark>` after escaping."""

MAX_QUERY, MAX_TERMS, MAX_SINGLE = 200, 16, 4


def zh_index(text: object) -> str:
    """The words of a text, one blank between them: the pairs of each run of CJK characters, then its last one."""
    folded = _BLANK_INSIDE.sub("", _plain(text))
    return _CJK_RUN.sub(_tokens, folded).strip()


def zh_match(query: object) -> str:
    """What a person typed, as an FTS5 expression; nothing in it is syntax that came from the query.

    Blanks mean and; `"…"` is one phrase; `OR` and `|` part alternatives; `-词` excludes; `min*` is a prefix of Latin
    or digits. A blank query matches every row, one of marks alone none. More than 200 characters, 16 terms or four
    terms of a single character are left out.
    """
    asked = _parse(query)
    alternatives = [
        f"({' AND '.join(term.phrase for term in group)})" if len(group) > 1 else group[0].phrase
        for group in asked.alternatives
    ]
    wanted = " OR ".join(alternatives) or f'"{EVERY_ROW if asked.is_blank or asked.excluded else NO_ROW}"'
    if not asked.excluded:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(term.phrase for term in asked.excluded)})"


def zh_snippet(text: object, query: object, width: object = 60) -> str:
    """The piece of a text, about `width` characters, that has the most different words of a query, each marked.

    Without its marks it is a literal piece of the text. The beginning of the text when nothing is found.
    """
    whole = _PRIVATE.sub("", _string(text))
    room = max(1, width) if isinstance(width, int) else 60
    terms = [term for group in _parse(query).alternatives for term in group]
    folded, places = _folded(whole)
    hits = sorted(
        (places[found.start()], places[found.end() - 1] + 1, number)
        for number, term in enumerate(terms)
        for found in term.pattern.finditer(folded)
        if found.end() > found.start()
    )
    if not hits:
        return whole[:room]
    start, end = _window(hits, room, len(whole))
    return _marked(whole, start, end, hits)


def understand(query: object) -> Query:
    """What a search makes of what a person typed: the terms it looks for, and what it leaves out."""
    return _parse(query)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing searched for: runs of CJK characters and pieces of anything else, in turn; and as it was typed."""

    runs: tuple[str, ...]
    prefix: bool
    typed: str

    @property
    def alone(self) -> str:
        """The query that asks for this term and nothing else."""
        return f'"{self.typed}"{"*" if self.prefix else ""}'

    @property
    def phrase(self) -> str:
        """The tokens of the term as one FTS5 phrase, with a prefix mark if its last token may go on."""
        *before, last = self.runs
        tokens = [token for run in before for token in ((*_pairs(run), run[-1]) if _is_cjk(run) else (run,))]
        tokens += (_pairs(last) or [last]) if _is_cjk(last) else [last]
        return f'"{" ".join(tokens)}"{" *" if self.prefix or (_is_cjk(last) and len(last) == 1) else ""}'

    @property
    def pattern(self) -> re.Pattern[str]:
        """The term in folded text: blanks may stand between CJK characters, marks between its pieces."""
        pieces = []
        for run in self.runs:
            if _is_cjk(run):
                pieces.append(_BLANKS_ALLOWED.join(map(re.escape, run)))
            else:
                words = r"[\W_]+".join(map(re.escape, _WORD.findall(run)))
                pieces.append(rf"(?<![^\W_{_CJK}]){words}" + ("" if self.prefix else rf"(?![^\W_{_CJK}])"))
        return re.compile(r"[\W_]*".join(pieces))

    @property
    def is_single(self) -> bool:
        """One CJK character alone: the dearest kind of term."""
        return len(self.runs) == 1 and len(self.runs[0]) == 1 and _is_cjk(self.runs[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What was asked: any of the alternatives (each all of its terms), and nothing of what is excluded."""

    alternatives: tuple[tuple[Term, ...], ...]
    excluded: tuple[Term, ...]
    is_blank: bool
    left_out: tuple[Term, ...] = ()
    """Terms that are too many."""
    is_cut: bool = False
    """Whether more was typed than is read."""


_CJK = "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CJK_RUN = re.compile(f"[{_CJK}]+")
_RUN = re.compile(f"[{_CJK}]+|[^{_CJK}]+")
_WORD = re.compile(rf"[^\W_{_CJK}]+")
# what FTS5 itself would drop, as far as it is common
_MARKS = re.compile("[!-/:-@[-`{-~\u2000-\u206f\u3000-\u3004\u3008-\u303f]+")
_PRIVATE = re.compile("[\ue000\ue001]")
# zero-width characters part no word; NUL and lone surrogates would end or break an SQL string
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_UNSAFE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ue000\ue001]")
_BLANK_INSIDE = re.compile(rf"(?<=[{_CJK}])[ \t]+(?=[{_CJK}])")
_BLANKS_ALLOWED = "[ \t\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*"
_PIECE = re.compile(r'(-*)"([^"]*)"?(\*?)|([|])|([^\s"|]+)')
_TYPED = str.maketrans({"“": '"', "”": '"', "＂": '"', "｜": "|", "－": "-", "＊": "*"})


def _parse(query: object) -> Query:
    groups: list[list[Term]] = [[]]
    excluded: list[Term] = []
    left_out: list[Term] = []
    terms = singles = 0
    typed = _string(query)[:MAX_QUERY].translate(_TYPED)
    for piece in _PIECE.finditer(typed):
        minus, quoted, star, bar, word = piece.groups()
        if bar or word == "OR":
            groups.append([])
            continue
        if word is not None:
            bare = word.lstrip("-")
            minus, quoted, star = word[: len(word) - len(bare)], bare.rstrip("*"), "*" if bare.endswith("*") else ""
        term = _term(quoted, prefix=bool(star))
        if term is None:
            continue
        if terms == MAX_TERMS or (term.is_single and singles == MAX_SINGLE):
            left_out.append(term)
            continue
        terms += 1
        singles += term.is_single
        (excluded if minus else groups[-1]).append(term)
    return Query(
        alternatives=tuple(tuple(group) for group in groups if group),
        excluded=tuple(excluded),
        is_blank=not typed.strip(),
        left_out=tuple(left_out),
        is_cut=len(_string(query)) > MAX_QUERY,
    )


def _term(typed: str, *, prefix: bool) -> Term | None:
    """A term of what was typed between blanks or quotes; None if there is no word in it."""
    plain = _BLANK_INSIDE.sub("", _plain(typed).replace('"', " "))
    runs = [" ".join(_MARKS.sub(" ", run).split()) for run in _RUN.findall(plain)]
    runs = [run for run in runs if _is_cjk(run) or _WORD.search(run)]
    return Term(runs=tuple(runs), prefix=prefix and not _is_cjk(runs[-1]), typed=typed) if runs else None


def _plain(text: object) -> str:
    return fold(_INVISIBLE.sub("", _UNSAFE.sub(" ", _string(text))))


def _string(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _is_cjk(run: str) -> bool:
    return bool(_CJK_RUN.match(run))


def _tokens(run: re.Match[str]) -> str:
    return f" {' '.join([*_pairs(run[0]), run[0][-1]])} "


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _folded(text: str) -> tuple[str, range | list[int]]:
    """Folded text, and for each of its characters the place it came from."""
    folded = fold(text)
    if len(folded) == len(text):  # folding never drops a character
        return folded, range(len(text))
    return folded, [place for place, char in enumerate(text) for _ in fold(char)]


def _window(hits: list[tuple[int, int, int]], room: int, length: int) -> tuple[int, int]:
    """The stretch of at most `room` characters with the most different terms, the first of equals."""
    inside: Counter[int] = Counter()
    best, best_hits, last = 0, (hits[0], hits[0]), 0
    for first, hit in enumerate(hits):
        while last < len(hits) and (hits[last][1] - hit[0] <= room or last == first):
            inside[hits[last][2]] += 1
            last += 1
        if len(inside) > best:
            best, best_hits = len(inside), (hit, hits[last - 1])
        inside[hit[2]] -= 1
        if not inside[hit[2]]:
            del inside[hit[2]]
    start, end = best_hits[0][0], max(best_hits[0][1], best_hits[1][1])
    start = max(0, min(start - (room - (end - start)) // 2, start, length - room))
    return start, max(end, min(length, start + room))


def _marked(whole: str, start: int, end: int, hits: list[tuple[int, int, int]]) -> str:
    shown, place = [], start
    for hit_start, hit_end, _ in hits:
        if hit_start < place or hit_end > end:
            continue
        shown += [whole[place:hit_start], MARK_START, whole[hit_start:hit_end], MARK_END]
        place = hit_end
    return "".join([*shown, whole[place:end]])
