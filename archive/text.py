"""Text as people see it, and the plain forms that are compared, searched and hashed.

Nothing here follows the Unicode tables of the running Python: digests and the search index must stay the same
for years, so the fold table and the set of dropped characters are frozen in this package.
"""

from __future__ import annotations

import hashlib
import re

from archive.fold_table import TABLE, VERSION

FOLD_VERSION = VERSION
"""Which fold table this is. A search index made with another one has to be rebuilt."""


MIN_COMPARED = 60
"""Characters of normalised text below which equal texts say nothing: "见附件" is the text of many notices."""


def tidy(text: str) -> str:
    """Text for display: no zero-width characters, runs of blanks as one space, none at the ends of lines."""
    lines = _LINE_BREAK.sub("\n", _INVISIBLE.sub("", text))
    return re.sub(" ?\n ?", "\n", _BLANKS.sub(" ", lines)).strip()


def fold(text: str) -> str:
    """One character after the other in its frozen plain form: narrow, lower case, simplified.

    Characters may become several (`㈠` → `(一)`), never none; folding twice changes nothing.
    """
    return text.translate(TABLE)


def normalise(text: str) -> str:
    """What two printings of one text share: folded letters, digits and CJK characters, nothing between them.

    Between two Arabic numbers the first mark (or a space) stays, so that `300⏎5` does not become `3005`. A bar is no
    mark but a blank: it parts the cells of a row, which another printing sets as lines of their own.
    """
    return _DROPPED.sub(_gap, fold_visible(text))


def fold_visible(text: str) -> str:
    """A text folded, without the characters that nobody sees, its dashes all hyphens."""
    return fold(_INVISIBLE.sub("", text)).translate(_DASHES)


def text_digest(text: str) -> str:
    """`sha256:` and the hex digits of the normalised text in UTF-8."""
    return digest_of(normalise(text))


def digest_of(normalised: str) -> str:
    """The same of a text that is normalised already."""
    return "sha256:" + hashlib.sha256(normalised.encode()).hexdigest()


# controls that are no blanks, soft hyphen, zero-width and bidi marks, variation selectors, byte order mark
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-")

# punctuation, symbols, blanks, surrogates and private use, as of Unicode 14, in folded text
_DROPPED = re.compile(
    "[\x00-/:-`{-\u00bf\u00d7\u00f7\u1680\u2000-\u2bff\u2e00-\u2e7f\u2ff0-\u3004\u3008-\u3020\u3030\u3036\u3037\u303d-\u303f"
    "\u309b\u309c\u30a0\u30fb\u31c0-\u31ef\u3200-\u33ff\u4dc0-\u4dff\ud800-\uf8ff\ufd3e\ufd3f\ufe00-\ufe6f\ufeff"
    "\uffe0-\uffff\U0001f000-\U0001faff\U000e0000-\U0010ffff]+"
)


def _gap(match: re.Match[str]) -> str:
    start, end = match.span()
    whole = match.string
    between = start > 0 and end < len(whole) and whole[start - 1] in _DIGITS and whole[end] in _DIGITS
    return (match[0].replace("|", " ").strip()[:1] or " ") if between else ""


_DIGITS = frozenset("0123456789")
