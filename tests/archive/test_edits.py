"""What was edited between two states: which clauses, what that is about, and what matters most."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.edits.matching import gaps, match
from archive.edits.states import brief, compare, compare_texts
from archive.records import Edit, EditClass, Link, Reading

NOTICE = """各区民政局：
现将高龄津贴发放有关事项通知如下。
一、补贴对象。具有本市户籍且年满80周岁的老年人，每人每月300元，请于2026年3月15日前提出申请；逾期不予受理。
二、公示名单：张三、李四、王五。公示期为7天。
三、联系电话：0571-12345678，联系人：赵强。
四、本办法自2026年4月1日起施行。
附件：1.高龄津贴申请表
青山市民政局
2026年3月1日"""

TABLE = """拟发放名单
序号 | 姓名 | 住址 | 金额（元） | 联系电话
1 | 张伟 | 东山街 | 300 | 13800000001
2 | 王芳 | 西山街 | 450 | 13800000002
3 | 李娜 | 南山街 | 300 | 13800000003
4 | 刘洋 | 北山街 | 600 | 13800000004"""


def told(before: str, after: str) -> tuple[tuple[EditClass, ...], str]:
    """Classes and headline of the edits between two texts."""
    return tuple(brief(compare_texts(before, after)))


@pytest.mark.parametrize(
    ("old", "new", "edit_class", "headline"),
    [
        ("300元", "320元", "amount", "300元 → 320元"),
        ("每人每月300元", "每人每月减半发放", "amount", "300元 → 减半发放"),
        ("3月15日前", "4月20日前", "deadline", "2026年3月15日 → 2026年4月20日"),
        ("公示期为7天", "公示期为5天", "deadline", "7天 → 5天"),
        ("；逾期不予受理", "", "deadline", "− 逾期不予受理。"),
        ("80周岁", "75周岁", "eligibility", "80周岁 → 75周岁"),
        ("具有本市户籍且", "", "eligibility", "− 具有本市户籍且"),
        ("李四、", "", "names", "− 李四"),
        ("王五", "王六", "names", "王五 → 王六"),
        ("自2026年4月1日起", "自2026年5月1日起", "validity", "2026年4月1日 → 2026年5月1日"),
        ("12345678", "12345679", "contact", "0571-12345678 → 0571-12345679"),
        ("联系人：赵强", "联系人：钱强", "contact", "赵强 → 钱强"),
        ("申请表", "申报表", "attachment", "请 → 报"),
        ("附件：1.高龄津贴申请表\n", "", "attachment", "− 附件：1.高龄津贴申请表"),
        ("2026年3月1日", "2026年3月2日", "date", "2026年3月1日 → 2026年3月2日"),
        ("青山市民政局", "青山市财政局", "date", "青山市民政局 → 青山市财政局"),
        ("有关事项", "具体安排", "text", "有关事项 → 具体安排"),
        ("各区民政局：\n", "各区民政局：\n全市各级要高度重视。\n", "text", "+ 全市各级要高度重视。"),
    ],
)
def test_an_edit_is_classed_by_what_it_is_about(old: str, new: str, edit_class: EditClass, headline: str) -> None:
    assert old in NOTICE
    assert ((edit_class,), headline) == told(NOTICE, NOTICE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "edit_class", "headline"),
    [
        ("450", "480", "amount", "450 → 480"),
        ("王芳", "王芬", "names", "王芳 → 王芬"),
        ("13800000002", "13800000009", "contact", "13800000002 → 13800000009"),
        ("2 | 王芳 | 西山街 | 450 | 13800000002\n", "", "names", "− 2 | 王芳 | 西山街 | 450 | 13800000002"),
        ("张伟", "周杰", "names", "张伟 → 周杰"),
    ],
)
def test_a_cell_is_classed_by_the_head_of_its_column(old: str, new: str, edit_class: EditClass, headline: str) -> None:
    assert ((edit_class,), headline) == told(TABLE, TABLE.replace(old, new))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("补助资金共计12,000元。", "补助资金共计12000元。"),
        ("每人每月300元，按月发放。", "每人每月３００元,按月发放。"),
        ("会议定于2026-03-05召开。", "会议定于2026年3月5日召开。"),
        ("各区民政局要\n高度重视。特此通知。", "各区民政局要高度重视。\n特此通知。"),
        ("國家統計", "国家统计"),
        ("附表\n1 张伟 男\n2 王芳 女\n3 李娜 女", "附表\n1 张伟 男 2 王芳 女 3 李娜 女"),
    ],
    ids=[
        "commas of a sum",
        "widths",
        "spelling of a day",
        "line breaks",
        "traditional characters",
        "a list in one line",
    ],
)
def test_what_only_looks_otherwise_is_cosmetic(before: str, after: str) -> None:
    assert ("cosmetic",) == told(before, after)[0]


@pytest.mark.parametrize(("old", "new"), [("≤", "≥"), ("√", "×")])
def test_signs_that_say_something_are_no_layout(old: str, new: str) -> None:
    text = "家庭人均月收入≤800元\n低保家庭 | √\n特困家庭 | √"

    assert "cosmetic" not in told(text, text.replace(old, new, 1))[0]
    assert ("cosmetic",) == told(text, text.replace("≤", "≦"))[0]


def test_a_reordered_list_has_no_other_names() -> None:
    head, columns, *rows = TABLE.split("\n")

    assert ("order",) == told(TABLE, "\n".join([head, columns, *reversed(rows)]))[0]
    assert ("order",) == told("名单：\n张三\n李四\n王五", "名单：\n王五\n张三\n李四")[0]


def test_a_name_that_changed_in_a_list_that_was_set_in_one_line_is_found() -> None:
    rows = [f"{number} {name} 桥头镇 一级" for number, name in enumerate(("张伟", "王芳", "李娜", "刘洋"), 1)]
    edits = compare_texts("附表\n" + "\n".join(rows), "附表\n" + " ".join(rows).replace("李娜", "李婷"))

    assert (("names",), "李娜 → 李婷") == tuple(brief(edits))


def test_rows_that_only_count_otherwise_are_cosmetic_beside_the_one_that_left() -> None:
    after = (
        TABLE.replace("2 | 王芳 | 西山街 | 450 | 13800000002\n", "")
        .replace("3 | 李", "2 | 李")
        .replace("4 | 刘", "3 | 刘")
    )
    edits = compare_texts(TABLE, after)

    assert [("removed", ("names",)), ("changed", ("cosmetic",)), ("changed", ("cosmetic",))] == [
        (edit.kind, edit.classes) for edit in edits
    ]


def test_the_running_number_of_a_row_that_changed_is_no_edit_of_its_own() -> None:
    after = TABLE.replace("2 | 王芳 | 西山街 | 450 | 13800000002\n", "").replace("3 | 李", "2 | 李")
    after = after.replace("4 | 刘洋", "3 | 刘海")
    *_, edit = compare_texts(TABLE, after)

    assert [("4", "3", "cosmetic"), ("刘洋", "刘海", "names")] == [
        (one.before.strip(), one.after.strip(), one.edit_class) for one in edit.stretches
    ]


def test_a_figure_that_leads_a_row_and_is_no_running_number_counts() -> None:
    table = "金额（元） | 姓名\n300 | 张伟\n450 | 王芳"

    assert (("amount",), "300 → 320") == told(table, table.replace("300", "320"))


def test_a_day_of_the_signature_and_one_of_the_deadline_are_told_apart() -> None:
    text = "请于2026年3月1日前报送。\n青山市民政局\n2026年3月1日"

    assert ("deadline",) == told(text, text.replace("1日前", "9日前"))[0]
    assert ("date",) == told(text, text[:-2] + "9日")[0]


def test_of_a_clause_with_two_edits_both_are_told_the_one_that_matters_more_first() -> None:
    after = NOTICE.replace("80周岁", "75周岁").replace("300元", "320元")
    [edit] = compare_texts(NOTICE, after)

    assert ("amount", "eligibility") == edit.classes
    assert [("80周岁", "75周岁"), ("300元", "320元")] == [(one.before, one.after) for one in edit.stretches]


def test_edits_come_by_rank_then_in_the_order_of_the_text() -> None:
    after = NOTICE.replace("有关事项", "具体安排").replace("300元", "320元").replace("李四", "钱七")
    edits = compare(Reading(url="", text=NOTICE), Reading(url="", text=after))

    assert ["amount", "names", "text"] == [edit.classes[0] for edit in edits]


def a_reading(**fields: object) -> Reading:
    """A reading of the notice whose fields are given."""
    return Reading(**{"url": "", "text": NOTICE, **fields})  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("before", "after", "edit_class", "headline"),
    [
        ({"title": "关于发放津贴的通知"}, {"title": "关于停发津贴的通知"}, "title", "发放 → 停发"),
        ({"title": "通知（一）"}, {"title": "通知(一)"}, "cosmetic", "通知（一） → 通知(一)"),
        ({"published_on": date(2026, 3, 2)}, {"published_on": date(2026, 3, 1)}, "date", "2026-03-02 → 2026-03-01"),
        ({"validity": "有效"}, {"validity": "废止"}, "validity", "有效 → 废止"),
        ({"document_number": None}, {"document_number": "青民发〔2026〕5号"}, "details", "+ 青民发〔2026〕5号"),
        ({"issuing_agencies": ("甲局", "乙局")}, {"issuing_agencies": ("甲局",)}, "date", "甲局、乙局 → 甲局"),
    ],
)
def test_a_field_that_changed_is_an_edit(
    before: dict[str, object], after: dict[str, object], edit_class: EditClass, headline: str
) -> None:
    assert ((edit_class,), headline) == tuple(brief(compare(a_reading(**before), a_reading(**after))))


FORM, LIST = (
    Link(name="申请表.docx", url="http://a.example/1.docx"),
    Link(name="名单.xlsx", url="http://a.example/2.xlsx"),
)


@pytest.mark.parametrize(
    ("before", "after", "kind", "edit_class", "headline"),
    [
        ((FORM,), (FORM, LIST), "added", "attachment", "+ 名单.xlsx"),
        ((FORM, LIST), (FORM,), "removed", "attachment", "− 名单.xlsx"),
        ((FORM,), (Link(name="申报表.docx", url=FORM.url),), "changed", "attachment", "申请表.docx → 申报表.docx"),
        ((FORM, LIST), (LIST, FORM), "moved", "order", "⇅ 申请表.docx、名单.xlsx"),
    ],
)
def test_files_that_come_go_and_change_are_edits(
    before: tuple[Link, ...], after: tuple[Link, ...], kind: str, edit_class: EditClass, headline: str
) -> None:
    edits = compare(a_reading(attachments=before), a_reading(attachments=after))

    assert [(kind, (edit_class,))] == [(edit.kind, edit.classes) for edit in edits]
    assert headline == brief(edits).headline


def test_a_file_of_other_bytes_is_an_edit() -> None:
    one, other = ({FORM.url: f"sha256:{digit * 64}"} for digit in "ab")
    said = a_reading(attachments=(FORM,))

    assert [] == compare(said, said, files=one, new_files=one)
    assert ("attachment",) == brief(compare(said, said, files=one, new_files=other)).classes


def applied(before: str, edits: Sequence[Edit], after: str) -> str:
    """The text before, without what the edits took, with what they put at its place in the text after."""
    one, other = f"{before}\n", f"{after}\n"
    left, at = [], 0
    for place in sorted(edit.place for edit in edits if edit.place and edit.place[0] < edit.place[1]):
        left.append(one[at : place[0]])
        at = place[1]
    rest, made = "".join([*left, one[at:]]), ""
    for place in sorted(edit.new_place for edit in edits if edit.new_place and edit.new_place[0] < edit.new_place[1]):
        kept = place[0] - len(made)
        made, rest = made + rest[:kept] + other[slice(*place)], rest[kept:]
    return (made + rest).removesuffix("\n")


CLAUSES = st.lists(
    st.sampled_from([*NOTICE.replace("。", "。\0").split("\0"), *TABLE.split("\n"), "\n", "。", "300", ""])
)
TEXTS = CLAUSES.map("".join).map(lambda text: text.strip("\n")) | st.text("甲乙3元。；|\n ", max_size=30)


@given(TEXTS, TEXTS)
def test_the_edits_of_a_text_make_it_the_other(before: str, after: str) -> None:
    assert after == applied(before, compare_texts(before, after), after)


@given(TEXTS)
def test_a_text_with_itself_has_no_edits(text: str) -> None:
    assert [] == compare_texts(text, text)


@given(TEXTS, TEXTS)
def test_stretches_rise_and_lie_inside_their_clauses(before: str, after: str) -> None:
    for edit in compare_texts(before, after):
        assert edit.place is not None
        at = edit.place[0]
        for stretch in edit.stretches:
            assert at <= stretch.place[0] <= stretch.place[1] <= edit.place[1]
            at = stretch.place[1]


@given(st.text("abc", max_size=40), st.text("abc", max_size=40))
def test_runs_and_gaps_cover_both_sequences(one: str, other: str) -> None:
    runs = match(one, other)
    sizes = [(gap.one_end - gap.one, gap.other_end - gap.other) for gap in gaps(runs, len(one), len(other))]

    assert all(one[run.one : run.one + run.size] == other[run.other : run.other + run.size] for run in runs)
    assert len(one) == sum(run.size for run in runs) + sum(size for size, _ in sizes)
    assert len(other) == sum(run.size for run in runs) + sum(size for _, size in sizes)


def test_a_giant_is_matched_by_what_it_has_once() -> None:
    chance = random.Random(5)
    names = [f"第{number}号" for number in range(20_000)]
    other = [name for name in names if chance.random() > 0.01]

    assert len(other) == sum(run.size for run in match(names, other))


def test_a_giant_that_repeats_itself_is_matched_part_by_part() -> None:
    one = ["同意"] * 30_000
    other = ["同意"] * 9_000 + ["反对"] + ["同意"] * 21_000 + ["弃权"]

    assert sum(run.size for run in match(one, other)) > 29_900


def test_of_a_long_list_one_row_that_changed_is_found() -> None:
    rows = [f"{number} | 张{number}某 | 第{number % 40}镇 | {300 + number % 7}" for number in range(5000)]
    other = [row.replace("张777某", "李四") for row in rows if "张99某" not in row]
    edits = compare_texts("\n".join(rows), "\n".join(other))

    assert [("removed", ("names",)), ("changed", ("names",))] == [(edit.kind, edit.classes) for edit in edits]
