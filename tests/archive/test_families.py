"""Families of near-duplicates: what ties them, what does not tie everything, and where each of them goes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.alike import Alike, Texts, resemblance
from archive.families import SHARES, Cut, Ties, agree, cut_families, deal, is_near, split_of

SIGNS = "民政低保公示救助养老慈善社会组织登记通知街道乡镇资金发放对象标准"


def prose(seed: int, length: int = 600) -> str:
    """A text that has nothing in common with that of another seed."""
    chance = random.Random(seed)
    return "".join(chance.choice(SIGNS) for _ in range(length))


def pairs_of(*texts: str, least: float = 0.5) -> dict[tuple[int, int], Alike]:
    held = Texts()
    for text in texts:
        held.add(text)
    return {(pair.one, pair.other): pair for pair in held.pairs(least)}


def ties_of(pairs: Iterable[tuple[int, int]]) -> Ties:
    ties = Ties()
    for one, other in pairs:
        ties.add(one, other, 0)
    return ties


LOTS = 2**10 - 1
"""Ten pieces of a notice."""


def nothing(one: int, others: Sequence[int]) -> list[int]:
    """Every notice has the same in common with all others."""
    return [LOTS for _ in others]


def groups(cut: Cut) -> set[frozenset[int]]:
    return {frozenset(number for number, its in enumerate(cut.family) if its == family) for family in set(cut.family)}


def test_a_text_is_wholly_alike_with_itself_in_other_widths_and_marks() -> None:
    text = f"2024年，{prose(1)}。"
    found = pairs_of(text, text.replace("2024", "２０２４").replace("，", " ，\n"))

    assert found == {(0, 1): Alike(0, 1, 1.0, 1.0)}


def test_numbers_alone_make_no_two_texts_unlike() -> None:
    form = [prose(seed, 30) for seed in range(20)]
    found = pairs_of("12元".join(form), "3456.78元".join(form))

    assert found[0, 1].of_one == 1


def test_an_excerpt_stands_in_its_text_and_not_the_other_way_round() -> None:
    whole = prose(1, 2000)
    found = pairs_of(whole, whole[300:600])

    assert found[0, 1].of_other > 0.95
    assert found[0, 1].of_one < 0.25
    assert is_near(found[0, 1].of_one, found[0, 1].of_other)


@pytest.mark.parametrize(
    "letters", ["abcdefghijklmnopqrstuvwxyz ", "ཀཁགངཅཆཇཉཏཐདནཔཕབམ", "ئابپتجچخدرزژسشغفقكگلمنوېى ", "ᠠᠡᠢᠣᠤᠥᠦᠨᠪᠬᠭᠮᠯᠰ"]
)
def test_texts_of_every_script_are_compared(letters: str) -> None:
    chance = random.Random(5)
    one, other = ("".join(chance.choice(letters) for _ in range(500)) for _ in range(2))

    assert pairs_of(one, one, other).keys() == {(0, 1)}


def test_texts_too_short_to_say_anything_are_like_nothing() -> None:
    assert pairs_of("详见附件。", "详见附件。") == {}


def test_two_that_are_alike_are_found_among_hundreds_that_share_their_phrases() -> None:
    """Each shingle is in dozens of texts; which two have all of them in common is in no single one."""
    phrases = [prose(seed, 14) for seed in range(40)]
    chance = random.Random(3)
    texts = ["".join(chance.choices(phrases, k=40)) for _ in range(300)]
    found = pairs_of(*texts, texts[17], texts[140], least=0.9)

    assert {(17, 300), (140, 301)} <= found.keys()


def test_a_series_of_hundreds_hangs_together() -> None:
    form = prose(0, 400)
    found = pairs_of(*(form + prose(seed, 300) for seed in range(1, 400)))
    cut = cut_families(399, ties_of(found), nothing, most=1)

    assert len(groups(cut)) == 1
    assert len(found) < 399 * 30


@pytest.mark.parametrize(("of_one", "of_other", "is_one"), [(1, 1, 1), (0.5, 0.5, 1 / 3), (1, 0.25, 0.25), (0, 0, 0)])
def test_resemblance_is_what_is_common_of_all(of_one: float, of_other: float, is_one: float) -> None:
    assert resemblance(of_one, of_other) == pytest.approx(is_one)


def test_titles_agree_if_the_one_was_cut_and_not_if_they_are_of_two_things() -> None:
    title = "青山区民政局关于提高城乡居民最低生活保障标准的通知"

    assert agree(title, title[:18])
    assert not agree(title, "青山区民政局关于开展养老机构消防安全检查的通知")
    assert not agree("通知公告", title)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30), st.randoms(use_true_random=False))
def test_families_do_not_depend_on_the_order_of_ties(pairs: list[tuple[int, int]], chance: random.Random) -> None:
    masks = {(one, other): LOTS << 10 * chance.randrange(3) for one in range(12) for other in range(12)}

    def common(one: int, others: Sequence[int]) -> list[int]:
        return [masks[one, other] for other in others]

    pairs = [(one, other) for one, other in pairs if one != other]
    cut = cut_families(12, ties_of(pairs), common)
    again = cut_families(12, ties_of([pair[::-1] for pair in chance.sample(pairs, len(pairs))]), common)

    assert groups(again) == groups(cut)
    assert again.bridges == cut.bridges


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30), st.randoms(use_true_random=False))
def test_no_tie_has_its_ends_in_two_of_the_three_parts(pairs: list[tuple[int, int]], chance: random.Random) -> None:
    """Whatever bridges what: this is what a split is for."""

    def common(one: int, others: Sequence[int]) -> list[int]:
        return [LOTS << 10 * chance.randrange(3) for _ in others]

    pairs = [(one, other) for one, other in pairs if one != other]
    cut = cut_families(12, ties_of(pairs), common)
    dealt = deal(cut, {family: f"{chance.random()}" for family in cut.sizes})
    parts = [{dealt[cut.family[one]], dealt[cut.family[other]]} - {"excluded"} for one, other in pairs]

    assert all(len(ends) < 2 for ends in parts)


def test_links_tell_why_each_is_in_its_family() -> None:
    cut = cut_families(6, ties_of([(0, 1), (1, 2), (0, 2), (3, 4)]), nothing, most=1)

    assert [(link.one, link.other) for link in cut.links] == [(0, 1), (1, 2), (3, 4)]
    assert groups(cut) == {frozenset({0, 1, 2}), frozenset({3, 4}), frozenset({5})}


DIGEST = 20
"""Prints 0 and 10, each one of a series of ten."""
SERIES = [*combinations(range(10), 2), *combinations(range(10, 20), 2)]


def two_series(one: int, others: Sequence[int]) -> list[int]:
    return [LOTS if one == DIGEST and other < 10 else LOTS << 10 for other in others]


def test_a_digest_does_not_tie_the_families_that_it_prints() -> None:
    cut = cut_families(21, ties_of([*SERIES, (0, DIGEST), (10, DIGEST)]), two_series)

    assert groups(cut) == {frozenset(range(10)), frozenset(range(10, 20)), frozenset({DIGEST})}
    assert cut.bridges == {DIGEST: {0, 10}}


def test_a_digest_of_small_families_is_one_family_with_them() -> None:
    cut = cut_families(300, ties_of([*SERIES, (0, DIGEST), (10, DIGEST)]), two_series)

    assert frozenset(range(21)) in groups(cut)
    assert cut.bridges == {}


def test_what_prints_two_pieces_of_one_family_joins_it() -> None:
    def common(one: int, others: Sequence[int]) -> list[int]:
        return [LOTS << 10 * (other % 2) if one == DIGEST else LOTS for other in others]

    cut = cut_families(21, ties_of([*SERIES, (0, DIGEST), (1, DIGEST)]), common)

    assert groups(cut) == {frozenset({*range(10), DIGEST}), frozenset(range(10, 20))}
    assert cut.bridges == {}


def test_a_phrase_in_common_bridges_nothing() -> None:
    cut = cut_families(21, ties_of([*SERIES, (0, DIGEST), (10, DIGEST)]), lambda _, others: [1 << at for at in others])

    assert groups(cut) == {frozenset(range(21))}


@pytest.mark.parametrize("parts", [("train", "test"), ("test", "test"), ("validation", "validation")])
def test_a_digest_goes_where_all_it_prints_goes_and_else_nowhere(parts: tuple[str, str]) -> None:
    keys = {family: key_of(split) for family, split in zip((0, 10), parts, strict=True)}
    cut = cut_families(210, ties_of([*SERIES, (0, DIGEST), (10, DIGEST)]), two_series, most=0.05)
    keys |= {family: "x" for family in cut.sizes if family not in (0, 10)}
    dealt = deal(cut, keys)

    assert (dealt[0], dealt[10]) == parts
    assert dealt[DIGEST] == (parts[0] if parts[0] == parts[1] else "excluded")


def key_of(split: str) -> str:
    return next(key for key in map(str, range(1000)) if split_of(key) == split)


def test_a_family_too_big_to_be_tested_with_goes_to_train() -> None:
    cut = cut_families(50, ties_of([(at, at + 1) for at in range(7)]), nothing)
    dealt = deal(cut, dict.fromkeys(cut.sizes, key_of("test")))

    assert dealt[0] == "train"
    assert {dealt[family] for family in range(8, 50)} == {"test"}


def test_families_are_dealt_by_their_keys_in_the_shares_that_are_meant() -> None:
    dealt = Counter(split_of(f"notice {number}") for number in range(20_000))

    assert {split: round(count / 20_000, 2) for split, count in dealt.items()} == SHARES


def test_the_part_of_a_key_is_the_same_for_good() -> None:
    """Whoever has trained on a release must not find its notices among those tested with the next."""
    assert [split_of(key) for key in ("a", "g", "5")] == ["train", "validation", "test"]
