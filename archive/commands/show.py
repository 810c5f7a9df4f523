"""`minzheng show`: one notice with its copies, where each value was read, what it cites and what it is related to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.commands.terminal import Words, as_json, clip, print_json, print_table, reading, resolve
from archive.labels import (
    CITATIONS,
    FIELDS,
    MEDIA,
    RELATIONS,
    ROLES,
    RULE_NAMES,
    file_words,
    place_words,
    relation_words,
    words_for,
)

if TYPE_CHECKING:
    from archive.store.dataset import DatasetNotice
    from archive.store.reading import ShownCitation, ShownCiting, ShownCopy, ShownFile
    from archive.store.relations import ShownRelation

_NAME = 70  # terminal columns of a cited document's name
_CITING = 20  # notices that cite this one or are related to it, shown at most; --json gives all

_FACTS = (
    "document_number",
    "document_type",
    "index_number",
    "issuing_agency",
    "published_on",
    "written_on",
    "effective_on",
    "validity",
)


@click.command()
@click.argument("notice", metavar="ID-OR-URL", type=Words())
@as_json
@click.pass_obj
def show(folder: Path, notice: str, *, as_json: bool) -> None:
    """Show a notice, its copies, citations and relations.

    The notice is named by its id, a former id, or the address of any of its copies.
    """
    from archive.store.dataset import one_notice
    from archive.store.reading import shown_citations, shown_citing, shown_copies, shown_files
    from archive.store.relations import shown_relations

    with reading(folder) as (archive, db):
        found = one_notice(db, resolve(archive, notice))
        successors = archive.successors(notice)
        copies = shown_copies(db, found["id"])
        files = shown_files(db, found["id"])
        cites, cited_by = shown_citations(db, found["id"]), shown_citing(db, found["id"])
        related = shown_relations(db, found["id"])
    if as_json:
        plain = [_plain_copy(copy) for copy in copies]
        beside = {"citations": cites, "cited_by": cited_by, "relations": related, "successors": successors}
        print_json({**found, "copies": plain, "attachments": files, **beside})
        return
    _print_notice(found, copies, files)
    _print_citations(cites, cited_by)
    _print_relations([one for one in related if one["found_in"] != "citation"])


def _plain_copy(copy: ShownCopy) -> dict[str, object]:
    """A copy under the names of the dataset: `class` as in exports and `trace`."""
    return {"class" if name == "match_class" else name: value for name, value in copy.items()}


def _print_notice(notice: DatasetNotice, copies: Sequence[ShownCopy], files: Sequence[ShownFile]) -> None:
    click.echo(notice["title"] or "(no title)")
    click.echo(f"编号 id: {notice['id']}")
    click.echo(f"{FIELDS['original_url']}: {_original(notice)}")
    for now in _now_at(notice, copies):
        click.echo(f"{FIELDS['now_at']}: {now}")
    best = next((copy for copy in copies if copy["is_best"]), None)
    for name in _FACTS:
        value = dict(notice)[name]
        if value is not None:
            read = f"  [{place_words(best['evidence'][name])}]" if best and name in best["evidence"] else ""
            click.echo(f"{FIELDS[name]}: {value}{read}")
    if place := " ".join(filter(None, (notice["province"], notice["city"]))):
        click.echo(f"{FIELDS['place']}: {place}")
    if best is not None and best["url"] != notice["original_url"]:
        click.echo(f"{FIELDS['text_from']}: {words_for(ROLES, best['role'])} · {best['url']}")
    click.echo(f"\n{notice['text'] or '没有采集到正文。 No text was captured.'}")
    if files:
        click.echo(f"\n{FIELDS['attachments']}")
        for file in files:
            click.echo(f"  {file['name']}  {file['url']}")
            click.echo(f"    {_file_line(file)}")
    click.echo("\n副本 Copies")
    print_table(
        [
            (
                words_for(ROLES, copy["role"]),
                copy["published_on"] or "",
                copy["attribution"] or "",
                words_for(RULE_NAMES, copy["rule"]) if copy["rule"] else "",
                copy["url"],
            )
            for copy in copies
        ],
        ["role", "published", "attribution", "rule", "url"],
    )


def _file_line(file: ShownFile) -> str:
    """What became of a file: its type, size and digest, and why it was not read, or not wholly."""
    said = [str(file_words(file["skipped"]))]
    if file["media_type"] is not None and file["size"] is not None:
        said += [
            MEDIA.get(file["media_type"], file["media_type"]),
            f"{file['size']:,} bytes",
            f"sha256 {file['sha256']}",
        ]
    if file["versions"] > 1:
        said.append(f"{file['versions']} 个版本 versions")
    return " · ".join(said)


def _print_citations(cites: Sequence[ShownCitation], cited_by: Sequence[ShownCiting]) -> None:
    if cites:
        click.echo("\n引用 Cites")
        print_table(
            [
                (
                    words_for(CITATIONS, one["kind"]),
                    one["document_number"] or "",
                    clip(one["title"], _NAME),
                    one["cited_notice"] or "未收录 not held",
                )
                for one in cites
            ],
            ["kind", "number", "title", "notice"],
        )
    if cited_by:
        click.echo("\n被引用 Cited by")
        print_table(
            [
                (
                    words_for(CITATIONS, one["kind"]),
                    one["published_on"] or "",
                    clip(one["title"], _NAME),
                    one["notice"],
                )
                for one in cited_by[:_CITING]
            ],
            ["kind", "published", "title", "notice"],
        )
        if len(cited_by) > _CITING:
            click.echo(f"… 共 {len(cited_by)} 处 in all; --json gives them")


def _print_relations(related: Sequence[ShownRelation]) -> None:
    """What texts and titles tell; what citations say stands above."""
    if not related:
        return
    click.echo("\n相关 Related")
    print_table(
        [
            (
                RELATIONS[one["kind"]][0 if one["is_from"] else 1],
                one["published_on"] or "",
                clip(one["title"], _NAME),
                one["notice"],
                relation_words(one["why"]),
            )
            for one in related[:_CITING]
        ],
        ["relation", "published", "title", "notice", "why"],
    )
    if len(related) > _CITING:
        click.echo(f"… 共 {len(related)} 条 in all; --json gives them")


def _now_at(notice: DatasetNotice, copies: Sequence[ShownCopy]) -> list[str]:
    """Where the source of an original that moved shows it now."""
    moved = [copy for copy in copies if copy["url"] == notice["original_url"] and copy["state"] == "moved"]
    sources = {copy["source"] for copy in moved}
    return [copy["url"] for copy in copies if copy["source"] in sources and copy["state"] == "live"]


def _original(notice: DatasetNotice) -> str:
    if notice["original_url"] is None:
        return "未知 unknown: no official first publication was found"
    return notice["original_url"] + ("" if notice["original_captured"] else "  (未采集 named by a copy, not captured)")
