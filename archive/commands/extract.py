"""`minzheng extract`: what saved pages say, as JSON, without an archive."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import closing

import click

from archive.commands.terminal import NEEDS_A_LOOK, NOTHING_USABLE, end, print_json


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|DIR|-...", type=click.Path(allow_dash=True))
@click.option("--url", help="Address of the page, if it is one; links on it are read against this.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    show_default="number of cores",
    help="Processes that read, where there are several pages.",
)
@click.option("--json", is_flag=True, expose_value=False, help="Print JSON, as this command always does.")
@click.pass_context
def extract(ctx: click.Context, inputs: tuple[str, ...], url: str | None, workers: int | None) -> None:
    """Print what saved pages say as JSON.

    One FILE, or - for stdin, gives one object.
    Several, a folder or a WARC file give JSON lines, a page a line, with `file` before its fields, in the order given
    and in a folder by name; a page that cannot be read is a line with `error`.
    Of a folder the files are read that are named as pages (.html, .htm, .shtml, .jhtml, .xhtml, .php, .asp, .aspx,
    .jsp), those without an ending that look like HTML, and WARC files; hidden ones are not.

    A field that the page does not give is null. `evidence` names where each value was read; `outcome` and `kind`
    say what sort of page it is: only `kind` article would become a notice.
    Without --url the address is the one that a browser or the page itself noted, null where there is none.

    Exit code 3 when some pages cannot be read, 4 when none can.
    """
    from archive.commands.inputs import is_folder, is_warc

    if len(inputs) == 1 and not is_folder(inputs[0]) and not is_warc(inputs[0]):
        _print_page(inputs[0], _fetch_form(url))
        return
    if url is not None:
        raise click.UsageError("--url is the address of one page; give one FILE with it.")
    good, bad = _print_lines(inputs, workers or _cores())
    if not good and not bad:
        end(f"There is no page in {', '.join(inputs)}; `minzheng extract --help` says what is read.", NOTHING_USABLE)
    if not good:
        end("No page could be read; `error` says why.", NOTHING_USABLE)
    if bad:
        click.echo(f"{bad} of {good + bad} pages could not be read; their lines have `error`.", err=True)
        ctx.exit(NEEDS_A_LOOK)


def _print_page(file: str, url: str) -> None:
    from archive.commands.inputs import STDIN, Input
    from archive.commands.page_reader import say_fault, say_why, tell_page
    from archive.page import Unreadable

    name = "<stdin>" if file == STDIN else file
    try:
        said = tell_page(Input(file=file, url=url))
    except Unreadable as error:
        end(f"{name} cannot be read: {say_why(error, url)}", NOTHING_USABLE)
    except OSError as error:
        raise click.BadParameter(f"{file}: {error.strerror}", param_hint="FILE") from error
    except Exception as error:  # noqa: BLE001 (the same page among others is a line with `error`)
        end(f"{name} cannot be read, by a fault of the reader: {say_fault(error)}", NOTHING_USABLE)
    print_json(said)


def _print_lines(inputs: Sequence[str], workers: int) -> tuple[int, int]:
    """Print a line a page as they are read; how many could be read, and how many could not."""
    from archive.commands.inputs import find_inputs
    from archive.commands.reader_pool import read_in_order

    counts = [0, 0]
    shown = sys.stderr.isatty() and not sys.stdout.isatty()
    answers = read_in_order(find_inputs(inputs), workers=workers)
    with (
        closing(answers),
        click.progressbar(answers, label="reading pages", show_pos=True, file=sys.stderr, hidden=not shown) as bar,
    ):
        for answer in bar:
            click.echo(answer.line, nl=False)
            counts[not answer.good] += 1
    return counts[0], counts[1]


def _fetch_form(url: str | None) -> str:
    from archive.urls import fetch_url

    try:
        return fetch_url(url) if url else ""
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--url") from error


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
