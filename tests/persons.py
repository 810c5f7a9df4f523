"""Persons who do not exist: numbers with right check digits, names, and lists of them."""

from __future__ import annotations

from collections.abc import Sequence

PERSONS = (
    *("王一鸣", "李晓红", "赵建国", "刘洋", "陈志强", "杨秀英"),
    *("黄丽", "孟德明", "吴桂兰", "周玉珍", "徐海燕", "孙立军"),
)
MOBILE = "13812345678"
CARD = "6222021901001234564"


def resident_id(first: str) -> str:
    """The identity number that begins with these 17 digits."""
    total = sum(int(digit) * 2**place for digit, place in zip(first, range(17, 0, -1), strict=True))
    return first + "10X98765432"[total % 11]


CITIZEN = resident_id("43010519900307765")


def full_width(text: str) -> str:
    """Digits as wide as characters."""
    return text.translate({ord("0") + digit: chr(0xFF10 + digit) for digit in range(10)})


def in_a_table(names: Sequence[str]) -> str:
    """A list of persons as a table in a text shows it."""
    return "\n".join(
        ("低保对象名单", "序号 | 姓名 | 金额", *(f"{n} | {name} | 650" for n, name in enumerate(names, 1)))
    )
