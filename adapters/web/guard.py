"""Who may ask for what: hosts, origins, sizes, and what a browser may do with the answers."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
TOO_MUCH = PlainTextResponse("That is too much at once.\n", 413)


class Guard:
    """Stands before the whole app. `hosts`: names under which it may be addressed; None: any.

    A page elsewhere that makes its own name resolve to this machine is kept out by `hosts`; one that posts a form to
    us, by where the browser says that the form came from.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None = None) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        sender = _with_headers(send)
        if refusal := self._refusal(scope["method"], headers):
            await refusal(scope, receive, sender)
            return
        try:
            await self._app(scope, _limited(receive), sender)
        except _TooLarge:  # only a form that is being read raises it, so nothing is answered yet
            await TOO_MUCH(scope, receive, sender)

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        if self._hosts is not None and host_name(headers.get("host", "")) not in self._hosts:
            return PlainTextResponse("This page is not served under that name.\n", 421)
        if method in SAFE_METHODS:
            return None
        if not is_same_origin(headers):
            return PlainTextResponse("Forms are taken from this very page only.\n", 403)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return TOO_MUCH
        return None


class _TooLarge(Exception):
    pass


def _limited(receive: Receive) -> Receive:
    left = LARGEST_BODY

    async def receiver() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _TooLarge
        return message

    return receiver


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sender


def is_same_origin(headers: Headers) -> bool:
    """As the browser tells it; one that tells neither is not trusted."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return urlsplit(origin).netloc.casefold() == headers.get("host", "").casefold()
    return site is not None


def host_name(host: str) -> str:
    """Without the port, in lower case: [::1]:8080 → ::1."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def hosts_for(address: str) -> frozenset[str] | None:
    """The names under which a server bound to that address may be addressed; None: any."""
    if address == "localhost" or _is_loopback(address):
        return frozenset({"localhost", "127.0.0.1", "::1", address})
    return None


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
