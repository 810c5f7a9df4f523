"""No repost and no sibling stands on both sides of a split: tried on notices and reposts that a generator makes."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlite_utils import Database

from archive.families import split_of
from archive.index import Index
from archive.store import open_writer
from archive.store.splits import put_splits
from archive.text import normalise
from tests.build import a_copy, a_notice, a_revision, an_archive
from tests.shared import need_shared

SEEDS = (5101, 7307, 9511)
"""No threshold was chosen by them."""
RESEMBLES, HOLDS = 0.5, 0.9
"""From here on two notices are near-duplicates: shingles of eight characters that they have in common, of all that
they have, and of all that the lesser has."""
KINDS = {
    *("verbatim", "boiler", "trunc80", "trunc50", "trunc30", "repara", "width", "title", "insert", "date", "summary"),
    *("noise", "trad", "noattach", "numstyle", "composite", "chain"),
}
SIBLINGS = {"period_only", "period", "place", "person", "amount", "year", "batch"}


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Notices as tracing left them; `of` gives for the id of each repost the kind of it and its true notice."""

    db: Database
    texts: Mapping[str, str]
    kinds: Mapping[str, str]
    of: tuple[tuple[str, str, str], ...]
    siblings: tuple[tuple[str, str], ...]

    @property
    def splits(self) -> dict[str, str]:
        return dict(self.db.execute("select notice, split from splits").fetchall())

    @property
    def families(self) -> dict[str, str]:
        return dict(self.db.execute("select notice, family from splits").fetchall())


@pytest.fixture(scope="module", params=SEEDS)
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """Two hundred notices, half of them made to be mistaken for another, and eight reposts of each kind."""
    reposts = _load(need_shared("bench", "reposts.py"))
    tracing = _load(Path(__file__).parents[2] / "benchmarks" / "tracing.py")
    made = reposts.Gen(request.param)
    made.originals(100)
    made.hard(100)
    made.make_copies(8 * len(KINDS))
    folder = tmp_path_factory.mktemp("splits")
    db = open_writer(folder / "notices.db")
    with db.atomic():
        tracing.put_sources(db, made.docs)
        keys = {page["id"]: tracing.put_page(db, page, is_bureau=True, is_first=True) for page in made.docs}
        for page in made.copies:
            keys[page["id"]] = tracing.put_page(db, page, is_bureau=False, is_linked=True, is_first=True)
    Index(folder, db, run="test").settle()
    put_splits(db)
    notices = dict(db.execute("select url_key, notice from copies").fetchall())
    yield Corpus(
        db=db,
        texts=dict(db.execute("select id, text from notices order by id").fetchall()),
        of=tuple((page["kind"], notices[keys[page["id"]]], notices[keys[page["of"]]]) for page in made.copies),
        siblings=tuple(
            (notices[keys[page["id"]]], notices[keys[page["trap_of"]]])
            for page in made.docs
            if page["trap"] in SIBLINGS
        ),
        kinds={notices[keys[page["id"]]]: page["trap"] for page in made.docs},
    )
    db.close()


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shingles(text: str) -> set[str]:
    plain = normalise(text)
    return {plain[at : at + 8] for at in range(len(plain) - 7)}


def near(corpus: Corpus) -> list[tuple[str, str]]:
    """All pairs of notices that are near-duplicates, each laid beside each."""
    held = {notice: shingles(text) for notice, text in corpus.texts.items()}
    found = []
    for (one, mine), (other, theirs) in combinations(held.items(), 2):
        common = len(mine & theirs)
        lesser = min(len(mine), len(theirs))
        if common >= 52 and (common >= RESEMBLES * len(mine | theirs) or common >= HOLDS * lesser):
            found.append((one, other))
    return found


def leaks(pairs: list[tuple[str, str]], split: Callable[[str], str]) -> list[tuple[str, str]]:
    """Pairs of which two of the three parts have one each."""
    return [pair for pair in pairs if len({split(notice) for notice in pair} - {"excluded"}) == 2]


def test_no_repost_of_any_kind_is_on_the_other_side_of_its_original(corpus: Corpus) -> None:
    """But of what has nothing left of it: a title cut short, between advertisements."""
    held = {notice: shingles(text) for notice, text in corpus.texts.items()}
    apart = [
        (kind, corpus.texts[repost])
        for kind, repost, notice in corpus.of
        if leaks([(repost, notice)], corpus.splits.__getitem__)
        and len(held[repost] & held[notice]) >= 0.1 * min(len(held[repost]), len(held[notice]))
    ]

    assert {kind for kind, _, _ in corpus.of} == KINDS
    assert apart == []
