"""No repost and no sibling stands on both sides of a split: tried on notices and reposts that a generator makes."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from types import ModuleType

import pytest
from sqlite_utils import Database

from archive.families import split_of
from archive.index import Index
from archive.store import open_writer
from archive.store.splits import put_splits
from archive.text import normalise
from tests.build import a_notice, a_revision, an_archive
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

    @cached_property
    def splits(self) -> dict[str, str]:
        return dict(self.db.execute("select notice, split from splits").fetchall())

    @cached_property
    def families(self) -> dict[str, str]:
        return dict(self.db.execute("select notice, family from splits").fetchall())

    @cached_property
    def shingles(self) -> dict[str, set[str]]:
        return {notice: shingles(text) for notice, text in self.texts.items()}

    @cached_property
    def near(self) -> list[tuple[str, str]]:
        """All pairs of notices that are near-duplicates, each laid beside each."""
        found = []
        for (one, mine), (other, theirs) in combinations(self.shingles.items(), 2):
            common, lesser = len(mine & theirs), min(len(mine), len(theirs))
            if common >= 52 and (common >= RESEMBLES * len(mine | theirs) or common >= HOLDS * lesser):
                found.append((one, other))
        return found


@pytest.fixture(scope="module", params=SEEDS)
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """Notices, half of them made to be mistaken for another, and eight reposts of each kind."""
    reposts = _load(need_shared("bench", "reposts.py"))
    tracing = _load(Path(__file__).parents[2] / "benchmarks" / "tracing.py")
    made = reposts.Gen(request.param)
    made.originals(80)
    made.hard(80)
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


def leaks(pairs: list[tuple[str, str]], split: Callable[[str], str]) -> list[tuple[str, str]]:
    """Pairs of which two of the three parts have one each."""
    return [pair for pair in pairs if len({split(notice) for notice in pair} - {"excluded"}) == 2]


def test_no_repost_of_any_kind_is_on_the_other_side_of_its_original(corpus: Corpus) -> None:
    """But of what has nothing left of it: a title cut short, between advertisements."""
    held = corpus.shingles
    apart = [
        (kind, corpus.texts[repost])
        for kind, repost, notice in corpus.of
        if leaks([(repost, notice)], corpus.splits.__getitem__)
        and len(held[repost] & held[notice]) >= 0.1 * min(len(held[repost]), len(held[notice]))
    ]

    assert {kind for kind, _, _ in corpus.of} == KINDS
    assert apart == []


def test_no_two_near_duplicates_are_on_two_sides(corpus: Corpus) -> None:
    """Siblings of a series, forwardings, quotations: whatever they are, measured pair by pair on all they have."""
    assert leaks(corpus.near, corpus.splits.__getitem__) == []
    assert {corpus.kinds.get(notice) for pair in corpus.near for notice in pair} >= {"place", "period_only", "forward"}


def test_siblings_that_are_near_duplicates_are_one_family(corpus: Corpus) -> None:
    known = set(corpus.near)
    apart = [
        pair
        for pair in corpus.siblings
        if tuple(sorted(pair)) in known and "excluded" not in {corpus.splits[notice] for notice in pair}
        if corpus.families[pair[0]] != corpus.families[pair[1]]
    ]

    assert apart == []


def test_a_cut_by_notice_would_leak(corpus: Corpus) -> None:
    """What is measured here does see a leak."""
    assert len(leaks(corpus.near, split_of)) > 50


def test_little_is_excluded(corpus: Corpus) -> None:
    counts = Counter(corpus.splits.values())

    assert counts["excluded"] < 0.1 * counts.total()


def test_links_lead_through_each_family_and_to_whatever_a_bridge_has_part_in(corpus: Corpus) -> None:
    links = corpus.db.execute("select notice, other from family_links").fetchall()
    families, splits = corpus.families, corpus.splits
    across = [pair for pair in links if families[pair[0]] != families[pair[1]]]

    assert len(links) - len(across) == len(families) - len(set(families.values()))
    assert len(across) >= 2 * len({families[notice] for notice, split in splits.items() if split == "excluded"})


def test_put_again_splits_are_the_same(corpus: Corpus) -> None:
    before = [list(corpus.db.execute(f"select * from {table}")) for table in ("splits", "family_links")]
    put_splits(corpus.db)

    assert [list(corpus.db.execute(f"select * from {table}")) for table in ("splits", "family_links")] == before


LINES = (
    "为主动接受社会监督，根据社会救助有关规定，现将本区最低生活保障资金发放情况公示如下，公示期为七天。",
    "城市居民最低生活保障金按月实行社会化发放，由财政部门委托金融机构于每月十日前足额拨付至家庭账户。",
    "本季度因收入增加、人员死亡等原因停发若干户，新增对象均经入户调查与民主评议，做到应保尽保、应退尽退。",
    "公示期间如有异议，请通过来信、来电、来访等形式向区民政局社会救助科反映，反映情况应当客观真实。",
)
OTHER = "关于开展养老机构消防安全检查的通知。各街道办事处要对辖区内养老机构逐一排查，建立台账，限期整改，" * 3


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = an_archive(tmp_path / "notices.db")
    yield made
    made.close()


def put(db: Database) -> tuple[dict[str, str], dict[str, str]]:
    """The family and the part of each notice."""
    put_splits(db)
    rows = db.execute("select notice, family, split from splits").fetchall()
    return {notice: family for notice, family, _ in rows}, {notice: split for notice, _, split in rows}


def at(number: int) -> str:
    return f"https://mzj.shili.example/gs/{number}.html"


def test_the_family_and_its_part_stay_when_later_notices_join_it(db: Database) -> None:
    """A family is called after the notice first seen of it: an id that is less comes sooner or later."""
    first = a_notice(db, "公示一", "".join(LINES), url=at(0))
    before = put(db)
    for number in range(1, 30):
        later = a_notice(db, f"公示{number}", "".join(LINES[:3]) + f"第{number}号", url=at(number))
        db.execute("update copies set first_seen_at = '2026-05-01T00:00:00Z' where notice = ?", [later])
        a_notice(db, f"通知{number}", "".join(f"{chr(0x4E00 + 97 * number + 11 * at % 89)}" for at in range(200)))
    families, splits = put(db)

    assert min(notice for notice in families if families[notice] == first) < first
    assert Counter(families.values())[first] == 30
    assert (families[first], before[0][first]) == (first, first)
    assert before[1] == {first: "train"}  # alone, it is more than is tested with
    assert splits[first] == "train"


def test_a_part_stays_when_the_original_is_found_and_the_id_changes(db: Database) -> None:
    for number in range(40):
        text = "".join(chr(0x4E00 + 131 * number + 7 * at % 127) for at in range(200))
        a_notice(db, f"通知{number}", text, url=at(number))
    put(db)
    before = dict(db.execute(_BY_TITLE).fetchall())
    db.execute("drop table splits")
    db.execute("drop table family_links")
    db.execute("update notices set id = 'x' || substr(id, 2)")
    put(db)

    assert dict(db.execute(_BY_TITLE).fetchall()) == before
    assert len(set(before.values())) > 1


_BY_TITLE = "select title, split from notices join splits on splits.notice = notices.id"


def test_what_a_page_said_before_ties_as_well(db: Database) -> None:
    """An address that showed another notice last month: its revision has that one's text."""
    first = a_notice(db, "公示", "".join(LINES), url=at(0))
    second = a_notice(db, "通知", OTHER, url=at(1))
    third = a_notice(db, "公告", OTHER[::-1], url=at(2))
    a_revision(db, "mzj.shili.example/gs/1.html", text="".join(LINES))
    families, _ = put(db)

    assert families[first] == families[second] != families[third]


def test_a_page_that_names_its_original_is_tied_to_it_if_little_is_left(db: Database) -> None:
    original = a_notice(db, "公示", "".join(LINES), url=at(0))
    repost = a_notice(db, "请扩散", OTHER + LINES[0], url=at(1))
    stray = a_notice(db, "公告", OTHER[::-1], url=at(2))
    db.execute("update copies set claimed_key = 'mzj.shili.example/gs/0.html' where notice <> ?", [original])
    families, _ = put(db)

    assert families[original] == families[repost] != families[stray]


def test_notices_of_one_long_title_are_tied_whatever_their_texts(db: Database) -> None:
    title = "示例市民政局关于公布社会组织年度检查结论的公告"
    one, other = (a_notice(db, title, text, url=at(number)) for number, text in enumerate(("见附件。", "详见名单。")))
    families, _ = put(db)

    assert families[one] == families[other]
    assert db.execute("select told_by from family_links").fetchall() == [("title",)]


def test_texts_too_short_to_be_compared_are_tied_where_they_say_the_same(db: Database) -> None:
    text = "现将本区2024年3月低保对象公示名单予以公布，公示期为五天。"
    others = (text.replace("，", "\n"), text.replace("2024", "2025"), "名单见附件。", "名单见附件。")
    one, printed, later, *nothing = (
        a_notice(db, f"公示{n}", said, url=at(n)) for n, said in enumerate((text, *others))
    )
    families, _ = put(db)

    assert families[one] == families[printed] == families[later]
    assert 2 == len({families[notice] for notice in nothing})


def test_an_archive_without_notices_has_no_splits(db: Database) -> None:
    assert put(db) == ({}, {})
