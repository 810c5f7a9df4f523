"""Notices that belong together are told apart and tied together: a series, a letter, a digest, a piece about one."""

from __future__ import annotations

import pytest

from archive.labels import relation_words
from archive.records import Common, Party, Relation
from archive.trace.likeness import Text, compare
from archive.trace.relations import relate
from archive.trace.threads import (
    blanks_differ,
    explained_title,
    listed_titles,
    place_of,
    revision_mark,
    without_revision,
)

TITLE = "青山区民政局关于2023年第一季度城乡居民最低生活保障资金发放情况的公示"
LINES = (
    "为主动接受社会监督，根据社会救助有关规定，现将青山区2023年第一季度低保资金发放情况公示如下。",
    "一、城市低保。截至2023年3月底，全区共有城市低保对象812户1,340人，本季度累计发放低保金264.50万元。",
    "二、农村低保。截至2023年3月底，全区共有农村低保对象655户980人，本季度累计发放低保金151.20万元。",
    "公示期间如有异议，请通过来信、来电、来访等形式向青山区民政局社会救助科反映。",
)
OTHER_TITLE = "青山区民政局关于开展养老机构消防安全大检查的通知"
OTHER_LINES = (
    "各街道办事处、各养老机构：为深刻吸取教训，坚决防范遏制重特大事故发生，现就开展养老机构消防安全大检查通知如下。",
    "一、检查范围。全区登记备案的养老机构和日间照料中心，重点检查疏散通道、电气线路、厨房燃气和消防设施。",
    "二、工作要求。各单位要建立问题清单，能立即整改的立即整改，不能立即整改的要明确责任人和完成时限。",
)


def party(
    title: str = TITLE,
    lines: tuple[str, ...] = LINES,
    *,
    day: str = "2023-04-10",
    bureau: str | None = "qingshan",
    level: int = 3,
    id: str = "a",  # noqa: A002 (what it is)
) -> Party:
    """A notice of a bureau."""
    return Party(id=id, title=title, text="\n".join(lines), day=day, bureau=bureau, level=level)


def common(own: Party, *others: Party) -> list[Common]:
    """What comparing came to, as it would be kept."""
    texts = {
        one.id: Text(key=one.id, title=one.title, text=one.text, length=len(one.text), is_bureau=True)
        for one in (own, *others)
    }
    by_id = {one.id: one for one in others}
    return [
        Common(
            party=by_id[found.other],
            of_other=found.covers,
            of_own=found.covered,
            match_class=found.match_class,
            veto=found.veto,
        )
        for found in compare(texts[own.id], [texts[key] for key in by_id])
    ]


def kinds(own: Party, *others: Party, before: Party | None = None, explained: Party | None = None) -> dict[str, str]:
    """What a notice is to others, by their ids."""
    return {found.b: found.kind for found in told(own, *others, before=before, explained=explained)}


def told(own: Party, *others: Party, before: Party | None = None, explained: Party | None = None) -> list[Relation]:
    """All that is told from the side of a notice, each in words that a person reads in Chinese, too."""
    found = relate(own, common(own, *others), before=before, explained=explained)
    assert all(relation_words(one.why).en == one.why for one in found)
    return found


def quarter(number: int, *, year: int = 2023, id: str = "b", day: str = "") -> Party:  # noqa: A002
    """A notice of the series."""
    sign = "一二三四"[number - 1]
    lines = tuple(
        line.replace("第一季度", f"第{sign}季度").replace("264.50", f"{264 + number}.50").replace("2023", str(year))
        for line in LINES
    )
    title = TITLE.replace("第一季度", f"第{sign}季度").replace("2023", str(year))
    return party(title, lines, day=day or f"{year}-{number * 3 + 1:02}-10", id=id)


def test_two_of_a_series_are_siblings_and_the_reason_names_what_differs() -> None:
    own = quarter(3)
    [found] = told(own, before=quarter(2, id="c"))

    assert ("b", "c", "sibling") == (found.a, found.b, found.kind)
    assert found.why.startswith("same series, 9")
    assert found.why.endswith("differs in 第2季度 / 第3季度")


def test_titles_of_one_frame_with_unlike_texts_are_no_siblings() -> None:
    numbered = party("青山区民政局关于行政许可事项的公告（第8号）", LINES)
    other = party("青山区民政局关于行政许可事项的公告（第7号）", OTHER_LINES, id="c", day="2023-01-01")

    assert {} == kinds(numbered, before=other)


def test_siblings_of_one_template_at_another_place_are_tied_to_the_nearest_earlier_two() -> None:
    def at(place: str, day: str) -> Party:
        lines = tuple(line.replace("青山区", place).replace("264.50", f"{len(place)}{day[-2:]}.10") for line in LINES)
        return party(TITLE.replace("青山区", place), lines, day=day, id=place, bureau=place)

    own = party(day="2023-04-10", id="own")
    others = [
        at("白河区", "2023-04-09"),
        at("东河区", "2023-04-01"),
        at("南湾区", "2023-03-01"),
        at("北岭区", "2023-05-01"),
    ]
    found = told(own, *others)

    assert ["白河区", "东河区"] == [one.b for one in found]
    assert {"sibling"} == {one.kind for one in found}
    assert "differs in 白河区 / 青山区" in found[0].why or "differs in 白河 / 青山" in found[0].why


LETTER = (
    "各街道办事处：",
    f"现将《{TITLE}》转发给你们，请结合实际认真贯彻执行，并于4月底前将落实情况报区民政局社会救助科。",
)


def test_a_letter_forwards_the_very_notice_it_carries_and_no_sibling_of_it() -> None:
    own = party(
        f"江北街道办事处关于转发《{TITLE}》的通知", (*LETTER, *LINES), id="own", bureau="jiangbei", day="2023-04-20"
    )

    assert "forwards" == kinds(own, party(), quarter(2))["a"]
    assert "forwards" not in kinds(own, quarter(2)).values()
    assert "a letter of its own" in told(own, party())[0].why


def test_a_notice_that_prints_another_without_a_letter_forwards_nothing() -> None:
    own = party("关于低保工作情况的报告", ("有关情况报告如下，请审阅。", *LINES, *OTHER_LINES), id="own")

    assert "forwards" not in kinds(own, party()).values()


def test_a_digest_is_one_of_what_it_prints_each_in_a_part_of_its_own() -> None:
    one, other = party(id="one"), party(OTHER_TITLE, OTHER_LINES, id="other")
    both = party("近期工作动态", (*LINES, *OTHER_LINES), id="own", day="2023-05-01")
    titled = party(
        "民政信息汇总（2023年5月）", ("本周要闻如下：", *LINES, *OTHER_LINES[:1], "其他信息另行发布。"), id="own"
    )

    assert {"one": "digest_of", "other": "digest_of"} == kinds(both, one, other)
    assert "digest_of" not in kinds(both, one).values()
    assert {"one": "digest_of"} == kinds(titled, one)


def test_two_siblings_that_share_one_part_of_a_page_make_no_digest() -> None:
    own = party("近期工作动态", (*LINES, *OTHER_LINES[:1]), id="own")

    assert "digest_of" not in kinds(own, party(id="one"), quarter(2, id="two")).values()


def test_a_lower_bureaus_own_print_republishes_the_higher_ones() -> None:
    province = party(OTHER_TITLE, OTHER_LINES, bureau="sheng", level=1, id="high", day="2023-05-10")
    county = party(OTHER_TITLE, OTHER_LINES, bureau="xian", level=3, id="low", day="2023-05-01")

    assert {"high": "republishes"} == kinds(county, province)
    assert {} == kinds(province, county)
    assert "under its own name" in told(county, province)[0].why


@pytest.mark.parametrize("changed", [{"bureau": "sheng"}, {"bureau": None}])
def test_one_bureaus_two_pages_and_a_portals_republish_nothing(changed: dict[str, str | None]) -> None:
    high = party(OTHER_TITLE, OTHER_LINES, bureau="sheng", level=1, id="high")
    low = party(OTHER_TITLE, OTHER_LINES, **{"bureau": "xian", "id": "low", **changed})  # type: ignore[arg-type]  # keywords of the maker

    assert {} == kinds(low, high)


RULES = "社会救助示例办法"
REVISED = ("（2014年2月21日公布 根据2019年3月2日《关于修改部分示例办法的决定》修订）", *LINES)


@pytest.mark.parametrize("title", [f"{RULES}（2019年修订）", RULES])
def test_a_later_edition_with_a_mark_revises_the_earlier_one(title: str) -> None:
    old = party(RULES, LINES, id="old", day="2014-02-28")
    lines = tuple(line.replace("264.50", "300") for line in (REVISED if title == RULES else LINES))
    new = party(title, lines, id="new", day="2019-03-18")

    assert {"old": "revises"} == kinds(new, old) == kinds(new, before=old)
    assert "修订" in told(new, old)[0].why


@pytest.mark.parametrize(
    "new",
    [
        party(RULES, LINES, id="new", day="2019-03-18"),
        party(f"{RULES}（2019年修订）", LINES, id="new", day="2010-01-01"),
        party("养老服务示例办法（2019年修订）", LINES, id="new", day="2019-03-18"),
    ],
    ids=["no mark", "earlier", "another title"],
)
def test_without_mark_later_day_or_the_same_title_nothing_is_revised(new: Party) -> None:
    assert "revises" not in kinds(new, party(RULES, LINES, id="old", day="2014-02-28")).values()


def test_a_piece_about_a_notice_explains_it() -> None:
    own = party(f"一图读懂｜{TITLE}", ("看图。",), id="own")

    assert {"a": "explains"} == kinds(own, explained=party())


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("一图读懂｜关于加强养老服务工作的通知", True),
        ("【政策解读】青山市民政局关于加强养老服务工作的通知", True),
        ("关于加强养老服务工作的通知 政策解读", True),
        ("关于关于加强养老服务工作的通知的解读", True),
        ("《关于加强养老服务工作的通知》解读", False),  # a citation
        ("关于加强养老服务工作的通知", False),
        ("政策解读", False),
        ("关于开展政策解读活动的通知", False),
    ],
)
def test_which_title_a_piece_about_a_notice_carries(title: str, is_one: bool) -> None:  # noqa: FBT001
    assert ("关于加强养老服务工作的通知" if is_one else None) == explained_title(title)


def test_lines_of_a_digest_that_may_be_titles() -> None:
    text = f"本周要闻\n1. {TITLE}\n{LINES[1]}\n二、{OTHER_TITLE}\n{TITLE}"

    assert (TITLE.partition("民政局")[2], OTHER_TITLE.partition("民政局")[2]) == tuple(
        key for key in listed_titles("民政信息汇总", text) if key.startswith("关于")
    )
    assert () == listed_titles("民政信息", text)


def test_titles_of_a_series_have_one_frame_and_stand_in_its_order() -> None:
    titles = [quarter(number, year=year).title for year in (2022, 2023) for number in (1, 2, 3, 4)]
    places = [place for title in titles if (place := place_of(title)) is not None]

    assert 1 == len({place.frame for place in places})
    assert [place.order for place in places] == sorted(place.order for place in places)
    assert place_of("2023年第1季度公示") is None
    assert place_of("青山区2023年春节放假值班安排的通知") is not None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("关于2023年第一季度发放情况的公示", "关于2023年第二季度发放情况的公示", ("第1季度", "第2季度")),
        ("关于2022年上半年救助情况的公示", "关于2023年下半年救助情况的公示", ("2022年、上半年", "2023年、下半年")),
        ("关于2023年春节值班安排的通知", "关于2023年国庆值班安排的通知", ("春节", "国庆")),
        ("关于低保的公示", "关于低保的公示", ("", "")),
    ],
)
def test_what_two_titles_of_one_frame_fill_in_otherwise(one: str, other: str, expected: tuple[str, str]) -> None:
    assert expected == blanks_differ(one, other)


def test_marks_of_revision_are_read_from_a_title_or_the_head_of_a_text() -> None:
    assert RULES == without_revision(f"{RULES}（2019年修订）") == without_revision(f"{RULES}修订版")
    assert "（2019年修订）" == revision_mark(f"{RULES}（2019年修订）", "")
    assert REVISED[0] == revision_mark(RULES, "\n".join(REVISED))
    assert revision_mark("关于修订示例办法的通知", "\n".join(LINES)) is None
    assert revision_mark(RULES, "根据《社会救助办法》（2019年修订），现公示如下。") is None
