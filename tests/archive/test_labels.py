"""Every term that the code may put before a reader has its words in Chinese and English."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from archive.labels import (
    CLASSES,
    EVIDENCE,
    PARTINGS,
    REASONS,
    ROLES,
    RULE_NAMES,
    RULES,
    SOURCE_KINDS,
    STATES,
    reason_words,
    relation_words,
)
from archive.records import CopyState, Likeness, LikenessClass, Role, Settlement, SourceKind
from archive.store.successors import Parting
from archive.trace import settle, slots, titles
from archive.urls import url_key
from tests.archive.test_settle import BUREAU, OTHER_PORTAL, PORTAL, TEXT, a_copy, merging
from tests.archive.test_settle import OTHER_TEXT as OTHER

PRINTED = Likeness(
    other=url_key(BUREAU), match_class="part", covers=0.6, covered=1.0, title=1.0, agency=False, veto=None
)
SETTLED = (
    settle([a_copy(BUREAU, kind="bureau"), a_copy(PORTAL, claims=BUREAU), a_copy(OTHER_PORTAL)]),
    settle([a_copy(PORTAL, claims=BUREAU)]),
    settle([a_copy(PORTAL, text=OTHER), a_copy(OTHER_PORTAL, text=TEXT)]),
    settle([a_copy(PORTAL, text=OTHER), a_copy(OTHER_PORTAL, text=TEXT)], [merging(PORTAL, OTHER_PORTAL)]),
    settle([a_copy(BUREAU, kind="bureau"), replace(a_copy(PORTAL, text=TEXT[:90]), like=(PRINTED,))]),
)
"""A settlement by each rule."""


def test_a_relation_that_texts_tell_has_words_in_chinese() -> None:
    said = [
        "its title is that one's, as a piece about it",
        "carries 97% of it under a letter of its own",
        "prints 80% of it, and other texts",
        "prints the same text under its own name, 99% in common",
        "same series, 91% in common; differs in 第1季度 / 第2季度",
        "same template, 70% in common; differs in 820 / 920",
        "same title, marked 2024年修订, of 2024-01-01 after 2020-01-01",
    ]

    assert said == [relation_words(why).en for why in said]
    assert "同一系列，相同 91%；不同处 第1季度 / 第2季度" == relation_words(said[4]).zh


def matches(settled: Settlement) -> list[tuple[str, str]]:
    """Rule and class of each match."""
    return [(match.rule, match.match_class) for match in settled.matches]


def told_in_code(form: str) -> set[str]:
    """What the modules of tracing say in this form."""
    sources = Path(settle.__code__.co_filename).parent.glob("*.py")
    return {value for source in sources for value in re.findall(form, source.read_text("utf-8"))}


def test_every_rule_and_class_has_words() -> None:
    found = list(itertools.chain.from_iterable(map(matches, SETTLED)))
    rules, classes = ({one[place] for one in found} for place in (0, 1))

    assert {"alone", "original", "near_text", "explicit_link", "ruling"} < rules
    assert rules | told_in_code(r'\brule="(\w+)"') <= RULES.keys() == RULE_NAMES.keys()
    assert classes | told_in_code(r'\bmatch_class="(\w+)"') | set(get_args(LikenessClass)) == CLASSES.keys()


def test_every_piece_of_evidence_has_words() -> None:
    named = {name for settled in SETTLED for match in settled.matches for name in match.evidence}

    assert set() == (named | told_in_code(r'\bevidence\["(\w+)"\]')) - EVIDENCE.keys()


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (get_args(Role), ROLES),
        (get_args(CopyState), STATES),
        (get_args(SourceKind), SOURCE_KINDS),
        (get_args(Parting), PARTINGS),
    ],
)
def test_every_role_state_and_kind_has_words(terms: tuple[str, ...], words: dict[str, object]) -> None:
    assert set(terms) == words.keys()


def test_every_difference_that_parts_two_notices_has_words() -> None:
    differences = {f"other {kind}" for kind in get_args(slots.Kind)}
    periods = {f"titles name another {what}" for what, _ in titles._PERIODS}

    assert differences | periods <= REASONS.keys()


@pytest.mark.parametrize(
    "reason",
    [
        titles.titles_part("2024年低保公示", "2025年低保公示"),
        titles.titles_part("低保政策解读", "低保政策"),
        titles.titles_part("青山市低保标准的通知", "兰溪市低保标准的通知"),
        titles.titles_part("关于王某某同志任职前的公示", "关于李某某同志任职前的公示"),
        str(slots.Slot(kind="list", one="甲", other="乙")),
    ],
)
def test_a_reason_is_told_in_both_languages_with_what_was_seen(reason: str | None) -> None:
    words = reason_words(reason or "")

    assert reason is not None
    assert all("\u4e00" <= sign for sign in words.zh if sign not in "，、")
    assert words.en[-1] == reason[-1]


def test_a_reason_that_is_not_known_stands_for_itself() -> None:
    assert str(reason_words("a new reason")) == "a new reason"
