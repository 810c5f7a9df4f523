"""A text with its edits in place: nothing of it is lost, whatever is folded, and every edit has one number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.edits.laid_out import in_brief, lay_out, numbered
from archive.edits.states import compare_texts

LINES = st.lists(st.sampled_from(["一、每人每月300元。", "二、名单：张三、李四。", "特此通知。", ""]), max_size=40)
TEXTS = st.builds("\n".join, LINES)


@given(TEXTS, TEXTS, st.booleans())
def test_without_what_was_removed_it_is_the_text_after(before: str, after: str, is_whole: bool) -> None:  # noqa: FBT001
    strips = list(lay_out(compare_texts(before, after), before, after, is_whole=is_whole))

    assert "".join(strip.text for strip in strips if strip.op != "removed") == f"{after}\n"
    assert not (is_whole and any(strip.op == "folded" for strip in strips))


@given(TEXTS, TEXTS)
def test_every_numbered_edit_begins_once(before: str, after: str) -> None:
    edits = compare_texts(before, after)
    begun = [strip.begins for strip in lay_out(edits, before, after) if strip.begins is not None]

    assert sorted(begun) == sorted(numbered(edits).values())


@pytest.mark.parametrize(("lines", "folded"), [(8, []), (9, [5]), (30, [26])])
def test_the_middle_of_many_lines_that_stayed_is_folded(lines: int, folded: list[int]) -> None:
    text = "\n".join(f"第{number}条不变。" for number in range(lines))
    strips = lay_out([], text, text)

    assert folded == [strip.lines for strip in strips if strip.op == "folded"]


def test_an_edit_that_is_layout_only_has_no_number() -> None:
    before, after = "共计12,000元。\n张三", "共计12000元。\n李四"
    edits = compare_texts(before, after)

    assert [1] == list(numbered(edits).values())
    assert [("张三", "李四")] == [pair for place in numbered(edits) for pair in in_brief(edits[place])]
    assert any(strip.is_layout for strip in lay_out(edits, before, after))
