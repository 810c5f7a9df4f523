"""Write `archive/fold_table.py`: what each character becomes before texts are compared, searched or hashed.

Run by hand with OpenCC installed (`pip install -e .[dev]`): `python tools/make_fold_table.py`. A table that differs
gets another version, and every search index has to be rebuilt; so run it only for a reason, and say so under **data**.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import unicodedata
from pathlib import Path

import opencc

TARGET = Path(__file__).parent.parent / "archive" / "fold_table.py"
WIDTH = 40
HAN = (*range(0x2E80, 0xD800), *range(0xF900, 0xFB00), *range(0x1F000, 0x323B0))


def main() -> None:
    table = fold_table()
    single = {char: folded for char, folded in table.items() if len(folded) == 1}
    several = {char: folded for char, folded in table.items() if len(folded) != 1}
    digest = hashlib.sha256(repr(sorted(table.items())).encode()).hexdigest()[:12]
    opencc_version = importlib.metadata.version("opencc")
    TARGET.write_text(
        f'''"""The frozen fold table: made by tools/make_fold_table.py, never edited by hand.

Unicode {unicodedata.unidata_version} (NFKC and lower case of each character alone) and OpenCC {opencc_version}
(Apache-2.0; its traditional-to-simplified table, first choice, one character to one). Frozen because the search index
must be able to name tomorrow the very words that it wrote today.
"""

VERSION = "{digest}"

_FROM = (
{literal("".join(single))}
)
_TO = (
{literal("".join(single.values()))}
)
_SEVERAL = (
{literal(" ".join(char + folded for char, folded in several.items() if " " not in folded))}
)
_WITH_BLANK = (
{literal("|".join(char + folded for char, folded in several.items() if " " in folded))}
)

TABLE: dict[int, str] = dict(zip(map(ord, _FROM), _TO, strict=True))
TABLE.update((ord(entry[0]), entry[1:]) for entry in _SEVERAL.split(" "))
TABLE.update((ord(entry[0]), entry[1:]) for entry in _WITH_BLANK.split("|"))
''',
        encoding="utf-8",
    )
    print(f"{TARGET}: {len(single)} + {len(several)} characters, version {digest}")


def fold_table() -> dict[str, str]:
    """Every character that folds to something else → what it folds to; folding twice changes nothing."""
    convert = opencc.OpenCC("t2s").convert
    simplified = {char: one for char in map(chr, HAN) if len(one := convert(char)) == 1 and one != char}
    table = {}
    for char in map(chr, range(0x110000)):
        if unicodedata.category(char) in {"Cs", "Cn", "Co"}:
            continue
        folded, before = char, ""
        while folded != before:
            before = folded
            narrow = "".join(unicodedata.normalize("NFKC", part).lower() for part in folded)
            folded = "".join(simplified.get(part, part) for part in narrow)
        if folded != char:
            table[char] = folded
    return table


def literal(text: str) -> str:
    """Lines of a Python string; characters that a normalising editor would change, or that do not show, as escapes."""
    pieces = [text[start : start + WIDTH] for start in range(0, len(text), WIDTH)]
    return "\n".join(f'    "{"".join(map(escaped, piece))}"' for piece in pieces)


def escaped(char: str) -> str:
    code = ord(char)
    if char in '"\\':
        return "\\" + char
    if 0x20 <= code < 0x7F or 0x4E00 <= code < 0xA000:
        return char
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


if __name__ == "__main__":
    main()
