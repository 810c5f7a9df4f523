"""What a reader is told, in Chinese with English beside it: labels of fields, roles, outcomes, rules and evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Words(NamedTuple):
    """One label or sentence in both languages."""

    zh: str
    en: str
    more: str = ""
    """Particulars that stand at the end of `en` only; the Chinese by itself needs them, too."""

    @property
    def chinese(self) -> str:
        """The Chinese by itself, particulars included."""
        return f"{self.zh}：{self.more}" if self.more else self.zh

    def __str__(self) -> str:
        """Both, Chinese first."""
        return f"{self.zh} {self.en}".strip()


FIELDS: Mapping[str, Words] = {
    "title": Words("标题", "Title"),
    "document_number": Words("发文字号", "Document number"),
    "index_number": Words("索引号", "Index number"),
    "issuing_agency": Words("发文机关", "Issuing agency"),
    "issuing_agencies": Words("联合发文机关", "Issuing agencies"),
    "document_type": Words("文种", "Document type"),
    "published_on": Words("发布日期", "Published on"),
    "published_at": Words("发布时间", "Published at"),
    "written_on": Words("成文日期", "Written on"),
    "effective_on": Words("施行日期", "Effective on"),
    "validity": Words("有效性", "Validity"),
    "attribution": Words("稿件来源", "Attribution"),
    "author": Words("作者", "Author"),
    "claimed_original": Words("注明的原文", "Claimed original"),
    "published_raw": Words("发布日期原样", "Date as printed"),
    "document_number_raw": Words("发文字号原样", "Document number as printed"),
    "written_raw": Words("成文日期原样", "Written on, as printed"),
    "effective_raw": Words("施行日期原样", "Effective on, as printed"),
    "issuing_agency_raw": Words("发文机关原样", "Issuing agency as printed"),
    "attribution_raw": Words("稿件来源原样", "Attribution as printed"),
    "author_raw": Words("作者原样", "Author as printed"),
    "validity_raw": Words("有效性原样", "Validity as printed"),
    "site_name": Words("网站名称", "Site name"),
    "channel_name": Words("栏目名称", "Channel"),
    "subject_category": Words("主题分类", "Subject category"),
    "text": Words("正文", "Text"),
    "tables": Words("表格", "Tables"),
    "attachments": Words("附件", "Attachments"),
    "citations": Words("引用文件", "Citations"),
    "original_url": Words("原文网址", "Original"),
    "now_at": Words("现址", "Now at"),
    "text_from": Words("正文取自", "Text taken from"),
    "source": Words("来源站点", "Source"),
    "place": Words("地区", "Place"),
    "parts": Words("后续分页", "Further pages"),
    "part_of": Words("所属首页", "Part of"),
    "url": Words("网址", "Address"),
    "evidence": Words("依据", "Evidence"),
    "conflicts": Words("不一致", "Conflicts"),
    "doubts": Words("存疑", "Doubts"),
}

MASKS: Mapping[str, Words] = {
    "resident_id": Words("身份证号码", "resident identity number"),
    "bank_card": Words("银行卡号", "bank card number"),
    "mobile": Words("手机号码", "mobile number"),
    "landline": Words("名单中个人的电话", "telephone of a person in a list"),
    "name_list": Words("长名单中的姓名", "name in a long list of persons"),
}
"""What the public profile masks, by rule."""

LICENCES: Mapping[str, Words] = {
    "official-document": Words("公文，应不受著作权法保护", "official document, likely not protected by copyright"),
    "publisher": Words("权利归发布者", "rights stay with the publisher"),
    "source-terms": Words("依来源站点的条款", "as the terms of its source say"),
}
"""Who has a say over a notice's text, by `archive.licences.Licence`."""

LICENCE_REASONS: Mapping[str, Words] = {
    "official-document": Words(
        "由文种与发布机关看，属国家机关具有立法、行政、司法性质的文件；《著作权法》（2020年修正）第五条规定本法不适用于此类文件",
        "by its type and its publisher a document of a legislative, administrative or judicial nature of a state organ,"
        " to which the Copyright Law of the PRC (2020), article 5, does not apply",
    ),
    "publisher": Words(
        "由文种与发布者看，不能认定为《著作权法》第五条所称的文件（可能是新闻、解读、站点自编内容等）",
        "by its type and its publisher not known to be a document of article 5 of the Copyright Law: it may be news,"
        " an interpretation, or a site's own writing",
    ),
    "source-terms": Words(
        "来源站点条目中写有条款，见 sources 表的 terms 与 terms_url",
        "the entry of its source has terms, see terms and terms_url of table sources",
    ),
}
"""Why a notice has its licence."""

NO_ADVICE = Words("这是本档案的理解，不是法律意见。", "This is the archive's reading and no legal advice.")
"""What stands with every licence."""

ROLES: Mapping[str, Words] = {
    "original": Words("原文", "original"),
    "repost": Words("转载", "repost"),
    "mirror": Words("同站重复", "mirror"),
    "unknown": Words("未定", "unknown"),
}

FILES: Mapping[str, Words] = {
    "not captured yet": Words("尚未采集", "not captured yet"),
    "names only": Words("只录名称", "name only"),
    "too large": Words("超过上限", "too large"),
    "robots.txt forbids it": Words("网站不许采集", "forbidden by robots.txt"),
    "gone": Words("已不存在", "gone"),
    "not asked": Words("未请求", "not asked for"),
    "it leads elsewhere": Words("转向别处", "leads elsewhere"),
    "not a file": Words("不是文件", "not a file"),
    "not read": Words("未读取", "not read"),
    "no text": Words("没有文字", "no text"),
    "read in part": Words("部分读取", "read in part"),
    "listed only": Words("只列目录", "listed only"),
    "locked": Words("有密码", "locked"),
    "refused": Words("拒绝打开", "refused"),
    "damaged": Words("文件损坏", "damaged"),
}
"""Why a file was not read, or not wholly: the part of `skipped` before its colon."""

MEDIA: Mapping[str, str] = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/ofd": "ofd",
    "application/zip": "zip",
    "application/vnd.rar": "rar",
    "application/x-7z-compressed": "7z",
    "application/octet-stream": "?",
}
"""What people call the types of files; the others they know by their own name."""

SOURCE_KINDS: Mapping[str, Words] = {
    "bureau": Words("民政部门", "bureau"),
    "portal": Words("转载门户", "portal"),
    "unknown": Words("未定来源", "unknown"),
}

STATES: Mapping[str, Words] = {
    "live": Words("在线", "live"),
    "missing": Words("最近未见", "missing"),
    "gone": Words("已撤下", "gone"),
    "moved": Words("已迁址", "moved to another address"),
    "blocked": Words("访问受阻", "blocked"),
}

HEALTH: Mapping[str, Words] = {
    "ok": Words("正常", "ok"),
    "quiet": Words("少更新", "quiet"),
    "stale": Words("久未采", "stale"),
    "shrunk": Words("变少", "shrunk"),
    "moved": Words("已迁移", "moved"),
    "blocked": Words("被拦截", "blocked"),
    "broken": Words("故障", "broken"),
}
"""How a source stands."""

COVERAGE: Mapping[str, Words] = {
    "complete": Words("采全", "complete"),
    "partial": Words("不全", "partial"),
    "unobserved": Words("未观测", "unobserved"),
}

HELD: Mapping[str, Words] = {
    "acked": Words("已知悉", "acknowledged"),
    "paused": Words("已暂停", "paused"),
}
"""What a person has put off, and how."""

ISSUES: Mapping[str, Words] = {
    "blocked": Words("被拦截", "blocked"),
    "crawler_error": Words("采集程序出错", "crawler error"),
    "damaged_warc": Words("存档损坏", "damaged WARC"),
    "field_conflict": Words("网页说法不一", "page contradicts itself"),
    "host_silent": Words("主机无应答", "silent host"),
    "list_endless": Words("列表无尽", "endless list"),
    "list_failed": Words("列表页未取得", "list failed"),
    "list_repeats": Words("列表翻页重复", "list repeats itself"),
    "list_unreadable": Words("列表页无法读取", "list unreadable"),
    "no_article": Words("条目不是文章", "entry is no article"),
    "off_topic_link": Words("所注原文不同文", "link to another text"),
    "source_blocked": Words("站点拦截", "source blocked"),
    "source_broken": Words("站点故障", "source broken"),
    "source_moved": Words("站点迁移", "source moved"),
    "source_shrunk": Words("列表变少", "source shrunk"),
    "source_stale": Words("站点久未采", "source stale"),
    "source_too_large": Words("站点超出上限", "source too large"),
    "stray_file": Words("来历不明的文件", "stray file"),
    "unreadable": Words("网页无法读取", "unreadable page"),
}
"""Kinds of issue; one that is not here stands for itself."""

RULES: Mapping[str, Words] = {
    "original": Words("就是原文：本档案认定的首发页面。", "This is the original: the first official publication."),
    "alone": Words("没有找到同文的其他页面，单独成条。", "No other page with this document was found."),
    "explicit_link": Words("该页注明了原文地址。", "The page names its original."),
    "moved_page": Words(
        "同一网站换了网址的同一页面：旧址不再出现之后，新址才出现。",
        "The same page of the site at a new address, which came after the old one was last seen.",
    ),
    "same_document": Words(
        "网址中的内容编号与同站另一页相同，正文也相符。",
        "Its address shows the CMS id of another page of the site, and their texts agree.",
    ),
    "equal_text": Words("正文与另一副本完全相同（规范化后）。", "Its normalised text equals that of another copy."),
    "near_text": Words(
        "正文与另一副本大体相同：对齐后两边没有互相矛盾之处。",
        "It prints another copy's text: laid beside each other, nowhere do both say something different.",
    ),
    "ruling": Words("由人工裁定归并。", "A person ruled that they are one."),
}

RULE_NAMES: Mapping[str, Words] = {
    "original": Words("首发", "first publication"),
    "alone": Words("单独成条", "stands alone"),
    "explicit_link": Words("注明原文", "names its original"),
    "moved_page": Words("页面迁址", "moved page"),
    "same_document": Words("同一编号", "same CMS id"),
    "equal_text": Words("正文相同", "same text"),
    "near_text": Words("正文相近", "prints its text"),
    "ruling": Words("人工裁定", "a person's ruling"),
}
"""A rule in few words, where a sentence has no room."""

CLASSES: Mapping[str, Words] = {
    "self": Words("本身", "itself"),
    "link": Words("注明原文", "link"),
    "exact": Words("全文相同", "exact"),
    "full": Words("全文", "full text"),
    "embedded": Words("全文，另有其他文字", "full text within more"),
    "part": Words("部分", "a part of it"),
    "excerpt": Words("摘录", "excerpts"),
    "weak": Words("少量相同", "little of it"),
    "ruling": Words("人工裁定", "ruling"),
}
"""How much of a notice a copy has in common with it; of each class how many are right was measured."""

EVIDENCE: Mapping[str, Words] = {
    "claimed_original": Words("注明的地址", "address named"),
    "read": Words("读自", "read from"),
    "captured": Words("该地址是否已采集", "that address captured"),
    "same_text_as": Words("同文副本", "same text as"),
    "text_digest": Words("正文摘要", "text digest"),
    "cms_id": Words("网站内容编号", "CMS id"),
    "published_on": Words("发布日期", "published on"),
    "redirects": Words("旧址转向新址", "the old address redirects"),
    "who": Words("裁定人", "ruled by"),
    "why": Words("理由", "reason"),
    "with": Words("与", "with"),
    "covers": Words("占原文", "share of the original"),
    "covered": Words("占本页", "share of this page"),
    "titles_agree": Words("标题相合", "titles agree"),
    "provisional": Words("暂定：同系列的另一份也可能相符", "provisional: another of its series may fit as well"),
    "capture": Words("抓取快照", "capture"),
}

PARTINGS: Mapping[str, Words] = {
    "ruling": Words("人工裁定分开", "a person parted them"),
    "claim": Words("注明该地址为原文", "names that address as its original"),
    "moved": Words("曾归并在内", "a copy of it was moved out"),
}
"""Why an id may have stood for another notice, too."""

REASONS: Mapping[str, Words] = {
    "titles name another year": Words("标题年份不同", "titles name another year"),
    "titles name another quarter": Words("标题季度不同", "titles name another quarter"),
    "titles name another number in a series": Words("标题批次、期号不同", "titles name another number in a series"),
    "titles name another month": Words("标题月份不同", "titles name another month"),
    "titles name another holiday": Words("标题节日不同", "titles name another holiday"),
    "titles carry other numbers": Words("标题数字不同", "titles carry other numbers"),
    "titles differ": Words("标题用词不同", "titles differ"),
    "titles begin otherwise": Words("标题开头不同", "titles begin otherwise"),
    "only one title is that of a piece about notices": Words(
        "只有一方是解读、汇总一类", "only one title is that of a piece about notices"
    ),
    "only one of them forwards another notice": Words("只有一方是转发", "only one of them forwards another notice"),
    "document numbers differ": Words("发文字号不同", "document numbers differ"),
    "other numbers": Words("数字不同", "other numbers"),
    "other list": Words("名单或表格不同", "another list"),
    "other words": Words("用语不同", "other words"),
    "other swap": Words("同一处反复换字", "one character exchanged again and again"),
    "it prints little of it": Words("只有少量相同", "it prints little of it"),
    "it is as like": Words("与另一份公告同样相近", "it is as like"),
    "it was published before that": Words("发布早于对方", "it was published before that"),
    "names": Words("注明了原文，但对不上", "names"),
    "the texts share": Words("正文相同之处太少", "the texts share"),
}
"""Why two copies are two notices, or a person should look: the beginning of the reason. What follows stays as it is."""

PLACES: Mapping[str, Words] = {
    "meta": Words("网页标签", "meta tag"),
    "table": Words("信息公开表", "disclosure table"),
    "byline": Words("文头来源行", "byline"),
    "body": Words("正文", "body"),
    "text": Words("正文", "text"),
    "title": Words("标题", "title"),
    "heading": Words("页面大标题", "heading"),
    "url": Words("网址", "address"),
    "list": Words("列表页", "list page"),
    "link": Words("页内链接", "link on the page"),
    "number": Words("发文字号", "document number"),
    "account": Words("平台账号", "account on a platform"),
    "path": Words("当前位置", "path above the text"),
    "above": Words("标题上方", "above the title"),
    "foot": Words("页脚", "foot of the page"),
    "script": Words("页内脚本", "script of the page"),
    "anchor": Words("页内链接", "link on the page"),
    "trafilatura": Words("通用正文提取", "generic extraction"),
    "prose": Words("成段文字", "where the sentences stand"),
    "saved from": Words("浏览器存档说明", "note of the browser that saved the page"),
    "base": Words("页面基址", "base address of the page"),
    "yes": Words("是", "yes"),
    "no": Words("否", "no"),
}
"""Where a value was read: the part of an evidence string before its first colon."""

EDITS: Mapping[str, Words] = {
    "amount": Words("金额", "amount"),
    "deadline": Words("期限", "deadline"),
    "eligibility": Words("资格条件", "eligibility"),
    "names": Words("名单", "list of names"),
    "validity": Words("效力", "validity"),
    "attachment": Words("附件", "attachment"),
    "contact": Words("联系方式", "contact"),
    "title": Words("标题", "title"),
    "text": Words("其他文字", "other words"),
    "date": Words("日期或落款", "date or signature"),
    "details": Words("著录事项", "details of the record"),
    "order": Words("仅次序", "order only"),
    "cosmetic": Words("仅排版", "layout only"),
}
"""What an edit is about, what matters most first."""

EDIT_KINDS: Mapping[str, Words] = {
    "added": Words("新增", "added"),
    "removed": Words("删去", "removed"),
    "changed": Words("改动", "changed"),
    "moved": Words("移位", "moved"),
}

EVENTS: Mapping[str, Words] = {
    "first_seen": Words("首次采集", "first captured"),
    "missing": Words("未见，或已撤下", "not there: perhaps withdrawn"),
    "gone": Words("确认撤下", "withdrawn: three looks over 14 days did not find it"),
    "blocked": Words("访问受阻", "blocked"),
    "returned": Words("重新可见", "there again"),
    "moved": Words("转到另一副本", "leads to another copy"),
}
"""What happens to a copy beside its revisions."""

DATE_DOUBTS: Mapping[str, Words] = {
    "moved_back": Words(
        "倒签：{zh}由 {other} 改为更早的 {day}（{at} 所见），正文未变。",
        "Back-dated: “{en}” was {other}, then {day}, as seen {at}; the text did not change.",
    ),
    "moved_back_with_text": Words(
        "倒签：{zh}由 {other} 改为更早的 {day}（{at} 所见），正文同时改动。",
        "Back-dated: “{en}” was {other}, then {day}, as seen {at}; the text changed with it.",
    ),
    "moved_on": Words(
        "改期：{zh}由 {other} 改为更晚的 {day}（{at} 所见），正文未变。",
        "Re-dated: “{en}” was {other}, then {day}, as seen {at}; the text did not change.",
    ),
    "stamped": Words(
        "每次采集都印着当天的日期（最近为 {day}）：不是发布日期。",
        "It prints the day on which it is looked at, last {day}: that is no day of publication.",
    ),
    "listed_late": Words(
        "疑为倒签：注明 {day} 发布，但 {at} 采全列表 {channel} 时尚无此页。",
        "Back-dated as it seems: it says {day}, yet a whole walk of {channel} at {at} did not meet it.",
    ),
    "before_written": Words(
        "发布日期 {day} 早于成文日期 {other}。", "Published on {day}, before the day it was written, {other}."
    ),
    "ahead": Words(
        "发布日期 {day} 晚于采集时间 {at}：页面预填了日期。",
        "Captured at {at}, before the day it says it was published, {day}.",
    ),
}
"""What the archive shows of a date that cannot be, or was not always, as it is printed."""

CITATIONS: Mapping[str, Words] = {
    "mentions": Words("提及", "mentions"),
    "repeals": Words("废止", "repeals"),
    "revises": Words("修改", "revises"),
    "forwards": Words("转发", "forwards"),
    "explains": Words("解读", "explains"),
}
"""What a document does with one that it cites."""

RELATIONS: Mapping[str, tuple[Words, Words]] = {
    "sibling": (Words("同系列", "sibling"), Words("同系列", "sibling")),
    "forwards": (Words("转发", "forwards"), Words("转发者", "forwarded by")),
    "revises": (Words("修订", "revises"), Words("修订者", "revised by")),
    "digest_of": (Words("摘编", "digest of"), Words("摘编者", "in the digest")),
    "explains": (Words("解读", "explains"), Words("解读者", "explained by")),
    "republishes": (Words("转印", "republishes"), Words("转印者", "republished by")),
    "repeals": (Words("废止", "repeals"), Words("废止者", "repealed by")),
}
"""How a notice stands to another, said of the one that does it, and of the other."""

OUTCOMES: Mapping[str, Words] = {
    "ok": Words("取得", "ok"),
    "not_modified": Words("未变", "not modified"),
    "moved": Words("已转址", "moved"),
    "gone": Words("已不存在", "gone"),
    "soft_404": Words("伪 404", "soft 404"),
    "stub": Words("空壳页", "stub"),
    "blocked": Words("被拦截", "blocked"),
    "challenge": Words("要求验证", "challenge"),
    "geo": Words("地域限制", "geo"),
    "unreachable": Words("无法连接", "unreachable"),
    "tls": Words("证书错误", "TLS error"),
    "robots": Words("robots 不许", "robots"),
    "refused": Words("未请求", "refused"),
    "too_large": Words("过大", "too large"),
    "wrong_type": Words("类型不符", "wrong type"),
}

KINDS: Mapping[str, Words] = {
    "article": Words("文章页", "article"),
    "list": Words("列表页", "list"),
    "home": Words("首页", "home"),
    "file": Words("文件", "file"),
    "other": Words("其他", "other"),
}


def words_for(known: Mapping[str, Words], term: str) -> Words:
    """The words for a term; a term without any stands for itself."""
    return known.get(term) or Words(term, "")


def file_words(skipped: str | None) -> Words:
    """What became of a file: that it was read, or why it was not, or not wholly."""
    if skipped is None:
        return Words("已读取", "read")
    head, _, more = skipped.partition(": ")
    words = FILES.get(head) or words_for(OUTCOMES, head)
    return Words(words.zh, f"{words.en}: {more}" if more else words.en, more)


def rule_words(rule: str | None) -> Words:
    """Why a copy belongs to its notice, as a sentence; a copy that no rule has placed says so."""
    return words_for(RULES, rule) if rule else Words("尚未归并。", "Not matched yet.")


def reason_words(reason: str) -> Words:
    """Why two copies are two notices, or a person should look, in words with what was seen."""
    for begins, words in REASONS.items():
        if reason.startswith(begins):
            particulars = reason.removeprefix(begins)
            return Words(words.zh, words.en + particulars, particulars.lstrip(" :"))
    return Words(reason, "")


def relation_words(why: str) -> Words:
    """Why two notices are related, in both languages; a sentence that cites the other stands for itself."""
    for pattern, chinese in _RELATED:
        if found := pattern.fullmatch(why):
            return Words(found.expand(chinese), why)
    return Words(why, "")


def veto_words(veto: str | None) -> Words:
    """Why a copy is not the other notice that it is like."""
    return reason_words(veto) if veto is not None else Words("没有互相矛盾之处", "nothing parts them")


def evidence_words(name: str, value: str) -> str:
    """One piece of a match's evidence as a person reads it: places and yes or no in words, all else as it is."""
    return str(place_words(value)) if name in {"read", "captured", "redirects", "provisional"} else value


def in_order(evidence: Mapping[str, str]) -> list[tuple[str, str]]:
    """The pieces of a match's evidence in the order of `EVIDENCE`, in which a person asks for them."""
    places = {name: place for place, name in enumerate(EVIDENCE)}
    return sorted(evidence.items(), key=lambda piece: places.get(piece[0], len(places)))


def place_words(evidence: str) -> Words:
    """An evidence string (`meta:PubDate`) in words: 网页标签 PubDate · meta tag PubDate."""
    place, _, detail = evidence.partition(":")
    found = PLACES.get(place.strip())
    if found is None:
        return Words(evidence, "")
    return Words(f"{found.zh} {detail}".strip(), f"{found.en} {detail}".strip())


_RELATED: Sequence[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        ("its title is that one's, as a piece about it", "标题含其标题，并称解读、问答一类"),
        (r"carries (\d+%) of it under a letter of its own", r"以自己的来文转发，载有其 \1"),
        (r"prints (\d+%) of it, and other texts", r"载有其 \1，并有其他文件"),
        (r"prints the same text under its own name, (\d+%) in common", r"以自己名义印发同一正文，相同 \1"),
        (r"same series, (\d+%) in common; differs in (.*)", r"同一系列，相同 \1；不同处 \2"),
        (r"same template, (\d+%) in common; differs in (.*)", r"同一模板，相同 \1；不同处 \2"),
        (r"same title, marked (.*), of (\S+) after (\S+)", r"标题相同，标有“\1”，\2 晚于 \3"),
    )
]
"""What `archive.trace.relations` says, in Chinese."""
