"""What becomes of a copy and of a source, told from looks alone."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from archive.fate import Elsewhere, Look, Sign, find_moves, fold_looks, is_answer, sign_of, tell_state
from tests.captures import NOW

AWAY: Sign = "vanished"


def looks(*found: tuple[int, Sign] | tuple[int, Sign, str]) -> list[Look]:
    """Looks at one copy, each by a crawl of its own: day, sign, vantage."""
    return [
        Look(
            copy="a", crawl=f"c{day:03}", vantage=vantage[0] if vantage else "here", at=NOW + timedelta(day), sign=sign
        )
        for day, sign, *vantage in found
    ]


def crawl(day: int, *, there: int = 0, away: range | tuple[int, ...] = ()) -> list[Look]:
    """One crawl of a source that finds some pages, the last of those named, and misses others."""
    signs: list[tuple[int, Sign]] = [(number, AWAY) for number in away]
    signs += [(number, "there") for number in range(100) if number not in away][:there]
    return [
        Look(copy=f"p{n:02}", crawl=f"c{day:03}", vantage="here", at=NOW + timedelta(day, n), sign=sign)
        for n, sign in signs
    ]


def test_a_page_is_missing_until_three_looks_over_14_days_make_it_gone() -> None:
    away = [(day, AWAY) for day in (7, 14, 21)]

    assert tell_state(looks((0, "there"), *away[:1])) == "missing"
    assert tell_state(looks((0, "there"), *away[:2])) == "missing"
    assert tell_state(looks((0, "there"), *away)) == "gone"


def test_many_looks_in_less_than_14_days_make_nothing_gone() -> None:
    assert tell_state(looks((0, "there"), *((day, AWAY) for day in range(1, 15)))) == "missing"


def test_a_look_that_was_taken_in_from_two_files_counts_once() -> None:
    away = looks((0, "there"), (7, AWAY), (21, AWAY))

    assert tell_state([*away, replace(away[-1], crawl="ingest-1")]) == "missing"


def test_a_page_comes_back() -> None:
    assert tell_state(looks((0, "there"), (7, AWAY), (14, AWAY), (21, AWAY), (30, "there"))) == "live"
    assert tell_state(looks((0, "there"), (7, AWAY), (14, AWAY), (20, "there"), (21, AWAY))) == "missing"


def test_looks_are_counted_by_vantage() -> None:
    assert tell_state(looks((0, "there"), (7, AWAY), (14, AWAY, "abroad"), (21, AWAY))) == "missing"


def test_a_block_at_one_vantage_changes_no_state_seen_at_another() -> None:
    barred = [(day, "refused", "abroad") for day in (1, 10, 20, 30)]

    assert tell_state(looks((0, "there"), *barred)) == "live"  # type: ignore[arg-type]
    assert tell_state(looks((0, "there"), (0, AWAY), *barred)) == "missing"  # type: ignore[arg-type]


def test_a_copy_is_blocked_when_it_is_refused_wherever_it_was_seen() -> None:
    barred: list[tuple[int, Sign]] = [(day, "refused") for day in (1, 10, 20)]

    assert tell_state(looks((0, "there"), *barred[:2])) == "live"
    assert tell_state(looks((0, "there"), *barred)) == "blocked"


@pytest.mark.parametrize("outcome", ["unreachable", "tls", "robots", "refused", "too_large", "wrong_type", "stub"])
def test_a_failure_says_nothing_of_the_page(outcome: str) -> None:
    assert sign_of(outcome, None, "unknown") is None  # type: ignore[arg-type]
    assert not is_answer(outcome, "unknown")  # type: ignore[arg-type]


def test_a_redirect_is_a_removal_only_when_it_leads_to_no_document() -> None:
    signs = {lead: sign_of("moved", None, lead) for lead in ("itself", "copy", "nowhere", "unknown")}

    assert signs == {"itself": None, "copy": None, "nowhere": "vanished", "unknown": None}


def test_who_gets_the_page_by_its_other_address_has_seen_it() -> None:
    [first] = looks((0, "there"))
    twin = Look(copy="a", crawl=first.crawl, vantage="here", at=NOW + timedelta(minutes=1), sign=AWAY)

    assert fold_looks([twin, first]) == [first]


def test_one_crawl_over_midnight_is_one_look_and_a_file_of_years_holds_many() -> None:
    [late] = looks((0, "there"))
    late = replace(late, at=late.at.replace(hour=23, minute=59))
    over, month = (replace(late, at=late.at + later) for later in (timedelta(minutes=2), timedelta(30)))

    assert fold_looks([late, over, month]) == [over, month]


def test_a_fifth_of_ten_pages_that_vanish_in_one_crawl_is_a_move() -> None:
    assert [move.vanished for move in find_moves(crawl(30, there=8, away=range(2)))] == [("p00", "p01")]
    assert find_moves(crawl(30, there=9, away=range(2))) == []
    assert find_moves(crawl(30, away=range(9))) == []


def test_what_was_missing_before_does_not_vanish_again() -> None:
    before = [look for day in (1, 2) for look in crawl(day, there=10, away=(day * 50,))]

    assert find_moves([*before, *crawl(9, there=9, away=(50, 100))]) == []


def test_what_vanished_with_its_source_vanishes_again_until_it_answers() -> None:
    moves = find_moves([*crawl(1, away=range(12)), *crawl(9, away=range(12))])

    assert [(move.crawl, move.closed_at) for move in moves] == [("c001", None), ("c009", None)]


def test_a_move_ends_with_a_crawl_that_finds_the_source_well() -> None:
    [few] = find_moves([*crawl(1, away=range(12)), *crawl(9, there=5)])
    [well] = find_moves([*crawl(1, away=range(12)), *crawl(9, there=10)])
    [other] = find_moves([*crawl(1, away=range(50, 62)), *crawl(9, there=10)])

    assert [few.closed_by, well.closed_by, other.closed_by] == [None, "c009", "c009"]


def test_moves_do_not_depend_on_the_order_of_looks() -> None:
    found = [look for day in range(1, 6) for look in crawl(day, there=8, away=range(day * 2, day * 4))]
    expected = find_moves(found)
    random.Random(1).shuffle(found)

    assert len(expected) > 0
    assert find_moves(found) == expected


def test_what_was_known_to_be_elsewhere_before_a_crawl_does_not_vanish_in_it() -> None:
    """Of 23 pages 12 had moved: the 2 of the others that vanished are no move of the source."""
    looks = crawl(30, there=9, away=range(14))
    known = {f"p{n:02}": Elsewhere(at=NOW, crawl="c000") for n in range(12)}

    assert [len(move.vanished) for move in find_moves(looks)] == [14]
    assert find_moves(looks, known) == []


@pytest.mark.parametrize("found_by", ["c030", "c037"])
def test_a_move_ends_with_the_crawl_that_finds_its_pages_elsewhere(found_by: str) -> None:
    known = {f"p{n:02}": Elsewhere(at=NOW + timedelta(int(found_by[1:])), crawl=found_by) for n in range(12)}
    [move] = find_moves(crawl(30, away=range(12)), known)

    assert move.closed_by == found_by


def test_a_move_goes_on_while_a_fifth_of_its_pages_is_found_nowhere() -> None:
    known = {f"p{n:02}": Elsewhere(at=NOW + timedelta(30), crawl="c030") for n in range(8)}
    [move] = find_moves(crawl(30, away=range(12)), known)

    assert move.closed_by is None
