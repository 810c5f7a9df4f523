"""Lines of a card: each thing said in both languages, examples, counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from archive.labels import Words


def both(*told: Words) -> Iterator[str]:
    """Sentences in Chinese, a line each, then the same in English."""
    yield from (words.zh for words in told)
    yield ""
    yield from (words.en for words in told)
    yield ""


def inline(text: str) -> str:
    """A text of others within a line or a cell of ours."""
    return " ".join(text.split()).replace("|", "\\|")


def block(language: str, lines: Sequence[str]) -> Iterator[str]:
    """Lines of a program, as Markdown has them."""
    yield f"```{language}"
    yield from lines
    yield "```"
    yield ""


def counted(counts: Mapping[str, int], most: int | None = None, *, of: int | None = None) -> str:
    """`value count · value count`, the most frequent first; what is beyond `most` in one sum.

    With `of` rows in all, those without a value are told last.
    """
    ordered = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
    told = [f"{value} {count}" for value, count in islice(ordered, most)]
    if most is not None and (rest := ordered[most:]):
        told.append(f"其他 other {sum(count for _, count in rest)}")
    return " · ".join((*told, *(empty(counts, of) if of is not None else ())))


def empty(counts: Mapping[str, int], of: int) -> tuple[str, ...]:
    """How many of so many rows have none of these values; nothing where each has one."""
    without = of - sum(counts.values())
    return (f"空 empty {without}",) if without else ()
