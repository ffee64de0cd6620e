"""Somebody who visits the playground: forms as the page has them, and its events."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import unescape
from html.parser import HTMLParser
from typing import Any

import aiohttp


class Browser:
    """One visitor. Tabs that were chosen are kept in `view`, as the page's forms keep them."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session
        self.view = ""

    async def page(self, query: str = "") -> str:
        async with self.session.get(f"{self.url}?{query or self.view}") as answer:
            assert answer.status == 200
            return await answer.text()

    async def does(self, act: str, **fields: str) -> str:
        """Send a form; return the page that follows."""
        status, page = await self.tries(act, **fields)
        assert status == 200, page
        return page

    async def tries(self, act: str, **fields: str) -> tuple[int, str]:
        async with self.session.post(f"{self.url}do/{act}", data={"view": self.view, **fields}) as answer:
            if answer.status == 200:
                self.view = answer.url.query_string
            return answer.status, await answer.text()

    async def is_now(self, person: str) -> None:
        await self.does("be", person=person)

    async def says(self, face: str, text: str, chat: str = "group") -> str:
        return await self.does("say", face=face, chat=chat, text=text)

    async def presses(self, face: str, label: str) -> str:
        """Press the last button with that label, wherever in that window it is."""
        page = await self.page()
        found = re.findall(
            rf'<button form="act-{face}" formaction="/do/(\w+)" name="on" value="([^"]*)"[^>]*>{label}</button>', page
        )
        assert found, f"there is no button {label}"
        act, value = found[-1]
        return await self.does(act, face=face, on=unescape(value))

    @asynccontextmanager
    async def watches(self, query: str = "") -> AsyncIterator[Watching]:
        """Follow the page's events. The first one, with all of the scene, is read already."""
        async with self.session.get(f"{self.url}events?{query}") as answer:
            watching = Watching(answer)
            await watching.next()
            yield watching


class Watching:
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        assert answer.status == 200
        self._answer = answer

    async def next(self) -> Mapping[str, Any]:
        async with asyncio.timeout(5):
            async for line in self._answer.content:
                if line.startswith(b"data: "):
                    event: Mapping[str, Any] = json.loads(line.removeprefix(b"data: "))
                    return event
        raise EOFError

    async def until(self, words: str) -> str:
        """The list item that says so."""
        while True:
            lists = (await self.next())["lists"]
            said = [html for change in lists.values() for _, html in change["items"] if words in html]
            if said:
                return str(said[0])


def words(html: str) -> str:
    """What one reads of a page, without the isolation of names."""
    text = unescape(re.sub(r"<[^>]+>", " ", html))
    return " ".join(re.sub("[\u2066-\u2069]", "", text).split())


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def tags(html: str) -> list[tuple[str, dict[str, str]]]:
    """Every element with its attributes, as a browser would understand them."""
    parser = _Tags()
    parser.feed(html)
    return parser.found
