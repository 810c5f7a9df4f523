"""`minzheng show`: one notice with its copies and where each value was read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.commands.terminal import Words, as_json, print_json, print_table, reading, resolve

if TYPE_CHECKING:
    from archive.store.dataset import DatasetNotice
    from archive.store.reading import ShownCopy

_LABELS = {
    "document_number": "发文字号 document number",
    "document_type": "文种 document type",
    "index_number": "索引号 index number",
    "issuing_agency": "发文机关 issuing agency",
    "published_on": "发布日期 published on",
    "written_on": "成文日期 written on",
    "effective_on": "施行日期 effective on",
    "validity": "效力 validity",
    "province": "省 province",
    "city": "市 city",
}


@click.command()
@click.argument("notice", metavar="ID-OR-URL", type=Words())
@as_json
@click.pass_obj
def show(folder: Path, notice: str, *, as_json: bool) -> None:
    """Show a notice, its copies and the evidence.

    The notice is named by its id, a former id, or the address of any of its copies.
    """
    from archive.store.dataset import one_notice
    from archive.store.reading import shown_copies

    with reading(folder) as (archive, db):
        found = one_notice(db, resolve(archive, notice))
        copies = shown_copies(db, found["id"])
    if as_json:
        print_json({**found, "copies": copies})
        return
    _print_notice(found, copies)


def _print_notice(notice: DatasetNotice, copies: Sequence[ShownCopy]) -> None:
    click.echo(notice["title"] or "(no title)")
    click.echo(f"id {notice['id']}")
    captured = "captured" if notice["original_captured"] else "named by a copy, not captured"
    click.echo(f"原文 original: {notice['original_url'] or 'unknown'} ({captured})")
    best = next((copy for copy in copies if copy["is_best"]), None)
    for name, label in _LABELS.items():
        value = dict(notice)[name]
        if value is not None:
            read = f"  [{best['evidence'][name]}]" if best and name in best["evidence"] else ""
            click.echo(f"{label}: {value}{read}")
    if notice["text"]:
        click.echo(f"\n{notice['text']}")
    if notice["attachments"]:
        click.echo("\n附件 attachments")
        for file in notice["attachments"]:
            click.echo(f"  {file['name']}  {file['url']}")
    click.echo("\n副本 copies")
    print_table(
        [(c["role"], c["published_on"] or "", c["attribution"] or "", c["rule"] or "", c["url"]) for c in copies],
        ["role", "published", "attribution", "rule", "url"],
    )
