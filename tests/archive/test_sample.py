"""A sample by strata: everyone draws the same, every stratum is in it, and its weights give back the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from math import isclose
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from archive.export.coding_sheet import write_coding_sheet
from archive.export.draft import Sampling
from archive.sampling import Drawn, SampleError, Stratum, allocate, draw, told
from archive.store import Database, open_writer
from archive.store.choosing import Choice
from archive.store.chosen_copy import write_chosen
from archive.store.sampling import COLUMNS, draw_sample, put_sample, sampled_notices
from archive.store.tables import TABLES, table_rows
from tests.build import PORTAL, a_copy, a_notice, an_archive

PROVINCES = ("湖南省", "浙江省", None)
NOTICES: list[tuple[str, Stratum]] = [
    (f"n{number:04}", (PROVINCES[number % 7 % 3], str(2020 + number % 3))) for number in range(600)
]

sizes_of_strata = st.dictionaries(st.tuples(st.text("abc", max_size=3)), st.integers(1, 500), min_size=1, max_size=12)


@given(sizes=sizes_of_strata, size=st.integers(1, 3000))
def test_shares_add_up_and_every_stratum_has_one(sizes: dict[Stratum, int], size: int) -> None:
    if size < len(sizes):
        with pytest.raises(SampleError, match=f"draw {len(sizes)} at least"):
            allocate(sizes, size)
        return
    shares = allocate(sizes, size)

    assert min(size, sum(sizes.values())) == sum(shares.values())
    assert all(1 <= shares[stratum] <= count for stratum, count in sizes.items())


@given(sizes=sizes_of_strata, size=st.integers(12, 3000))
def test_a_larger_stratum_never_gets_less(sizes: dict[Stratum, int], size: int) -> None:
    shares = allocate(sizes, size)
    by_size = sorted((count, shares[stratum]) for stratum, count in sizes.items())

    assert [share for _, share in by_size] == sorted(share for _, share in by_size)


def test_largest_remainders_get_what_is_over() -> None:
    assert {("a",): 5, ("b",): 3, ("c",): 2} == allocate({("a",): 50, ("b",): 28, ("c",): 22}, 10)
    assert {("a",): 1, ("b",): 1, ("c",): 8} == allocate({("a",): 1, ("b",): 2, ("c",): 997}, 10)


def test_of_equal_strata_the_first_in_order_gets_what_is_over() -> None:
    assert {("a",): 1, ("b",): 1, (None,): 2} == allocate({("b",): 9, ("a",): 9, (None,): 9}, 4)


def test_a_sample_does_not_depend_on_the_order_in_which_notices_come() -> None:
    assert draw(NOTICES, 60, seed=7) == draw(reversed(NOTICES), 60, seed=7)


def test_another_seed_draws_others() -> None:
    one, other = ({drawn.notice for drawn in draw(NOTICES, 60, seed=seed)} for seed in (1, 2))

    assert len(one & other) < 20


def test_what_is_drawn_is_pinned_for_ever() -> None:
    """Whoever cites seed and release can be drawn after: no version of ours may draw others."""
    drawn = [one.notice for one in draw(NOTICES[:60], 10, seed=2026)]

    assert drawn == ["n0021", "n0015", "n0031", "n0059", "n0011", "n0004", "n0016", "n0012", "n0023", "n0024"]


def test_most_of_a_sample_stays_when_notices_come() -> None:
    more = [*NOTICES, *((f"m{number}", stratum) for number, (_, stratum) in enumerate(NOTICES[:60]))]
    before, after = ({drawn.notice for drawn in draw(notices, 60, seed=7)} for notices in (NOTICES, more))

    assert len(before & after) >= 48


def test_weights_give_back_the_number_of_notices_and_of_each_stratum() -> None:
    drawn = draw(NOTICES, 61, seed=7)
    weights: Counter[Stratum] = Counter()
    for one in drawn:
        weights[one.stratum] += one.weight  # type: ignore[assignment]  # a Counter adds numbers of any kind

    held = Counter(stratum for _, stratum in NOTICES)
    assert held.keys() == weights.keys()
    assert all(isclose(count, weights[stratum]) for stratum, count in held.items())
    assert all(
        (one.stratum_notices, one.sampled) == (held[one.stratum], round(held[one.stratum] / one.weight))
        for one in drawn
    )


def test_positions_count_from_one_and_mix_the_strata() -> None:
    drawn = draw(NOTICES, 60, seed=7)

    assert list(range(1, 61)) == [one.position for one in drawn]
    assert len({one.stratum for one in drawn[:10]}) > 3


def test_the_first_positions_are_a_sample_too() -> None:
    """A notice of its own stratum comes first as often as one of many."""
    notices = [("alone", ("small",)), *((f"n{number}", ("large",)) for number in range(99))]
    places = [
        next(one.position for one in draw(notices, 10, seed=seed) if one.notice == "alone") for seed in range(400)
    ]

    assert 5 < sum(places) / len(places) < 6


def test_more_than_there_are_draws_all_with_weight_one() -> None:
    drawn = draw(NOTICES, 1000, seed=7)

    assert (600, {1.0}) == (len(drawn), {one.weight for one in drawn})
    assert [] == draw([], 5, seed=7)


def test_no_column_makes_one_stratum() -> None:
    drawn = draw((("a", ()), ("b", ()), ("c", ())), 2, seed=7)

    assert {("", 3, 2, 1.5)} == {(told((), one.stratum), one.stratum_notices, one.sampled, one.weight) for one in drawn}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = an_archive(tmp_path / "notices.db")
    with made.atomic():
        for number in range(12):
            notice = a_notice(
                made,
                f"通知{number}",
                f"正文{number}",
                url=f"https://mzj.shili.example/{number}.html",
                province=PROVINCES[number % 3],
                city=None,
                document_type="通知",
                issuing_agency="甲局" if number % 2 else None,
                published_on=f"{2020 + number % 2}-01-01",
            )
            if number == 0:
                made.execute("insert into aliases values ('abcdefghij23', 'id', ?)", [notice])
                a_copy(made, notice, f"{PORTAL}0.html", source="menhu")
    yield made
    made.close()


@pytest.mark.parametrize("column", COLUMNS)
def test_notices_can_be_parted_by_every_column(db: Database, column: str) -> None:
    drawn = draw_sample(db, Choice(), 12, seed=1, by=(column,))

    strata = Counter(told((column,), one.stratum) for one in drawn)
    assert 12 == sum(strata.values())
    assert strata.keys() == {
        "province": {"province=湖南省", "province=浙江省", "province="},
        "year": {"year=2020", "year=2021"},
        "agency": {"agency=甲局", "agency="},
        "role": {"role=original"},
        "original_captured": {"original_captured=yes"},
        "source": {"source=shili"},
        "document_type": {"document_type=通知"},
    }.get(column, {f"{column}="})


def test_a_column_that_parts_nothing_is_refused_by_name(db: Database) -> None:
    with pytest.raises(SampleError, match="'month' is nothing to part a sample by; known: province, city"):
        draw_sample(db, Choice(), 3, seed=1, by=("month",))


def test_only_what_is_chosen_and_not_left_out_is_drawn(db: Database) -> None:
    [(first,)] = db.execute("select id from notices where title = '通知0'")
    drawn = draw_sample(db, Choice(since="2020-01-01", until="2020-12-31"), 99, seed=1, by=("year",))
    without = draw_sample(
        db, Choice(since="2020-01-01", until="2020-12-31"), 99, seed=1, by=("year",), left_out=("abcdefghij23",)
    )

    assert 6 == len(drawn)
    assert {first} == {one.notice for one in drawn} - {one.notice for one in without}


def test_the_sample_stands_in_the_database_as_it_was_drawn(db: Database) -> None:
    by = ("province", "year")
    put_sample(db, draw_sample(db, Choice(), 4, seed=9, by=("year",)), by=("year",))
    drawn: list[Drawn] = draw_sample(db, Choice(), 7, seed=9, by=by)
    put_sample(db, drawn, by=by)
    rows = [row for page in table_rows(db, TABLES["sample"]) for row in page]

    assert {one.notice: (told(by, one.stratum), one.weight, one.position) for one in drawn} == {
        row["notice"]: (row["stratum"], row["weight"], row["position"]) for row in rows
    }
    assert [one.notice for one in drawn] == [notice["id"] for notice in sampled_notices(db)]


def test_an_estimate_by_weights_is_near_what_is_there(db: Database) -> None:
    by = ("agency",)
    put_sample(db, draw_sample(db, Choice(), 6, seed=9, by=by), by=by)
    sql = "select sum(weight) from sample join notices on id = notice where issuing_agency = '甲局'"

    assert [(6.0,)] == db.execute(sql).fetchall()


def test_a_sample_with_its_notices_alone_is_a_database(db: Database, tmp_path: Path) -> None:
    drawn = draw_sample(db, Choice(), 5, seed=3, by=("province",))
    write_chosen(db, tmp_path / "copy.db", Choice(ids=tuple(sorted(one.notice for one in drawn))))
    with closing(open_writer(tmp_path / "copy.db")) as copy:
        put_sample(copy, drawn, by=("province",))

        assert 5 == copy.table("notices").count
        assert [] == copy.execute("pragma foreign_key_check").fetchall()


@pytest.fixture
def sheet(db: Database, tmp_path: Path) -> Path:
    """A coding sheet of five notices, one of which has a text that no cell can hold."""
    long = db.execute("select min(id) from notices").fetchone()[0]
    db.execute("update notices set text = ?, title = '=1+1' where id = ?", ["长" * 40_000, long])
    put_sample(db, draw_sample(db, Choice(), 12, seed=3, by=("year",)), by=("year",))
    assert 12 == write_coding_sheet(tmp_path / "sheet.xlsx", db, seed=3, by=("year",), columns=("topic", "stance"))
    return tmp_path / "sheet.xlsx"


def test_a_coding_sheet_has_the_sample_in_its_order_and_empty_columns(db: Database, sheet: Path) -> None:
    book = load_workbook(sheet)
    header, *rows = book["coding"].values

    assert ("id", "title", "issuing_agency", "published_on", "original_url", "stratum", "weight", "text") == header[:8]
    assert ("topic", "stance") == header[8:]
    assert {(None, None)} == {row[8:] for row in rows}
    assert [(one["id"], one["stratum"], one["weight"]) for one in sampled_notices(db)] == [
        (row[0], row[5], row[6]) for row in rows
    ]


def test_a_coding_sheet_is_laid_out_for_reading(sheet: Path) -> None:
    coding = load_workbook(sheet)["coding"]

    assert "A2" == coding.freeze_panes
    assert {True} == {cell.alignment.wrap_text for cell in coding[2] if cell.value is not None}
    assert coding.column_dimensions["I"].alignment.wrap_text  # where nothing stands yet


def test_a_text_that_is_cut_says_so_and_where_the_whole_is(db: Database, sheet: Path) -> None:
    book = load_workbook(sheet)
    long = db.execute("select min(id) from notices").fetchone()[0]
    [row] = [row for row in book["coding"].values if row[0] == long]

    assert (32_767, "=1+1") == (len(row[7]), row[1])
    assert row[7].endswith(f"〔此格已截断，全文见 The cell is cut; the whole is at notices.csv, id {long}〕")
    assert any("1 cells" in str(line[1]) for line in book["how to · 说明"].values)


def test_a_coding_sheet_says_in_both_languages_how_it_joins_back(db: Database, sheet: Path) -> None:
    told_there = {line[0]: line[1] for line in load_workbook(sheet)["how to · 说明"].values}

    assert {"合并", "Join", "加权", "Weigh", "抽样", "Sample"} <= told_there.keys()
    assert told_there["Sample"] == "12 notices of 2 strata; parted by: year; seed: 3"


def test_the_same_sample_gives_the_same_bytes(db: Database, sheet: Path, tmp_path: Path) -> None:
    write_coding_sheet(tmp_path / "again.xlsx", db, seed=3, by=("year",), columns=("topic", "stance"))

    assert sheet.read_bytes() == (tmp_path / "again.xlsx").read_bytes()


@pytest.mark.parametrize("columns", [("id",), ("",), ("code", "code")])
def test_a_column_for_the_coder_has_a_name_of_its_own(columns: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=f"{columns[-1]!r} cannot name a column"):
        Sampling(size=3, seed=3, coded=columns)
