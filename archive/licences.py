"""Who has a say over a notice's text: our reading of the law for every notice, and no legal advice.

The Copyright Law of the People's Republic of China (2020), article 5, does not protect laws and regulations,
resolutions, decisions, orders and other documents of a legislative, administrative or judicial nature of state organs,
their official translations, nor mere facts. What else stands on a site (news, interpretations, what a portal writes)
stays with whoever published it. Of which kind a text is, is told by what it calls itself and by who published it; where
that does not tell, rights are taken to stay.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from archive.records import SourceKind

Licence = Literal["official-document", "publisher", "source-terms"]
LICENCES: Final[tuple[Licence, ...]] = get_args(Licence)

# The fifteen kinds of 党政机关公文处理工作条例 (2012), and the rules that state organs make.
OFFICIAL: Final = frozenset(
    {
        *(
            "决议",
            "决定",
            "令",
            "公报",
            "公告",
            "通告",
            "意见",
            "通知",
            "通报",
            "报告",
            "请示",
            "批复",
            "议案",
            "函",
            "纪要",
        ),
        *(
            "条例",
            "规定",
            "办法",
            "细则",
            "规则",
            "规程",
            "规范",
            "准则",
            "措施",
            "方案",
            "规划",
            "预案",
            "公示",
            "答复",
        ),
    }
)
"""Document types (文种) that are likely documents of an administrative nature, where a state organ issues them."""


def licence(*, kind: SourceKind, document_type: str | None, document_number: str | None, terms: str | None) -> Licence:
    """Who has a say over a notice: by the source of its original, what it is, and the terms in that source's entry.

    What a person wrote down of a source goes before our reading. A document number (发文字号) is given by state organs
    alone, so a text that has one is theirs though only a portal shows it.
    """
    if terms:
        return "source-terms"
    is_of_the_state = kind == "bureau" or document_number is not None
    return "official-document" if is_of_the_state and document_type in OFFICIAL else "publisher"
