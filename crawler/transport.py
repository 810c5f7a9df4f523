"""Over what an address is reached: strict TLS, then the TLS of old servers, then http; certificates always hold.

`TransportHandler` shakes hands strictly, and where that fails once more the old way: TLS 1.0 and 1.1, small keys, old
digests and renegotiation. Nothing was asked before hands were shaken, so the server sees one request. An expired
certificate, or one of another name, is no better in the old way. What then remains is the twin of the address in the
other scheme, which the spider asks (`spiders/failing.py`). What worked is remembered (`frontier/hosts.py`).
"""

from __future__ import annotations

from typing import Final, Protocol, cast
from urllib.parse import urlsplit

from OpenSSL.SSL import OP_LEGACY_SERVER_CONNECT
from OpenSSL.SSL import Error as TlsError
from scrapy import Request
from scrapy.core.downloader.contextfactory import _get_creator_context
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, TunnelError
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from service_identity import VerificationError
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.ssl import TLSVersion, optionsForClientTLS
from twisted.web.client import BrowserLikePolicyForHTTPS, ResponseFailed, ResponseNeverReceived
from twisted.web.iweb import IPolicyForHTTPS

from archive.records import Transport
from archive.urls import twin

TRANSPORT: Final = "transport"
"""The meta key of how an answer crossed the wire."""
TWIN: Final = "twin"
"""The meta key of a request that is the second scheme's turn."""
_OLD_CIPHERS: Final = b"DEFAULT:!aNULL:!eNULL:@SECLEVEL=0"
"""All that is left in OpenSSL, less what needs no certificate."""
_OLD_RENEGOTIATION: Final = 0x40000
"""SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION, which pyOpenSSL does not name."""
_FAILURES: Final = (DownloadFailedError, DownloadTimeoutError, DownloadConnectionRefusedError, TunnelError)


class Memory(Protocol):
    """What is remembered of hosts; an authority is a host, with its port where that is not the scheme's own."""

    def transport(self, authority: str, scheme: str) -> Transport | None:
        """Over what the addresses of this scheme were reached; None where it must be found out."""
        ...

    def learn(self, authority: str, scheme: str, transport: Transport) -> None:
        """The addresses of this scheme were reached so."""
        ...


class RememberingSpider(Protocol):
    """What the handler needs of a spider."""

    hosts: Memory


class TransportHandler(HTTP11DownloadHandler):
    """Scrapy's handler of http and https; puts the transport of an answer into the request's meta."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._policy = _Policy(self._contextFactory)
        self._contextFactory = cast("IPolicyForHTTPS", self._policy)

    async def download_request(self, request: Request) -> Response:
        """Ask. Raises what the strict handshake raised, where no way of shaking hands was any good."""
        authority, scheme = split(request.url)
        if scheme == "http":
            response = await super().download_request(request)
            request.meta[TRANSPORT] = "http"
        else:
            response, request.meta[TRANSPORT] = await self._ask_over_tls(request, authority)
        self._learn(request, response)
        return response

    async def _ask_over_tls(self, request: Request, authority: str) -> tuple[Response, Transport]:
        before = self._memory.transport(authority, "https")
        if before == "legacy_tls":
            self._policy.old.add(authority)
        if authority in self._policy.old:
            return await super().download_request(request), "legacy_tls"
        try:
            return await super().download_request(request), "tls"
        except DownloadFailedError as problem:
            # some old servers hang up on a greeting that they do not know, without a word of TLS
            if tls_reason(problem) is None and (before == "tls" or not _is_silence(problem)):
                raise
            strict = problem
        self._policy.old.add(authority)
        try:
            return await super().download_request(request), "legacy_tls"
        except _FAILURES:  # a time-out, too: it does not tell that the server is an old one
            self._policy.old.discard(authority)
            raise strict from strict.__cause__

    def _learn(self, request: Request, response: Response) -> None:
        """Remember what worked: for this scheme, and for the other where its twin is asked because it failed."""
        if response.status >= 500:
            return  # as a proxy says that it could not reach the host
        authority, scheme = split(request.url)
        self._memory.learn(authority, scheme, request.meta[TRANSPORT])
        is_answer = not 300 <= response.status < 400 or response.status == 304
        if TWIN in request.meta and "redirect_urls" not in request.meta and is_answer:
            self._memory.learn(authority, "http" if scheme == "https" else "https", request.meta[TRANSPORT])

    @property
    def _memory(self) -> Memory:
        return cast("RememberingSpider", self._crawler.spider).hosts


def reachable(url: str, memory: Memory) -> str:
    """The address to ask: its twin, where the host is known to be reached by the other scheme only."""
    authority, scheme = split(url)
    transport = memory.transport(authority, scheme)
    is_same = transport is None or (transport == "http") == (scheme == "http")
    return url if is_same else twin(url)


def split(url: str) -> tuple[str, str]:
    """The authority and the scheme of an address: its host, with a port that is not the scheme's own."""
    parts = urlsplit(url)
    own = {"http": 80, "https": 443}.get(parts.scheme)
    name = parts.hostname or ""
    return (name if parts.port in (None, own) else f"{name}:{parts.port}"), parts.scheme


def tls_reason(problem: BaseException | None) -> BaseException | None:
    """What TLS said, if it is TLS that failed: certificates, versions, names."""
    while problem is not None:
        if isinstance(problem, TlsError | VerificationError):
            return problem
        if isinstance(problem, ResponseFailed):
            values = (reason.value for reason in problem.reasons)
            return next((value for value in values if isinstance(value, TlsError | VerificationError)), None)
        problem = problem.__cause__
    return None


class _Policy(BrowserLikePolicyForHTTPS):
    """How hands are shaken, host by host. Twisted asks for it at each new connection, through a proxy's tunnel too."""

    def __init__(self, strict: IPolicyForHTTPS) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Twisted has no types here
        self._strict = cast("BrowserLikePolicyForHTTPS", strict)
        self.old: set[str] = set()
        """Authorities that only understand the TLS of old servers."""

    def creatorForNetloc(self, hostname: bytes, port: int) -> IOpenSSLClientConnectionCreator:  # noqa: N802  Twisted's
        """What makes connections to this server."""
        name = hostname.decode("ascii")
        if (name if port == 443 else f"{name}:{port}") not in self.old:
            return self._strict.creatorForNetloc(hostname, port)
        creator = optionsForClientTLS(name, extraCertificateOptions={"insecurelyLowerMinimumTo": TLSVersion.TLSv1_0})
        context = _get_creator_context(creator)
        context.set_cipher_list(_OLD_CIPHERS)
        context.set_options(OP_LEGACY_SERVER_CONNECT | _OLD_RENEGOTIATION)
        return creator


def _is_silence(problem: BaseException) -> bool:
    return isinstance(problem.__cause__, ResponseNeverReceived)
