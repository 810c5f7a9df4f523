"""What a rebuild made of the fields, for a person: a table, examples, and why it was not published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click

from archive.commands.terminal import clip, print_json, print_table
from archive.rebuild import Checked
from archive.store.changes import Example, FieldChange, Loss, totals
from archive.store.publish import Difference

_VALUE = 40
"""Columns of a value in an example."""


def print_checked(checked: Checked, *, as_json: bool) -> None:
    """Print every field of every source, the sums over all, and examples of what was lost and changed."""
    if as_json:
        print_json(
            {
                **asdict(checked.difference),
                "published": checked.published,
                "losses": checked.losses,
                "totals": [_counts(total) for total in totals(checked.fields)],
                "fields": checked.fields,
            }
        )
        return
    rows = [(one.source or "-", *_counts(one).values()) for one in checked.fields]
    sums = [("all", *_counts(total).values()) for total in totals(checked.fields)]
    print_table([*rows, *sums], ["source", *_counts(FieldChange(source=None, field=""))])
    for change in checked.fields:
        _print_examples("lost", change, change.lost, change.lost_examples)
        _print_examples("changed", change, change.changed, change.changed_examples)
    click.echo(f"\n{in_words(checked.difference)}")
    if checked.losses and checked.published:
        click.echo(f"published though {'; '.join(_named(checked.losses))}", err=True)


def in_words(difference: Difference) -> str:
    """What became of the copies, in one line."""
    return "copies kept {kept}, moved {moved}, added {added}, dropped {dropped}".format_map(asdict(difference))


def refusal(checked: Checked) -> str:
    """Why a rebuild was not published, and what to do."""
    return (
        f"not published, notices.db is as it was: {'; '.join(_named(checked.losses))}."
        " If that is right, --report --accept-loss publishes it"
    )


def _counts(change: FieldChange) -> dict[str, str | int]:
    return {
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "changed": change.changed,
        "lost": change.lost,
        "gained": change.gained,
    }


def _named(losses: Sequence[Loss]) -> Iterator[str]:
    for loss in losses:
        where = f"source {loss.source}" if loss.source is not None else "all sources"
        yield f"{where}: {loss.field} lost {loss.lost} of {loss.before}"


def _print_examples(what: str, change: FieldChange, count: int, examples: Sequence[Example]) -> None:
    if not examples:
        return
    click.echo(f"\n{change.source or '-'} · {change.field} · {what} {count}")
    rows = [(one.url, clip(_shown(one.before), _VALUE), clip(_shown(one.after), _VALUE)) for one in examples]
    print_table(rows, ["url", "before", "after"])


def _shown(value: str | int | None) -> str:
    return "" if value is None else str(value)
