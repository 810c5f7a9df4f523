"""Names near to one that nobody has."""

from __future__ import annotations

from archive.near_names import near_names

KNOWN = ["示例市民政局", "示例区民政局", "别处市民政局", "示例市民政局办公室", "卫生健康委员会", ""]


def test_what_few_names_have_counts_and_what_all_have_hardly_does() -> None:
    found = near_names("示例市民政处", KNOWN)

    assert found[0] == "示例市民政局"
    assert "别处市民政局" not in found


def test_a_name_is_not_near_to_itself_and_one_that_holds_it_is() -> None:
    found = near_names("示例市民政局", KNOWN)

    assert "示例市民政局" not in found
    assert "示例市民政局办公室" in found


def test_nothing_is_near_to_nothing() -> None:
    assert near_names("", KNOWN) == []
    assert near_names("示例市民政局", []) == []


def test_width_and_script_do_not_part_names() -> None:
    assert near_names("ＡＢ機關", ["AB机关"]) == ["AB机关"]
