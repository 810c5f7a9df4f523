"""What a copy did to its notice is told in full, and what any page prints around a text is not held against it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.fidelity_words import fidelity_words
from archive.records import Fidelity, Link
from archive.text import text_digest
from archive.trace.fidelity import Printing, measure
from archive.trace.forms import MOST
from archive.trace.numerals import value
from archive.trace.side_by_side import side_by_side

TITLE = "青山市民政局关于调整2026年城乡居民最低生活保障标准的通知"
LINES = (
    "各区民政局、财政局，局属各单位：",
    "经市人民政府同意，现就调整2026年城乡居民最低生活保障标准有关事项通知如下，请结合实际认真贯彻执行。",
    "一、城市居民最低生活保障标准由每人每月680元提高到720元，特困人员基本生活标准按低保标准的1.3倍确定。",
    "二、农村居民最低生活保障标准由每人每年5,400元提高到5,880元，所需资金由市、区财政按5:5的比例分担。",
    "三、各区要在2026年4月30日前完成补发工作，并将发放名册报市民政局社会救助科备案，联系电话：0712-6895831。",
    "四、要加强动态管理，对家庭收入发生变化的低保对象及时增发、减发或者停发低保金，做到应保尽保、应退尽退。",
    "本通知自2026年1月1日起执行。",
    "青山市民政局",
    "2026年3月1日",
)
LIST = Link(name="附件1：低保标准调整表.xlsx", url="http://mzj.qingshan.example/a/1.xlsx")


def printing(*lines: str, title: str = TITLE, on: date | None = None, files: tuple[Link, ...] = ()) -> Printing:
    """A page of some lines."""
    text = "\n".join(lines)
    return Printing(
        key="a.example/1", title=title, text=text, text_digest=text_digest(text), published_on=on, files=files
    )


ORIGINAL = printing(*LINES)


def told(*lines: str) -> Fidelity:
    """What a copy of some lines did."""
    return measure(ORIGINAL, printing(*lines))


def changed(before: str, after: str) -> tuple[str, ...]:
    """The notice with one thing otherwise."""
    assert any(before in line for line in LINES)
    return tuple(line.replace(before, after) for line in LINES)


def pairs(found: Fidelity) -> list[tuple[str, str]]:
    """Numbers before and after."""
    return [(change.before, change.after) for change in found.numbers]


FAITHFUL = {
    "as it is": LINES,
    "one paragraph": ("".join(LINES),),
    "thousands without commas": tuple(line.replace(",", "") for line in LINES),
    "dates in Chinese numerals": (*LINES[:-1], "二〇二六年三月一日"),
    "numbers in Chinese numerals": changed("720元", "七百二十元"),
    "an ISO date": (*LINES[:-1], "2026-03-01"),
    "traditional characters": changed("各区要在", "各區要在"),
    "pinyin glosses": changed("特困人员", "特困(kùn)人员"),
    "other marks": tuple(line.replace("，", ", ").replace("。", ".") for line in LINES),
    "a headline and a source line": (TITLE, "来源：青山市民政局 时间：2026-03-05 10:22", *LINES),
    "the editor and buttons": (*LINES, "责任编辑：李小青", "【打印】【关闭】", "扫一扫在手机打开当前页"),
    "related links with numbers": (
        *LINES,
        "相关链接",
        "青山市民政局关于调整2025年城乡居民最低生活保障标准的通知",
        "城市居民最低生活保障标准由每人每月650元提高到680元",
    ),
    "a headline with the site's name": (f"【民政资讯】{TITLE} - 转载网", *LINES),
}


@pytest.mark.parametrize("kind", FAITHFUL)
def test_what_is_only_printed_otherwise_is_complete_and_unchanged(kind: str) -> None:
    found = told(*FAITHFUL[kind])

    assert (True, 0, 0, 0, 0.0) == (
        found.is_complete, found.numbers_changed, found.wording_changed, found.moved, found.added,
    )  # fmt: skip
    assert ["完整 complete"] == [str(words) for words in fidelity_words(found)]


def test_changed_numbers_are_named_with_a_few_words_around() -> None:
    found = told(*(line.replace("680元提高到720", "680元提高到820").replace("0712", "0713") for line in LINES))

    assert [("720", "820"), ("0712", "0713")] == pairs(found)
    assert ("保障标准由每人每月680元提高到"[-8:], "元,特困人"[:1]) == (
        found.numbers[0].lead.replace(" ", "")[-8:], found.numbers[0].tail[:1],
    )  # fmt: skip
    assert "720→820" in str(fidelity_words(found)[0])
    assert 0 == found.wording_changed


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("1.3倍", "1.5倍", ("1.3", "1.5")),
        ("720元", "若干元", ("720", "若干")),
        ("5,880元", "元", ("5,880", "")),
        ("2026年4月30日前", "2026年5月30日前", ("4", "5")),
        ("2026年3月1日", "2026年3月11日", ("1", "11")),
        ("一、城市居民", "一、2026年城市居民", None),
    ],
)
def test_a_number_is_changed_wherever_it_stands(before: str, after: str, expected: tuple[str, str] | None) -> None:
    assert ([expected] if expected else []) == pairs(told(*changed(before, after)))


def test_a_number_right_before_what_a_portal_inserted_is_changed() -> None:
    text = "\n".join(LINES).replace(
        "0712-6895831。", "0712-6895839\n广告：智能护理床限时优惠，欢迎广大市民前来选购咨询洽谈合作。"
    )
    found = told(*text.split("\n"))

    assert [("6895831", "6895839")] == pairs(found)


def test_a_list_each_of_whose_rows_was_changed_is_no_other_text() -> None:
    rows = [f"{at} 王{name} {at * 37}元" for at, name in enumerate("秀兰桂芳玉珍淑英凤琴", 1)]
    found = measure(printing(*rows), printing(*(row.replace("元", "5元") for row in rows)))

    assert (1.0, 10, 0) == (found.share, found.numbers_changed, found.wording_changed)


def test_two_numbers_exchanged_within_a_sentence_are_two_changes() -> None:
    assert 2 == told(*changed("每人每月680元提高到720元", "每人每月720元提高到680元")).numbers_changed


def test_a_cut_tail_is_shortened_and_no_number_is_changed() -> None:
    text = "\n".join(LINES)
    found = told(text[: text.index("720") + 1] + "……", "点击查看全文")
    words = [str(said) for said in fidelity_words(found)]

    assert (False, 0, 0) == (found.is_complete, found.numbers_changed, found.wording_changed)
    assert 0.2 < found.share < 0.4
    assert [f"删去约 {1 - found.share:.0%} shortened by {100 * (1 - found.share):.0f} %"] == words


def test_a_paragraph_left_out_is_shortened() -> None:
    found = told(*LINES[:3], *LINES[4:])

    assert (False, 0, 0, 0) == (found.is_complete, found.numbers_changed, found.wording_changed, found.moved)
    assert 0.8 < found.share < 0.9


def test_a_spun_copy_is_never_clean() -> None:
    one_word = told(*changed("及时增发", "按时增发"))
    many = told(
        *(line.replace("城市居民", "城镇市民").replace("备案", "存档").replace("执行", "施行") for line in LINES)
    )

    assert [("及", "按")] == [(change.before, change.after) for change in one_word.wording]
    assert many.wording_changed >= 3
    for found in (one_word, many):
        assert "完整" not in "".join(words.zh for words in fidelity_words(found))


def test_scrambled_paragraphs_are_moved_and_not_left_out() -> None:
    found = told(*LINES[:2], LINES[5], LINES[4], LINES[2], LINES[3], *LINES[6:])

    assert (True, 0, 0.0) == (found.is_complete, found.numbers_changed, found.added)
    assert found.moved > 0
    assert "完整" not in "".join(words.zh for words in fidelity_words(found))


def test_a_document_number_printed_elsewhere_is_neither_left_out_nor_added() -> None:
    number = "青民发〔2026〕12号"
    found = measure(printing(number, *LINES), printing(*LINES, number))

    assert (1.0, 0.0, 0) == (found.share, found.added, found.moved)


def test_every_word_left_out_counts() -> None:
    found = told(*(line.replace("最低生活", "") for line in LINES))

    assert 0.95 < found.share < 0.98
    assert not found.is_complete


def test_one_of_two_equal_lines_left_out_is_left_out() -> None:
    twice = printing(*LINES[:4], LINES[3], *LINES[4:])

    assert 0 == measure(twice, ORIGINAL).moved
    assert measure(twice, ORIGINAL).share < 0.9


def test_added_text_comes_with_its_first_words_as_printed() -> None:
    found = told(*LINES[:2], "编者按：新标准惠及万家，本刊特作如下报道；更多消息敬请期待。", *LINES[2:])

    assert found.is_complete
    assert 0.05 < found.added < 0.15
    assert "编者按：新标准惠及万家，本刊特作如下报道" == found.added_words


def test_a_linked_copy_whose_text_differs_much_names_its_numbers() -> None:
    found = told(
        "青山市提高低保标准", f"据悉，{LINES[2].replace('720', '730')}", "市民可到社区咨询办理，带齐身份证件。"
    )

    assert [("720", "730")] == pairs(found)
    assert found.share < 0.3


@pytest.mark.parametrize(
    ("title", "retitling"),
    [
        (TITLE, None),
        (TITLE.replace("2026", "２０２６"), None),
        (f"转载：{TITLE}", "framed"),
        (f"{TITLE}_青山资讯", "framed"),
        ("关于调整2026年城乡居民最低生活保障标准的通知", "shortened"),
        (f"定了！{TITLE}", "extended"),
        ("涨钱了！低保标准每月720元", "changed"),
    ],
)
def test_titles_are_told_from_what_stands_around_them(title: str, retitling: str | None) -> None:
    found = measure(ORIGINAL, printing(*LINES, title=title))

    assert (retitling, (TITLE, title) if retitling else None) == (found.retitling, found.titles)


@pytest.mark.parametrize(
    ("on", "words"),
    [(4, "日期晚 3 天 dated 3 days later"), (None, ""), (1, ""), (0, "日期早 1 天 dated 1 day earlier")],
)
def test_days_between_the_dates_are_counted(on: int | None, words: str) -> None:
    dated = printing(*LINES, on=date(2026, 3, 1))
    copied = printing(*LINES, on=date.fromordinal(date(2026, 3, 1).toordinal() + on - 1) if on is not None else None)

    assert words == " ".join(str(said) for said in fidelity_words(measure(dated, copied))[1:])


@pytest.mark.parametrize(
    ("links", "dropped"),
    [
        ((), (LIST.name,)),
        ((LIST,), ()),
        ((Link(name="低保标准调整表", url="http://www.zixun.example/f/9.xlsx"),), ()),
        ((Link(name="下载", url=LIST.url),), ()),
        ((Link(name="附件1：报名表.xlsx", url="http://www.zixun.example/f/9.xlsx"),), (LIST.name,)),
    ],
)
def test_files_that_a_copy_does_not_link_are_named(links: tuple[Link, ...], dropped: tuple[str, ...]) -> None:
    found = measure(printing(*LINES, files=(LIST,)), printing(*LINES, files=links))

    assert dropped == found.dropped


def test_very_long_texts_are_compared_in_part_and_the_row_says_so() -> None:
    rows = [f"第{at}行 {at * 7919 % 10007} 元" for at in range(MOST // 4 + 2000)]
    found = measure(printing(*rows), printing("多一行", *rows))

    assert (True, 0) == (found.is_partial, found.numbers_changed)
    assert not measure(ORIGINAL, printing("多一行", *LINES)).is_partial
    spans = side_by_side("\n".join(rows), "\n".join(rows[:-1]))
    assert ("unread", "\n".join(rows)) == (spans[-1].kind, "".join(span.one for span in spans))


def test_spans_show_both_texts_as_printed() -> None:
    copy = "\n".join(["编者按：摘要如下。", *LINES[:2], LINES[2].replace("720", "８２０"), *LINES[4:]])
    spans = side_by_side("\n".join(LINES), copy)

    assert [
        ("added", "", "编者按：摘要如下。\n"),
        ("changed", "720", "８２０"),
        ("left_out", LINES[3] + "\n", ""),
    ] == [(span.kind, span.one, span.other) for span in spans if span.kind != "same"]


@given(st.text(max_size=300), st.text(max_size=300))
def test_spans_of_a_side_are_its_text(one: str, other: str) -> None:
    spans = side_by_side(one, other)

    assert (one, other) == ("".join(span.one for span in spans), "".join(span.other for span in spans))


@given(st.text(max_size=300), st.text(max_size=300))
def test_measuring_raises_on_no_text(one: str, other: str) -> None:
    found = measure(printing(one), printing(other))

    assert 0.0 <= found.share <= 1.0
    assert 0.0 <= found.added <= 1.0


@given(st.text(max_size=300))
def test_a_text_is_faithful_to_itself(text: str) -> None:
    found = measure(printing(text), printing(text))

    assert (1.0, True, 0, 0) == (found.share, found.is_complete, found.numbers_changed, found.wording_changed)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("050", "50"),
        ("50.0", "50"),
        ("0.5%", ".5%"),
        ("五十", "50"),
        ("三万两千", "32000"),
        ("一〇五", "105"),
        ("元", None),
    ],
)
def test_a_number_has_one_value_however_it_is_spelt(words: str, expected: str | None) -> None:
    assert expected == value(words)
