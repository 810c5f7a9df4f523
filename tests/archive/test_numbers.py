"""Document numbers, kinds of document, agencies, signatures."""

from __future__ import annotations

from datetime import date

import pytest

from archive.extract.agency_names import agencies_of_title, is_agency, split_agencies
from archive.extract.document_type import read_document_type
from archive.extract.numbers import find_own_number, normalise_number
from archive.extract.signature import read_effective, read_signature


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("民发〔2021〕70号", "民发〔2021〕70号"),
        ("示府办[2005]42号", "示府办〔2005〕42号"),
        ("示府办［２００５］ ４２ 号", "示府办〔2005〕42号"),
        ("皖示社救字【2024】10号", "皖示社救字〔2024〕10号"),
        ("宁示（综）发〔2016〕892号", "宁示（综）发〔2016〕892号"),
        ("示民发(2021)第 5 号", "示民发〔2021〕5号"),
        ("【2012】33号", "〔2012〕33号"),
        ("示例部令第79号", "示例部令第79号"),
        ("渝S(2025)130号", "渝S〔2025〕130号"),
        ("示民发〔二〇二一〕7号", "示民发〔2021〕7号"),
        ("无", None),
        (" - ", None),
    ],
)
def test_a_number_has_one_spelling(raw: str, number: str | None) -> None:
    assert number == normalise_number(raw)


@pytest.mark.parametrize(
    ("line", "own"),
    [
        ("示民发〔2021〕70号", "示民发〔2021〕70号"),
        ("（示民发〔2021〕70号）", "示民发〔2021〕70号"),
        ("示民发〔2021〕70号　　签发人：张示例", "示民发〔2021〕70号"),
        ("示例市人民政府令第210号", "示例市人民政府令第210号"),
        ("示民发〔二〇二一〕70号", "示民发〔二〇二一〕70号"),
        ("示民发〔２０２１〕７０号", "示民发〔２０２１〕７０号"),
        ("示 民 发〔2021〕70 号", "示民发〔2021〕70 号"),
        ("示民提〔2021〕70号（A类）", "示民提〔2021〕70号"),
        ("示例部公告2021年第3号", "示例部公告2021年第3号"),
        ("根据示民发〔2021〕70号的要求", None),
        ("见《通知》（示民发〔2021〕70号）。", None),
    ],
)
def test_only_a_number_in_a_line_of_its_own_is_the_own_one(line: str, own: str | None) -> None:
    assert own == find_own_number([line])


def test_the_number_of_an_order_may_stand_beneath_its_issuer() -> None:
    assert "示例市人民政府令第二十三号" == find_own_number(["示例市人民政府令", "第二十三号", "已经会议通过。"])
    assert find_own_number(["请各区民政局遵照执行。", "第3号"]) is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于印发《示例办法》的通知", "通知"),
        ("示例市临时救助办法（试行）", "办法"),
        ("关于对《示例条例（征求意见稿）》的意见", "意见"),
        ("《示例市养老服务条例》", "条例"),
        ("2021年第二季度发放名单公示（第三批）", "公示"),
        ("示例部令", "令"),
        ("市民政局召开推进会", None),
        ("", None),
    ],
)
def test_a_kind_is_what_the_title_ends_with(title: str, kind: str | None) -> None:
    assert kind == read_document_type(title)


@pytest.mark.parametrize(
    "name", ["示例市民政局", "民政部", "示例省民政厅办公室", "示例县人民政府", "示例市残疾人联合会"]
)
def test_an_agency_is_known_by_its_name(name: str) -> None:
    assert is_agency(name)


@pytest.mark.parametrize("name", ["市民政局", "示例日报", "示例民政网", "李示例", "本报编辑部", "互联网", ""])
def test_what_is_no_agency_in_full_is_none(name: str) -> None:
    assert not is_agency(name)


def test_joint_issuers_are_parted_in_their_order() -> None:
    assert ("示例市民政局", "示例市财政局") == split_agencies("示例市民政局、 示例市财政局")
    assert ("民政部", "财政部") == agencies_of_title("民政部 财政部关于做好救助工作的通知")
    assert ("市民政局",) == agencies_of_title("市民政局关于做好救助工作的通知")  # to be completed
    assert () == agencies_of_title("示例日报关于救助工作的报道")


@pytest.mark.parametrize(
    ("lines", "agencies", "day"),
    [
        (["请遵照执行。", "示例市民政局", "2021年11月3日"], ("示例市民政局",), date(2021, 11, 3)),
        (
            ["示例市民政局　示例市财政局", "二〇二一年十一月三日", "（此件公开发布）"],
            ("示例市民政局", "示例市财政局"),
            date(2021, 11, 3),
        ),
        (["示例市民政局", "示例市财政局", "2021.11.03"], ("示例市民政局", "示例市财政局"), date(2021, 11, 3)),
        (["请于月底前报送。", "示例市民政局 2021年11月3日"], ("示例市民政局",), date(2021, 11, 3)),
        (["请遵照执行。", "2021年11月3日"], (), date(2021, 11, 3)),
        (["会议于2021年11月3日召开，部署了有关工作。"], (), None),
        (["报名截止：2021年11月3日"], (), None),
    ],
)
def test_a_signature_is_read_from_the_last_lines(lines: list[str], agencies: tuple[str, ...], day: date | None) -> None:
    signature = read_signature(lines)

    assert (agencies, day) == (signature.agencies, signature.day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2024年5月1日起施行。", date(2024, 5, 1)),
        ("第十条 本规定自二〇二四年五月一日起正式实施，有效期五年。", date(2024, 5, 1)),
        ("《示例法》自2018年1月1日起施行以来，各地认真贯彻。", None),
        ("本通知自印发之日起施行。", None),
    ],
)
def test_a_document_says_itself_from_when_it_is_in_force(text: str, day: date | None) -> None:
    found = read_effective(text)

    assert day == (found.value if found is not None else None)
