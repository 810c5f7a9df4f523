"""What is personal data in a text and what is not, by hand and by properties."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.labels import MASKS
from archive.masks import RULES, Known, mask, mask_known
from archive.personal_numbers import is_resident_id
from tests.persons import CARD, CITIZEN, MOBILE, PERSONS, full_width, in_a_table, resident_id

SPACED = " ".join(CITIZEN)
MISTYPED = CITIZEN[:-1] + ("0" if CITIZEN[-1] != "0" else "2")


@pytest.mark.parametrize(
    ("rule", "text", "shown"),
    [
        ("resident_id", f"身份证号：{CITIZEN}。", "身份证号：4301**************。"),
        ("resident_id", f"身份证{CITIZEN}", "身份证4301**************"),
        ("resident_id", f"{SPACED}", "4 3 0 1 " + " ".join("*" * 14)),
        ("resident_id", f"{CITIZEN[:6]} {CITIZEN[6:14]} {CITIZEN[14:]}", "4301** ******** ****"),
        ("resident_id", f"身份证号：{MISTYPED}", "身份证号：4301**************"),
        ("resident_id", f"姓名 | 身份证号码\n王某某 | {MISTYPED}", "姓名 | 身份证号码\n王某某 | 4301**************"),
        ("resident_id", full_width(CITIZEN), "４３０１**************"),
        ("resident_id", resident_id("11010519491231002").lower(), "1101**************"),
        ("resident_id", f"序号 | 证件编号\n1 | {CITIZEN}", "序号 | 证件编号\n1 | 4301**************"),
        ("resident_id", "旧身份证 430105650307765", "旧身份证 4301***********"),
        ("resident_id", f"https://mzj.shili.example/cx?id={CITIZEN}", "https://mzj.shili.example/cx?id=4301**************"),
        ("resident_id", f"mzj.shili.example/{CITIZEN}.pdf", "mzj.shili.example/4301**************.pdf"),
        ("resident_id", f"残疾人证号 {CITIZEN}43", "残疾人证号 4301****************"),
        ("resident_id", f"证号 {CITIZEN}11B1", "证号 4301******************"),
        ("mobile", f"联系人王女士，手机{MOBILE}。", "联系人王女士，手机138********。"),
        ("mobile", "电话：138 1234 5678", "电话：138 **** ****"),
        ("mobile", "138-1234-5678", "138-****-****"),
        ("mobile", "１３８１２３４５６７８", "１３８********"),
        ("mobile", "1 3 8 1 2 3 4 5 6 7 8", "1 3 8 * * * * * * * *"),
        ("mobile", f"+86{MOBILE}", "+86138********"),
        ("mobile", f"Tel{MOBILE}", "Tel138********"),
        ("mobile", f"0731-88881234/{MOBILE}", "0731-88881234/138********"),
        ("bank_card", f"卡号 {CARD}", f"卡号 {CARD[:4]}***************"),
        ("bank_card", " ".join((CARD[:8], CARD[8:16], CARD[16:])), f"{CARD[:4]}**** ******** ***"),
        ("bank_card", "开户银行账号：4242424242424242", "开户银行账号：4242************"),
    ],
)  # fmt: skip
def test_personal_numbers_are_masked_by_their_rule(rule: str, text: str, shown: str) -> None:
    masked = mask(text)

    assert (shown, {rule: 1}) == (masked.text, masked.places)


@pytest.mark.parametrize(
    "text",
    [
        # numbers of documents, catalogues and bodies
        "民发〔2024〕5号",
        "湘民发〔2021〕15号、国办发〔2020〕26号",
        "索引号：000014672/2021-00015",
        "索引号：13812345678",
        "索引号 | 13812345678",
        "索 引 号：006939748/2023-13812345678",
        "公共资源交易编号：ZFCG-20210301-13812345678",
        "统一社会信用代码：52430100MJJ5012345",
        "统一社会信用代码：53100000500018697L",
        f"统一社会信用代码：{CITIZEN}",  # digits alone are a credit code where it is called one
        "名称 | 统一社会信用代码\n青山市慈善总会 | 514301001234567890",
        "工商注册号 430105650307765",
        "项目编号：6222021901001234564",
        "登记证号 | 431000000000001",
        # sums, dates, identifiers of a CMS
        "下达补助资金13812345678元",
        "共计 15900000000 元",
        "惠及13800000000人次",
        "2021-03-01 09:00:00",
        "20210301123456789",
        "t20210301_4301051990.html",
        "W020210301583726384712.pdf",
        "13812345678.jpg",
        "https://mzj.shili.example/content/13812345678.html",
        "mzj.shili.example/content/6222021901001234564.html",
        "0.13812345678",
        # telephones of offices and hotlines
        "咨询电话：0731-88881234",
        "服务热线12345、12349、96345、962200、400-810-1234、95598",
        "传真：010-58123456",
        "邮编410000",
        # masked where it was published
        "430105********7651",
        "4301**********1234",
        "138****5678",
        "6222***********4564",
        # not what they look like
        MISTYPED,  # the check character is wrong, and nothing calls it a person's
        f"统一社会信用代码证件号 {MISTYPED}",
        resident_id("43010519900230765"),  # no such day
        "6222021901001234565",  # Luhn says no
        "4242424242424242",  # could be anything where nothing calls it an account
    ],
)
def test_numbers_that_are_of_nobody_stay(text: str) -> None:
    assert text == mask(text).text


@pytest.mark.parametrize(
    "text",
    [
        in_a_table(PERSONS),
        "序号 | 保障对象 | 金额\n" + "\n".join(f"{n} | {name} | 650" for n, name in enumerate(PERSONS, 1)),
        "姓 名 | 年龄 | 姓 名 | 年龄\n" + "\n".join(f"{PERSONS[n]} | 7 | {PERSONS[n + 6]} | 8" for n in range(6)),
        "序号 姓名 性别 户籍\n" + "\n".join(f"{n} {name} 女 青山区" for n, name in enumerate(PERSONS, 1)),
        "录用人员名单：" + "、".join(PERSONS) + "。",
        "名单如下\n" + "\n".join(f"{n}. {name}" for n, name in enumerate(PERSONS, 1)),
        "名单（排名不分先后）\n" + "　".join(PERSONS),
        "名单\n" + "\n".join(" | ".join(PERSONS[n : n + 4]) for n in range(0, 12, 4)),
        "获奖名单\n" + "、".join(f"{name}（女）" for name in PERSONS),
        "授予" + "、".join(("下列同志", *PERSONS[:-2])) + f"、{PERSONS[-2]}和{PERSONS[-1]}等12人称号",
        "名单\n" + "\n".join(f"（{n}）{name}" for n, name in enumerate(PERSONS, 1)),
        "名单\n" + "\n".join(f"{n} {name} 女 35岁 白沙村" for n, name in enumerate(PERSONS, 1)),
        "续表\n" + "\n".join(f"{n} | {name} | 女 | 白沙村" for n, name in enumerate(PERSONS, 13)),
        "名单：\n" + "\n".join(f"{name}，女，35岁，白沙村人" for name in PERSONS),
        "名单：\n" + "\n".join(f"{name}：7765" for name in PERSONS),
        "名单：" + "".join(f"{n}、{name}" for n, name in enumerate(PERSONS, 1)),
        "表彰：" + "、".join(f"{name}同志" for name in PERSONS) + "。",
        "现公示如下\n" + "\n".join(PERSONS),
        "姓名 | 方式\n" + "\n".join(f"{name} | 养老院长期照护" for name in PERSONS),
    ],
)  # fmt: skip
def test_the_names_of_a_long_list_keep_their_surname_only(text: str) -> None:
    masked = mask(text)

    assert {"name_list": len(PERSONS)} == masked.places
    assert [] == [name for name in PERSONS if name in masked.text]
    assert masked.text.count("王××") == 1


def test_names_in_other_forms_are_of_the_list_too() -> None:
    text = in_a_table([*PERSONS, "欧阳小军", "张　三", "阿依古丽·买买提", "禤国强"])

    shown = mask(text).text
    for name in ("欧阳××", "张　×", "阿×××·×××", "禤××"):
        assert name in shown


def test_names_under_a_head_of_names_need_no_surname() -> None:
    names = ["扎西顿珠", "次仁拉姆", "格桑梅朵", "多吉才让", "卓玛措", "娜仁花", "巴特尔", "阿依古丽.买买提"] * 2

    assert {"name_list": len(names)} == mask(in_a_table(names)).places


NUMBERED = list(enumerate(PERSONS, 1))
ROADS = ("黄河路", "金星路", "马王路", "高升路", "万家路", "白云路", "江南路", "安康路", "文昌路", "常青路")
THEMES = ("党史学习", "文明创建", "项目招标", "马上就办")
NOBODY = [
    "养老机构名单\n序号 | 名称 | 负责人\n" + "\n".join(f"{n} | {name}养老院 | {name}" for n, name in NUMBERED),
    "社会组织名单\n名称 | 法定代表人姓名\n" + "\n".join(f"青山市第{n}文化协会 | {name}" for n, name in NUMBERED),
    "名单如下：" + "、".join(f"青山市第{n}福利院" for n in "一二三四五六七八九十") + "、青山市社会福利院",
    "各村人员：王家湾、李家坪、张家村、刘家冲、陈家镇、杨家乡、黄家社区、赵家屯、吴家坪、周家坝、徐家沟、孙家寨",
    "各乡镇人员：白沙、黄花、安沙、高桥、金井、江背、开慧、路口、北山、春华、果园、黄兴",
    "工作人员：" + "、".join(PERSONS[:9]),  # nine are no long list
    "负责人 | 机构\n" + "\n".join(f"{name} | 青山市第{n}福利院" for n, name in NUMBERED),
    "续表\n" + "\n".join(f"{n} | 青山市第{n}福利院 | {name} | 50" for n, name in NUMBERED),
    "\n".join(
        f"{word} 各区民政局负责"
        for word in ("低保", "养老", "殡葬", "婚姻", "高龄", "文化", "安全", "马上办", "高血压", "江边段")
    ),
    "姓名 | 职务\n王一鸣 | 局长\n李晓红 | 副局长",
    "签发人：王一鸣\n承办人员：李晓红　联系人：张建国",
    "人员类别：低保、特困、孤儿、残疾、老年、优抚、流浪、临时、高龄、失能、留守、散居、福利",
    "现公示如下\n" + "\n".join(f"{name}　市第{n}局副局长" for n, name in NUMBERED),
    "成员：\n" + "\n".join(f"{name}，市第{n}局副局长" for n, name in NUMBERED),
    "值班表\n姓名 | 职务\n" + "\n".join(f"{name} | 第{n}处处长" for n, name in NUMBERED),
    "道路命名对象：黄河路、金星路、马王路、高升路、万家路、白云路、江南路、安康路、文昌路、常青路、程家路、陆家路",
    "标准地名\n" + "\n".join(f"{name}，东西走向" for name in ROADS),
    "\n".join(f"{n} {name} 一路 二路" for n, name in enumerate(ROADS)),
    "\n".join(
        ("党建引领", "党务公开", "金色童年", "文化养老", "文件解读", "安全生产", "高龄津贴", "方案公示", *THEMES)
    ),
    "白沙\n黄花\n安沙\n高桥\n金井\n江背\n柏加\n路口\n常安\n万春\n温泉\n黄兴",
    "序号 | 项目名称 | 姓名\n" + "\n".join(f"{n} | 救助 | " for n in range(12)),
]


@pytest.mark.parametrize("text", NOBODY)
def test_bodies_places_officials_and_short_lists_stay(text: str) -> None:
    assert text == mask(text).text


def test_telephones_are_masked_beside_a_person_who_is_listed_and_nowhere_else() -> None:
    rows = "\n".join(f"{name} | 0731-8888{n:04}" for n, name in enumerate(PERSONS))
    masked = mask(f"咨询电话：0731-88881234\n姓名 | 联系电话\n{rows}")

    assert "咨询电话：0731-88881234\n" in masked.text
    assert {"name_list": len(PERSONS), "landline": len(PERSONS)} == masked.places
    of_a_pdf = "姓名 住址 电话\n" + "\n".join(f"{name} 青山区 8888{n:04}" for n, name in enumerate(PERSONS))
    assert {"name_list": len(PERSONS), "landline": len(PERSONS)} == mask(of_a_pdf).places
    sums = "姓名 | 金额\n" + "\n".join(f"{name} | 8888{n:04}" for n, name in enumerate(PERSONS))
    assert {"name_list": len(PERSONS)} == mask(sums).places


def test_what_a_text_lost_its_tables_lose_too() -> None:
    text = in_a_table(["张 三", *PERSONS])
    cells = "".join(f"<tr><td>{name}</td><td>{MOBILE}</td></tr>" for name in PERSONS)
    html = f"<table><tr><td>张<br>三</td></tr>{cells}</table>"

    shown = mask_known(html, Known(mask(text).found)).text
    assert "<td>张<br>×</td>" in shown
    assert [] == [word for word in (*PERSONS, MOBILE) if word in shown]
    assert html.count("<") == shown.count("<")


def test_a_short_name_is_known_only_by_itself() -> None:
    found = mask("名单：" + "、".join(PERSONS)).found
    assert "黄丽" in found

    assert "黄丽江大桥，黄×，王××等人" == mask_known("黄丽江大桥，黄丽，王一鸣等人", Known(found)).text


def test_every_rule_has_words_in_both_languages() -> None:
    assert tuple(MASKS) == RULES
    assert all(words.zh and words.en for words in MASKS.values())


DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2049, 12, 31))
TEXTS = st.text(
    st.sampled_from("0123456789０３８ 　-*×X|\n、，。名单姓王李张一鸣晓红电话元/.:a"), max_size=80
) | st.sampled_from([*NOBODY, in_a_table(PERSONS), SPACED, CARD])


@given(st.lists(TEXTS, max_size=4).map("".join))
def test_masking_twice_changes_nothing_and_keeps_lines_cells_and_length(text: str) -> None:
    once = mask(text)

    assert once.text == mask(once.text).text
    assert len(text) == len(once.text)
    assert [line.count(" | ") for line in text.split("\n")] == [line.count(" | ") for line in once.text.split("\n")]
    assert bool(once.places) == bool(once.found) == (text != once.text)


@given(DAYS, st.sampled_from(("110105", "430105", "650102", "810000")), st.integers(0, 999))
def test_every_identity_number_is_told_and_none_with_another_check_character(
    day: date, place: str, number: int
) -> None:
    citizen = resident_id(f"{place}{day:%Y%m%d}{number:03}")

    assert is_resident_id(citizen)
    assert "*" in mask(f"（{citizen}）").text
    others = [citizen[:17] + last for last in "0123456789X" if last != citizen[17]]
    assert not any(map(is_resident_id, others))
