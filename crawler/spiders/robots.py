"""robots.txt as its reader needs it: decoded, and empty where the site has none."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from archive.page import Unreadable, decode_body, is_html
from crawler.spiders.answers import headers_of


class RobotsFile:
    """Stands above the capture, which has kept the answer as it was sent."""

    def process_response(self, request: Request, response: Response) -> Response:
        """An answer to `/robots.txt` as plain text; every other response as it is.

        4xx, and a page where a text file should be, mean that there are no rules (RFC 9309).
        """
        if urlsplit(request.url).path != "/robots.txt" or 300 <= response.status < 400:
            return response
        headers = headers_of(response)
        try:
            body = decode_body(response.body, headers)
        except Unreadable:
            body = b""
        if response.status >= 400 or is_html(headers, body):
            body = b""
        return Response(response.url, status=response.status, body=body, request=request)
