"""`minzheng export`: the notices as files, a release, the evidence of one notice, or what one issue is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Unpack

import click

from archive.commands import PUBLIC_URL
from archive.commands.selection import NAMES, Selected, is_given, selecting
from archive.commands.stopping import ending_in_order
from archive.commands.terminal import as_json


class Formats(click.ParamType[tuple[str, ...]]):
    """One or more format names with commas between them."""

    name = "FORMAT[,FORMAT]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Split the names and refuse unknown ones."""
        from archive.export.evidence import EVIDENCE
        from archive.export.formats import NAMES

        known = (*NAMES, *EVIDENCE)
        names = tuple(name.strip() for name in value.split(",")) if isinstance(value, str) else ()
        for name in names:
            if name not in known:
                self.fail(f"{name!r} is no format. Known: {', '.join(known)}", param, ctx)
        return names


class Size(click.ParamType[int]):
    """A number of bytes, such as 500MB."""

    name = "SIZE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number and its unit."""
        import re

        found = re.fullmatch(r"(\d+)\s*([kMGT]?)B?", str(value))
        if found is None or int(found[1]) == 0:
            self.fail(f"{value!r} is no size; write it as 500MB.", param, ctx)
        thousands: int = 1000 ** " kMGT".index(found[2] or " ")
        return int(found[1]) * thousands


class Given(Selected):
    """What the options say, by the names of their parameters."""

    formats: tuple[tuple[str, ...], ...]
    release: str | None
    previous: str | None
    changed_since: str | None
    with_files: bool
    shard_size: int | None
    notice: str | None
    issue: str | None
    unmasked: bool
    public: bool
    dry_run: bool
    as_json: bool


@click.command()
@click.argument("target", metavar="DIR|FILE.warc.gz", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "formats",
    type=Formats(),
    multiple=True,
    help="csv, jsonl, parquet, sqlite, xlsx, ris, bib, csl.json, gbt.txt, warc, wacz; several with commas.",
)
@click.option("--release", metavar="NAME", help="A release of that name: every table, described, checkable.")
@click.option("--previous", metavar="RELEASE", help="Of a release: tell its changes from this one; a name or a folder.")
@click.option("--changed-since", metavar="RELEASE", help="Of a release: only what is not as it was in this one.")
@click.option("--files", "with_files", is_flag=True, help="Of a release: attached files come along.")
@click.option("--shard-size", type=Size(), help="Of a release: begin another file after so much.  [default: 500MB]")
@click.option("--notice", metavar="ID", help="All evidence of this notice as a folder with a page that explains it.")
@click.option("--issue", metavar="ID", help="The exchanges of this issue as one WARC file; goes with no other option.")
@selecting
@click.option("--unmasked", is_flag=True, help="Personal data as printed; it is put down in exports.jsonl.")
@click.option("--public", is_flag=True, hidden=True)  # was needed for what is done always now
@click.option("--dry-run", is_flag=True, help="Write nothing; say how many notices it would be.")
@as_json
@click.pass_context
@ending_in_order()
def export(ctx: click.Context, target: Path, **given: Unpack[Given]) -> None:
    """Write notices as a dataset, a whole release, or evidence.

    With --format: DIR/notices.csv, .jsonl and so on, one notice a row with its copies and attachments. With --release
    a folder to publish: every table as CSV, JSON Lines, Parquet and SQLite, with card, dictionary, digests and what
    changed since the release before (docs/datasets.md). Run again after a stop, it goes on where it was.

    Identity numbers, phones, bank cards and long lists of names are masked unless --unmasked is given. What was taken
    down (`minzheng takedown`) is never in it. The same command over an unchanged archive gives the same bytes.

    Options that narrow must all hold. A notice without a publication day is left out when --since or --until is given.

    With --issue ID the target is a file: FILE.warc.gz gets the answers, redirects, robots.txt and notes of that issue,
    as they were kept. Elsewhere `minzheng sources check KEY --from FILE.warc.gz` or `minzheng ingest FILE.warc.gz`
    shows the same.
    """
    what = _what(given)
    _keep_out_of_captures(ctx.obj, target)
    base = ctx.meta.get(PUBLIC_URL, lambda: None)()
    if what == "issue":
        from archive.commands.export_evidence import export_issue

        export_issue(ctx.obj, target, str(given["issue"]), as_json=given["as_json"])
    elif what == "notice":
        from archive.commands.export_evidence import export_notice

        export_notice(ctx.obj, target, str(given["notice"]), unmasked=given["unmasked"], as_json=given["as_json"])
    elif what == "release":
        from archive.commands.export_release import export_release

        export_release(ctx.obj, target, given, base=base)
    else:
        from archive.commands.export_notices import export_notices

        export_notices(ctx.obj, target, given, base=base)


_OF_A_RELEASE: Final = {
    "previous": "--previous",
    "changed_since": "--changed-since",
    "with_files": "--files",
    "shard_size": "--shard-size",
}
_OF_ALL: Final = {"formats": "--format", "dry_run": "--dry-run", **NAMES}
_ALLOWED: Final = {
    "issue": {"as_json"},
    "notice": {"as_json", "unmasked"},
    "release": {"as_json", "unmasked", "public", *_OF_A_RELEASE, *_OF_ALL},
    "format": {"as_json", "unmasked", "public", *_OF_ALL},
}
"""What each of the things that can be exported may be narrowed or told by."""
_SPELLED: Final = {"unmasked": "--unmasked", "public": "--public", **_OF_A_RELEASE, **_OF_ALL}


def _keep_out_of_captures(folder: Path, target: Path) -> None:
    """Refuse a place where the next `index` would take what is written for evidence. Raises: click.UsageError."""
    captures = folder / "warc"
    if target.resolve().is_relative_to(captures.resolve()):
        raise click.UsageError(f"{target} is in {captures}, where the archive keeps its captures; name another place.")


def _what(given: Given) -> str:
    """Which of them is asked for. Raises: click.UsageError for none, several, or options that do not go with it."""
    said: dict[str, Any] = {name: value for name, value in given.items() if is_given(value)}
    asked: list[str] = [name for name in ("issue", "notice", "release") if given.get(name) is not None]
    if not asked and "formats" not in said:
        raise click.UsageError(
            "Give --format csv, jsonl or another one for the notices, --release NAME for a whole release,"
            " --notice ID for the evidence of one notice, or --issue ID for one issue."
        )
    if len(asked) > 1:
        raise click.UsageError(f"--{asked[0]} and --{asked[1]} are two exports; give one of them.")
    what = asked[0] if asked else "format"
    for name in said:
        if name != what and name not in _ALLOWED[what]:
            raise click.UsageError(f"{_SPELLED[name]} does not go with --{what}; leave it out.")
    if given["public"] and given["unmasked"]:
        raise click.UsageError("--public masks what --unmasked shows; give one of them.")
    if given["previous"] and given["changed_since"]:
        raise click.UsageError("--changed-since names the release before already; leave --previous out.")
    if given["changed_since"] and given["sample"]:
        raise click.UsageError("--sample draws among all that is chosen, --changed-since leaves most out; give one.")
    return what
