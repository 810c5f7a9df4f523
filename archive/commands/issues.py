"""`minzheng issues`: what a person should look at."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands.terminal import as_json, clip, end, print_json, print_table, reading


@click.command()
@click.argument("key", required=False)
@as_json
@click.pass_obj
def issues(folder: Path, key: str | None, *, as_json: bool) -> None:
    """List the open issues, newest first.

    KEY is a source, for its issues only, or the id of one issue.
    """
    from archive.store.reading import source_keys
    from archive.store.state import open_issues

    with reading(folder) as (_, db):
        found = open_issues(db, key)
        if key is not None and not found and key not in source_keys(db):
            end(
                f"{key!r} is neither a source of this archive nor an open issue; `minzheng status` names the sources", 2
            )
    if as_json:
        print_json(found)
        return
    if key is not None and len(found) == 1:
        for name, value in found[0].items():
            if value is not None:
                click.echo(f"{name}: {value}")
        return
    print_table(
        [(i["id"], i["raised_at"][:10], i["kind"], i["source"] or "", clip(i["subject"], 60), clip(i["detail"], 60))
         for i in found],
        ["id", "raised", "kind", "source", "about", "what"],
    )  # fmt: skip
    click.echo(f"Open issues: {len(found)}." if found else "No open issues.", err=True)
