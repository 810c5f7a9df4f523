"""What an edit is about, told from the words that differ and from those around them.

The nearest words speak first: those that differ, then the phrase, cell or head of a column they stand in, then the
clause and the line over it. Source: wording of civil-affairs notices (办事指南, 公示, 名单) as seen in 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from archive.edits.clauses import CELL, Clause, key_of
from archive.records import EDIT_CLASSES, EditClass


class Side(NamedTuple):
    """Words of a clause that the other state does not have there: where they begin and end in its text."""

    clause: Clause
    start: int
    end: int

    @property
    def words(self) -> str:
        """The words; empty where the other state has more."""
        return self.clause.text[self.start : self.end]


class _Spot(NamedTuple):
    """Words that differ, and what is around them, from near to far."""

    words: str
    behind: str
    phrase: str
    around: str


def in_order(classes: Iterable[EditClass]) -> tuple[EditClass, ...]:
    """Classes, each once, the one that matters most first; `cosmetic` goes where there is another."""
    found = set(classes)
    return tuple(one for one in EDIT_CLASSES if one in found and (one != "cosmetic" or len(found) == 1))


def class_of_words(before: str, after: str, sides: Sequence[Side]) -> EditClass:
    """The class of what differs inside a clause that changed; `sides` are the words before and after."""
    if key_of(before) == key_of(after) or all(side.end <= side.clause.number_end for side in sides):
        return "cosmetic"
    spots = [_spot(side) for side in sides]
    if any(side.clause.is_foot for side in sides):
        return "date"
    for tells in (_of_words, _of_phrase, _of_clause):
        found = in_order(one for spot in spots if (one := tells(spot)) is not None)
        if found:
            return found[0]
    if any(CELL in side.clause.text for side in sides) or any(map(_names_somebody, sides)):
        return "names"
    return "date" if any(_DAY.search(spot.words) for spot in spots) else "text"


def classes_of_clause(clause: Clause) -> tuple[EditClass, ...]:
    """All that a clause is about that stands in one text only."""
    if not clause.key:
        return ("cosmetic",)
    if clause.is_foot:
        return ("date",)
    if CELL in clause.text:
        return ("names",)
    spot = _Spot(clause.text, "", clause.text, clause.label)
    found = {name for name, pattern in _CUES.items() if pattern.search(clause.text)}
    if not _SUM.search(clause.text):
        found.discard("amount")
    if not _DAY.search(clause.text) and not _UNTIL.search(clause.text):
        found -= {"deadline", "validity"}
    if _names_somebody(Side(clause, 0, len(clause.text))):
        found.add("names")
    told = in_order(found) or in_order(one for one in (_of_clause(spot),) if one)
    return told or (("date",) if _DAY.search(clause.text) else ("text",))


def whole_names(sides: Sequence[Side], *, is_listed: bool) -> tuple[str, str]:
    """The words before and after; of a name or a short item that differs in a sign, the whole of it."""
    before, after = (side.words for side in sides)
    is_part = is_listed or max(len(before), len(after)) < _SINGLE
    if before and after and is_part and not _MARK.search(before + after):
        whole = [side.clause.text[slice(*_item(side))] for side in sides]
        if max(map(len, whole)) <= (_NAME if is_listed else _ITEM):
            before, after = whole
    return before.strip(_MARKS), after.strip(_MARKS)


def _item(side: Side) -> tuple[int, int]:
    """Where the item begins and ends that words are in: marks part it from others."""
    text, start, end = side.clause.text, side.start, side.end
    while start > 0 and not _MARK.match(text[start - 1]):
        start -= 1
    while end < len(text) and not _MARK.match(text[end]):
        end += 1
    return start, end


def _of_words(spot: _Spot) -> EditClass | None:
    """What the words that differ say by themselves, or with the signs right beside them."""
    words = spot.words
    if _REACHED.search(words):
        return "contact"
    if _SUM.search(words) or (
        _BARE.search(words) and not _COUNTED.search(words + spot.behind) and _CUES["amount"].search(spot.phrase)
    ):
        return "amount"
    if _UNTIL.search(words):
        return "deadline"
    if _AGE.search(words):
        return "eligibility"
    return "attachment" if _FILE.search(words) else None


def _of_phrase(spot: _Spot) -> EditClass | None:
    return _told(spot.words, spot.phrase)


def _of_clause(spot: _Spot) -> EditClass | None:
    return _told(spot.words, spot.around)


def _told(words: str, around: str) -> EditClass | None:
    """What the words around say; only a day or a time is a deadline's, or one of being in force."""
    is_day = bool(_DAY.search(words) or _BARE.search(words))
    for name, pattern in _CUES.items():
        if name != "amount" and (is_day or name not in ("deadline", "validity")) and pattern.search(around):
            return name
    return None


def _spot(side: Side) -> _Spot:
    """Words in their cell, under the head of its column; or in their phrase."""
    text, words = side.clause.text, side.words
    if CELL in text:
        heads, cells, column = side.clause.heads, text.split(CELL), text.count(CELL, 0, side.start)
        head = heads[column] if column < len(heads) else ""
        label = cells[column - 1] if column and not head and not _BARE.search(cells[column - 1]) else ""
        return _Spot(words + _unit(head, words), "", f"{head} {label} {cells[column]}", "")
    begin = max((mark.end() for mark in _PHRASE.finditer(text, 0, side.start)), default=0)
    close = _PHRASE.search(text, side.end)
    phrase = text[begin : close.start() if close else len(text)]
    return _Spot(words, text[side.end : side.end + 2], phrase, f"{side.clause.label} {text}")


def _unit(head: str, words: str) -> str:
    """The unit that the head of a column gives a bare figure."""
    unit = _HEAD_UNIT.search(head)
    return unit[1] if unit and _BARE.fullmatch(words.strip()) else ""


def _names_somebody(side: Side) -> bool:
    """Whether the words are the name of a person or a body, or part of one, among others of a list."""
    if side.start == side.end:
        return False
    clause = side.clause
    items = [item for item in _MARK.split(clause.text[slice(*_item(side))]) if item]
    is_listed = clause.is_row or clause.text.count("、") > 1 or "名单" in clause.text + clause.label
    named = sum(1 for item in items if _PERSON.fullmatch(item) or _BODY.search(item))
    return is_listed and named > 0 and named * 2 >= len(items)


_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白"
    "邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符"
    "舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝骆路游靳辛管柴蒙鲍华喻祁房蒲滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏"
)
_PERSON: Final = re.compile(rf"(?:[{_SURNAMES}]|欧阳|司马|上官|诸葛|司徒|慕容|皇甫|尉迟)[\u4e00-\u9fff*＊某·]{{1,3}}")
_BODY: Final = re.compile(
    "(?:公司|中心|协会|基金会|学会|商会|促进会|研究会|联合会|学校|幼儿园|养老院|敬老院|福利院|医院|事务所|服务社|合作社|服务站|村|社区|街道|镇|乡)$"
)
_MARKS: Final = '，,、。；;：:！？|（）()《》〈〉“”" \u3000\n'
_MARK: Final = re.compile(f"[{re.escape(_MARKS)}]")
_SINGLE: Final = 2
_NAME: Final = 24
_ITEM: Final = 8
"""Characters of an item that is told whole."""
_PHRASE: Final = re.compile("[，,、。；;！？]")
_DAY: Final = re.compile(r"\d{4}\s?[年/.-]|\d{1,2}\s?月|\d{1,2}\s?[日时点]|\d{1,2}[:：]\d{2}|工作日|\d\s?天")
_SUM: Final = re.compile(
    r"\d\s?(?:[万亿千百]*元|[%％‰]|角|分钱)|[零〇一二三四五六七八九十百千万亿两]元|百分之|[全半][额价]|免费|免收"
)
_BARE: Final = re.compile(r"\d+(?:[.,，]\d+)*")
_COUNTED: Final = re.compile(r"\d[万亿]?\s?(?:岁|周岁|[年月日天人户名个次件号张份条章]|[:：]\d)|-\d")
_REACHED: Final = re.compile(
    r"@|https?://|(?<!\d)(?:0\d{2,3}[-—－]?)?(?!20\d{6})\d{7,8}(?![\d元万亿.])|(?<!\d)1\d{10}(?!\d)"
)
_UNTIL: Final = re.compile("截[止至]|逾期|延[期长]|期限|提前|另行通知|工作日|长期")
_AGE: Final = re.compile("岁|户籍|学历|条件|资格")
_FILE: Final = re.compile(r"附件|\.(?:docx?|xlsx?|pdf|wps|et|zip|rar)\b", re.IGNORECASE)
_HEAD_UNIT: Final = re.compile(r"[（(/／]\s*(?:单位[:：])?\s*(?:人民币)?([万亿]?元|%)")
_CUES: Final[dict[EditClass, re.Pattern[str]]] = {
    "amount": re.compile("标准|金额|补[贴助]|津贴|资金|预算|经费|[价费]|合计|共计|总额|元"),
    "attachment": re.compile(rf"^\s*附件|{_FILE.pattern}", re.IGNORECASE),
    "contact": re.compile("电话|手机|联系|传真|邮[箱编]|地址|地点|热线|网址|微信|公众号"),
    "validity": re.compile("施行|实施|执行|生效|废止|失效|有效期"),
    "deadline": re.compile(
        "截[止至]|为止|[期时]限|逾期|[以之]前|[日月时点]前|前(?:[^期后]|$)|公示[期时]|[报申受办登预][名请理记约报]?.{0,2}时间|时间[:：为]|起至|至.{1,12}[日止]|届满|延[期长]|[日天]内"
    ),
    "eligibility": re.compile(
        "条件|对象|年满|岁|户籍|资格|符合|具[有备]|持有|仅?限于?.{0,8}[人员者户]|不[超低高][过于]|学历|收入[低高]|居住满"
    ),
}
"""What words around a difference make of it, in the order in which they are asked."""
