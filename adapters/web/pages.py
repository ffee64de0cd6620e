"""The playground's page: what one sees, and what one does there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from adapters.web import render
from adapters.web.acting import ACTS, Form
from adapters.web.render import Rendered, Words, difference, scene_parts
from adapters.web.stage import CannotAct, Scene, Stage
from adapters.web.view import Choice, in_cookie

WATCHERS = 32  # browsers that may watch at once
CALM = 0.05  # seconds in which changes are told together
HEARTBEAT = 15.0  # seconds of silence after which the line is tried
YEAR = 365 * 24 * 3600


class Playground:
    """Routes of the page, of what changes on it, and of what people do. `close` ends what browsers are watching."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._watching = 0
        self._closed = asyncio.Event()

    def routes(self) -> list[Route]:
        return [
            Route("/", self.page),
            Route("/events", self.events),
            Route("/do/{act}", self.act, methods=["POST"]),
        ]

    def close(self) -> None:
        self._closed.set()

    # ------------------------------------------------------------------ seeing

    async def page(self, request: Request) -> Response:
        scene = self._scene(unquote(request.cookies.get("person", "")))
        hint = "hint" not in request.cookies
        return HTMLResponse(render.playground(scene, Choice.of(request.query_params), hint=hint))

    def _scene(self, person: str) -> Scene:
        """As that person sees it; as the first one, while nobody is called that."""
        scene = self._stage.scene(person)
        if scene.viewer is None and scene.people:
            scene = self._stage.scene(scene.people[0].name)
        return scene

    async def events(self, request: Request) -> Response:
        if self._watching >= WATCHERS:
            return PlainTextResponse("Too many are watching.\n", 503)
        query = request.query_params
        changes = self._changes(query.get("as", ""), Choice.of(query))
        return StreamingResponse(changes, media_type="text/event-stream")

    async def _changes(self, person: str, choice: Choice) -> AsyncIterator[str]:
        """All of the scene, then every change to it."""
        changed = asyncio.Event()
        unsubscribe = self._stage.subscribe(changed.set)
        self._watching += 1
        shown: Rendered | None = None
        try:
            while not self._closed.is_set():
                changed.clear()
                now = scene_parts(self._scene(person), choice)
                yield f"data: {json.dumps(difference(shown, now), ensure_ascii=False)}\n\n"
                shown = now
                while not await self._is_set(changed):
                    yield ": still here\n\n"
                await asyncio.sleep(CALM)
        finally:
            self._watching -= 1
            unsubscribe()

    async def _is_set(self, changed: asyncio.Event) -> bool:
        """False after a heartbeat's time; True also when everything ends."""
        waits = {asyncio.ensure_future(event.wait()) for event in (changed, self._closed)}
        try:
            done, _ = await asyncio.wait(waits, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return bool(done)

    # ------------------------------------------------------------------ doing

    async def act(self, request: Request) -> Response:
        """Do it, then show the page again, as the one who acted (or who was chosen)."""
        act = ACTS.get(request.path_params["act"])
        if act is None:
            return PlainTextResponse("Nobody can do that.\n", 404)
        form = await _form(request)
        choice = Choice.of(dict(parse_qsl(form.get("view", ""))))
        scene = self._scene(unquote(request.cookies.get("person", "")))
        try:
            effect = await act(self._stage, Form(form, scene.viewer.name if scene.viewer else "", choice))
        except CannotAct as problem:
            why = Words(scene.language)(problem.pattern, **problem.values)
            return HTMLResponse(render.template("sorry.html", scene.language, back=choice.address(), why=why), 409)
        response = RedirectResponse((effect.choice or choice).address(), 303)
        for name, value in effect.cookies.items():
            response.set_cookie(name, in_cookie(value), YEAR, httponly=True, samesite="strict")
        return response


async def _form(request: Request) -> Mapping[str, str]:
    body = (await request.body()).decode(errors="replace")
    return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=50))
