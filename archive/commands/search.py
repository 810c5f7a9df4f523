"""`minzheng search`: find notices by Chinese words of any length."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands.terminal import Day, Words, as_json, check_sources, clip, print_json, reading
from archive.labels import FIELDS

_MARKS = str.maketrans("\ue000\ue001", "【】")
_NO_MARKS = str.maketrans("", "", "\ue000\ue001")


@click.command()
@click.argument("words", metavar="QUERY...", nargs=-1, required=True, type=Words())
@click.option("--source", metavar="KEY", help="Only notices of this source.")
@click.option("--since", type=Day(), help="Published on this day or later.")
@click.option("--until", type=Day(), help="Published on this day or earlier.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many.")
@as_json
@click.pass_obj
def search(
    folder: Path,
    words: tuple[str, ...],
    *,
    source: str | None,
    since: str | None,
    until: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Find notices by words, best first.

    All words must be there; "words in quotes" stand together; OR between words; -word leaves out (quote the whole
    query then, since the shell and the options come first: '养老 -补贴').
    Traditional characters and full-width forms find the simple ones.
    """
    from archive.store.reading import count_hits, search_notices

    query = " ".join(words)
    with reading(folder) as (_, db):
        check_sources(db, [source] if source else [])
        hits = search_notices(db, query, source=source, since=since, until=until, limit=limit)
        found = count_hits(db, query, source=source, since=since, until=until)
    if as_json:
        print_json([{**hit, "snippet": hit["snippet"].translate(_NO_MARKS)} for hit in hits])
        return
    for hit in hits:
        click.echo(f"{hit['id']}  {hit['published_on'] or 'no day    '}  {clip(hit['title'], 90)}")
        where = " · ".join(filter(None, (hit["document_number"], hit["issuing_agency"] or hit["source"])))
        snippet = " ".join(hit["snippet"].translate(_MARKS).split())
        shown = f"{FIELDS['attachments']}: {snippet}" if hit["in_files"] else snippet
        for line in filter(None, (where, shown, hit["original_url"])):
            click.echo(f"    {line}")
    click.echo(f"{len(hits)} of {found} notices." if found else f"Nothing found for {query!r}.", err=True)
