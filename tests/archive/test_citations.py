"""Which documents a text names, in every form that is printed, and what it does with them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extract.citations import find_citations
from archive.records import Citation

Named = tuple[str | None, str | None]


def named(text: str, title: str | None = None, number: str | None = None) -> list[Named]:
    """Number and title of every citation."""
    return [(one.document_number, one.title) for one in find_citations(text, title, number)]


def kinds(text: str, title: str | None = None, number: str | None = None) -> list[tuple[str, str]]:
    """Kind and name of every citation."""
    return [(one.kind, one.title or one.document_number or "") for one in find_citations(text, title, number)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("根据《示例管理办法》，制定本通知。", [(None, "示例管理办法")]),
        ("根据《示例管理办法》（民发〔2021〕70号）。", [("民发〔2021〕70号", "示例管理办法")]),
        ("根据《示例管理办法》(民发[2021]70号)。", [("民发〔2021〕70号", "示例管理办法")]),
        ("根据《示例管理办法》【民发【2021】70号】。", [("民发〔2021〕70号", "示例管理办法")]),
        ("根据《示例管理办法》民发（2021）70 号。", [("民发〔2021〕70号", "示例管理办法")]),
        ("根据《示例管理办法》（文号：民发〔２０２１〕７０号）。", [("民发〔2021〕70号", "示例管理办法")]),
        ("根据《示例管理办法》（民发〔二〇二一〕70号）。", [("民发〔2021〕70号", "示例管理办法")]),
        ("根据《示例救助条例》（国务院令第649号）。", [("国务院令第649号", "示例救助条例")]),
        ("根据《示例救助条例》（2014年国务院令第649号）。", [("国务院令第649号", "示例救助条例")]),
        ("根据《示例登记办法》（民政部第18号令）。", [("民政部令第18号", "示例登记办法")]),
        ("根据民发〔2021〕70号文件《关于示例的意见》。", [("民发〔2021〕70号", "关于示例的意见")]),
        ("根据民发〔2021〕70号《关于示例的意见》。", [("民发〔2021〕70号", "关于示例的意见")]),
        ("根据《关于印发〈示例办法〉的通知》。", [(None, "关于印发〈示例办法〉的通知")]),
        ("根据《关于印发《示例办法》的通知》。", [(None, "关于印发《示例办法》的通知")]),
        (
            "依照《甲类管理办法》《乙类管理条例》和《丙类实施细则》。",
            [(None, "甲类管理办法"), (None, "乙类管理条例"), (None, "丙类实施细则")],
        ),
        (
            "依照《甲类管理办法》（民发〔2020〕1号）、《乙类管理条例》（民发〔2020〕2号）。",
            [("民发〔2020〕1号", "甲类管理办法"), ("民发〔2020〕2号", "乙类管理条例")],
        ),
        ("《未合上的《示例办法》（民发〔2021〕7号）。", [("民发〔2021〕7号", "示例办法")]),
        ("依照《示例工作实施意见（试行）》。", [(None, "示例工作实施意见（试行）")]),
        ("依照《中华人民共和国示例法》《示例法》。", [(None, "中华人民共和国示例法"), (None, "示例法")]),
    ],
)
def test_a_title_and_the_number_beside_it_are_one_citation(text: str, expected: list[Named]) -> None:
    assert expected == named(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("按照民发〔2021〕70号文件执行。", "民发〔2021〕70号"),
        ("按照省民政厅苏示规〔2022〕4号要求。", "苏示规〔2022〕4号"),
        ("依据国务院办公厅国办发〔2020〕5号精神。", "国办发〔2020〕5号"),
        ("见教示政厅函〔2024〕10号。", "教示政厅函〔2024〕10号"),
        ("执行宁示（综）发〔2016〕892号。", "宁示（综）发〔2016〕892号"),
        ("见人社部发〔2016〕88号。", "人社部发〔2016〕88号"),
        ("依据示例市人民政府令（第273号）执行。", "示例市人民政府令第273号"),
        ("依据中华人民共和国主席令第四十三号。", "中华人民共和国主席令第四十三号"),
        ("见渝示S(2025)130号的批复。", "渝示S〔2025〕130号"),
    ],
)
def test_a_number_in_running_text_is_a_citation_without_the_words_before_it(text: str, number: str) -> None:
    assert [(number, None)] == named(text)


@pytest.mark.parametrize(
    "text",
    [
        "《人民日报》报道，《示例公报》转载。",
        "请填写《低保申请表》、《承诺书》和《户籍证明》。",
        "登录《社会救助管理系统》，查阅《示例指标说明》。",
        "按照《办法》《通知》《实施方案》执行。",
        "示例家园（2021）5号楼，第3号公告栏，本公告第3号。",
        "〔2021〕70号",
        "《》《　》《未合上的办法",
    ],
)
def test_what_is_no_document_is_no_citation(text: str) -> None:
    assert [] == named(text)


def test_a_number_makes_any_title_a_document() -> None:
    assert [("民发〔2021〕7号", "示例工作表")] == named("见《示例工作表》（民发〔2021〕7号）。")


def test_the_notice_itself_and_what_it_carries_are_not_cited() -> None:
    title = "关于印发《示例管理办法（试行）》和《示例实施细则》的通知"
    text = "示民发〔2021〕3号\n现将《示例管理办法》和《示例实施细则》印发给你们。"
    text += "依据《示例救助条例》。见示民发〔2021〕3号。"

    assert [(None, "示例救助条例")] == named(text, title, "示民发〔2021〕3号")
    assert [] == named("《示例管理办法》施行。", "关于发布示例管理办法的公告")
    assert [] == named("示例市民政局《关于示例的通知》", "示例市民政局关于示例的通知")


def test_an_older_document_of_the_same_title_is_another() -> None:
    text = "现印发《示例办法规定》。原《示例办法规定》（民发〔2010〕1号）同时废止。"

    assert [("repeals", "示例办法规定")] == kinds(text, "关于印发《示例办法规定》的通知", "民发〔2020〕1号")
    assert [("民发〔2010〕1号", "示例办法规定")] == named(text, "关于印发《示例办法规定》的通知")


def test_a_short_name_stands_for_the_document_that_has_it() -> None:
    text = "按照《示例审核确认办法》（民发〔2012〕8号，以下简称《办法》）。《办法》同时废止。"
    found = find_citations(text, None, None)

    assert ["mentions", "repeals"] == [one.kind for one in found]
    assert {"民发〔2012〕8号"} == {one.document_number for one in found}
    assert "《办法》" == found[1].raw


def test_a_document_is_cited_once_a_kind_and_its_names_complete_each_other() -> None:
    text = "《示例管理办法》规定。\n《示例管理办法》（民发〔2012〕8号）要求。\n按照民发〔2012〕8号。"

    assert [("民发〔2012〕8号", "示例管理办法")] == named(text)


@pytest.mark.parametrize(
    ("text", "repealed"),
    [
        ("根据《甲类示例条例》制定本办法。《乙类示例办法》同时废止。", ["乙类示例办法"]),
        ("根据《甲类示例条例》制定本办法，《乙类示例办法》同时废止。", ["乙类示例办法"]),
        ("《甲类示例办法》（民发〔2010〕1号）、《乙类示例办法》（民发〔2011〕2号）同时废止。",
         ["甲类示例办法", "乙类示例办法"]),
        ("《甲类示例办法》和2011年印发的《乙类示例办法》自本通知印发之日起废止。", ["甲类示例办法", "乙类示例办法"]),
        ("《甲类示例办法》等3件规范性文件予以废止。", ["甲类示例办法"]),
        ("《甲类示例办法》（民发〔2010〕1号），即行废止。", ["甲类示例办法"]),
        ("自《甲类示例条例》施行之日起，《乙类示例办法》停止执行。", ["乙类示例办法"]),
        ("《乙类示例办法》自《甲类示例条例》施行之日起废止。", ["乙类示例办法"]),
        ("经研究，决定废止《甲类示例办法》和《乙类示例办法》。", ["甲类示例办法", "乙类示例办法"]),
        ("民发〔2010〕5号文件同时废止。", ["民发〔2010〕5号"]),
        ("《甲类示例办法》已于2020年失效。", ["甲类示例办法"]),
        ("下列文件予以废止：\n1.《甲类示例办法》（民发〔2010〕1号）\n2.《乙类示例办法》\n特此通知。\n依照《丙类示例办法》。",
         ["甲类示例办法", "乙类示例办法"]),
        # nothing is repealed here
        ("根据《甲类示例规定》，下列文件予以废止。", []),
        ("根据《甲类示例规定》予以废止。", []),
        ("《甲类示例办法》废止后，有关事项如下。", []),
        ("《甲类示例办法》第三条同时废止。", []),
        ("《甲类示例办法》尚未废止。", []),
        ("与《甲类示例办法》不一致的规定，同时废止。", []),
    ],
)  # fmt: skip
def test_only_what_the_phrase_is_about_is_repealed(text: str, repealed: list[str]) -> None:
    assert repealed == [name for kind, name in kinds(text) if kind == "repeals"]


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("对《示例管理办法》（民发〔2010〕1号）作如下修改：", None, ("revises", "示例管理办法")),
        ("《示例管理办法》第三条修改为：", None, ("revises", "示例管理办法")),
        ("请遵照执行。", "关于修改《示例管理办法》的决定", ("revises", "示例管理办法")),
        ("新修订的《示例管理办法》已施行。", None, ("mentions", "示例管理办法")),
        ("起草组修订《示例管理办法》时走访了五个县。", None, ("mentions", "示例管理办法")),
        ("请遵照执行。", "关于废止《示例管理办法》的通知", ("repeals", "示例管理办法")),
        ("现将《关于示例工作的意见》转发给你们。", None, ("forwards", "关于示例工作的意见")),
        ("现将省厅《关于示例工作的意见》（民发〔2010〕1号）印发给你们。", "关于转发《关于示例工作的意见》的通知",
         ("forwards", "关于示例工作的意见")),
        ("请遵照执行。", "示例市民政局转发省民政厅关于示例工作的通知", ("forwards", "省民政厅关于示例工作的通知")),
        ("请遵照执行。", "转发省民政厅关于示例工作的通知的通知", ("forwards", "省民政厅关于示例工作的通知")),
        ("根据国务院办公厅转发的《关于示例工作的意见》。", None, ("mentions", "关于示例工作的意见")),
        ("一、起草背景", "《示例管理办法》政策解读", ("explains", "示例管理办法")),
        ("现就《示例管理办法》解读如下：", None, ("explains", "示例管理办法")),
        ("日前，我局印发了《示例管理办法》。", "政策解读", ("explains", "示例管理办法")),
    ],
)  # fmt: skip
def test_a_kind_needs_its_phrase(text: str, title: str | None, expected: tuple[str, str]) -> None:
    assert [expected] == kinds(text, title)


def test_an_explanation_repeals_nothing_itself() -> None:
    found = kinds("新办法施行后，《旧示例办法》同时废止。", "《新示例办法》解读")

    assert [("explains", "新示例办法"), ("mentions", "旧示例办法")] == found


def test_the_sentence_of_a_citation_shows_its_kind() -> None:
    text = "第一条　为规范工作，制定本办法。第九条　本办法自印发之日起施行。《旧示例办法》同时废止。特此通知。"
    [citation] = find_citations(text, None, None)

    assert (
        Citation(
            kind="repeals",
            document_number=None,
            title="旧示例办法",
            raw="《旧示例办法》",
            sentence="《旧示例办法》同时废止。",
        )
        == citation
    )


def test_a_long_sentence_is_cut_to_mention_and_phrase() -> None:
    text = "、".join(f"《第{number}类示例管理办法》（民发〔2010〕{number}号）" for number in range(200)) + "同时废止。"
    found = find_citations(text, None, None)

    assert 200 == len(found)
    assert {"repeals"} == {one.kind for one in found}
    for one in found:
        assert one.raw in one.sentence
        assert one.sentence.endswith("同时废止。")
        assert len(one.sentence) <= 300


@pytest.mark.parametrize(
    "unit",
    [
        "《最低生活保障示例办法》、",
        "《示例办法》（民发〔2021〕70号，以下简称《办法》）",
        "自《示例管理办法》施行之日起",
        "渝民发〔2021〕1号",
        "民政部令第1号",
        "《",
        "《》",
        "（综）",
        "令",
    ],
)
def test_reading_takes_time_in_proportion_to_the_text(unit: str) -> None:
    def seconds(characters: int) -> float:
        text = unit * (characters // len(unit))
        return min(_timed(text) for _ in range(2))

    assert seconds(80_000) < 10 * seconds(20_000) + 0.05


@given(
    st.text(
        "《》〈〉（）〔〕[]2021第号令、，。；:\n民政部发办法通知废止同时转发简称以下自施行之日起根据的和", max_size=80
    )
)
def test_no_text_makes_it_fail_and_every_mention_is_in_the_text(text: str) -> None:
    for one in find_citations(text, None, None):
        assert one.raw in text
        assert one.title or one.document_number


def _timed(text: str) -> float:
    began = time.process_time()
    find_citations(text, "关于示例工作的通知", None)
    return time.process_time() - began
