"""What the errors of a request mean: whether the other scheme is worth asking, and how its row ends."""

from __future__ import annotations

import errno

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from archive.urls import host, twin
from crawler.blocks import Blocked, Capped
from crawler.frontier import Ended, FrontierError
from crawler.frontier.scheduler import ASK, ROW
from crawler.lists import Ask
from crawler.spiders.robots import RulesUnknown
from crawler.transport import TWIN

_NO_ANSWER = (DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError, TunnelError)
_NO_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG)


def is_about_us(problem: BaseException) -> bool:
    """Whether this machine cannot write any more: no request can be blamed for it."""
    return isinstance(problem, FrontierError) or (isinstance(problem, OSError) and problem.errno in _NO_WRITING)


def is_silence(problem: BaseException) -> bool:
    """Whether the host was asked, if only for its rules, and gave no answer of any kind."""
    return isinstance(_reason_of(problem), (*_NO_ANSWER, CannotResolveHostError))


def twin_of(request: Request, problem: BaseException) -> Request | None:
    """The same address with the other scheme, once, where the host was there but did not answer in this one."""
    if TWIN in request.meta or not isinstance(_reason_of(problem), _NO_ANSWER):
        return None
    kept = {key: request.meta[key] for key in (ASK, ROW)}
    return request.replace(url=twin(request.url), meta={**kept, TWIN: 1})


def held_back(ask: Ask) -> Ended:
    """How a row ends whose host may not be asked now: found anew by the next walk if it is the channel's own host.

    A link that leads elsewhere (a chat platform's pages, as a rule) is a failed one: it must not keep its channel from
    ever being complete.
    """
    is_own = ask.channel is None or host(ask.url) == host(ask.channel.url)
    return Ended(how="refused" if is_own else "failed")


def how_it_ends(problem: BaseException, ask: Ask) -> Ended:
    """How the row of a request without a response ends.

    What its host's block or unknown rules kept back is found anew; what robots.txt, the guard or a redirect limit
    refused is done with, unless it is a list page, without which a walk is not whole.
    """
    if isinstance(problem, Capped):
        return Ended(how="refused", walk="cut")
    if isinstance(problem, Blocked | RulesUnknown):
        return held_back(ask)
    if isinstance(problem, IgnoreRequest) and ask.kind != "list":
        return Ended()
    return Ended(how="failed")


def _reason_of(problem: BaseException) -> BaseException | None:
    return problem.__cause__ if isinstance(problem, RulesUnknown) else problem
