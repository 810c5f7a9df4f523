"""The words by which an edit is told to be about a sum, a deadline, a person …: patterns, as data.

Source: wording of civil-affairs notices (办事指南, 公示, 名单, 招标) as seen in 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from archive.records import EditClass

Cues = Mapping[EditClass, re.Pattern[str]]

FIGURE: Final = re.compile(r"\d+(?:[.,，]\d+)*")
DAY: Final = re.compile(r"\d{4}\s?[年/.-]|\d{1,2}\s?个?月|\d{1,2}\s?[日时点]|\d{1,2}[:：]\d{2}|工作日|\d\s?天")
SUM: Final = re.compile(
    r"\d\s?(?:[万亿千百]*元|[%％‰]|角|分钱)|[零〇一二三四五六七八九十百千万亿两]元|百分之|[全半][额价]|免费|免收"
)
COUNTED: Final = re.compile(r"\d[万亿]?\s?(?:岁|周岁|[年月日天人户名个次件号张份条章项期批]|[:：]\d)|-\d")
"""A figure that is no sum, by what stands behind it."""
HEAD_UNIT: Final = re.compile(r"[（(/／]\s*(?:单位[:：])?\s*(?:人民币)?([万亿]?元|%)")
"""The unit of the figures in a column, as its head names it."""

_FILE: Final = r"附件\s*[:：\d一二三]|\.(?:docx?|xlsx?|pdf|wps|et|zip|rar)\b"

WORDS: Final[Cues] = {
    "contact": re.compile(
        r"@|https?://|(?<![\dA-Za-z])(?:(?:0\d{2,3}[-—－]?)?(?!20\d{6})\d{7,8}(?![\d元万亿.])|1\d{10}(?!\d))(?![A-Za-z])"
    ),
    "amount": SUM,
    "deadline": re.compile("截止|逾期|延[期长]|期限|另行通知|工作日|长期"),
    "eligibility": re.compile("岁|户籍|学历|条件|资格"),
    "attachment": re.compile(_FILE, re.IGNORECASE),
}
"""What words that differ say by themselves."""

AROUND: Final[Cues] = {
    "attachment": re.compile(rf"^\s*附(?:[件表]|[:：])|{_FILE}", re.IGNORECASE),
    "contact": re.compile(
        "(?:电话|手机|传真|邮箱|邮编|地址|地点|热线|网址|微信号?|公众号|联系人|联系方式)(?:号码)?\\s*[:：（(为]"
    ),
    "validity": re.compile("施行|生效|废止|失效|有效期|起(?:正式)?[实执][施行]|[自从][^，,]{4,20}起(?!至)"),
    "deadline": re.compile(
        "截止|为止|[期时]限|逾期|[日月时点号底末][之以]?前|[日月时点]止|公示[期时]|起至|[日月]至|届满|延[期长]|[日天]以?内|工作日"
        "|(?:报名|申[报请]|受理|办理|登记|预约|[投开]标|报送|提交|领取|[笔面]试|考试|体检|审查).{0,2}(?:时间|日期)|时间[:：为]"
    ),
    "eligibility": re.compile(
        "条件(?:[:：之]|的)|对象(?:[:：为是]|范围|包括)|年满|周岁|岁以[上下]|户籍|资格|符合.{0,12}(?:条件|规定)|仅?限于|仅限"
        "|具有.{0,12}(?:学历|居住|身份)|不[超低高][过于]|学历|收入[低高]|居住满|以[后前]出生"
    ),
}
"""What the phrase around them says, in the order in which it is asked."""

LABELS: Final[Cues] = {
    "amount": re.compile("标准|金额|补[贴助]|津贴|资金|经费|[价费]|元"),
    "contact": re.compile("联系|电话|手机|地[址点]|邮箱|咨询|网址"),
    "deadline": re.compile("时间|[期时]限|日期|截止"),
    "eligibility": re.compile("条件|对象|资格|范围"),
    "names": re.compile("名单|姓名|名称|单位|机构"),
}
"""What a heading, a label with its colon or the head of a column says of what stands under it."""
