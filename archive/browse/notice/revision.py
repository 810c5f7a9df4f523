"""One revision of a notice for ever: `/notice/<id>/r/<n>`, its text as a file, and citations as files.

`?text=` is the mark of the text that is meant: another text is never shown for it. `?copy=` names the copy whose
revisions are counted, by its url key.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from archive.browse.notice.citation import cite_document
from archive.browse.notice.picking import Answer, Found, Moved, NoRevision, find_as_of, find_current, find_numbered
from archive.browse.pages import allow, database_of, page_path, read, show
from archive.dates import BEIJING
from archive.references import FORMS
from archive.references.address import read_mark

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

_PLAIN = "text/plain; charset=utf-8"


async def revision_view(request: Request, datasette: Datasette) -> Response:
    """Show one revision as the document was then; 404 where it is not held, with what there is instead."""
    database, answer = await _find(request, datasette, _by_number(request))
    if isinstance(answer, Found):
        return await _show(request, datasette, database, answer)
    return await otherwise(request, datasette, database, answer, f"/r/{request.url_vars['number']}")


async def as_of_view(request: Request, datasette: Datasette) -> Response:
    """Show the revision that was current at the end of a day in Beijing; 400 where `?at=` is no day."""
    database, answer = await _find(request, datasette, _by_day(request))
    if isinstance(answer, Found):
        return await _show(request, datasette, database, answer, day=_day(request))
    return await otherwise(request, datasette, database, answer)


async def text_view(request: Request, datasette: Datasette) -> Response:
    """The text of a revision byte for byte; with a mark only the very text that is marked so."""
    from datasette.utils.asgi import Response

    database, answer = await _find(request, datasette, _by_number(request))
    answer = _exact(answer)
    if isinstance(answer, Found):
        return Response(answer.page.document.row["text"] or "", content_type=_PLAIN)
    return await otherwise(request, datasette, database, answer, f"/r/{request.url_vars['number']}.txt")


async def citation_view(request: Request, datasette: Datasette) -> Response:
    """The citation of a revision in one form as a file; without a number of that of a day, else of now."""
    from datasette.utils.asgi import Response

    number, ending, given = (request.url_vars.get(name) for name in ("number", "ending", "id"))
    if number:
        finder = _by_number(request)
    elif request.args.get("at"):
        finder = _by_day(request)
    else:
        finder = partial(find_current, given=given)
    database, answer = await _find(request, datasette, finder)
    answer = _exact(answer)
    if not isinstance(answer, Found):
        behind = f"/r/{number}.{ending}" if number else f".{ending}"
        return await otherwise(request, datasette, database, answer, behind)
    citation = cite_document(request, datasette, database, answer.page.document)
    assert citation is not None  # noqa: S101  a revision that was found is on record
    text = next(form.text for form in citation.forms if form.ending == ending)
    headers = {"content-disposition": f'attachment; filename="{given}.{ending}"'}
    return Response(text, content_type=FORMS[ending].media_type, headers=headers)


async def otherwise(
    request: Request, datasette: Datasette, database: str, answer: Moved | NoRevision, behind: str = ""
) -> Response:
    """Send on to what stands `behind` the id of now, or say why there is no such revision."""
    from datasette.utils.asgi import Response

    if isinstance(answer, Moved):
        own = {"copy": answer.copy} if answer.copy and behind.startswith("/") else {}
        query = urlencode({**own, **{name: request.args[name] for name in request.args if name != "lang"}})
        path = page_path(datasette, database, "notice", answer.notice) + behind
        return Response.redirect(f"{path}?{query}" if query else path)
    asked = request.args.get("at") or request.url_vars.get("number")
    context = {"why": answer.why, "given": request.url_vars["id"], "answer": answer, "asked": asked}
    status = 400 if answer.why in ("no_mark", "no_day") else 404
    return await show(request, datasette, database, "minzheng_no_revision.html", context, status=status)


def _by_number(request: Request) -> Callable[[sqlite3.Connection], Answer]:
    """What finds the revision that an address names."""
    given, number, printed = request.url_vars["id"], int(request.url_vars["number"]), request.args.get("text")
    mark = read_mark(printed) if printed is not None else None
    if printed is not None and mark is None:
        return lambda _: NoRevision(why="no_mark")
    return lambda conn: find_numbered(conn, given, number, mark=mark, copy=request.args.get("copy"))


def _by_day(request: Request) -> Callable[[sqlite3.Connection], Answer]:
    """What finds the revision of the day that an address names."""
    given, day = request.url_vars["id"], _day(request)
    return lambda conn: NoRevision(why="no_day") if day is None else find_as_of(conn, given, day)


def _day(request: Request) -> date | None:
    try:
        return date.fromisoformat(request.args["at"])
    except ValueError:
        return None


def _exact(answer: Answer) -> Answer:
    """The same, unless the text that was found is the marked one in its words only: a file has no place to say so."""
    if not isinstance(answer, Found) or answer.picked.likeness == "exact":
        return answer
    return NoRevision(why="no_text", notice=answer.page.notice, states=[answer.picked.state])


async def _find(
    request: Request, datasette: Datasette, finder: Callable[[sqlite3.Connection], Answer]
) -> tuple[str, Answer]:
    database = database_of(request, datasette)
    await allow(request, datasette, database, "notices", "revisions")
    return database, await read(datasette, database, finder)


async def _show(
    request: Request, datasette: Datasette, database: str, found: Found, *, day: date | None = None
) -> Response:
    citation = cite_document(request, datasette, database, found.page.document)
    context: dict[str, Any] = {"page": found.page, "picked": found.picked, "day": day, "citation": citation}
    context["is_over"] = day is not None and day < datetime.now(BEIJING).date()
    return await show(request, datasette, database, "minzheng_revision.html", context)
