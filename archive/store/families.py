"""What ties the notices of a database to each other, as `archive.families` wants it.

Texts are compared anew, whatever tracing found: it compares copies of the whole archive under caps, a release has a
choice of notices, and its postings are gone where it is masked. What tracing, relations and people told is added.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Final, Literal, get_args

from sqlite_utils import Database

from archive.alike import Texts, signs_of
from archive.families import TITLE, TITLED, Ties, agree, is_near
from archive.text import MIN_COMPARED, normalise

Told = Literal["text", "title", "likeness", "review", "claim", "relation", "series"]

TOLD_BY: Final[tuple[Told, ...]] = get_args(Told)
"""What tells a tie: the numbers in `Ties` are places here."""

Progress = Callable[[int, int], object]
"""Told now and then how many notices were read, of how many."""


def read_ties(db: Database, progress: Progress | None = None) -> tuple[list[str], Ties, Texts]:
    """The ids of all notices, rising; the ties between them, by their places there; and their texts, by the same.

    A notice is known by every text that it ever had: its own, those of its copies, and what these said before.
    """
    ids = [notice for (notice,) in db.execute("select id from notices order by id")]
    ties = Ties()
    texts, owners = _read_texts(db, ids, ties, progress)
    titles = [normalise(title or "") for (title,) in db.execute("select title from notices order by id")]
    for one, other in _same_titles(titles):
        ties.add(one, other, TOLD_BY.index("title"))
    for pair in texts.pairs(TITLED):
        one, other = owners[pair.one], owners[pair.other]
        shares = pair.of_one, pair.of_other
        if one != other and (is_near(*shares) or agree(titles[one], titles[other])):
            ties.add(one, other, TOLD_BY.index("text"), of_one=pair.of_one, of_other=pair.of_other)
    for told_by, notice, named, shares in _told(db):
        one, other = bisect_left(ids, notice), bisect_left(ids, named)
        if told_by != "claim" or max(texts.shares(one, other)) >= _CLAIMED:
            ties.add(one, other, TOLD_BY.index(told_by), of_one=shares[0], of_other=shares[1])
    return ids, ties, texts


def _read_texts(db: Database, ids: list[str], ties: Ties, progress: Progress | None) -> tuple[Texts, array[int]]:
    """Every text, and the notice of each; those too short to be sampled are tied to the first that says the same."""
    texts, owners = Texts(), array("I")
    first: dict[str, int] = {}
    for number, (text,) in enumerate(db.execute("select text from notices order by id"), 1):
        texts.add(text)
        owners.append(number - 1)
        _tie_short(text, number - 1, first, ties)
        if progress is not None and number % _LOOK == 0:
            progress(number, len(ids))
    for notice, copy, number in db.execute(_OTHERS).fetchall():  # put in order without the texts, which take more room
        [text] = db.execute("select text from revisions where copy = ? and number = ?", [copy, number]).fetchone()
        texts.add(text)
        owners.append(bisect_left(ids, notice))
        _tie_short(text, owners[-1], first, ties)
    if progress is not None:
        progress(len(ids), len(ids))
    return texts, owners


def _tie_short(text: str, owner: int, first: dict[str, int], ties: Ties) -> None:
    if len(text) < _SHORT and TITLE <= len(plain := normalise(text)) < MIN_COMPARED:
        other = first.setdefault(signs_of(plain), owner)
        if other != owner:
            ties.add(other, owner, TOLD_BY.index("text"), of_one=1.0, of_other=1.0)


def _same_titles(titles: list[str]) -> Iterator[tuple[int, int]]:
    """Each notice whose title another had before it, and the first that had it."""
    first: dict[str, int] = {}
    for number, title in enumerate(titles):
        if len(title) >= TITLE and first.setdefault(title, number) != number:
            yield first[title], number


def _told(db: Database) -> Iterator[tuple[Told, str, str, tuple[float, float]]]:
    """What tells a tie, the ids of the two, and which share of each the other has, 0 where nobody said."""
    for one, other, of_one, of_other, may_be_one in db.execute(_LIKENESSES):
        if may_be_one or is_near(of_one, of_other):
            yield "likeness", one, other, (of_one, of_other)
    for told_by, one, other in db.execute(_NAMED):
        yield told_by, one, other, (0.0, 0.0)


_LOOK: Final = 1000
"""Notices between two reports of progress."""
_SHORT: Final = 4 * MIN_COMPARED
"""Characters, with marks, from which on a text is not looked at as one too short to be sampled."""
_CLAIMED: Final = 0.25
"""Share that one must have of the other where a page names it as its original: links may lead anywhere."""

# the texts that are not shown as the notice's: other printings, and what pages said before
_OTHERS: Final = """
    select notices.id, copy, number
    from revisions join copies on copies.url_key = copy join notices on notices.id = copies.notice
    where revisions.text_digest is not notices.text_digest
    order by notices.id, copy, number
"""

# what is alike with nothing said otherwise may be one notice; of the others the shares decide
_LIKENESSES: Final = """
    select mine.notice, theirs.notice, min(covered, 1.0), min(covers, 1.0), veto is null and class <> 'weak'
    from likenesses join copies mine on mine.url_key = copy join copies theirs on theirs.url_key = other
      join notices one on one.id = mine.notice join notices two on two.id = theirs.notice
    where mine.notice <> theirs.notice
    order by copy, other
"""

# a series is of one publisher: one without any has a key that begins with a space
_NAMED: Final = """
    select told_by, one, other from (
    select 'review' as told_by, mine.notice as one, theirs.notice as other
      from reviews join copies mine on mine.url_key = copy join copies theirs on theirs.url_key = other
    union
    select 'claim', mine.notice, theirs.notice
      from copies mine join copies theirs on theirs.url_key = mine.claimed_key
    union
    select 'relation', a, b from relations where found_in = 'text' and kind <> 'explains'
    union
    select 'series', notice, before from (
      select notice, lag(notice) over (partition by key order by place, notice) as before
      from threads where kind = 'series' and key not like ' %'
    )
    ) where one <> other and one in (select id from notices) and other in (select id from notices)
    order by told_by, one, other
"""
