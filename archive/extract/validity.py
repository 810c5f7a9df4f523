"""Whether a document is in force, as its disclosure table says it: 有效, 失效, 废止, 已修改."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = (
    (r"(?:已|被|全文)*(?:宣布)?废止(?:失效)?", "废止"),
    (r"(?:已|全文|宣布)*(?:失效|无效|过期)|已过有效期", "失效"),
    (r"(?:已|被|部分)*(?:修改|修订|修正)", "已修改"),
    (r"(?:现行|继续|全文|长期|仍)?(?:有效|生效|施行)(?:中)?|现行|已生效", "有效"),
)
_YES: Final = frozenset(("是", "yes", "y", "true", "1"))
_NO: Final = frozenset(("否", "no", "n", "false", "0"))
_ASKED: Final = {"是否有效": ("有效", "失效"), "是否废止": ("废止", "有效"), "是否失效": ("失效", "有效")}
_MARKS: Final = re.compile(r"[\s【】\[\]（）()《》。.,，]+")


def read_validity(label: str, value: str) -> str:
    """Give the validity that a label's value says; 是 and 否 answer what the label asks, another stays as it is."""
    plain = _MARKS.sub("", value)
    yes, no = _ASKED.get(label, ("有效", "失效"))
    if plain.lower() in _YES:
        return yes
    if plain.lower() in _NO:
        return no
    return next((word for form, word in _WORDS if re.fullmatch(form, plain)), value)
