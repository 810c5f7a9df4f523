"""Which notices a command is about: options that narrow them, and what they come to."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypedDict, TypeVar

import click

from archive.commands.terminal import Day, Words

if TYPE_CHECKING:
    from archive.export.draft import Sampling
    from archive.store.choosing import Choice
    from archive.store.release_facts import Selection

Command = TypeVar("Command", bound=Callable[..., None])


class Selected(TypedDict):
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
    sample: int | None
    seed: int | None
    by: tuple[str, ...]
    columns: tuple[str, ...]


class Names(click.ParamType[tuple[str, ...]]):
    """Names with commas between them."""

    name = "NAME[,NAME]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:  # noqa: ARG002  click's signature
        """Split the names."""
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else ()


def selecting(command: Command) -> Command:
    """Give a command the options that narrow the notices; all that are given must hold."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def choice_of(given: Selected) -> Choice:
    """The choice that the options make. Raises: click.UsageError for words that are none."""
    from archive.store.choosing import Choice

    if given["words"] is not None and not given["words"].strip():
        raise click.UsageError("--query is empty; without it every notice is meant")
    return Choice(
        words=given["words"],
        sql=given["sql"],
        sources=given["sources"],
        agencies=given["agencies"],
        places=given["places"],
        document_types=given["document_types"],
        since=given["since"],
        until=given["until"],
        captured_only=given["captured_only"],
        min_confidence=given["min_confidence"],
    )


def sampling_of(given: Selected) -> Sampling | None:
    """The sample that is asked for. Raises: click.UsageError for options of a sample without one."""
    from archive.export.draft import Sampling

    if given["sample"] is None:
        for name in ("seed", "by", "columns"):
            if is_given(given[name]):
                raise click.UsageError(f"--{name} is of a sample: give --sample N, too")
        return None
    if given["seed"] is None:
        raise click.UsageError("--sample needs --seed: the same number draws the same notices again")
    coded = {"coded": given["columns"]} if given["columns"] else {}
    try:
        return Sampling(size=given["sample"], seed=given["seed"], by=given["by"], **coded)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def is_given(value: object) -> bool:
    """Whether an option was given: 0 is a value, too."""
    return value is not None and value is not False and value != ()


def said_of(given: Mapping[str, Any]) -> Selection:
    """The selection as a release tells of it: the options that were given, as one types them and as data."""
    from archive.store.release_facts import Selection

    options = {name: given[key] for key, name in NAMES.items() if is_given(given[key])}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}
    words = [part for name, value in plain.items() for part in _typed(name, value)]
    return Selection(words=shlex.join(words) or "每份公告 · every notice", options=plain)


def _typed(name: str, value: Any) -> list[str]:
    if value is True:
        return [name]
    if isinstance(value, list):
        return [name, ",".join(value)] if name in _LISTS else [part for one in value for part in (name, one)]
    return [name, str(value)]


NAMES: Final[Mapping[str, str]] = {
    "words": "--query",
    "sql": "--sql",
    "sources": "--source",
    "agencies": "--agency",
    "places": "--place",
    "document_types": "--type",
    "since": "--since",
    "until": "--until",
    "captured_only": "--canonical-only",
    "min_confidence": "--min-confidence",
    "sample": "--sample",
    "seed": "--seed",
    "by": "--by",
    "columns": "--columns",
}
"""The options by the names of their parameters."""
_LISTS: Final = frozenset({"--by", "--columns"})

_OPTIONS: Final = (
    click.option("--query", "words", type=Words(), metavar="WORDS", help="Only notices that a search for this finds."),
    click.option("--sql", type=Words(), metavar="SELECT", help="Only notices whose ids this statement gives."),
    click.option("--source", "sources", metavar="KEY", multiple=True, help="Only those that it shows; repeatable."),
    click.option(
        "--agency", "agencies", type=Words(), metavar="NAME", multiple=True, help="Only issued by it; repeatable."
    ),
    click.option(
        "--place",
        "places",
        type=Words(),
        metavar="NAME|CODE",
        multiple=True,
        help="Only of bureaus in this province, city or division code; repeatable.",
    ),
    click.option(
        "--type",
        "document_types",
        type=Words(),
        metavar="文种",
        multiple=True,
        help="Only of this kind, such as 通知; repeatable.",
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
    click.option(
        "--sample", type=click.IntRange(1), metavar="N", help="Draw N of them, and write a coding sheet to fill in."
    ),
    click.option("--seed", type=int, metavar="S", help="Of a sample: the same number draws the same notices again."),
    click.option(
        "--by", type=Names(), default=(), help="Of a sample: part it by these, such as province,year; each has some."
    ),
    click.option("--columns", type=Names(), default=(), help="Of a sample: what coders fill in, such as topic,tone."),
)
