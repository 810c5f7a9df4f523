"""`minzheng cite`: the citation of a notice's text, as the box on its page has it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Final, NoReturn

import click

from archive.commands import PUBLIC_URL
from archive.commands.terminal import NOTHING_USABLE, Day, Words, as_json, day_of, end, print_json, reading, resolve

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.browse.notice.picking import Answer, Found
    from archive.references.reference import Reference
    from archive.store import Database

_FORMS: Final = {"gbt": "gbt.txt", "bibtex": "bib", "ris": "ris", "csl-json": "csl.json"}
"""Names of forms on the command line, and the endings under which `archive.references` has them."""


@click.command()
@click.argument("notice", metavar="ID-OR-URL", type=Words())
@click.option("--form", type=click.Choice(list(_FORMS)), default="gbt", show_default=True, help="How it is written.")
@click.option("--at", type=Day(), help="Cite the text that stood at the end of that day in Beijing.")
@click.option("--revision", type=click.IntRange(1), metavar="N", help="Cite the revision of that number.")
@click.option("--base", metavar="URL", help="Where the archive is served; else `public_url` of minzheng.toml.")
@as_json
@click.pass_context
def cite(
    ctx: click.Context,
    notice: str,
    *,
    form: str,
    at: str | None,
    revision: int | None,
    base: str | None,
    as_json: bool,
) -> None:
    """Print how a text of a notice is cited.

    The text is the one that the notice has now, unless a day or a revision is named. Revisions are those of the copy
    whose address is given, else of the copy that gave the notice its id; `minzheng history` lists them.

    The citation carries the address of this very text in the archive as it is served (docs/citing.md), the day of the
    capture that showed it last, the address of the original and the text digest. Without `--base` and `public_url` the
    address is that of `minzheng serve` on this machine.

    With --json it is one CSL-JSON item whose `custom` has the notice, the revision and the digests.
    """
    from archive.references import FORMS

    if at is not None and revision is not None:
        raise click.UsageError("--at and --revision both choose the text; leave one out")
    base = base or ctx.meta.get(PUBLIC_URL, lambda: None)()
    if base is not None:
        _check_base(base)
    with reading(ctx.obj) as (archive, db):
        found = _find(archive, db, notice, at=at, revision=revision)
    reference = _refer(found, base or _local())
    _tell_masked(found)
    if as_json:
        print_json(_as_json(found, reference))
        return
    click.echo("".join(FORMS[_FORMS[form]].write([reference])), nl=False)


def _check_base(given: str) -> None:
    from archive.browse.links import is_web

    if not is_web(given) or "?" in given or "#" in given:
        raise click.BadParameter(
            f"{given!r} is no such address as https://archive.example.org/", param_hint="--base or public_url"
        )


def _local() -> str:
    """Where `minzheng serve` serves the archive, which leads there on this machine only."""
    from archive.browse.serve import HOST, PORT

    local = f"http://{HOST}:{PORT}"
    click.echo(f"Others cannot open {local}; name where the archive is served with --base or public_url.", err=True)
    return local


def _find(archive: Archive, db: Database, wanted: str, *, at: str | None, revision: int | None) -> Found:
    """The text that is meant; ends with a message where there is none."""
    from archive.browse.notice.picking import Found, Moved

    notice = resolve(archive, wanted)
    with db.atomic():
        answer = _pick(db, _as_id(wanted), at=at, revision=revision)
        if isinstance(answer, Moved):
            answer = _pick(db, answer.notice, copy=answer.copy, at=at, revision=revision)
    if not isinstance(answer, Found):
        _give_up(answer, notice, at=at, revision=revision)
    return answer


def _as_id(wanted: str) -> str:
    """An address as the id that it gave to a notice, or could have given: by that its own revisions are counted."""
    from archive.urls import notice_id, url_key

    try:
        return notice_id(url_key(wanted))
    except ValueError:  # an id is no address
        return wanted


def _pick(db: Database, notice: str, *, copy: str | None = None, at: str | None, revision: int | None) -> Answer:
    from archive.browse.notice.picking import find_as_of, find_current, find_numbered

    if at is not None:
        return find_as_of(db.conn, notice, date.fromisoformat(at))
    if revision is not None:
        return find_numbered(db.conn, notice, revision, mark=None, copy=copy)
    return find_current(db.conn, notice)


def _give_up(answer: Answer, notice: str, *, at: str | None, revision: int | None) -> NoReturn:
    """End: as a usage error where no revision has the number, else with code 4."""
    from archive.browse.notice.picking import NoRevision

    if revision is not None:
        message = f"{notice} has no revision {revision}; `minzheng history` lists them"
        raise click.BadParameter(message, param_hint="--revision")
    if at is not None and isinstance(answer, NoRevision) and answer.first_seen_at is not None:
        first = day_of(answer.first_seen_at)
        end(f"Nothing of {notice} was captured by the end of {at}; the first capture is of {first}", NOTHING_USABLE)
    end(f"No text of {notice} is on record; `minzheng index` may bring it up to date", NOTHING_USABLE)


def _refer(found: Found, base: str) -> Reference:
    from archive.browse.notice.states import named_in_address
    from archive.references.address import address_of, mark_of
    from archive.references.held import reference_of

    row, state = found.page.document.row, found.page.state
    mark = mark_of(row["text"], state.text_digest)
    address = address_of(base, row["id"], state.number, mark, copy=named_in_address(state, row["id"]))
    return reference_of(row, address=address, seen_at=state.seen_to)


def _tell_masked(found: Found) -> None:
    """Say on stderr that a public edition, where that may be served, has another text under another address."""
    from archive.masks import mask

    if mask(found.page.document.row["text"] or "").places:
        click.echo("It has personal data: a public edition masks them, and does not open this address.", err=True)


def _as_json(found: Found, reference: Reference) -> dict[str, object]:
    """The item of CSL-JSON, and under `custom`, which the form has for it, what the archive knows beside it."""
    from archive.references import FORMS
    from archive.references.reference import sha256

    state = found.page.state
    (item,) = json.loads("".join(FORMS["csl.json"].write([reference])))
    about = {
        "notice": reference.id,
        "revision": state.number,
        "copy": state.url,
        "seen_from": state.seen_from,
        "seen_to": state.seen_to,
        "original_url": reference.original_url,
        "text_digest": reference.text_digest,
        "sha256": sha256(found.page.document.row["text"] or ""),
    }
    return {**item, "custom": about}
