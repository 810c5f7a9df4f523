"""What was edited or taken away after it was published: `/changes`, and its feed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from archive.browse.atom import Entry, lasting_id
from archive.browse.feeds import show_feed
from archive.browse.language import say
from archive.browse.pages import allow, database_of, page_path, read, show
from archive.browse.watch.changes_page import CLASSES, ChangeShown, Wanted, read_changes
from archive.store.times import read_instant

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

_TABLES: Final = ("notices", "copies", "revisions", "sources")
_DIGITS: Final = 6
"""Of a page's number: nobody turns further."""


async def changes_view(request: Request, datasette: Datasette) -> Response:
    """Show edits and withdrawals: `?class=`, `?agency=`, `?source=`, `?order=newest`, `?slight=1`, `?page=`."""
    database = database_of(request, datasette)
    await allow(request, datasette, database, *_TABLES)
    wanted = _wanted(request)
    page = await read(datasette, database, partial(read_changes, wanted=wanted))
    context = {"page": page, "wanted": wanted, "asked": _asked(wanted), "diff": partial(_diff, datasette, database)}
    return await show(request, datasette, database, "minzheng_changes.html", context)


async def changes_feed(request: Request, datasette: Datasette) -> Response:
    """Give the newest of the same as Atom; in whatever order they are asked for."""
    database = database_of(request, datasette)
    await allow(request, datasette, database, *_TABLES)
    asked = _wanted(request)
    wanted = Wanted(kind=asked.kind, agency=asked.agency, source=asked.source, slight=asked.slight, order="newest")
    page = await read(datasette, database, partial(read_changes, wanted=wanted))
    kept = _asked(wanted)
    return show_feed(
        request,
        datasette,
        id=lasting_id("changes", *(f"{name}={value}" for name, value in sorted(kept.items()))),
        title=say("变动", "Changes"),
        page=page_path(datasette, database, "changes", **kept),
        updated_at=page.looked_at,
        entries=[_entry(request, datasette, database, change) for change in page.changes],
    )


def _wanted(request: Request) -> Wanted:
    """What an address asks for; what makes no sense asks for nothing."""
    kind, number = request.args.get("class"), request.args.get("page") or ""
    return Wanted(
        kind=kind if kind in CLASSES else None,
        agency=request.args.get("agency") or None,
        source=request.args.get("source") or None,
        order="newest" if request.args.get("order") == "newest" else "rank",
        slight=bool(request.args.get("slight")),
        page=max(int(number), 1) if number.isdecimal() and len(number) <= _DIGITS else 1,
    )


def _asked(wanted: Wanted) -> dict[str, str]:
    """The same as a query, without its page; what is not asked for is left out."""
    asked = {
        "class": wanted.kind,
        "agency": wanted.agency,
        "source": wanted.source,
        "order": None if wanted.order == "rank" else wanted.order,
        "slight": "1" if wanted.slight else None,
    }
    return {name: value for name, value in asked.items() if value}


def _diff(datasette: Datasette, database: str, change: ChangeShown) -> str:
    """Where a change is seen: an edit beside what was before it, a copy that is gone on the notice's page."""
    if change.number is None:
        return page_path(datasette, database, "notice", change.row["id"])
    between = {"from": change.number - 1, "to": change.number}
    return page_path(datasette, database, "notice", change.row["id"], "diff", **between)


def _entry(request: Request, datasette: Datasette, database: str, change: ChangeShown) -> Entry:
    row = change.row
    is_edit = change.number is not None
    classes = [say(words) for words in change.classes] if is_edit else [say(change.state)]
    named = row["title"] or say("（无标题）", "(untitled)")
    # that a copy which was missed is gone for certain is news of its own
    turn = ("edit", str(change.number)) if is_edit else (row["state"], change.at)
    return Entry(
        id=lasting_id("change", row["copy"], *turn),
        title=f"[{say('、', ', ').join(classes)}] {named}",
        address=datasette.absolute_url(request, _diff(datasette, database, change)),
        updated_at=read_instant(change.at),
        summary=change.headline if is_edit else row["copy"],
        authors=[row["issuing_agency"]] if row["issuing_agency"] else [],
        categories=classes,
    )
