"""Which notices a command is about: options that several commands may take, and the choice they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict, TypeVar

import click

from archive.commands.terminal import Day, Words

if TYPE_CHECKING:
    from archive.store.dataset import Choice

Command = TypeVar("Command", bound=Callable[..., None])


class Selection(TypedDict):
    """What the options of `selecting` say, by the names of their parameters."""

    words: str | None
    sql: str | None
    sources: tuple[str, ...]
    agencies: tuple[str, ...]
    places: tuple[str, ...]
    document_types: tuple[str, ...]
    since: str | None
    until: str | None
    captured_only: bool
    min_confidence: float | None


def selecting(command: Command) -> Command:
    """Give a command the options that narrow the notices; all that are given must hold."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option("--query", "words", type=Words(), metavar="WORDS", help="Only notices that a search for this finds."),
    click.option("--sql", type=Words(), metavar="SELECT", help="Only notices whose ids this statement gives."),
    click.option("--source", "sources", metavar="KEY", multiple=True, help="Only of this source; repeatable."),
    click.option(
        "--agency", "agencies", type=Words(), metavar="NAME", multiple=True, help="Only issued by it; repeatable."
    ),
    click.option(
        "--place",
        "places",
        type=Words(),
        metavar="NAME|CODE",
        multiple=True,
        help="Only of this province, city or division code and what lies in it; repeatable.",
    ),
    click.option(
        "--type", "document_types", type=Words(), metavar="文种", multiple=True, help="Only of this kind; repeatable."
    ),
    click.option("--since", type=Day(), help="Published on this day or later."),
    click.option("--until", type=Day(), help="Published on this day or earlier."),
    click.option("--canonical-only", "captured_only", is_flag=True, help="Only notices whose original was captured."),
    click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        metavar="0..1",
        help="Without copies that were matched less surely.",
    ),
)


def choice_of(given: Selection) -> Choice:
    """The choice that the options make."""
    from archive.store.dataset import Choice

    return Choice(**given)
