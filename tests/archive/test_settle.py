"""Settling: which notice a copy belongs to, as a function of the set of copies and rulings."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date

from archive.records import Kind, Likeness, LikenessClass, Ruling, Settlement, SourceKind, Witness
from archive.text import normalise, text_digest
from archive.trace import settle
from archive.urls import notice_id, url_key

BUREAU = "http://mzj.qingshan.example/tzgg/202111/t20211104_1.html"
PORTAL = "http://www.zixun.example/a/1.html"
OTHER_PORTAL = "http://www.huizong.example/b/2.html"
TEXT = "一、提高站位。各区县民政部门要统一思想，落实责任。二、加强巡查。三、信息报送。" * 3
OTHER_TEXT = "本周开展婚姻登记员业务培训，共有四十人参加，内容为新的登记规程与档案管理办法。" * 3


def a_copy(
    url: str,
    *,
    kind: SourceKind = "portal",
    text: str = TEXT,
    title: str = "关于加强管理的通知",
    on: date | None = None,
    claims: str | None = None,
    claim_kind: Kind | None = None,
) -> Witness:
    return Witness(
        url=url,
        url_key=url_key(url),
        kind=kind,
        title=title,
        published_on=on,
        claimed_url=claims,
        claimed_key=url_key(claims) if claims else None,
        claim_evidence="body" if claims else None,
        claim_kind=claim_kind,
        text=text,
        text_digest=text_digest(text),
        text_length=len(normalise(text)),
    )


def notice_of(settlement: Settlement, url: str) -> str:
    return next(match.notice for match in settlement.matches if match.copy == url_key(url))


def merging(*urls: str) -> Ruling:
    return Ruling(what="merge", urls={url_key(url): url for url in urls}, who="a person", why="one notice")


def rule_of(settlement: Settlement, url: str) -> str:
    return next(match.rule for match in settlement.matches if match.copy == url_key(url))


def test_a_repost_that_links_its_original_joins_it() -> None:
    found = settle([a_copy(BUREAU, kind="bureau"), a_copy(PORTAL, text=TEXT[:90], claims=BUREAU)])

    [plan] = found.plans
    assert plan.original_url == BUREAU
    assert plan.original_captured
    assert plan.roles == {url_key(BUREAU): "original", url_key(PORTAL): "repost"}
    assert rule_of(found, PORTAL) == "explicit_link"


def test_a_repost_without_link_joins_the_bureau_page_of_the_same_text() -> None:
    found = settle([a_copy(PORTAL), a_copy(BUREAU, kind="bureau")])

    [plan] = found.plans
    assert plan.original_url == BUREAU
    assert rule_of(found, PORTAL) == "equal_text"


def test_an_original_that_was_never_captured_is_a_notice_all_the_same() -> None:
    found = settle([a_copy(PORTAL, claims=BUREAU), a_copy(OTHER_PORTAL, text=TEXT * 2, claims=BUREAU)])

    [plan] = found.plans
    assert plan.id == notice_id(url_key(BUREAU))
    assert (plan.original_url, plan.original_captured) == (BUREAU, False)
    assert plan.best_copy == url_key(OTHER_PORTAL)


def test_a_wrong_link_is_refused_and_doubted() -> None:
    found = settle([a_copy(BUREAU, kind="bureau"), a_copy(PORTAL, text=OTHER_TEXT, claims=BUREAU)])

    assert len(found.plans) == 2
    assert set(found.doubts) == {url_key(PORTAL)}


def test_an_index_page_that_many_name_as_their_original_joins_nothing() -> None:
    texts = [TEXT, OTHER_TEXT, TEXT[::-1], OTHER_TEXT[::-1]]
    index = "http://mzj.qingshan.example/tzgg/list.html"
    unseen = settle([a_copy(f"{PORTAL}?id={n}", text=text, claims=index) for n, text in enumerate(texts)])
    seen = settle([a_copy(PORTAL, claims=index, claim_kind="list")])

    assert (len(unseen.plans), len(unseen.doubts)) == (4, 4)
    assert {plan.original_url for plan in (*unseen.plans, *seen.plans)} == {None}


def test_one_copy_of_another_text_does_not_join_the_others_of_a_dead_original() -> None:
    pages = [a_copy(PORTAL, claims=BUREAU), a_copy(OTHER_PORTAL, text=OTHER_TEXT, claims=BUREAU)]
    found = settle(pages)

    assert len(found.plans) == 2
    assert len(found.doubts) == 1


def test_a_link_to_another_notice_of_the_series_is_refused() -> None:
    template = "现将{}城乡低保资金发放情况公示如下：共发放{}元，惠及{}人。公示期七日，监督电话见附件。" + TEXT
    bureau = a_copy(BUREAU, kind="bureau", title="2021年第3季度公示", text=template.format("第3季度", 1023000, 4211))
    portal = a_copy(PORTAL, title="2021年第4季度公示", text=template.format("第4季度", 998000, 4102), claims=BUREAU)
    found = settle([bureau, portal])

    assert len(found.plans) == 2
    assert set(found.doubts) == {url_key(PORTAL)}


def test_a_series_differing_in_one_number_of_the_title_stays_apart() -> None:
    pages = [
        a_copy(f"http://mzj.qingshan.example/gs/{n}.html", kind="bureau", title=f"2021年第{n}季度低保公示")
        for n in range(1, 5)
    ]

    assert len(settle(pages).plans) == 4


def test_one_text_under_two_names_is_two_notices_on_one_host() -> None:
    pages = [
        a_copy(f"http://mzj.qingshan.example/gs/{n}.html", kind="bureau", title=f"关于{name}的任前公示")
        for n, name in enumerate(("王某某", "李某某"))
    ]

    assert len(settle(pages).plans) == 2


def test_a_long_text_under_another_title_elsewhere_is_a_repost() -> None:
    found = settle(
        [a_copy(BUREAU, kind="bureau", text=TEXT * 3), a_copy(PORTAL, text=TEXT * 3, title="民政部门再部署")]
    )

    assert len(found.plans) == 1


def test_short_equal_texts_say_nothing() -> None:
    pages = [a_copy(f"http://mzj.qingshan.example/gs/{n}.html", kind="bureau", text="见附件") for n in (1, 2)]

    assert len(settle(pages).plans) == 2


def test_a_portal_page_alone_names_no_original() -> None:
    [plan] = settle([a_copy(PORTAL)]).plans

    assert plan.original_url is None
    assert plan.roles == {url_key(PORTAL): "repost"}


def test_a_chain_of_links_ends_at_the_bureau() -> None:
    found = settle([a_copy(OTHER_PORTAL, claims=PORTAL), a_copy(PORTAL, claims=BUREAU), a_copy(BUREAU, kind="bureau")])

    [plan] = found.plans
    assert plan.original_key == url_key(BUREAU)


def test_a_circle_of_links_ends() -> None:
    found = settle([a_copy(PORTAL, claims=BUREAU), a_copy(BUREAU, kind="bureau", claims=PORTAL)])

    [plan] = found.plans
    assert plan.original_key == url_key(BUREAU)


def test_a_moved_original_is_found_by_its_text() -> None:
    old = "http://mzj.qingshan.example/old/1.html"
    found = settle([a_copy(PORTAL, claims=old), a_copy(BUREAU, kind="bureau")])

    [plan] = found.plans
    assert plan.original_key == url_key(BUREAU)


def test_a_split_outweighs_link_and_text() -> None:
    ruling = Ruling(
        what="split", urls={url_key(PORTAL): PORTAL, url_key(BUREAU): BUREAU}, who="a person", why="another notice"
    )
    found = settle([a_copy(BUREAU, kind="bureau"), a_copy(PORTAL, claims=BUREAU)], [ruling])

    assert notice_of(found, PORTAL) != notice_of(found, BUREAU)


def test_a_split_of_the_original_leaves_the_others_together() -> None:
    keys = [BUREAU, PORTAL, OTHER_PORTAL]
    ruling = Ruling(what="split", urls={url_key(url): url for url in keys}, who="a person", why="a summary only")
    pages = [a_copy(BUREAU, kind="bureau"), a_copy(PORTAL, claims=BUREAU), a_copy(OTHER_PORTAL, claims=PORTAL)]
    found = settle(pages, [ruling])

    assert notice_of(found, PORTAL) == notice_of(found, OTHER_PORTAL) != notice_of(found, BUREAU)


def test_copies_of_one_text_that_are_parted_from_the_first_are_one_notice_still() -> None:
    keys = [BUREAU, PORTAL, OTHER_PORTAL]
    splits = [
        Ruling(what="split", urls={url_key(one): one, url_key(BUREAU): BUREAU}, who="a person", why="a draft")
        for one in keys[1:]
    ]
    found = settle([a_copy(BUREAU, kind="bureau"), a_copy(PORTAL), a_copy(OTHER_PORTAL)], splits)

    assert notice_of(found, PORTAL) == notice_of(found, OTHER_PORTAL) != notice_of(found, BUREAU)


def test_a_merge_joins_what_no_rule_would_and_a_later_split_parts_it_again() -> None:
    urls = {url_key(BUREAU): BUREAU, url_key(PORTAL): PORTAL}
    pages = [a_copy(BUREAU, kind="bureau"), a_copy(PORTAL, text=OTHER_TEXT)]
    merge = Ruling(what="merge", urls=urls, who="a person", why="a new version of the text")
    split = Ruling(what="split", urls=dict(reversed(urls.items())), who="a person", why="no, it is not")

    assert len(settle(pages, [merge]).plans) == 1
    assert len(settle(pages, [merge, split]).plans) == 2
    assert len(settle(pages, [merge, split, merge]).plans) == 1


def test_the_order_of_copies_does_not_matter() -> None:
    pages = [
        a_copy(BUREAU, kind="bureau", on=date(2021, 11, 4)),
        a_copy(PORTAL, claims=BUREAU),
        a_copy(OTHER_PORTAL, claims=PORTAL, text=TEXT[:80]),
        a_copy("http://www.zixun.example/a/9.html"),
        a_copy("http://mzj.baihe.example/1.html", kind="bureau", text=OTHER_TEXT),
        a_copy("http://www.zixun.example/a/10.html", text=OTHER_TEXT, claims="http://mzj.baihe.example/gone.html"),
    ]
    expected = settle(pages)
    for shuffled in itertools.islice(itertools.permutations(pages), 0, 720, 37):
        assert settle(shuffled) == expected
    random.Random(7).shuffle(pages)

    assert settle(pages) == expected


def test_merges_that_share_a_copy_put_all_of_theirs_together() -> None:
    urls = [f"http://{name}.example/1.html" for name in ("d.zixun", "c.zixun", "b.zixun", "a.zixun")]
    pages = [a_copy(url, text=TEXT[n:], title=f"第{n}号") for n, url in enumerate(urls)]
    chains = itertools.permutations(itertools.pairwise(urls))

    assert [len(settle(pages, [merging(*pair) for pair in chain]).plans) for chain in chains] == [1] * 6


def test_an_original_that_only_a_ruling_knows_is_the_one_of_all_it_was_merged_with() -> None:
    gone, older = "http://mzj.qingshan.example/gone.html", "http://mzj.qingshan.example/older.html"
    pages = [a_copy(PORTAL, claims=gone), a_copy(OTHER_PORTAL, text=OTHER_TEXT, claims=older)]

    [plan] = settle(pages, [merging(gone, older)]).plans
    assert plan.original_key == url_key(gone)


def test_a_merge_keeps_the_original_that_one_of_the_copies_names() -> None:
    pages = [a_copy(OTHER_PORTAL, text=OTHER_TEXT), a_copy(PORTAL, claims=BUREAU)]

    [plan] = settle(pages, [merging(OTHER_PORTAL, PORTAL)]).plans
    assert (plan.original_url, plan.original_captured) == (BUREAU, False)


def test_the_latest_ruling_holds_whatever_was_ruled_before() -> None:
    chance = random.Random(3)
    urls = [BUREAU, PORTAL, OTHER_PORTAL, "http://www.zixun.example/a/9.html", "http://mzj.baihe.example/1.html"]
    for _ in range(300):
        pages = [
            a_copy(
                url,
                kind="bureau" if "mzj" in url else "portal",
                text=chance.choice([TEXT, OTHER_TEXT]),
                claims=chance.choice([None, *urls]),
            )
            for url in urls
            if chance.random() < 0.8
        ]
        rulings = [
            replace(merging(*chance.sample(urls, chance.randint(2, 3))), what=chance.choice(["merge", "split"]))
            for _ in range(chance.randint(1, 6))
        ]
        found = settle(pages, rulings)
        held = {match.copy: match.notice for match in found.matches}
        subject, *others = (held.get(key) for key in rulings[-1].urls)
        together = [other == subject for other in others if subject and other]

        assert all(together) if rulings[-1].what == "merge" else not any(together), rulings


def test_two_notices_of_a_series_do_not_meet_through_a_title_without_a_number() -> None:
    titles = ("低保公示", "第1季度低保公示", "第2季度低保公示")
    pages = [
        a_copy(f"http://{name}.example/1.html", text=TEXT * 3, title=title)
        for name, title in zip("abc", titles, strict=True)
    ]
    for ordered in itertools.permutations(pages):
        named = [
            replace(page, url_key=f"{n}.example/1.html", url=f"http://{n}.example/1.html")
            for n, page in enumerate(ordered)
        ]

        assert len(settle(named).plans) == 2


def like(url: str, match_class: LikenessClass = "weak") -> Likeness:
    """That a copy prints some of a page."""
    return Likeness(other=url_key(url), match_class=match_class, covers=0.4, covered=0.4, title=0.0, agency=False)


def parting(subject: str, *others: str) -> Ruling:
    """That a copy is none of the others' notice."""
    return Ruling(what="split", urls={url_key(url): url for url in (subject, *others)}, who="a person", why="another")


def test_what_a_person_parted_comes_up_no_more_through_a_new_copy_either() -> None:
    late = "http://www.huizong.example/b/3.html"
    report = replace(a_copy(PORTAL, text=OTHER_TEXT), like=(like(OTHER_PORTAL), like(late)))
    pages = [a_copy(BUREAU, kind="bureau"), a_copy(OTHER_PORTAL, claims=BUREAU), report]
    asked = settle([*pages, a_copy(late, claims=BUREAU)])
    parted = settle([*pages, a_copy(late, claims=BUREAU)], [parting(PORTAL, BUREAU, OTHER_PORTAL)])

    assert [url_key(PORTAL)] == [one.copy for one in asked.reviews]
    assert () == parted.reviews


def test_a_copy_that_was_parted_from_its_best_candidate_follows_the_next() -> None:
    other = "http://mzj.baihe.example/1.html"
    cut = replace(a_copy(PORTAL, text=OTHER_TEXT), like=(like(BUREAU, "part"), like(other, "part")))
    pages = [a_copy(BUREAU, kind="bureau"), a_copy(other, kind="bureau", text=OTHER_TEXT * 2), cut]
    found = settle(pages, [parting(PORTAL, BUREAU)])

    assert notice_of(found, PORTAL) == notice_of(found, other)
    assert () == found.reviews


def test_a_merge_ends_the_doubt_about_a_link_and_a_split_does() -> None:
    pages = [a_copy(BUREAU, kind="bureau"), a_copy(PORTAL, text=OTHER_TEXT, claims=BUREAU)]

    assert {url_key(PORTAL)} == settle(pages).doubts.keys()
    assert {} == settle(pages, [merging(PORTAL, BUREAU)]).doubts
    assert {} == settle(pages, [parting(PORTAL, BUREAU)]).doubts
