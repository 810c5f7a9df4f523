"""How a web address stands in what people typed: found in a sentence, mended, cut where it ends.

The forms are those met on reposting portals: a label glued to the link, Chinese punctuation after it, blanks
and line wraps inside, full-width typing, backslashes, doubled, misspelt or defanged schemes.
"""

from __future__ import annotations

import re


def cut_address(raw: str) -> tuple[str, str]:
    """Scheme and rest (host, path, query, fragment) of the first address in a text, or two empty strings.

    The scheme is empty when only `//` is written; a host without any counts as http.
    """
    text = _narrow(visible(raw))
    start, scheme = _start(text)
    if scheme or start:
        return scheme, _end(text[start:].lstrip("/\\ "))
    bare = _bare_host(text)
    return ("", "") if bare < 0 else ("http", _end(text[bare:]))


def cut_link(raw: str) -> tuple[str, str]:
    """The same for the value of a link, where what is no whole address is a path: then two empty strings."""
    text = _narrow(visible(raw))
    start, scheme = _start(text)
    if scheme or start:
        return scheme, _end(text[start:].lstrip("/\\ "))
    return ("http", _end(text)) if _SURE_HOST.match(text) else ("", "")


def find_urls(text: str) -> tuple[str, ...]:
    """The http(s) and www. addresses of a running text, raw, in order; each ends at the first Chinese character."""
    return tuple(url for match in _IN_TEXT.finditer(text) if re.search("[.．]", url := trim_end(match[0])))


def is_other_scheme(raw: str) -> bool:
    """The text is a link that is not of the web: `javascript:`, `mailto:`, `data:` …"""
    return bool(_OTHER_SCHEME.match("".join(visible(raw).split())))


def visible(raw: str) -> str:
    """A text without zero-width characters and controls, and without blanks around it."""
    return _INVISIBLE.sub("", raw).strip()


def trim_end(url: str) -> str:
    """An address without the punctuation of the sentence; a closing bracket stays if it was opened inside."""
    end = len(url)
    while end:
        last = url[end - 1]
        if last in _BRACKETS:
            if url.count(last, 0, end) <= url.count(_BRACKETS[last], 0, end):
                break
        elif last not in _SENTENCE_MARKS:
            break
        end -= 1
    return url[:end]


_SENTENCE_MARKS = frozenset(".,;:!'\"*<>，。；：！？、…”’“‘")
_BRACKETS = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【", "》": "《", "」": "「"}

# soft hyphen, zero-width and bidi marks, byte order mark; controls that are no blanks
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0e-\x1b\x7f]")

_OTHER_SCHEME = re.compile(
    r"(?:about|alipays?|blob|callto|chrome|cid|data|ed2k|file|ftps?|intent|javascript|magnet|mailto|mhtml|mms|res|rtsp"
    r"|sftp|skype|sms|tel|thunder|vbscript|view-source|weixin|wss?|wtai)[:：]",
    re.IGNORECASE,
)
# http with its colon, a slip of the keyboard in it, or its defanged form; or http without its colon
_SCHEME = re.compile(r"(?:h?t{2,3}|ht|hxx)p(s?)\s*[:：;；][\s/\\／]*|http(s?)[/\\]{2,}", re.IGNORECASE)
_IN_TEXT = re.compile(
    r"(?:(?:h?ttp|hxxp)s?[:：][/\\／]{1,3}|(?<![a-z0-9_.@/-])www\.)[\u200b\x21\x23-\x3b\x3d\x3f-\x7e]+"
    r"|ｈｔｔｐｓ?：／／[\uff05-\uff0b\uff0d-\uff5e]+",
    re.IGNORECASE,
)

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_WIDE_MARK = re.compile("[\u2010-\u2027\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65·]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# of these none ends a sentence
_WIDE_INSIDE = {code: narrow for code, narrow in _WIDE.items() if chr(narrow).isalnum() or chr(narrow) in "/.-_=&%#~"}

_PAGE = r"\.(?:[sx]?html?|aspx?|jspx?|jhtml|php|docx?|xlsx?|pdf|zip|rar)"
_PAGE_END = re.compile(rf"{_PAGE}$", re.IGNORECASE)
_PAGE_THEN_HAN = re.compile(rf"({_PAGE})[{_HAN}].*", re.IGNORECASE | re.DOTALL)
_FILE_END = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|wps|et|pdf|ofd|ceb|rar|zip|7z|txt|csv|jpe?g|png|mp[34])$", re.IGNORECASE
)
_PATH_GOES_ON = re.compile(r"[^\s/?#:]{0,100}(?:/[^/]|&[\w.]+=|\.[A-Za-z0-9]{2,5}(?:$|[?#]))")

_BARE_HOST = re.compile(
    r"((?<![a-z0-9_@.%/-])(?:[a-z0-9][a-z0-9.-]*\.[a-z]{2,}|[0-9]{1,3}(?:\.[0-9]{1,3}){3})|^[\w.-]+\.(?:中国|中國|政务|公益))"
    r"(?![a-z0-9@.-])(:\d+|[/\\])?",
    re.IGNORECASE,
)
_COMMON_HOST = re.compile(
    r"^www\.|\.(?:cn|com|net|org|edu|gov|info|xin|top|cc|hk|mo|tw|example|中国|中國|政务|公益)$", re.IGNORECASE
)
_FILE_NAME = re.compile(
    r"\.(?:[sx]?html?|aspx?|jspx?|jhtml|php|do|action|js|css|json|xml|txt|csv|docx?|xlsx?|pptx?|wps|et|pdf|ofd|ceb|rar"
    r"|zip|gz|jpe?g|png|gif|bmp|swf)$",
    re.IGNORECASE,
)
_SURE_HOST = re.compile(r"(?:www\.[a-z0-9-]+\.|[a-z0-9.-]+\.(?:gov|com|net|org|edu)\.cn(?:[/:?#]|$))", re.IGNORECASE)
_HOST_THEN_HAN = re.compile(rf"([a-z0-9.-]+\.(?:cn|com|net|org|edu|gov|info|hk|mo|tw|example))[{_HAN}]", re.IGNORECASE)


def _start(text: str) -> tuple[int, str]:
    """Where the host begins and the scheme before it; (0, "") when there is none of either."""
    found = _SCHEME.search(text)
    if found and _is_label(text[: found.start()]):
        while again := _SCHEME.match(text, found.end()):
            found = again
        return found.end(), "https" if found[1] or found[2] else "http"
    return (2, "") if re.match(r"[/\\]{2}[^/\\]", text) else (0, "")


def _is_label(before: str) -> bool:
    """What stands before a scheme is words, not the beginning of a path that carries an address in its query."""
    return before[:1] not in {"/", ".", "?", "#"} and (
        not re.search(r"[/?=&#]", before) or bool(re.search(rf"[\s<{_HAN}]", before))
    )


def _bare_host(text: str) -> int:
    """Where an address without a scheme begins, or -1: a file's name or a mail address is none."""
    for match in _BARE_HOST.finditer(text):
        name, after = match[1], match[2]
        if not _FILE_NAME.search(name) and (after or (_COMMON_HOST.search(name) and not name[0].isdigit())):
            return match.start()
    return -1


def _narrow(text: str) -> str:
    """An address typed in full width, in ASCII."""
    return (
        text.translate(_WIDE)
        if re.search("[ｈＨ][ｔＴ]{2}|[ｗＷ]{3}|^[Ａ-Ｚａ-ｚ０-９．－]+．[ａ-ｚＡ-Ｚ]", text)
        else text
    )


def _end(rest: str) -> str:
    if not re.search(f"[{_HAN}]", rest):
        rest = rest.translate(_WIDE_INSIDE)
    rest = rest.replace("[.]", ".")
    rest = re.split(r'[<>"]|[\s，。；、]+h?ttps?[:：]', rest, maxsplit=1)[0]
    rest = re.sub(r"？(?=[\w.-]+=)", "?", rest)
    if glued := _HOST_THEN_HAN.match(rest):
        return glued[1]
    rest = _cut_marks(_mend_blanks(rest))
    return trim_end(_PAGE_THEN_HAN.sub(r"\1", rest))


def _mend_blanks(rest: str) -> str:
    """Blanks and wraps inside an address taken out, kept as %20 in a file's name; cut where the sentence goes on."""
    whole, *more = rest.split() or [""]
    if more and "/" in whole and not _PAGE_END.search(whole) and _FILE_END.search(more[-1]):
        return "%20".join([whole, *more])
    for piece in more:
        if "?" in whole and piece.isascii() and whole[-1] not in "?&=" and piece[0] not in "&=":
            whole += "%20"
        elif not _joins(whole, piece):
            break
        whole += piece
    return whole


def _joins(before: str, after: str) -> bool:
    if not before or not after:
        return True
    if not re.match(r"[!-~]*[./_=\d]", after):
        return False
    if "/" not in before:
        return before[-1] in ".-:" or after[0] in "./:"
    return after[0] in "?&=#/" or not _PAGE_END.search(before)


def _cut_marks(rest: str) -> str:
    """Cut at the first full-width mark, unless it belongs to a file's name: `通知（2021）.doc`."""
    for mark in _WIDE_MARK.finditer(rest):
        before, after = rest[: mark.start()], rest[mark.end() :]
        if "/" not in before:
            if mark[0] in "。．｡" and re.match(
                r"(?:[a-z][a-z0-9-]+|中国|中國)(?=[.。．｡/:?#]|$)", after, re.IGNORECASE
            ):
                continue
            return before
        if _PAGE_END.search(before) or not _PATH_GOES_ON.match(after):
            return before
    return rest
