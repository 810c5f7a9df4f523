"""Two printings of one notice are told from two notices of one series, whatever a portal did to them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Likeness
from archive.trace.align import align
from archive.trace.forms import MOST, read_form, spell
from archive.trace.likeness import Text, compare
from archive.trace.postings import postings

TITLE = "青山区民政局关于2023年第一季度城乡居民最低生活保障资金发放情况的公示"
LINES = (
    "为主动接受社会监督，根据社会救助有关规定，现将青山区2023年第一季度低保资金发放情况公示如下。",
    "一、城市低保。截至2023年3月底，全区共有城市低保对象812户1,340人，本季度累计发放低保金264.50万元。",
    "二、农村低保。截至2023年3月底，全区共有农村低保对象655户980人，本季度累计发放低保金151.20万元。",
    "三、动态管理。本季度新增低保对象37户，因收入增加、人员死亡等原因停发21户，做到应保尽保、应退尽退。",
    "公示期间如有异议，请通过来信、来电、来访等形式向青山区民政局社会救助科反映。",
    "青山区民政局",
    "2023年4月10日",
)
ROWS = tuple(
    f"{at} {name} 女 {80 + at} {village}村 {sum_}"
    for at, (name, village, sum_) in enumerate(
        [
            ("王秀兰", "东河", 100),
            ("李桂芳", "西坪", 50),
            ("张玉珍", "南湾", 100),
            ("赵淑英", "北岭", 200),
            ("刘凤琴", "上庄", 80),
        ],
        1,
    )
)
OTHERS = tuple(
    f"{at} {name} 男 {81 + at} {village}村 {sum_}"
    for at, (name, village, sum_) in enumerate(
        [
            ("陈国强", "老屯", 50),
            ("杨德明", "新沟", 50),
            ("黄建国", "后塘", 300),
            ("周永福", "前桥", 80),
            ("吴世忠", "下河", 100),
        ],
        1,
    )
)


def printing(*lines: str, title: str = TITLE, key: str = "page", is_bureau: bool = False) -> Text:
    """A page of some lines."""
    text = "\n".join(lines)
    return Text(key=key, title=title, text=text, length=len(text), is_bureau=is_bureau)


ORIGINAL = printing(*LINES, key="original", is_bureau=True)


def likeness(page: Text, notice: Text = ORIGINAL) -> Likeness:
    """What comparing a page with one notice came to."""
    [found] = compare(page, [notice])
    return found


REPOSTS = {
    "as it is": ("full", LINES),
    "one paragraph": ("full", ("".join(LINES),)),
    "a line a sentence": ("full", tuple("。\n".join("".join(LINES).split("。")).split("\n"))),
    "half-width marks": ("full", tuple(line.replace("，", ", ").replace("。", ".") for line in LINES)),
    "thousands without a comma": ("full", tuple(line.replace("1,340", "1340") for line in LINES)),
    "dates in Chinese numerals": ("full", (*LINES[:-1], "二〇二三年四月十日")),
    "an ISO date": ("full", (*LINES[:-1], "2023-04-10")),
    "traditional characters": (
        "full",
        tuple(line.translate(str.maketrans("区动现发万员", "區動現發萬員")) for line in LINES),
    ),
    "pinyin glosses": ("full", tuple(line.replace("区", "区(qū)") for line in LINES)),
    "the date left out": ("full", LINES[:-1]),
    "an advertisement between": ("full", (*LINES[:3], "广告：智能护理床限时优惠，热线400-1234567。", *LINES[3:])),
    "an advertisement in place of a paragraph": (
        "part",
        (*LINES[:4], "广告：护理床优惠，热线400-1234567。", *LINES[5:]),
    ),
    "a wrong character": ("full", tuple(line.replace("异议", "异义") for line in LINES)),
    "cut in the middle of a number": ("part", (*LINES[:2], LINES[2][:30] + "……", "阅读全文")),
    "the first half": ("part", LINES[:3]),
    "a frame around": (
        "embedded",
        (
            "欢迎访问青山民生网！",
            TITLE,
            *LINES,
            "本文来源于网络转载，仅供学习交流，不构成商业目的，版权归原作者所有，如有问题请在30日内与本网联系。",
            "本站部分信息由相应民事主体自行提供，其真实性、准确性和合法性应由该民事主体负责，本站不承担任何责任。",
            "相关阅读",
            *(f"白河区民政局关于201{year}年度社会组织年度检查结果的公告" for year in range(5)),
        ),
    ),
}


@pytest.mark.parametrize("kind", REPOSTS)
def test_a_repost_is_like_its_original_and_nothing_parts_them(kind: str) -> None:
    match_class, lines = REPOSTS[kind]
    found = likeness(printing(*lines))

    assert (found.match_class, found.veto) == (match_class, None)


def changed(before: str, after: str) -> tuple[str, ...]:
    """The notice with one thing otherwise."""
    assert any(before in line for line in LINES)
    return tuple(line.replace(before, after) for line in LINES)


SIBLINGS = {
    "another quarter": changed("第一季度", "第二季度"),
    "another sum": changed("264.50", "264.60"),
    "one household more": changed("812户", "813户"),
    "another place": changed("青山区", "白河区"),
    "another date": changed("4月10日", "4月11日"),
    "another word": changed("新增低保对象", "核减低保对象"),
}


@pytest.mark.parametrize("what", SIBLINGS)
def test_a_notice_that_fills_one_blank_otherwise_is_another(what: str) -> None:
    found = likeness(printing(*SIBLINGS[what], title="最新消息"))

    assert found.veto is not None


def test_a_first_sentence_that_is_about_something_else_parts_two_texts_that_end_alike() -> None:
    mine, theirs = (f"{about}的有关内容如下。" for about in ("关于举办养老护理培训", "关于开展低保年度复核"))
    other = printing(mine, *LINES[3:], title="最新消息")

    assert "养老护理" in str(likeness(other, printing(theirs, *LINES[3:], is_bureau=True)).veto)
    assert likeness(other, printing("本报讯 记者昨日获悉有关内容如下。", *LINES[3:], is_bureau=True)).veto is None


def test_two_lists_of_one_shape_are_two_notices() -> None:
    mine, theirs = (printing(*LINES[:5], *rows, *LINES[5:], key=key) for rows, key in ((ROWS, "a"), (OTHERS, "b")))
    mine = Text(key="a", title=TITLE, text=mine.text, length=10_000)

    assert (likeness(theirs, mine).veto or "").startswith(("other list", "other numbers"))


def test_a_list_that_was_left_out_is_no_other_list() -> None:
    whole = printing(*LINES[:5], *ROWS, *LINES[5:], key="original", is_bureau=True)

    assert likeness(printing(*LINES), whole).veto is None


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("青山区民政局关于2023年第二季度城乡居民最低生活保障资金发放情况的公示", "quarter"),
        ("青山区民政局关于2022年第一季度城乡居民最低生活保障资金发放情况的公示", "year"),
        ("一图读懂：青山区2023年第一季度低保资金发放情况", "about notices"),
        ("白河区民政局关于2023年第一季度城乡居民最低生活保障资金发放情况的公示", "titles"),
    ],
)
def test_titles_part_texts_that_are_alike(title: str, word: str) -> None:
    found = likeness(printing(*LINES, title=title))

    assert word in (found.veto or "")


def test_two_document_numbers_part_texts_that_are_alike() -> None:
    numbered = replace(ORIGINAL, document_number="青民发〔2023〕5号")
    found = likeness(replace(printing(*LINES), document_number="青民发〔2023〕6号"), numbered)

    assert "document numbers differ: 青民发〔2023〕5号 / 青民发〔2023〕6号" == found.veto
    assert likeness(printing(*LINES), numbered).veto is None


def test_a_letter_that_forwards_a_notice_is_another_notice() -> None:
    page = printing(
        "各街道办事处：", f"现将《{TITLE}》转发给你们，请认真贯彻。", *LINES, title=f"关于转发《{TITLE}》的通知"
    )

    assert "forwards" in (likeness(page).veto or "")


def test_a_text_of_a_few_words_is_like_nothing() -> None:
    assert compare(printing("公示内容见附件。", "青山区民政局"), [ORIGINAL]) == []


def test_a_page_is_not_laid_beside_a_shorter_one_of_no_bureau() -> None:
    short = Text(key="short", title=TITLE, text="\n".join(LINES[:4]), length=100)

    assert compare(printing(*LINES), [short]) == []


def test_of_very_long_texts_the_beginnings_are_compared_and_a_person_is_asked() -> None:
    rows = [f"第{at}行 {at * 7919 % 10007} 元" for at in range(MOST // 4 + 2_000)]
    found = likeness(printing(*rows, "更多内容请关注"), printing(*rows, key="original", is_bureau=True))

    assert ("weak", None) == (found.match_class, found.veto)


def test_reposts_share_postings_with_their_original() -> None:
    mine = postings(ORIGINAL.title, ORIGINAL.form)

    assert {
        kind: len(mine & postings("", read_form("\n".join(lines)))) > 1 for kind, (_, lines) in REPOSTS.items()
    } == (dict.fromkeys(REPOSTS, True))


@given(st.text(max_size=200), st.text(max_size=200))
def test_runs_are_what_two_texts_have_in_common_in_order(one: str, other: str) -> None:
    mine, theirs = read_form(one), read_form(other)
    runs = align(mine, theirs)

    assert [mine.between(run.one, run.one_end) for run in runs] == [
        theirs.between(run.other, run.other_end) for run in runs
    ]
    assert all(a.one_end <= b.one and a.other_end <= b.other for a, b in pairwise(runs))


@given(st.text(max_size=200))
def test_a_text_is_wholly_like_itself(text: str) -> None:
    form = read_form(text)

    assert sum(run.size for run in align(form, form)) == len(form)


@given(st.text())
def test_spelling_raises_on_no_text(text: str) -> None:
    assert isinstance(spell(text), str)


def test_two_words_of_one_hash_are_two_words_in_every_text() -> None:
    """292 and 556 have one sign by themselves; which of them keeps it depends on the text."""
    one, other = read_form("东河292户，西坪556户。"), read_form("西坪556户。东河292户，南湾292户。")

    assert ["东", "河", "292", "户", "西", "坪", "556", "户"] == one.tokens(0, len(one))
    assert one.code[2] == other.beside(one).code[6] != one.code[6]
    assert other.tokens(0, len(other)) == other.beside(one).tokens(0, len(other))
    assert one.code[6] not in read_form("北岭292户").beside(one).code


def test_a_letter_in_traditional_characters_forwards_a_notice_too() -> None:
    letter = ("各街道辦事處：", f"現將《{TITLE}》轉發給你們，請認真貫徹。", *LINES)

    assert "forwards" in (likeness(printing(*letter)).veto or "")


EDITED = tuple(line.replace("264.50", "264.80") for line in LINES)


def edited(*, before: tuple[str, ...], title: str = TITLE) -> Text:
    """The notice with an amount put right, and what it was before."""
    return replace(printing(*EDITED, key="original", is_bureau=True), earlier=((title, "\n".join(before)),))


def test_a_repost_of_what_a_notice_was_before_it_was_edited_is_its_repost() -> None:
    found = likeness(printing(*LINES, "更多信息请关注本站。"), edited(before=LINES))

    assert (found.match_class, found.veto) == ("full", None)


def test_what_the_notice_never_said_is_another_notice_whatever_was_edited() -> None:
    other = tuple(line.replace("264.50", "270.10") for line in LINES)

    assert likeness(printing(*other), edited(before=LINES)).veto is not None


@pytest.mark.parametrize(
    ("before", "title"),
    [
        (LINES, TITLE.replace("第一季度", "第二季度")),
        ((*LINES[:1], *(f"{line}又及。" for line in LINES[2:5])), TITLE),
        (tuple(line.replace("第一季度", "第二季度") for line in LINES), TITLE),
    ],
    ids=["other title", "other text", "other quarter"],
)
def test_what_an_address_showed_before_it_showed_another_notice_is_no_state_of_that(
    before: tuple[str, ...], title: str
) -> None:
    assert edited(before=before, title=title).states == ()
