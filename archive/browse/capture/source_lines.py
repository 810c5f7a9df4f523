"""The source of a page in lines that a reader can point at: bounded, with a place in it marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

PAGE: Final = 1000
"""Lines that are shown at once."""
WIDTH: Final = 2000
"""Characters of a line that stay together: some sites write a whole page into one."""

Span = tuple[int, int]

_FOUND: Final = Markup('<mark id="found">{}</mark>')
_MARK: Final = Markup("<mark>{}</mark>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a source, or the next piece of a long one; `number` is None for a piece that is not the first."""

    number: int | None
    shown: Markup
    is_found: bool
    """Whether the place that is looked for begins here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Some lines of a source. `before` and `behind` are where the windows next to it begin, None where none is."""

    lines: tuple[Line, ...]
    before: int | None
    behind: int | None
    whole: int
    """Lines of the whole source, long ones counted by their pieces."""


def window(source: str, start: int = 0, found: Span | None = None) -> Window:
    """Give the lines from the `start`th on, or those around what is `found`, which is marked."""
    pieces = list(_pieces(source))
    if found is not None:
        at = next((row for row, (_, begin, end) in enumerate(pieces) if begin <= found[0] <= end), 0)
        start = at // PAGE * PAGE
    start = max(0, min(start, len(pieces) - 1))
    shown = tuple(_line(source, piece, found) for piece in pieces[start : start + PAGE])
    return Window(
        lines=shown,
        before=max(start - PAGE, 0) if start else None,
        behind=start + PAGE if start + PAGE < len(pieces) else None,
        whole=len(pieces),
    )


def _pieces(source: str) -> Iterator[tuple[int | None, int, int]]:
    """Number, begin and end of each line; a long line is cut behind a tag where there is one."""
    at = 0
    for number, line in enumerate(source.split("\n"), 1):
        begin, end = at, at + len(line)
        at = end + 1
        while end - begin > WIDTH:
            cut = source.rfind(">", begin + WIDTH // 2, begin + WIDTH) + 1 or begin + WIDTH
            yield number if begin == end - len(line) else None, begin, cut
            begin = cut
        yield number if begin == end - len(line) else None, begin, end


def _line(source: str, piece: tuple[int | None, int, int], found: Span | None) -> Line:
    number, begin, end = piece
    if found is None or found[1] <= begin or found[0] >= end:
        return Line(number=number, shown=_shown(source[begin:end]), is_found=False)
    first, last = max(found[0], begin), min(found[1], end)
    is_first = first == found[0]
    mark = _FOUND if is_first else _MARK
    marked = mark.format(_shown(source[first:last]))
    return Line(
        number=number,
        shown=_shown(source[begin:first]) + marked + _shown(source[last:end]),
        is_found=is_first,
    )


def _shown(text: str) -> Markup:
    """Text of a page as it stands, what nobody sees in it told by its number."""
    return escape("".join(_tell(character) for character in text.replace("\r", "")))


def _tell(character: str) -> str:
    return character if character.isprintable() or character in "\t\u3000\u00a0" else f"\\u{ord(character):04x}"
