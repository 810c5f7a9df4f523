"""Security headers on every answer of a server that serves an archive.

Stock pages of Datasette carry inline scripts and styles, ours none: our pages set their own, stricter policy. Every
request begins here, so its language is chosen here, too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from archive.browse.cells import forget_search
from archive.browse.language import begin, without_language
from archive.browse.policies import STOCK_POLICY
from archive.browse.served import archives

if TYPE_CHECKING:
    from datasette.app import Datasette

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_POLICY = "content-security-policy"
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    _POLICY: STOCK_POLICY,
}


def add_headers(datasette: Datasette) -> Callable[[App], App]:
    """Wrap an ASGI application so that its answers carry the headers they do not set themselves."""

    def wrap(app: App) -> App:
        async def wrapped(scope: Message, receive: Receive, send: Send) -> None:
            remembered = begin(scope.get("headers") or [], scope.get("query_string") or b"")

            async def send_guarded(message: Message) -> None:
                if message["type"] == "http.response.start" and archives(datasette):
                    message = {**message, "headers": _with_headers(message.get("headers") or [], remembered)}
                await send(message)

            forget_search()
            if _is_ours(datasette, scope.get("path") or ""):
                scope = {**scope, "query_string": without_language(scope.get("query_string") or b"")}
            await app(scope, receive, send_guarded)

        return wrapped

    return wrap


def _is_ours(datasette: Datasette, path: str) -> bool:
    """Whether an address is read by us: a server with an archive, and not the page of another database there."""
    first = path.removeprefix(datasette.setting("base_url").rstrip("/")).strip("/").split("/")[0]
    served = archives(datasette)
    return bool(served) and (first in served or first not in datasette.databases)


def _with_headers(headers: list[tuple[bytes, bytes]], cookie: str | None) -> list[tuple[bytes, bytes]]:
    given = {name.lower() for name, _ in headers}
    return [
        *headers,
        *([(b"set-cookie", cookie.encode())] if cookie else []),
        (b"vary", b"Accept-Language, Cookie"),
        *((name.encode(), value.encode()) for name, value in _ALWAYS.items() if name.encode() not in given),
    ]
