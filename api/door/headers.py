"""What every answer of the product carries, whoever gives it: pages, files, redirects, refusals, errors.

One layer around everything, since a header that each part sets for itself is missing where a part is not asked: on
a file, on a refused body, on an address nobody knows.
"""

import re

from starlette.datastructures import MutableHeaders

from api.door.origin import Application, Message, Receive, Send
from portfolio.core.settings import get_settings

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# The documentation's own bundle writes styles into elements and draws its marks as data; its scripts are files.
DOCUMENTATION = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ASSETS = ("/assets/", "/_dash-component-suites/")
SUITE_MARK = re.compile(r"\.v[0-9A-Za-z_-]+m[0-9]+\.")
ASSET_MARK = re.compile(rb"(^|&)m=[0-9.]+(&|$)")
KEPT = (200, 304)


class HeadersMiddleware:
    """Gives every answer of `app` its headers; `pages` is the content policy of the product's own pages."""

    def __init__(self, app: Application, pages: str) -> None:
        self._app, self._pages = app, pages

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(scope, message)
            await send(message)

        await self._app(scope, receive, answer)

    def _complete(self, scope: Message, message: Message) -> None:
        headers, path = MutableHeaders(scope=message), str(scope["path"])
        for name, value in EVERYWHERE.items():
            headers[name] = value
        if encrypted(scope):
            # Over plain http browsers ignore it, and say so in the console of every page.
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if "content-security-policy" not in headers:
            page = headers.get("content-type", "").startswith("text/html")
            policy = DOCUMENTATION if path.startswith("/api/") else self._pages
            headers["Content-Security-Policy"] = policy if page else NOTHING
        cache = kept(path, scope.get("query_string", b""), message["status"])
        if cache:
            headers["Cache-Control"] = cache


def encrypted(scope: Message) -> bool:
    """Whether people come over an encrypted connection."""
    return scope.get("scheme") == "https" or get_settings().public_url.startswith("https:")


def kept(path: str, query: bytes, status: int) -> str:
    """How an answer may be kept (`Cache-Control`); empty where its own word stands, for the address names its content.

    What people see is kept by nobody; files that are the same for everybody are asked for again unless their address
    carries a mark of what is in them.
    """
    if status not in KEPT:
        return "no-store"
    if path.startswith("/assets/") and ASSET_MARK.search(query):
        return ""
    if path.startswith("/_dash-component-suites/") and SUITE_MARK.search(path):
        return ""
    return "no-cache" if path.startswith((*ASSETS, "/api/static/")) else "no-store"
