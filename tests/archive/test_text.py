"""Text for display, and the frozen plain forms."""

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.fold_table import TABLE
from archive.text import FOLD_VERSION, fold, normalise, text_digest, tidy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("　　各区县（自治县）民政局：", "各区县（自治县）民政局："),
        ("养老\u200b服务\ufeff", "养老服务"),
        ("索   引\u00a0\u00a0号　：", "索 引 号 ："),
        ("第一段 \r\n\t　第二段", "第一段\n第二段"),
        ("一\x0b二\u2028三", "一\n二\n三"),
        ("甲\n\n乙", "甲\n\n乙"),
        ("甲\u1680乙", "甲 乙"),
        ("", ""),
    ],
)
def test_text_for_display_has_no_invisible_characters_and_single_blanks(text, expected):
    assert tidy(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("養老服務", "养老服务"),
        ("ＡＢＣ２０２１", "abc2021"),
        ("渝民發〔２０２１〕１５號", "渝民发〔2021〕15号"),
        ("㈠①㎡", "(一)1m2"),
        ("乾", "干"),
        ("　", " "),
        ("〇", "〇"),
    ],
)
def test_folding_makes_characters_narrow_lower_and_simplified(text, expected):
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("关于《养老服务》的通知", "關於「養老服務」的通知。"),
        ("民政 局\n通知", "民政局通知"),
        ("共１５项", "共15项"),
        ("12\u200b34", "1234"),
    ],
)
def test_punctuation_blanks_and_script_do_not_change_the_digest(one, other):
    assert text_digest(one) == text_digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("300\n5", "3005"), ("3.5万元", "35万元"), ("3.5", "3-5"), ("2021年", "2022年"), ("1 000", "1000")],
)
def test_neighbouring_numbers_never_run_together(one, other):
    assert text_digest(one) != text_digest(other)


def test_a_digest_names_its_method():
    assert text_digest("通知") == "sha256:" + hashlib.sha256("通知".encode()).hexdigest()


def test_the_fold_table_is_the_one_its_version_names():
    items = sorted((chr(code), folded) for code, folded in TABLE.items())

    assert hashlib.sha256(repr(items).encode()).hexdigest()[:12] == FOLD_VERSION


def test_folding_loses_no_character_and_settles_at_once():
    assert all(folded and folded.translate(TABLE) == folded for folded in TABLE.values())


@given(st.text())
def test_folding_and_normalising_are_idempotent(text):
    assert fold(fold(text)) == fold(text)
    assert normalise(normalise(text)) == normalise(text)
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(), st.text())
def test_folding_works_on_each_character_alone(one, other):
    assert fold(one + other) == fold(one) + fold(other)


@given(st.text(st.characters(codec="utf-8")))
@example("\u1680")  # the one blank outside the blocks of punctuation
def test_tidying_does_not_change_the_digest(text):
    assert text_digest(tidy(text)) == text_digest(text)
