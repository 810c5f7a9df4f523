"""Servers that speak TLS, good and bad, behind a proxy that opens tunnels to them and to nothing else.

Their certificates are signed by an authority that lives as long as the folder it is written to. A crawl trusts it only
when `SSL_CERT_FILE` says so in its environment; nothing in the program knows of it.
"""

from __future__ import annotations

import socket
import ssl
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PAGE = (
    "<html><head><title>关于养老服务的公告</title></head><body><h1>关于养老服务的公告</h1>"
    f"<p>{'为做好今年的养老服务工作，现将有关事项公告如下。' * 4}</p></body></html>"
).encode()


@dataclass(frozen=True, kw_only=True)
class Server:
    """How one server speaks TLS."""

    name: str | None = None
    """The name in its certificate, where that is not its own."""
    key_size: int = 2048
    days: int = 2
    """Until its certificate ends; negative when it has ended."""
    newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED
    oldest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2


@dataclass(frozen=True)
class TlsWeb:
    """The servers, running. `log` has a line for each http request, each tunnel, and each request through TLS."""

    proxy: str
    authority: Path
    log: list[str] = field(default_factory=list)


@contextmanager
def serve_tls(folder: Path, servers: Mapping[str, Server], *, deaf: tuple[str, ...] = ()) -> Iterator[TlsWeb]:
    """Run a server for each name, and the proxy. Every name answers http too; those in `deaf` hang up."""
    authority = _Authority(folder)
    log: list[str] = []
    running: list[ThreadingHTTPServer] = []
    try:
        ports = {}
        for name, server in servers.items():
            running.append(_TlsServer(_context(authority.certify(name, server), server), log, name))
            ports[name] = running[-1].server_port
        running.append(_Proxy(ports, deaf, log))
        for one in running:
            Thread(target=one.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield TlsWeb(f"http://127.0.0.1:{running[-1].server_port}", authority.file, log)
    finally:
        for one in running:
            one.shutdown()
            one.server_close()


class _Authority:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = generate_private_key(public_exponent=65537, key_size=2048)
        own = _named("An authority for one test")
        self._certificate = (
            _builder(own, own, self._key, days=2)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._certificate.public_bytes(Encoding.PEM))

    def certify(self, host: str, server: Server) -> Path:
        """A file with a key and its certificate."""
        key = generate_private_key(public_exponent=65537, key_size=server.key_size)
        name = server.name or host
        certificate = (
            _builder(_named(name), self._certificate.subject, key, days=server.days)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        file = self._folder / f"{host}.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
        return file


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(subject: x509.Name, issuer: x509.Name, key: RSAPrivateKey, *, days: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
    )


def _context(certificate: Path, server: Server) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what some of these servers are for
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = server.oldest
        context.maximum_version = server.newest
    context.load_cert_chain(certificate)
    return context


class _TlsServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext, log: list[str], name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.context = context
        self.log = log
        self.name = name

    def finish_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        """Shake hands in the thread of the connection; who does not like the certificate hangs up."""
        with suppress(OSError), self.context.wrap_socket(request, server_side=True) as spoken:
            super().finish_request(spoken, client_address)


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.log.append(f"{self.connection.version()} {self.server.name}{self.path}")  # type: ignore[attr-defined]
        _answer(self, self.path)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name given by http.server
        """Nothing on stderr."""


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, ports: Mapping[str, int], deaf: tuple[str, ...], log: list[str]) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnelling)
        self.ports = ports
        self.deaf = deaf
        self.log = log


class _Tunnelling(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Proxy

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.log.append(f"http {parts.hostname}{parts.path}")
        if parts.hostname in self.server.deaf:
            self.close_connection = True
            return
        _answer(self, parts.path)

    def do_CONNECT(self) -> None:
        name, _, _ = self.path.partition(":")
        self.server.log.append(f"tunnel {name}")
        self.close_connection = True
        if name not in self.server.ports:
            self.send_error(502)
            return
        with socket.create_connection(("127.0.0.1", self.server.ports[name])) as there:
            self.send_response(200)
            self.end_headers()
            back = Thread(target=_pump, args=(there, self.connection), daemon=True)
            back.start()
            _pump(self.connection, there)
            back.join(5)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name given by http.server
        """Nothing on stderr."""


def _answer(handler: BaseHTTPRequestHandler, path: str) -> None:
    body = b"" if path == "/robots.txt" else PAGE
    handler.send_response(200 if body else 404)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes until one side hangs up, and then let the other know."""
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
