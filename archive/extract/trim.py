"""What a template adds to a text, cut away: buttons, editors, related links, disclaimers, footers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from archive.dates import read_day
from archive.extract.endings import AMID, find_end
from archive.extract.files import links_file
from archive.extract.lines import Line

# A line made of nothing but these is a button or a notice to the reader of the screen.
_BUTTONS: Final = re.compile(
    r"打印(?:本页|正文|文章|内容|此页|页面)?|关闭(?:本页|窗口|此页|页面)?|收藏(?:本文|本页|网址)?|我要纠错|网站纠错|投诉\w{0,2}|纠错|返回(?:顶部|首页|列表|上一页)?|推荐"
    r"|字\s?号|字体|调整字体|放大|缩小|默认|超大|繁体|[大中小]|[Tt]{1,2}|A[+-]?|分享(?:到|至)?|微信|微博|新浪微博|腾讯微博|QQ空间|QQ好友|QQ|朋友圈|空间"
    r"|人人网|豆瓣|更多|点赞|赞|举报|反馈|评论|收听|朗读|语音播报|下载(?:文件)?|保存|复制链接|阅读|浏览(?:次数|量)?|点击(?:数|量|率)?|阅读(?:次数|量|数)?"
    r"|访问(?:次数|量)?|次数|次|扫一扫(?:在手机|用手机|手机)?(?:打开|查看|浏览)?(?:当前页|本页|此页)?|手机(?:扫一扫)?(?:打开|查看|浏览|看)(?:当前页|本页|此页)?"
    r"|用微信扫描二维码|扫描二维码|二维码|我要分享|自动播放|缩小字体|放大字体"
)
_NOTHING: Final = re.compile(r"[\s\d【】\[\]（）()《》<>:：|｜,，.。、/\\·•+\-_—─－★☆*→←↑↓▲▼■□◆◇●○>»«…!！?？]*")
# Behind 审核, 上传 and the like stand names, else it is a step of a procedure.
_DROPPED: Final = re.compile(
    r"^[\s【\[（(]*(?:纠错[】\]）)\s【\[（(]*)?(?:"
    r"(?:本文|文章|信息|稿件|新闻|图片|内容)?来源\s?[:：][^，。；]{0,30}(?:责任编辑.*)?$"
    r"|(?:责任编辑|责编|编辑|审校|校对|编审|值班编辑|监制|网站编辑|信息员|(?:文章)?录入|发布人|录入人)\s?[:：/][^，。；]{0,60}$"
    r"|(?:审核|初审|复审|终审|上传)\s?[:：/]\s?\S{0,4}(?:[\s|丨/、]+(?:\S{2,4}[:：]\s?)?\S{1,4}){0,4}\s*$"
    r"|作者\s?[:：]\s?\S{2,8}$"
    r"|归档时间\s?[:：].{0,20}$"
    r"|\S{0,14}(?:编辑|责编)[:：\s]\S{2,6}$"
    r"|(?:流程|文字|图文|视频|网络|值班|本期|新媒体|微信)?编辑\s\S{2,6}(?:\s(?:校对|审核)\s\S{2,4})?$"
    r"|(?:浏览|阅读|点击|访问)(?:次数|量|数)?\s?[:：]?\s?\d*\s?次?$"
    r"|打开微信，点击底部|扫一扫|分享到|微信扫|请用微信|用微信|长按识别|关注.{0,12}(?:公众号|官方微信|微信)|点击(?:查看|进入|下载).{0,10}$"
    r"|(?:原标题|原题)\s?[:：]"
    r"|您?(?:的|所)?(?:当前|现在|所在)(?:的)?位置\s?[:：>]"
    r"|(?:▲|△|↑)?\s?(?:图片来源|图/|图源|供图|摄影\s?[:：])"
    r"|转载请注明|未经.{0,8}(?:授权|许可|允许|同意)|.{0,20}如有侵权|[-—\s]*THE\s?END|正在加载|您的浏览器|[您你](?:现在|正在)(?:访问|浏览)|[+＋]\s?1$"
    r"|网友评论仅供|我要评论|文明上网|登录后(?:才|可|即|方)?(?:能|可以|可)?(?:评论|发言|发表|回复|查看)"
    r"|返回\S{2,8}[，,]\s?查看更多|.{0,20}转载请(?:附上|注明|标明|保留)|(?:文章|信息)?录入\s?[:：]"
    r"|预览时标签不可点|轻触阅读原文|\S{2,10}(?:报料|爆料)(?:热线)?\s?[:：]|本文(?:链接|地址)\s?[:：]|该文观点仅代表|[-－—_]*分[隔割]线"
    r")"
)
_CUT_SHORT: Final = re.compile(r"(?:…|\.{3,})\s*$")
_CREDIT: Final = re.compile(
    r"[（(]?(?:作者|撰稿人?|供稿人?|供稿单位|来稿|图/文|文/图|图文|文|图)\s?[:：/／][^，。；]{1,30}"
)
_CAPTION: Final = re.compile(
    r"(?:截图|供图|\S\s?摄|图片|资料图|视觉中国|\S\s图|制图|摄影)[。）)\]】]*$|^[（(]?(?:▲|△|↑|图为|图\d|图片来源)"
)
_NEAR: Final = 6  # lines in which a foot names its site, and a list of links shows itself
_TIMED: Final = 60  # characters of a line with the time of publication and a name
_LABEL: Final = 40  # characters of a caption, or of what stands above a byline
_OVER: Final = 4  # lines that may stand above a byline inside the container
_SENTENCE_END: Final = re.compile("[。！？]")
_MOST_CAPTIONS: Final = 0.4  # share of the text in sentences beneath pictures from which they are the text
_SENTENCE: Final = re.compile(
    r"[。！？；：…]|”$|^[（(]?[一二三四五六七八九十\d]+[、.．）)]|^第[一二三四五六七八九十\d]+[条章节]"
)
_NO_TITLE: Final = 500  # characters that no title has; a line may have millions


def trim(lines: Sequence[Line], title: str | None) -> list[Line]:
    """Cut the head and the tail that a template adds, and drop its lines in between."""
    kept = list(lines[: find_end(lines)])
    kept = _drop_amid(kept)
    kept = _drop_captions([line for line in kept if line.table is not None or not is_template(line)])
    while len(kept) > 1 and _CREDIT.fullmatch(kept[-1].text) and kept[-1].table is None:
        kept.pop()
    kept = kept[_find_start(kept, title) :]
    if len(kept) > 1 and _is_repeated(kept[0].text, kept[1:]):
        kept.pop(0)
    return [line for line in kept if not is_dated(line.text) or line.number > kept[0].number + _LATE]


def drop_twin(lines: Sequence[Line]) -> list[Line]:
    """Keep one of two printings of a text, one beneath the other: for a wide window and for a narrow one."""
    prose = [number for number, line in enumerate(lines) if line.is_prose and not is_byline(line.text)]
    texts = [line.text for line in lines]
    half = len(texts) // 2
    if not prose:
        return list(lines[:half] if half > 1 and texts[:half] == texts[half:] else lines)
    half = len(prose) // 2
    if len(prose) % 2 or any(texts[prose[at]] != texts[prose[half + at]] for at in range(half)):
        return list(lines)
    end = prose[half - 1] + len(lines) - prose[-1]
    if texts[prose[half - 1] : end] != texts[prose[-1] :]:
        return list(lines)
    own = [line for line in lines[end:] if line.text not in texts[:end] and not is_byline(line.text)]
    is_twin = len(own) < 2 and all(line.table is None for line in own)  # a headline may stand over one alone
    return list(lines[:end] if is_twin else lines)


def is_button(text: str) -> bool:
    """Tell whether a line is only buttons, counters and arrows."""
    left = _BUTTONS.sub("", text) if len(text) < 60 else text
    return left != text and _NOTHING.fullmatch(left) is not None


def is_template(line: Line) -> bool:
    """Tell whether a template put a line into the text: a button, an editor's name, a call to share."""
    if _links_file(line):
        return False
    if line.linked and AMID.match(line.text) and len(line.text) < _TIMED and "《" not in line.text:
        return True
    return is_button(line.text) or (len(line.text) < 120 and _DROPPED.match(line.text) is not None)


def _links_file(line: Line) -> bool:
    return any(map(links_file, line.links))


def _drop_amid(lines: Sequence[Line]) -> list[Line]:
    """Drop what leads to other articles amid a text: 延伸阅读 alone in its line, and the links right beneath it."""
    kept: list[Line] = []
    dropping = False
    for line in lines:
        dropping = AMID.fullmatch(line.text) is not None or (dropping and line.linked * 5 > len(line.text) * 4)
        if not dropping:
            kept.append(line)
    return kept


def _drop_captions(lines: Sequence[Line]) -> list[Line]:
    """Drop what is set beneath pictures; where that is much of the text, the pictures are the notice and it stays."""
    captions = {line.number for line in lines if line.table is None and _is_caption(line)}
    said = sum(len(line.text) for line in lines if line.number in captions and _SENTENCE_END.search(line.text))
    if said > _MOST_CAPTIONS * sum(len(line.text) for line in lines):
        return list(lines)
    return [line for line in lines if line.number not in captions]


def _is_caption(line: Line) -> bool:
    """The words beneath a picture: they follow one, are short, and name a photographer or stand centred."""
    if not line.picture or len(line.text) > 70 or line.block.tag in ("h1", "h2", "h3", "h4") or _links_file(line):
        return False
    if _CAPTION.search(line.text) or line.block.tag == "figcaption":
        return True
    if line.block.tag in ("p", "figure") and _stands_beneath(line):
        return True
    style = f"{line.block.get('style') or ''} {line.block.get('align') or ''} {line.block.get('class') or ''}".lower()
    if ("center" not in style and "caption" not in style) or next(line.block.iter("strong", "b"), None) is not None:
        return False
    return len(line.text) <= 40 and not _SENTENCE.search(line.text) and read_day(line.text) is None


def _stands_beneath(line: Line) -> bool:
    """Tell whether a line without a sentence is all that a paragraph says beneath its picture."""
    if len(line.text) > _LABEL or _SENTENCE.search(line.text) or read_day(line.text) is not None:
        return False
    return next(line.block.iter("img"), None) is not None and squeeze("".join(line.block.itertext())) == squeeze(
        line.text
    )


def _is_repeated(text: str, lines: Sequence[Line]) -> bool:
    """Tell whether a line is what a template cut from the text beneath it: its first words, up to a `…`."""
    wanted = squeeze(text)
    return _CUT_SHORT.search(text) is not None and len(wanted) >= _LABEL and _join(lines[:_NEAR]).startswith(wanted)


def _find_start(lines: Sequence[Line], title: str | None) -> int:
    """Where the text starts: after a title and a byline that stand inside the container.

    Right beneath the title names without a label may stand before the time of publication.
    """
    wanted = squeeze(title or "")
    first = beneath = 0
    for number, line in enumerate(lines[:12]):
        repeated = next(
            (end for end in range(number + 1, number + 5) if wanted and wanted == _join(lines[number:end])), 0
        )
        if repeated and number <= first + _OVER and (repeated < len(lines) or not number):
            first, beneath = repeated, repeated + _BENEATH
        elif line.table is None and (
            (first == number < beneath and names_day(line.text))
            or (
                is_byline(line.text)
                and not _is_invitation(lines[number:])
                and (first == number or number < beneath or _heads_byline(lines[first:number], line))
            )
        ):
            first = number + 1
        elif first <= number < _OVER and is_dated(line.text) and not any(_says(above) for above in lines[:number]):
            first = number + 1  # a name stands above it
        elif number >= first and (line.is_prose or line.table is not None):
            break
    return first


def _is_invitation(lines: Sequence[Line]) -> bool:
    """Tell the time of an event, with its place beneath, from the time of publication."""
    return len(lines) > 1 and _PLACE.match(lines[1].text) is not None


def _says(line: Line) -> bool:
    return len(line.text) > _LABEL or line.table is not None or _STOP.search(line.text) is not None


def _heads_byline(above: Sequence[Line], byline: Line) -> bool:
    """Tell whether short lines belong to the byline beneath them: an account's name over its day and its source."""
    if len(above) > 2 or _SOURCED.search(byline.text) is None or read_day(byline.text) is None:
        return False
    return all(len(line.text) <= 24 and not line.text.endswith(("：", ":")) for line in above)


def _join(lines: Sequence[Line]) -> str:
    """Lines as one title; those too long for a title make none."""
    text = "".join(line.text[: _NO_TITLE + 1] for line in lines)
    return squeeze(text) if len(text) <= _NO_TITLE else ""


_LATE: Final = 6  # lines of a text within which its byline may stand, beneath a summary
_BENEATH: Final = 4  # lines from a title to the time of publication
_BYLINE: Final = re.compile(
    r"(?:^|[\s【\[（(|])(?:(?:信息|文章|稿件|新闻)?来\s?源|作\s?者|发布时间|发布日期|发稿时间|更新时间|时\s?间|日\s?期|发布机构|发布单位|发布者|点击数?|浏览次数|浏览量?|阅读|字号|信息分类|公开日期"
    r"|索\s?引\s?号|文\s?号|发文字号|成文日期|生成日期|主题分类|发文机关|发文机构|名\s?称|有效性|主题词)\s?[:：]"
    r"|(?:发表|发布|更新)于\s?(?:19|20)\d\d|^(?:19|20)\d\d[-/.年\d月日\s:]{4,16}\s作者\s\S+$"
)
_PLACE: Final = re.compile(r"(?:\S{0,4}[、.．])?\S{0,4}地\s?[点址]\s?[:：]")
_STOP: Final = re.compile("[，。；！？、]")
_OF_DOCUMENT: Final = re.compile("通过|批准|公布|修订|修正|施行|第.{1,4}次|号$|讲话|印发")
_SOURCED: Final = re.compile(r"来\s?源\s?[:：]|发布(?:时间|日期|机构|单位)\s?[:：]")
_ONLY_DATE: Final = re.compile(
    r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?(?:\s?\d{1,2}:\d{2}(?::\d{2})?)?"
)


def is_byline(text: str) -> bool:
    """Tell whether a line at the head of a text is its byline or a row of the disclosure table."""
    if len(text) >= 150:
        return False
    return _BYLINE.search(text) is not None or _ONLY_DATE.fullmatch(text) is not None or is_dated(text)


def names_day(text: str) -> bool:
    """A day with a name or a counter beside it, right beneath a title: `2023-10-18 某日报`; no note on the document."""
    if len(text) >= _TIMED or text.startswith(("（", "(", "—")) or _STOP.search(text) or _OF_DOCUMENT.search(text):
        return False
    return _ONLY_DATE.search(text) is not None


def is_dated(text: str) -> bool:
    """A time of publication with a name or a counter beside it: `2021-11-05 11:22 某市民政局 点击：22`."""
    match = _ONLY_DATE.search(text) if len(text) < _TIMED else None
    return match is not None and ":" in match[0] and _STOP.search(text) is None


def squeeze(text: str) -> str:
    """Letters, digits and Chinese characters only, for comparing what two templates print."""
    return re.sub(r"[\W_]+", "", text)
