"""Redirects that lead to an address are followed; the others are answers like any other."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from archive.urls import url_key


class Redirects(RedirectMiddleware):
    """Scrapy's redirects, less a surprise: a `Location` that is no address."""

    def process_response(  # type: ignore[override]  # without the spider, which Scrapy hands to nobody any more
        self, request: Request, response: Response
    ) -> Request | Response:
        """The request to follow, or the response itself where there is none.

        Raises: IgnoreRequest after `REDIRECT_MAX_TIMES`.
        """
        try:
            followed = super().process_response(request, response)
            if isinstance(followed, Request):
                url_key(followed.url)  # without one there is no row for it
        except ValueError:  # `http://[::1`, `http://:80/`
            return response
        return followed
