"""What a rebuild made of the fields, for a person: a table, examples, and why it was not published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click

from archive.commands.terminal import clip, print_json, print_table
from archive.labels import CLASSES, rule_words, words_for
from archive.rebuild import Shadow
from archive.store.changes import Example, FieldChange, Loss, totals
from archive.store.publish import Difference

_VALUE = 40
"""Columns of a value in an example."""
_TITLE = 90


def print_difference(difference: Difference, *, published: bool, as_json: bool) -> None:
    """Print what became of the copies, with examples of those that moved."""
    if as_json:
        print_json({**asdict(difference), "published": published})
        return
    _print_moves(difference)
    click.echo(_in_words(difference))
    if not published:
        click.echo("not published: notices.db is as it was", err=True)


def print_report(made: Shadow, *, published: bool, as_json: bool) -> None:
    """Print every field of every source, the sums over all, and examples of what was lost and changed."""
    if as_json:
        print_json(
            {
                **asdict(made.difference),
                "published": published,
                "losses": made.losses,
                "totals": [_counts(total) for total in totals(made.fields)],
                "fields": made.fields,
            }
        )
        return
    rows = [(one.source or "-", *_counts(one).values()) for one in made.fields]
    sums = [("all", *_counts(total).values()) for total in totals(made.fields)]
    print_table([*rows, *sums], ["source", *_counts(FieldChange(source=None, field=""))])
    for change in made.fields:
        _print_examples("lost", change, change.lost, change.lost_examples)
        _print_examples("changed", change, change.changed, change.changed_examples)
    click.echo()
    _print_moves(made.difference)
    click.echo(_in_words(made.difference))
    if made.losses and published:
        click.echo(f"published though {'; '.join(_named(made.losses))}", err=True)


def refusal(losses: Sequence[Loss]) -> str:
    """Why a rebuild was not published, and what to do."""
    return (
        f"not published, notices.db is as it was: {'; '.join(_named(losses))}."
        " If that is right, --report --accept-loss publishes it"
    )


def _in_words(difference: Difference) -> str:
    return "copies kept {kept}, moved {moved}, added {added}, dropped {dropped}".format_map(asdict(difference))


def _print_moves(difference: Difference) -> None:
    for move in difference.moves:
        click.echo(move.url)
        click.echo(f"  from {move.before}  {clip(move.title_before, _TITLE)}")
        click.echo(f"    to {move.after}  {clip(move.title_after, _TITLE)}")
        click.echo(f"       {rule_words(move.rule)}" + f" ({words_for(CLASSES, move.match_class)})")
    if difference.moves:
        click.echo(f"{len(difference.moves)} of {difference.moved} that moved")


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
