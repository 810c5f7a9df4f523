"""Notices that nobody ever wrote: titles and texts of civil affairs in an invented language of real words.

A small grammar is filled from lists that stand here: terms of the trade, verbs, agencies, places, people, and a
lexicon of words coined from the commoner characters of GB 2312, so that as many different pairs of characters come
about as in running text. The same seed gives the same notices.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from archive.fold_table import TABLE
from archive.text import fold


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TERMS = _words("""
    养老服务 低保 最低生活保障 社会救助 临时救助 特困人员 孤儿 困境儿童 留守儿童 未成年人保护 殡葬 公墓 遗体火化
    婚姻登记 收养登记 社会组织 社会团体 基金会 民办非企业单位 慈善 志愿服务 社会工作 社区治理 村民委员会 居民委员会
    村规民约 网格员 行政区划 地名 地名标志 界线管理 残疾人两项补贴 高龄津贴 养老机构 敬老院 护理补贴 助餐 助浴
    日间照料 适老化改造 老年食堂 长期护理 康复辅具 流浪乞讨人员 救助管理站 福利彩票 公益金 福利机构 儿童福利院
    未成年人救助 低收入家庭 家庭经济状况核对 支出型困难 刚性支出 物价补贴 价格临时补贴 供养标准 丧葬补助 惠民殡葬
    移风易俗 婚俗改革 彩礼 结婚登记 离婚登记 补领证件 行业协会 商会 年检 年度检查 评估等级 法人登记 变更登记
    注销登记 章程核准 行政处罚 双随机 信用信息 社会救助站 救灾物资 五保供养 医疗救助 教育救助 住房救助 就业援助
    取暖补贴 电价补贴 防灾减灾 安全生产 消防安全 食品安全 疫情防控 政府购买服务 专项资金 绩效评价 预算公开 决算
    采购项目 招标 中标 竞争性磋商 询价 资产清查 人员招聘 面试 体检 公务员 事业单位 干部任免 信访 政务公开 信息公开
    依申请公开 行政复议 权责清单 营商环境 放管服 一件事 跨省通办 电子证照 数据共享 智慧养老 银发经济
""")
ACTIONS = _words("""
    做好 开展 推进 加强 规范 完善 调整 提高 公布 印发 组织 落实 实施 建立 健全 审核 审批 申报 发放 核定 核查 检查
    评估 认定 备案 受理 办理 登记 复核 清理 整治 监督 指导 培训 宣传 公示 征集 征求 表彰 通报 撤销 废止 修订 延长
    暂停 恢复 取消 纳入 统筹 协调 保障 支持 鼓励 引导 优化 简化 细化 明确 压实 督促 约谈 抽查 汇总 上报 移交 拨付
    结算 退还 追缴
""")
LINKS = _words("""
    的 和 在 为 对 与 及 并 按 由 向 从 将 应当 不得 可以 必须 需要 按照 根据 依照 通过 以及 或者 其中 同时 因此
    对于 关于 经 自 至 未 已 均 各 该 本 其 等 者 所 并且 如有 确需 逐步 及时 严格 切实 认真 全面 进一步 原则上 一般
    主要 基本
""")
WHO = _words("""
    各区县民政局 各街道办事处 乡镇人民政府 申请人 监护人 负责人 家庭成员 共同生活的家庭成员 工作人员 民政部门
    财政部门 卫生健康部门 人力资源社会保障部门 公安机关 审计机关 登记管理机关 业务主管单位 村（居）民委员会
    服务对象 经办人 代理人 利害关系人 第三方机构 专家评审组 领导小组 主管领导
""")
UNITS = _words("元 人 户 张床位 个 所 家 次 件 名 平方米 万元 个工作日 项 处")
SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
KINDS = ("通知", "公告", "公示", "通报", "意见", "办法", "批复", "函", "决定", "方案", "报告", "解读", "细则", "规定")
KIND_WEIGHTS = (38, 16, 14, 5, 5, 4, 4, 4, 3, 3, 2, 2, 1, 1)
BRACKETS = ("〔{}〕", "[{}]", "（{}）", "【{}】")

_CLAUSES = (
    "{who}{link}{act}{term}工作",
    "{act}{term}{link}{act}{term}",
    "{term}{link}{coin}{coin}",
    "{who}{act}{coin}{term}",
    "{coin}{link}{coin}{act}{term}",
    "对{coin}{term}{link}{act}",
    "{num}{unit}以上的{coin}由{who}{act}",
    "{place}{coin}{act}{num}{unit}",
    "{link}{coin}{coin}{link}{coin}",
    "{person}等{num}{unit}{link}{term}{coin}",
    "{coin}{act}情况{link}{who}",
    "{place}{road}{coin}{link}{act}",
    "{date}前{link}{act}{term}",
    "{coin}{coin}，{link}{act}{coin}",
    "{link}{term}{coin}的{who}",
    "月人均{coin}低于{num}元的{coin}家庭",
)
_HEADS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One invented notice before anybody publishes it."""

    title: str
    text: str
    kind: str
    files: tuple[tuple[str, str | None], ...]
    """Name and text of each file; a text of None could not be read."""


class Author:
    """Writes notices without end. `places` are names of real divisions; everything else is invented."""

    def __init__(self, seed: int, places: Sequence[str]) -> None:
        self._chance = random.Random(seed)
        pool = _characters(self._chance)
        coined = list(dict.fromkeys(self._coin(pool) for _ in range(60_000)))
        roads = ["".join(self._chance.choices(pool[:900], k=2)) + end for end in "路街村镇巷" for _ in range(900)]
        people = [
            self._chance.choice(SURNAMES) + "".join(self._chance.choices(pool[:1500], k=self._chance.choice((1, 2, 2))))
            for _ in range(30_000)
        ]
        self._matters = {
            "term": (self._stream(TERMS, skew=0.4), 2, 5),
            "act": (self._stream(ACTIONS, skew=0.4), 5, 12),
        }
        self._about: dict[str, list[str]] = {}
        self._streams = {
            "term": self._topical("term"),
            "act": self._topical("act"),
            "link": self._stream(LINKS, skew=0.9),
            "who": self._stream(WHO, skew=0.5),
            "unit": self._stream(UNITS, skew=0.5),
            "coin": self._stream(coined, skew=0.75),
            "place": self._stream(list(places), skew=0.3),
            "road": self._stream(roads, skew=0.2),
            "person": self._stream(people, skew=0.1),
            "num": self._stream([str(number) for number in range(2, 3000)], skew=0.9),
            "date": self._dates(),
        }
        self._clauses = self._stream(_CLAUSES, skew=0.2)

    def write(self, agency: str, year: int, number: str | None) -> Draft:
        """A notice of an agency in a year; a document number, if it has one, is printed in one of four brackets."""
        chance = self._chance
        kind = chance.choices(KINDS, weights=KIND_WEIGHTS)[0]
        self._about = {
            what: [next(stream) for _ in range(chance.randint(few, many))]
            for what, (stream, few, many) in self._matters.items()
        }
        title = self._title(agency, year, kind)
        room = min(20_000, max(80, int(chance.lognormvariate(6.59, 0.8))))
        lines = [f"{self._some('who')}，各有关单位："] if chance.random() < 0.7 else []
        if number is not None and chance.random() < 0.8:
            lines.insert(0, _printed(number, chance.choice(BRACKETS)))
        lines += self._paragraphs(room)
        if chance.random() < 0.06:
            lines.append("、".join(self._some("person") for _ in range(chance.randint(10, 200))))
        lines += [agency, self._some("date")]
        files = tuple(self._file() for _ in range(chance.choices((0, 1, 2, 3), weights=(86, 9, 3, 2))[0]))
        return self._spelt(Draft(title=title, text="\n".join(lines), kind=kind, files=files))

    def edit(self, text: str) -> str:
        """The same text with an edit or two: a number made another, a sentence put in or left out."""
        lines = text.split("\n")
        place = self._chance.randrange(len(lines))
        if self._chance.random() < 0.5:
            lines.insert(place, self._sentence())
        elif len(lines) > 3:
            del lines[place]
        changed = "\n".join(lines)
        digits = [at for at, char in enumerate(changed) if char in "12345678"]
        if digits and self._chance.random() < 0.7:
            at = self._chance.choice(digits)
            changed = f"{changed[:at]}{int(changed[at]) + 1}{changed[at + 1 :]}"
        return changed

    def _title(self, agency: str, year: int, kind: str) -> str:
        act, term, coin = self._some("act"), self._some("term"), self._some("coin")
        shape = self._chance.random()
        if shape < 0.2:
            return f"关于公布{year}年第{self._chance.choice(_HEADS)}批{coin}{term}名单的{kind}"
        if shape < 0.35:
            return f"{self._some('place')}{year}年{act}{term}{coin}情况{kind}"
        return f"{agency if shape < 0.7 else ''}关于{act}{coin}{term}{self._some('coin')}工作的{kind}"

    def _paragraphs(self, room: int) -> Iterator[str]:
        for number in range(10_000):
            head = f"{_HEADS[number % 10]}、" if number and self._chance.random() < 0.5 else ""
            paragraph = head + "".join(self._sentence() for _ in range(self._chance.randint(1, 4)))
            yield paragraph
            room -= len(paragraph)
            if room <= 0:
                return

    def _sentence(self) -> str:
        clauses = (self._filled(_PARTS[next(self._clauses)]) for _ in range(self._chance.randint(2, 6)))
        return "，".join(clauses) + "。"

    def _filled(self, parts: Sequence[str]) -> str:
        streams = self._streams
        return "".join(next(streams[part[1:]]) if part[0] == "{" else part for part in parts)

    def _file(self) -> tuple[str, str | None]:
        name = f"{self._some('coin')}{self._some('term')}{self._chance.choice(('申报表.docx', '名单.xlsx', '.pdf'))}"
        text = "\n".join(self._paragraphs(self._chance.randint(60, 1500))) if self._chance.random() < 0.7 else None
        return name, text

    def _spelt(self, draft: Draft) -> Draft:
        """5 % in traditional characters, 3 % with full-width digits and letters, 2 % with blanks inside words."""
        chance = self._chance.random()
        if chance < 0.05:
            return _respelt(draft, to_traditional)
        if chance < 0.08:
            return _respelt(draft, lambda text: text.translate(_WIDE))
        if chance < 0.10:
            words = [self._some("term") for _ in range(5)] + ["通知", "公告", "工作", "情况"]
            return _respelt(draft, lambda text: _spaced(text, words))
        return draft

    def _some(self, what: str) -> str:
        return next(self._streams[what])

    def _coin(self, pool: Sequence[str]) -> str:
        length = self._chance.choices((2, 3, 4), weights=(80, 14, 6))[0]
        return "".join(pool[int(len(pool) * self._chance.random() ** 1.7)] for _ in range(length))

    def _stream(self, items: Sequence[str], *, skew: float) -> Iterator[str]:
        """Items by chance without end, the first ones more often: the weight of place p is p to the -skew."""
        weights = list(accumulate((place + 1) ** -skew for place in range(len(items))))
        while True:
            yield from self._chance.choices(items, cum_weights=weights, k=5_000)

    def _topical(self, what: str) -> Iterator[str]:
        """Words of what the notice is about; one of another matter is rare in it."""
        while True:
            about, (others, _, _) = self._about[what], self._matters[what]
            yield self._chance.choice(about) if self._chance.random() < 0.97 else next(others)

    def _dates(self) -> Iterator[str]:
        while True:
            year, month, day = (
                self._chance.randint(2004, 2026),
                self._chance.randint(1, 12),
                self._chance.randint(1, 28),
            )
            if self._chance.random() < 0.2:
                yield f"{''.join('〇一二三四五六七八九'[int(digit)] for digit in str(year))}年{month}月{day}日"
            else:
                yield f"{year}年{month}月{day}日"


def to_traditional(text: str) -> str:
    """The text in traditional characters, as far as it has twins."""
    return text.translate(_TRADITIONAL)


def _characters(chance: random.Random) -> list[str]:
    """The 3,755 commoner characters of GB 2312 that fold to themselves, in an order made by chance."""
    codes = (bytes([high, low]) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    pool = [char for code in codes if (char := code.decode("gb2312", "ignore")) and fold(char) == char]
    chance.shuffle(pool)
    return pool


def _parts(clause: str) -> Iterator[str]:
    """`做{term}的` → 做, {term, 的"""
    for piece in clause.split("{"):
        slot, closed, rest = piece.partition("}")
        if closed:
            yield "{" + slot
        if rest or not closed:
            yield from filter(None, (rest if closed else slot,))


def _printed(number: str, bracket: str) -> str:
    before, _, rest = number.partition("〔")
    year, _, after = rest.partition("〕")
    return before + bracket.format(year) + after


def _respelt(draft: Draft, spell: Callable[[str], str]) -> Draft:
    return Draft(title=spell(draft.title), text=spell(draft.text), kind=draft.kind, files=draft.files)


def _spaced(text: str, words: Sequence[str]) -> str:
    for word in words:
        text = text.replace(word, "　".join(word) if len(word) == 2 else f"{word[0]} {word[1:]}")
    return text


def _traditional() -> dict[int, str]:
    """The fold table backwards, as far as a character of ordinary Chinese has a traditional twin."""
    back: dict[int, str] = {}
    for char, plain in TABLE.items():
        if 0x4E00 <= char <= 0x9FFF and len(plain) == 1 and 0x4E00 <= ord(plain) <= 0x9FFF:
            back.setdefault(ord(plain), chr(char))
    return back


_PARTS = {clause: tuple(_parts(clause)) for clause in _CLAUSES}
_TRADITIONAL = _traditional()
_WIDE = {code: code + 0xFEE0 for code in (*range(ord("0"), ord("9") + 1), *range(ord("A"), ord("Z") + 1))}
