"""Settling by likeness: what a copy that names nothing follows, and what is left to a person."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

from archive.records import Likeness, LikenessClass, Settlement, SourceKind, Witness
from archive.text import normalise, text_digest
from archive.trace import settle
from archive.urls import url_key

BUREAU = "http://mzj.qingshan.example/tzgg/202111/t20211104_1.html"
NEXT = "http://mzj.qingshan.example/tzgg/202202/t20220204_1.html"
ELSEWHERE = "http://mzj.baihe.example/tzgg/1.html"
PORTAL = "http://www.zixun.example/a/1.html"
OTHER_PORTAL = "http://www.huizong.example/b/2.html"
THIRD_PORTAL = "http://www.zhuanzai.example/c/3.html"


def a_copy(url: str, *like: Likeness, length: int = 100, kind: SourceKind = "portal", claims: str = "") -> Witness:
    """A copy of a text of its own that was laid beside others."""
    text = f"{url}的正文。" + "字" * length
    return Witness(
        url=url,
        url_key=url_key(url),
        kind=kind,
        title="关于加强管理的通知",
        published_on=date(2021, 11, 5),
        claimed_url=claims or None,
        claimed_key=url_key(claims) if claims else None,
        claim_evidence="body" if claims else None,
        claim_kind=None,
        text=text,
        text_digest=text_digest(text),
        text_length=len(normalise(text)),
        like=tuple(one for one in like if one.veto is None),
        parted=frozenset(one.other for one in like if one.veto is not None),
    )


def alike(url: str, match_class: LikenessClass = "full", *, title: float = 1.0, veto: str | None = None) -> Likeness:
    """What comparing a copy with the page at an address came to."""
    return Likeness(
        other=url_key(url), match_class=match_class, covers=0.9, covered=0.9, title=title, agency=True, veto=veto
    )


def notices(settlement: Settlement) -> dict[str, str]:
    """url key → notice."""
    return {match.copy: match.notice for match in settlement.matches}


def are_one(settlement: Settlement, *urls: str) -> bool:
    """Whether these are one notice's."""
    return len({notices(settlement)[url_key(url)] for url in urls}) == 1


def test_a_copy_follows_the_bureau_whose_text_it_prints() -> None:
    found = settle([a_copy(BUREAU, kind="bureau"), a_copy(PORTAL, alike(BUREAU, "embedded"))])
    match = next(match for match in found.matches if match.copy == url_key(PORTAL))

    assert are_one(found, BUREAU, PORTAL)
    assert (match.rule, match.match_class) == ("near_text", "embedded")
    assert match.evidence["same_text_as"] == BUREAU


def test_what_is_as_like_two_notices_is_left_to_a_person() -> None:
    bureaus = [a_copy(url, kind="bureau") for url in (BUREAU, NEXT)]
    found = settle([*bureaus, a_copy(PORTAL, alike(BUREAU, "part"), alike(NEXT, "part"))])

    assert len(set(notices(found).values())) == 3
    assert [url_key(PORTAL)] == [one.copy for one in found.reviews]


def test_of_two_notices_that_fit_alike_the_one_whose_agency_is_named_as_the_source_is_printed() -> None:
    one, other = (
        replace(a_copy(url, kind="bureau"), agency=agency)
        for url, agency in ((BUREAU, "青山市民政局"), (ELSEWHERE, "白河市民政局"))
    )
    copy = replace(a_copy(PORTAL, alike(BUREAU, "part"), alike(ELSEWHERE, "part")), attribution="白河市民政局")

    assert are_one(settle([one, other, copy]), ELSEWHERE, PORTAL)
    assert settle([one, replace(other, agency="青山市民政局"), copy]).reviews != ()


def test_the_title_tells_which_of_two_notices_a_copy_prints() -> None:
    bureaus = [a_copy(url, kind="bureau") for url in (BUREAU, NEXT)]
    found = settle([*bureaus, a_copy(PORTAL, alike(BUREAU, "part", title=0.0), alike(NEXT, "part"))])

    assert are_one(found, NEXT, PORTAL)


def test_two_bureaus_are_two_notices_however_alike() -> None:
    found = settle([a_copy(BUREAU, kind="bureau"), a_copy(ELSEWHERE, alike(BUREAU), kind="bureau")])

    assert not are_one(found, BUREAU, ELSEWHERE)


def test_two_bureaus_that_print_one_document_number_are_one_notice() -> None:
    pages = [a_copy(BUREAU, kind="bureau"), a_copy(ELSEWHERE, alike(BUREAU), length=90, kind="bureau")]
    found = settle([replace(page, document_number="青民发〔2021〕5号") for page in pages])

    assert are_one(found, BUREAU, ELSEWHERE)


def test_a_copy_does_not_join_a_notice_whose_original_it_differs_from_through_another_copy() -> None:
    found = settle(
        [
            a_copy(BUREAU, kind="bureau"),
            a_copy(PORTAL, alike(BUREAU), length=90),
            a_copy(OTHER_PORTAL, alike(PORTAL), alike(BUREAU, veto="other numbers: 3 / 4"), length=80),
        ]
    )

    assert are_one(found, BUREAU, PORTAL)
    assert not are_one(found, BUREAU, OTHER_PORTAL)


def test_two_copies_that_differ_do_not_meet_in_a_third_that_leaves_out_why() -> None:
    copies = [
        a_copy(THIRD_PORTAL, length=300),
        a_copy(PORTAL, alike(THIRD_PORTAL, "part"), length=100),
        a_copy(OTHER_PORTAL, alike(THIRD_PORTAL, "part"), alike(PORTAL, veto="other numbers: 3 / 4"), length=90),
    ]
    for order in itertools.permutations(copies):
        found = settle(order)

        assert are_one(found, PORTAL, THIRD_PORTAL)
        assert not are_one(found, PORTAL, OTHER_PORTAL)


def test_a_copy_that_names_a_page_we_never_captured_follows_the_bureau_whose_text_it_prints() -> None:
    found = settle([a_copy(BUREAU, kind="bureau"), a_copy(PORTAL, alike(BUREAU), claims=BUREAU + "l")])

    assert are_one(found, BUREAU, PORTAL)


def test_it_stays_with_the_page_it_names_where_another_copy_prints_that_text() -> None:
    found = settle([a_copy(OTHER_PORTAL, length=200), a_copy(PORTAL, alike(OTHER_PORTAL), claims=BUREAU)])
    [plan] = [plan for plan in found.plans if url_key(PORTAL) in plan.roles]

    assert not are_one(found, OTHER_PORTAL, PORTAL)
    assert plan.original_url == BUREAU


def test_a_home_page_is_no_original_and_no_doubt() -> None:
    found = settle(
        [
            a_copy(PORTAL, claims="http://mzj.qingshan.example/"),
            a_copy(OTHER_PORTAL, claims="http://mzj.qingshan.example"),
        ]
    )

    assert not are_one(found, PORTAL, OTHER_PORTAL)
    assert found.doubts == {}


def test_an_excerpt_of_a_later_page_is_left_to_a_person() -> None:
    original = replace(a_copy(BUREAU, kind="bureau"), published_on=date(2021, 11, 9))
    found = settle([original, a_copy(PORTAL, alike(BUREAU, "excerpt"))])

    assert not are_one(found, BUREAU, PORTAL)
    assert [url_key(PORTAL)] == [one.copy for one in found.reviews]


def test_little_in_common_is_left_to_a_person() -> None:
    found = settle([a_copy(BUREAU, kind="bureau"), a_copy(PORTAL, alike(BUREAU, "weak"))])

    assert not are_one(found, BUREAU, PORTAL)
    assert [(url_key(PORTAL), url_key(BUREAU))] == [(one.copy, one.other) for one in found.reviews]


def test_two_pages_of_one_portal_under_two_titles_are_two_notices_however_alike() -> None:
    one, other = a_copy(PORTAL), a_copy(PORTAL.replace("1", "2"), alike(PORTAL), length=90)

    assert are_one(settle([one, other]), one.url, other.url)
    assert not are_one(settle([one, replace(other, title="关于殡葬收费的公示")]), one.url, other.url)


def prints(url: str, *, covered: float, title: float = 0.0, match_class: LikenessClass = "embedded") -> Likeness:
    """That a page prints a notice whole, in so large a share of it."""
    return replace(alike(url, match_class, title=title), covers=0.98, covered=covered)


def test_a_page_that_prints_two_notices_under_a_title_of_its_own_is_left_to_a_person() -> None:
    """The headline of the first one stands in its text, as in every digest."""
    bureaus = [a_copy(url, kind="bureau") for url in (BUREAU, NEXT)]
    both = prints(BUREAU, covered=0.55, title=0.8), prints(NEXT, covered=0.4, match_class="excerpt")
    found = settle([*bureaus, a_copy(PORTAL, *both)])

    assert len(set(notices(found).values())) == 3
    assert [one.why for one in found.reviews] == [f"it prints {url_key(NEXT)}, too"]


def test_a_page_under_the_title_of_a_notice_prints_that_one_whatever_stands_below_it() -> None:
    bureaus = [a_copy(url, kind="bureau") for url in (BUREAU, NEXT)]
    found = settle([*bureaus, a_copy(PORTAL, prints(BUREAU, covered=0.55, title=1.0), prints(NEXT, covered=0.4))])

    assert are_one(found, BUREAU, PORTAL)


def test_two_notices_in_one_part_of_a_page_are_no_digest() -> None:
    bureaus = [a_copy(url, kind="bureau") for url in (BUREAU, NEXT)]
    found = settle([*bureaus, a_copy(PORTAL, prints(BUREAU, covered=0.65, title=0.8), prints(NEXT, covered=0.6))])

    assert are_one(found, BUREAU, PORTAL)
