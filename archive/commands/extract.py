"""`minzheng extract`: what one page says, as JSON, without an archive."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, BinaryIO

import click

from archive.commands.terminal import NOTHING_USABLE, end, print_json

if TYPE_CHECKING:
    from archive.outcome import Verdict
    from archive.records import Reading


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--url", default="", help="Address of the page; links on it are read against this.")
@click.option("--json", is_flag=True, expose_value=False, help="Print JSON, as this command always does.")
def extract(file: BinaryIO, url: str) -> None:
    """Print what one saved page says as JSON.

    FILE may be - for stdin.
    A field that the page does not give is null. `evidence` names where each value was read; `outcome` and `kind`
    say what sort of page it is: only `kind` article would become a notice.
    """
    from archive.extract import read
    from archive.outcome import judge
    from archive.page import Unreadable, open_page
    from archive.urls import fetch_url

    if url:
        try:
            url = fetch_url(url)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--url") from error
    body = file.read()
    try:
        page = open_page(url, body, ())
    except Unreadable as error:
        end(f"{file.name} cannot be read: {str(error).removeprefix(f'{url}: ')}", NOTHING_USABLE)
    print_json(_answer(read(page), judge(200, (), url, page, page.size)))


def _answer(reading: Reading, verdict: Verdict) -> dict[str, object]:
    said = {field.name: getattr(reading, field.name) for field in dataclasses.fields(reading)}
    judged = {"kind": verdict.kind, "outcome": verdict.outcome, "detail": verdict.detail}
    return {"url": said.pop("url") or None, **judged, **said, "text": reading.text or None}
