"""Security headers on every answer of a server that serves an archive, errors and static files among them.

Every request begins here, so its language and its nonce are chosen here, too. Our own pages set a stricter policy than
the stock ones, whose templates carry scripts: each gets the nonce where its source is loaded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from archive.browse.language import begin, without_language
from archive.browse.policies import stock_policy
from archive.browse.profile import may_be_indexed
from archive.browse.served import archives
from archive.browse.stock.cells import forget_search

if TYPE_CHECKING:
    from datasette.app import Datasette

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

NOT_INDEXED = "noindex, nofollow"

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}
_nonce: ContextVar[str] = ContextVar("minzheng_nonce", default="")


def csp_nonce() -> str:
    """What a script that stands in a page must carry to run, in this answer and no other."""
    return _nonce.get()


def add_headers(datasette: Datasette) -> Callable[[App], App]:
    """Wrap an ASGI application so that its answers carry the headers they do not set themselves."""

    def wrap(app: App) -> App:
        async def wrapped(scope: Message, receive: Receive, send: Send) -> None:
            remembered = begin(scope.get("headers") or [], scope.get("query_string") or b"")
            _nonce.set(token_urlsafe(16))

            async def send_guarded(message: Message) -> None:
                if message["type"] == "http.response.start" and archives(datasette):
                    message = {**message, "headers": _with_headers(datasette, message.get("headers") or [], remembered)}
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


def _with_headers(
    datasette: Datasette, headers: list[tuple[bytes, bytes]], cookie: str | None
) -> list[tuple[bytes, bytes]]:
    given = {name.lower() for name, _ in headers}
    wanted = {**_ALWAYS, "content-security-policy": stock_policy(csp_nonce())}
    if not may_be_indexed(datasette):
        wanted["x-robots-tag"] = NOT_INDEXED
    return [
        *headers,
        *([(b"set-cookie", cookie.encode())] if cookie else []),
        (b"vary", b"Accept-Language, Cookie"),
        *((name.encode(), value.encode()) for name, value in wanted.items() if name.encode() not in given),
    ]
