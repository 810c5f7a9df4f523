"""What pages print around any text: source lines, editors, counters, buttons, and lists of other texts.

Told by how a line begins, as tokens in a row, without marks. The reader of pages takes most of it away
(`archive.extract`); pages read by a fallback keep some, and portals print some within the text.
"""

from __future__ import annotations

import re
from typing import Final

_LONGEST: Final = 60
"""Tokens of a line of furniture."""


def is_furniture(line: str) -> bool:
    """Whether a line or sentence is printed around any text."""
    return len(line) <= _LONGEST and _FURNITURE.match(line) is not None


def tells_of_others(line: str) -> bool:
    """Whether a line is the heading behind which a page tells of other things."""
    return _OTHERS.match(line) is not None


_OTHERS: Final = re.compile(
    "(?:相关|延伸|推荐|热门|精彩)(?:链接|阅读|新闻|文章|报道|推荐|信息|内容|文件|解读)|猜你喜欢|上一[篇条]|下一[篇条]"
)
"""How a line begins behind which a page tells of other things."""
_FURNITURE: Final = re.compile(
    r"(?:\d{4}年\d{1,2}月\d{1,2}日)?\d*(?:"
    r"(?:信息|文章|稿件|新闻)?(?:来源|稿源)(?!于)|责任编辑|责编|编辑(?!部)|校对|供稿|作者|原标题|原文(?:链接|网址|地址)|佚名"
    r"|(?:发布|更新|发稿)(?:时间|日期|机构|单位|人|于)|(?:时间|日期)\d{4}|字[号体]|浏览(?:次数|量|\d)|阅读(?:次数|量|全文|原文|\d)"
    r"|点击(?:次数|量|数|率|查看|进入|下载|\d)|打印(?:本[页文]|关闭|$)|关闭(?:窗口|本页|$)|收藏|分享(?:到|至|$)|扫[一描码]"
    r"|返回(?:顶部|首页|列表)|(?:本[网站]|免责|版权|特别)声明|版权(?:所有|归)|转载(?:请|自|须)|转自"
    r"|更多.{0,16}(?:关注|点击|内容|资讯|信息)|欢迎(?:关注|访问)|请关注|当前(?:位置|所在)|您(?:现在)?的位置|首页"
    r"|(?:查看|未完).{0,4}全文|全文$|凡本[网站]|本[网站](?:部分|所有|转载)|无障碍|长者模式)"
)
"""How a line begins that a page prints around any text."""
