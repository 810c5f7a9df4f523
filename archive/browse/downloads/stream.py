"""A file that is written while it is sent: some notices are read, written and gone before the next are read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Final

from archive.browse.downloads.forms import Downloaded, Form, Search
from archive.browse.pages import read

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_AT_ONCE: Final = 100
"""Notices that are read in one transaction: a long one would hold back the writer's checkpoints."""
_PIECE: Final = 1 << 16


class Hits:
    """The hits as the forms read them, from whichever connection the next of them are to be read."""

    def __init__(
        self, numbers: Sequence[int], *, make: Callable[[sqlite3.Connection, Sequence[int]], list[Downloaded]]
    ) -> None:
        self._numbers = numbers
        self._make = make
        self.conn: sqlite3.Connection | None = None

    def __iter__(self) -> Iterator[Downloaded]:
        for start in range(0, len(self._numbers), _AT_ONCE):
            if self.conn is None:
                raise RuntimeError("hits are read while a connection is lent to them")
            yield from self._make(self.conn, self._numbers[start : start + _AT_ONCE])


class Stream:
    """An answer that is written while it is sent; the reading stops when nobody takes it any more."""

    def __init__(
        self,
        request: Request,
        datasette: Datasette,
        database: str,
        *,
        form: Form,
        search: Search,
        hits: Hits,
        name: str,
    ) -> None:
        self._request = request
        self._datasette = datasette
        self._database = database
        self._hits = hits
        self._pieces = form.write(search, hits)
        self.status = 200
        self.headers = {
            "content-type": form.media_type,
            "content-disposition": name,
            "x-total-count": str(search.total),
        }

    async def asgi_send(self, send: Send) -> None:
        """Send the head, then piece after piece."""
        headers = [[key.encode("latin-1"), value.encode("latin-1")] for key, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        context = copy_context()  # threads do not know the language by themselves
        gone = asyncio.ensure_future(self._gone())
        try:
            while not gone.done():
                piece, is_last = await read(
                    self._datasette, self._database, lambda conn: context.run(self._write_some, conn)
                )
                if piece or is_last:
                    await send({"type": "http.response.body", "body": piece, "more_body": not is_last})
                if is_last:
                    break
        finally:
            gone.cancel()
            with suppress(ValueError):  # a thread is writing still; what it holds goes with it
                self._pieces.close()

    def _write_some(self, conn: sqlite3.Connection) -> tuple[bytes, bool]:
        """The next piece, and whether it is the last; in a thread, whose connection is lent to the hits."""
        self._hits.conn = conn
        written: list[bytes] = []
        size = 0
        try:
            for count, piece in enumerate(self._pieces):
                written.append(piece)
                size += len(piece)
                if size >= _PIECE or count >= _AT_ONCE:
                    return b"".join(written), False
        finally:
            self._hits.conn = None
        return b"".join(written), True

    async def _gone(self) -> None:
        """Return when whoever asked has gone."""
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
