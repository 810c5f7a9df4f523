"""Security headers on every answer of a server that serves an archive.

Stock pages of Datasette carry inline scripts and styles, ours none: our pages set their own, stricter policy.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from archive.browse.cells import forget_search
from archive.browse.served import archives

if TYPE_CHECKING:
    from datasette.app import Datasette

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

STOCK_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
OWN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
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
            async def send_guarded(message: Message) -> None:
                if message["type"] == "http.response.start" and archives(datasette):
                    message = {**message, "headers": _with_headers(message.get("headers") or [])}
                await send(message)

            forget_search()
            await app(scope, receive, send_guarded)

        return wrapped

    return wrap


def _with_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    given = {name.lower() for name, _ in headers}
    return [
        *headers,
        *((name.encode(), value.encode()) for name, value in _ALWAYS.items() if name.encode() not in given),
    ]
