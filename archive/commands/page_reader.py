"""Reading one page as `minzheng extract` tells it, here or in a process of its own.

`python -m archive.commands.page_reader FD MEMORY` answers the inputs it is sent over a connection until that closes.
"""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from multiprocessing.connection import Connection

from archive.commands.inputs import Answer, Input, read_file, saved_address
from archive.commands.terminal import json_line
from archive.extract import read
from archive.outcome import judge
from archive.page import Unreadable, decode_body, is_html, open_page
from archive.seen import cap_memory


def tell_page(given: Input) -> dict[str, object]:
    """What a page says: every field of its Reading and how it was judged. Without an address the page's own is taken.

    Raises: Unreadable if it is no page, OSError if its file cannot be read.
    """
    body = given.body if given.body is not None else read_file(given.file)
    page = open_page(given.url, body, given.headers)
    named = saved_address(page) if not given.url else None
    if named is not None:
        page = dataclasses.replace(page, url=named[0])
    reading = read(page)
    verdict = judge(given.status, given.headers, page.url, page, page.size)
    said = {field.name: getattr(reading, field.name) for field in dataclasses.fields(reading)}
    if named is not None:
        said["evidence"] = {"url": named[1], **reading.evidence}
    judged = {"kind": verdict.kind, "outcome": verdict.outcome, "detail": verdict.detail}
    return {"url": said.pop("url") or None, **judged, **said, "text": reading.text or None}


def say_why(error: Unreadable | OSError, url: str) -> str:
    """Why a page cannot be read, without its name, which stands beside it."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error).removeprefix(f"{url}: ")


def say_fault(error: Exception) -> str:
    """What a fault of a reader was, for a line or a message."""
    return f"{type(error).__name__}: {error}"


def answer(given: Input) -> Answer | None:
    """Read one input; None for a record that is no page. Never raises: what goes wrong with a page is its `error`."""
    if given.error is not None:
        return refuse(given, given.error)
    try:
        if given.recorded and not _holds_page(given):
            return None
        return Answer(line=json_line({"file": given.file, **tell_page(given)}), good=True)
    except (Unreadable, OSError) as error:
        return refuse(given, say_why(error, given.url))
    except Exception as error:  # noqa: BLE001 (the edge: one page never stops the others)
        return refuse(given, say_fault(error))


def refuse(given: Input, why: str) -> Answer:
    """The line of a page that cannot be read."""
    return Answer(line=json_line({"file": given.file, "url": given.url or None, "error": why}), good=False)


def _holds_page(given: Input) -> bool:
    body = given.body or b""
    with contextlib.suppress(Unreadable):  # told when it is opened, if it calls itself HTML
        body = decode_body(body, given.headers)
    return is_html(given.headers, body)


def main() -> None:
    """Be the process: see the module's docstring."""
    line: Connection[Answer | None, Input] = Connection(int(sys.argv[1]))
    cap_memory(int(sys.argv[2]))
    with contextlib.suppress(EOFError, ConnectionError):  # nobody asks any more
        while True:
            line.send(answer(line.recv()))


if __name__ == "__main__":
    main()
