"""Where a text ends: before the address of its original, related links, the editor's name, disclaimers, footers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from archive.extract.lines import Line

ORIGINAL_LINK: Final = re.compile(
    r"(?:原文|源文|来源|文章|信息|原始|原网页|原帖|新闻)(?:链接|连接|地址|网址|出处)\s?[:：]|阅读原文|查看原文|原文\s?[:：]\s?(?=http|www)"
    r"|来源(?:网址|链接)?\s?[:：]\s?(?=https?:|www\.)"
)
# These may stand amid a text as well, over links to other articles.
AMID: Final = re.compile(
    r"^[\s【\[（(>■◆●☆★※*]*(?:(?:相关|推荐|延伸|扩展)(?:新闻|阅读|链接|文章|报道|推荐)|点击(?:进入|查看|了解))\s?[:：]?"
)
_EDITOR: Final = re.compile(r"^[\s【\[（(]*(?:责任编辑|责编|编辑)\s?[:：]\s?\S{1,10}(?:\s\S{1,10})?[\s】\]）)]*$")
_CUT: Final = re.compile(
    r"^[\s【\[（(>■◆●☆★※*“\"]*(?:"
    r"免责声明|版权声明|特别声明|重要声明|郑重声明|声明\s?[:：]|版权所有|版权与免责|转载声明|Copyright"
    r"|相关(?:新闻|阅读|链接|文章|报道|推荐|稿件|资讯|视频|搜索|话题)\s?[:：]?(?:$|[】\]）)])"
    r"|上一(?:篇|条|页|则)|下一(?:篇|条|页|则)|前一篇|后一篇"
    r"|(?:推荐|为[您你]推荐|延伸|热门|更多|猜你|大家都在|精彩|最新|今日|热点|精彩视频)(?:阅读|新闻|文章|推荐|资讯|喜欢|看|内容|图片|排行|话题|评论)\s?[:：]?$"
    r"|[-—]{2,}\s*分[隔割]线|顶一下|网友评论|最新评论|全部评论|热门评论|发表(?:评论|回复)|我来说两句|跟贴|作者最新文章|文章导航|本文网址|本文地址|标签\s?[:：]|关键[词字]\s?[:：]"
    r"|网站标识码|政府网站标识码|ICP备案?|.{0,6}ICP备|京公网安备"
    r")"
)
# These open a part of the text as well: 相关政策 in an explanation, 主办单位 in an invitation.
_RELATED: Final = re.compile(r"^[\s【\[（(>■◆●☆★※*]*相关(?:信息|内容|文档|专题|解读|政策)\s?[:：]?(?:$|[】\]）)])")
_HOST: Final = re.compile(r"^[\s【\[（(]*(?:主办|承办)(?:单位)?\s?[:：]|^主办单位|^承办单位")
_DISCLAIMER: Final = re.compile(
    r"^.{0,6}凡.{0,8}注明.{0,12}(?:来源|稿|作品|文章)|版权归.{0,12}所有|(?:作品|内容|文章)、?版权.{0,6}问题|仅代表.{0,12}(?:作者|个人|本人|机构).{0,8}观点|不代表(?:本[网站]|.{0,8}平台)|仅提供信息(?:存储|发布)|(?:上传并发布|自行上传).{0,20}平台"
    r"|^[（(]?本文(?:为|系|由).{0,20}(?:原创|首发|转载|授权|整理自)|转载(?:请|须|需)(?:注明|附上|标明|联系)"
)
_SITE: Final = re.compile("ICP备|公网安备|网站标识码|版权所有|Copyright|技术支持")
_NEAR: Final = 6  # lines in which a foot names its site, and a list of links shows itself
_GOES_ON: Final = 2  # sentences behind a line from which on the text goes on there
_UNSAID: Final = 0.2  # share of the sentences that may stand behind an editor's name or links that end the text
_SHORT: Final = 40  # characters of words that end a text, and are not amid it


def find_end(lines: Sequence[Line]) -> int:
    """Where the text ends: before the last named original, else before what is no part of the text any more."""
    total = sum(len(line.text) - line.linked for line in lines)
    end = len(lines)
    for number in range(len(lines) - 1, 0, -1):
        if lines[number].table is None and len(lines[number].text) < 300 and ORIGINAL_LINK.search(lines[number].text):
            end = number if _is_tail(lines, number) else end
            break
    sentences = [len(line.text) if _is_sentence(line) else 0 for line in lines[:end]]
    left, unsaid = sum(map(bool, sentences)), sum(sentences)
    most = _UNSAID * unsaid
    before = 0
    for number, line in enumerate(lines[:end]):
        left -= bool(sentences[number])
        unsaid -= sentences[number]
        if number and line.table is None and _ends_text(lines[number : min(number + _NEAR, end)], left):
            is_amid = left >= _GOES_ON and (AMID.match(line.text) or _EDITOR.match(line.text))
            if unsaid <= most if is_amid else before >= _share(line) * total:
                return number
        before += len(line.text) - line.linked
    return end


def _is_tail(lines: Sequence[Line], number: int) -> bool:
    """Tell whether the text stands before a line: a sentence, or in a short notice more words than behind it."""
    before, after = (
        sum(len(line.text) - line.linked for line in part) for part in (lines[:number], lines[number + 1 :])
    )
    return any(line.is_prose for line in lines[:number]) or before > after


def _share(line: Line) -> float:
    """How much of the text stands before what ends it, at least: the surer the words, the less."""
    if line.is_foot or _DISCLAIMER.search(line.text):
        return 0.2
    return 0.35 if len(line.text) < _SHORT else 0.6


def _is_sentence(line: Line) -> bool:
    return line.is_prose and not line.is_foot and line.text.endswith(("。", "！", "？", "”"))


def _ends_text(lines: Sequence[Line], left: int) -> bool:
    """Tell whether the first of these lines, the next ones, begins what is no part of the text any more.

    An invitation names its hosts, too, and goes on: sentences are `left` behind them.
    """
    text = lines[0].text
    if _CUT.match(text) or _DISCLAIMER.search(text) or _EDITOR.match(text):
        return True
    if _RELATED.match(text):
        return not any(line.is_prose and not line.is_foot for line in lines[1:])
    return left < _GOES_ON and _HOST.match(text) is not None and any(_SITE.search(line.text) for line in lines)
