"""A capture as it was kept: `/capture/<record id>` with its source, `…/view` without scripts, and its bytes.

What a page is asked for by is the id of its WARC record, which no rebuild changes. Nothing that was captured runs here:
the source is shown as text, the look at it under a policy that lets nothing in, and bytes are handed out as a file.
"""

from __future__ import annotations

from asyncio import to_thread
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from archive.browse.links import outward
from archive.browse.pages import allow, database_of, read, show
from archive.browse.policies import RAW_POLICY

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

    from archive.browse.capture.page import Capture

_BINARY: Final = "application/octet-stream"


async def capture_view(request: Request, datasette: Datasette) -> Response:
    """Show the messages and the source; `?field=NAME` at the place where that field was read, `?from=N` further on."""
    from archive.browse.capture.page import show_capture
    from archive.browse.capture.record import warc_folder

    database, capture = await _find(request, datasette)
    wanted = request.args.get("from") or ""
    start = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 0
    field = request.args.get("field") or None
    shown = await to_thread(show_capture, capture, field=field, start=start)
    context = {
        "page": shown,
        "payload": capture.payload,
        "field": field,
        "outward": outward,
        "has_folder": warc_folder(datasette, database) is not None,
    }
    return await show(request, datasette, database, "minzheng_capture.html", context)


async def rendering_view(request: Request, datasette: Datasette) -> Response:
    """Show the words of a captured page, without anything that could run, draw or fetch."""
    from datasette.utils.asgi import NotFound, Response

    from archive.browse.capture.page import read_source
    from archive.browse.capture.rendering import render

    _, capture = await _find(request, datasette, with_record=True)
    assert capture.stored is not None  # noqa: S101  asked for above
    exchange = capture.stored.exchange
    source = await to_thread(read_source, exchange)
    if source is None or not source.is_page:
        raise NotFound("This record holds no page")
    body = await datasette.render_template(
        "minzheng_rendering.html",
        {"row": capture.row, "body": render(source.text, exchange.url)},
        request=request,
    )
    return Response.html(body, headers={"Content-Security-Policy": RAW_POLICY})


async def record_view(request: Request, datasette: Datasette) -> Response:
    """Hand out the records of an exchange, the answer and what was asked, as they stand in the file."""
    from archive.browse.capture.record import record_bytes, warc_folder

    database, capture = await _find(request, datasette, with_record=True)
    stored, folder = capture.stored, warc_folder(datasette, database)
    assert stored is not None  # noqa: S101  asked for above
    assert folder is not None  # noqa: S101  it was read from there
    data = await to_thread(record_bytes, folder, stored)
    return _file(data, f"{_plain(capture)}.warc{'.gz' if stored.is_packed else ''}")


async def payload_view(request: Request, datasette: Datasette) -> Response:
    """Hand out the body as it was sent, without its content coding; as a file, whatever it is."""
    from datasette.utils.asgi import NotFound

    from archive.page import Unreadable, decode_body

    _, capture = await _find(request, datasette, with_record=True)
    assert capture.stored is not None  # noqa: S101  asked for above
    exchange = capture.stored.exchange
    if exchange.body is None:
        raise NotFound("This record says that nothing had changed; the payload is in the record that it names")
    try:
        body = decode_body(exchange.body, exchange.headers)
    except Unreadable:
        body = exchange.body
    return _file(body, f"{_plain(capture)}{_ending(exchange.url)}")


async def _find(request: Request, datasette: Datasette, *, with_record: bool = False) -> tuple[str, Capture]:
    """The archive and the capture that an address names; `with_record` only if its record can be read here."""
    from datasette.utils.asgi import NotFound

    from archive.browse.capture.page import read_capture
    from archive.browse.capture.record import warc_folder

    database = database_of(request, datasette)
    await allow(request, datasette, database, "captures")
    record, folder = unquote(request.url_vars["record"]), warc_folder(datasette, database)

    def look(conn: sqlite3.Connection) -> Capture | None:
        return read_capture(conn, record, folder)

    capture: Capture | None = await read(datasette, database, look)
    if capture is None:
        raise NotFound(f"No capture {record[:80]!r}")
    if with_record and capture.stored is None:
        raise NotFound(capture.missing or "Raw captures are not offered here")
    return database, capture


def _file(data: bytes, name: str) -> Response:
    from datasette.utils.asgi import Response

    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": RAW_POLICY,
        "Content-Length": str(len(data)),
    }
    return Response(data, headers=headers, content_type=_BINARY)


def _plain(capture: Capture) -> str:
    """The record id as part of a file's name."""
    return "".join(one if one.isascii() and one.isalnum() else "-" for one in str(capture.row["record_id"]))[-36:]


def _ending(url: str) -> str:
    ending = Path(url.split("?", maxsplit=1)[0].rpartition("/")[2]).suffix
    return ending if ending.isascii() and ending[1:].isalnum() and len(ending) < 7 else ""
