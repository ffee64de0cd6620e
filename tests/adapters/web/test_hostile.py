"""Nobody gets more out of the page than its own forms give, and what people write stays words."""

from __future__ import annotations

import re

import aiohttp
import pytest

from adapters.web.guard import LARGEST_BODY, hosts_for
from adapters.web.markup import html
from adapters.web.server import WebServer
from bot.core.messages import Span, Style
from tests.adapters.web.browser import Browser, tags, words

NAMES = [
    "<img src=x onerror=alert(1)>",
    "</title><script>alert(1)</script>",
    '" autofocus onfocus="alert(1)',
    "{{ 7 * 7 }}",
    "\u202egnorw",
    "z" + "\u0335" * 30,
    "😀" * 20,
    "&lt;b&gt;",
]


@pytest.mark.parametrize("name", NAMES)
async def test_hostile_names_and_words_are_inert(rina: Browser, name: str) -> None:
    await rina.does("invite", name=name)
    await rina.does("join", face="telegram")
    await rina.does("say", face="telegram", text=name)
    page = await rina.does("time", stride="minute")
    shown = tags(page)
    (script,) = [attributes for tag, attributes in shown if tag == "script"]
    assert script["src"].startswith("/static/playground.js")
    assert all(attributes["src"].startswith("/static/") for tag, attributes in shown if tag == "img")
    assert not [name for _, attributes in shown for name in attributes if name.startswith("on") or name == "style"]
    assert "49" not in words(page)
    assert "\u202e" not in re.sub(r'value="[^"]*"|<div class="words".*?</div>|<blockquote>.*?</blockquote>', "", page)
    assert "joined" in words(page)


async def test_the_page_has_nothing_that_its_policy_forbids(rina: Browser) -> None:
    await rina.does("newcomer", face="telegram")
    async with rina.session.get(rina.url) as answer:
        policy = answer.headers["content-security-policy"]
        page = await answer.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    addresses = []
    for tag, attributes in tags(page):
        assert tag != "style"
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        addresses += [value for name, value in attributes.items() if name in ("src", "href", "action", "formaction")]
    assert addresses
    assert all(re.match(r"/(?!/)|#", address) for address in addresses), "everything is our own"


async def test_what_the_page_refers_to_is_there(rina: Browser) -> None:
    for address in set(re.findall(r'"/(static/[^"]*)"', await rina.page())):
        async with rina.session.get(rina.url + address) as answer:
            assert answer.status == 200
            assert "immutable" in answer.headers["cache-control"]
    for name in ("../app.py", "..%2fapp.py", "guyub.css/..", "nothing.css"):
        async with rina.session.get(f"{rina.url}static/{name}") as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"origin": "http://evil.example"}, id="a form elsewhere"),
        pytest.param({"origin": "null"}, id="a form that hides where it is"),
        pytest.param({"sec-fetch-site": "cross-site"}, id="a browser says it comes from elsewhere"),
        pytest.param({"sec-fetch-site": "same-site"}, id="another port of this machine"),
        pytest.param({}, id="nobody says where it comes from"),
    ],
)
async def test_forms_of_other_pages_do_nothing(server: WebServer, headers: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{server.url}do/newcomer", data={"face": "telegram"}, headers=headers) as answer:
            assert answer.status == 403
        async with session.get(server.url) as page:
            assert "joined" not in await page.text()


async def test_names_that_resolve_to_this_machine_are_not_answered(server: WebServer) -> None:
    async with aiohttp.ClientSession() as session:
        for host, status in {"evil.example": 421, "localhost:1": 200, "127.0.0.1": 200, "": 421}.items():
            async with session.get(server.url, headers={"host": host}) as answer:
                assert answer.status == status, host


def test_only_a_loopback_address_knows_its_names() -> None:
    assert hosts_for("::1") == frozenset({"localhost", "127.0.0.1", "::1"})
    assert hosts_for("0.0.0.0") is None


async def test_large_forms_are_refused(rina: Browser) -> None:
    async def in_pieces() -> object:
        for _ in range(70):
            yield b"x" * 1024

    async with rina.session.post(f"{rina.url}do/say", data=b"x" * (LARGEST_BODY + 1)) as answer:
        assert answer.status == 413
    async with rina.session.post(f"{rina.url}do/say", data=in_pieces()) as answer:
        assert answer.status == 413


async def test_the_chosen_person_is_a_cookie_that_other_sites_never_send(rina: Browser) -> None:
    async with rina.session.post(f"{rina.url}do/be", data={"person": "Budi; x=1"}, allow_redirects=False) as answer:
        cookie = answer.headers["set-cookie"]
    assert cookie.startswith("person=Budi%3B%20x%3D1;")
    assert "httponly" in cookie.casefold()
    assert "samesite=strict" in cookie.casefold()


def test_only_web_addresses_become_links() -> None:
    assert html((Span("x", link="javascript:alert(1)"),)) == "x"
    assert html((Span("x", link="data:text/html,x"),)) == "x"
    assert 'href="https://a.example/?q=&#34;"' in html((Span("x", link='https://a.example/?q="'),))


def test_styles_and_mentions_hold_escaped_words() -> None:
    shown = html((Span("<", Style.BOLD), Span(">", Style.CODE), Span("&", mention="7")))
    assert shown == '<strong>&lt;</strong><code>&gt;</code><span class="mention">&amp;</span>'
