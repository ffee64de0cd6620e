"""One port, three faces: REST below /api/v10, the gateway at /gateway, the control side below /_/.

It is a plain aiohttp request handler without the router or middlewares: the path of a call must stay short.
"""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from collections import deque
from typing import Any

from aiohttp import hdrs, web

from . import errors, limits
from .control import VERBS, Control
from .faults import Fault, Faults, cut
from .gateway import GatewayFaults, serve
from .rest import ROUTES, Call, Route, Router
from .sessions import Sessions, dumps
from .state import Json
from .world import World

API = "/api/v10/"
LOG_LENGTH = 200_000
MAX_BODY = 16 * 1024 * 1024
JSON_TYPE = "application/json"


class Request(web.BaseRequest):
    """A request whose body may be as large as Discord allows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "client_max_size": MAX_BODY})


class Server:
    """Answers everything on the port, from one World."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._router = Router(ROUTES)
        self.begin_anew()

    def begin_anew(self) -> None:
        """A new world with nobody in it; those who were connected to the old one are cut off."""
        self.world = World(self._token)
        self.world.sessions = Sessions()
        self.faults = Faults()
        self.gateway_faults = GatewayFaults()
        self.limits = limits.Limits()
        self.requests: deque[tuple[float, str, str, int]] = deque(maxlen=LOG_LENGTH)
        self.total = 0
        self.broken: list[str] = []
        self._control = Control(
            self.world,
            self.faults,
            self.gateway_faults,
            self.limits,
            self.requests,
            self.broken,
            lambda: self.total,
            self.begin_anew,
        )

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith(API):
            return await self._api(request, path[len(API) :])
        if path.startswith("/_/"):
            return await self._order(request, path[3:])
        if path.rstrip("/") in ("/gateway", ""):
            return await serve(request, self.world, self.gateway_faults)
        return _json(404, {"message": "404: Not Found", "code": 0}, {})

    async def _api(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        self.total += 1
        fault = self.faults.take(f"{request.method} /{path}") if self.faults.open else None
        if fault is not None and fault.when == "before":
            broken = await self._break(request, fault)
            if broken is not None:
                return self._log(request, path, broken)
        response = await self._answer(request, path)
        if fault is not None and fault.when == "after":
            broken = await self._break(request, fault)
            if broken is not None:
                response = broken
        return self._log(request, path, response)

    def _log(self, request: web.BaseRequest, path: str, response: web.Response) -> web.Response:
        self.requests.append((self.world.now(), request.method, f"/{path}", response.status))
        return response

    async def _break(self, request: web.BaseRequest, fault: Fault) -> web.Response | None:
        if fault.kind == "stall":
            if not request.content_type.startswith("multipart/"):
                await request.read()  # what has arrived takes effect later, even if its sender has gone by then
            await self.faults.stall(fault.seconds)
            return None
        if fault.kind == "reset":
            cut(request)
            return web.Response(status=599)
        if fault.kind == "429":
            return self._refuse(limits.Refusal(fault.retry_after, fault.scope), {"Via": limits.VIA})
        if fault.status == 404:
            return _json(404, {"message": "404: Not Found", "code": 0}, {"Via": limits.VIA})
        return _json(
            fault.status, {"message": f"{fault.status}: Internal Server Error", "code": 0}, {"Via": limits.VIA}
        )

    def _refuse(self, refusal: limits.Refusal, headers: dict[str, str]) -> web.Response:
        self.limits.count_answer(429, refusal.scope)
        return _json(429, refusal.body, {**headers, **refusal.headers})

    async def _answer(self, request: web.BaseRequest, path: str) -> web.Response:
        if self.limits.banned:  # as Cloudflare answers: no JSON, no Via
            return web.Response(status=429, text="error code: 1015", headers={"Retry-After": "3600"})
        found = self._router.find(request.method, path)
        if found is None:
            return _json(404, {"message": "404: Not Found", "code": 0}, {"Via": limits.VIA})
        route, variables = found
        if not route.public and not self._authorized(request):
            self.limits.count_answer(401, None)
            return _json(401, errors.unauthorized().body, {"Via": limits.VIA})
        major = "/".join(variables[: 2 if route.public else 1])  # a webhook is its id and its token
        refusal = self.limits.check(route.bucket, major, route.posting, not route.public)
        headers = self.limits.headers(route.bucket, major, route.posting)
        if refusal is not None:
            return self._refuse(refusal, headers)
        return await self._run(request, route, variables, headers)

    def _authorized(self, request: web.BaseRequest) -> bool:
        given = request.headers.get(hdrs.AUTHORIZATION)
        return given == f"Bot {self.world.token}" and not self.world.token_reset

    async def _run(
        self, request: web.BaseRequest, route: Route, variables: list[str], headers: dict[str, str]
    ) -> web.Response:
        try:
            call = Call(self.world, variables, request.query, host=request.host)
            if request.body_exists:
                await _read_body(request, call)
            result = route.handler(call)
        except errors.ApiError as refused:
            self.limits.count_answer(refused.status, None)
            return _json(refused.status, refused.body, headers)
        except ConnectionError:  # gone before the call had arrived
            return web.Response(status=499)
        except ValueError as wrong:
            return _json(400, errors.invalid_form("_", "BASE_TYPE_BAD_TYPE", str(wrong)).body, headers)
        except Exception:  # noqa: BLE001 (a fault of this server must reach the test, whatever it is)
            self.broken.append(traceback.format_exc())
            print(self.broken[-1], file=sys.stderr, flush=True)
            return _json(500, {"message": "500: the loopback server itself is broken", "code": 0}, headers)
        if result is None:
            return web.Response(status=204, headers=headers)
        return _json(200, result, headers)

    async def _order(self, request: web.BaseRequest, verb: str) -> web.Response:
        body = await request.read()
        try:
            function = VERBS[verb]
        except KeyError:
            return _json(404, {"error": f"no control verb is called {verb!r}"}, {})
        try:
            result = function(self._control, **(json.loads(body) if body else {}))
            if asyncio.iscoroutine(result):
                result = await result
        except (errors.ControlError, errors.ApiError, TypeError, ValueError, KeyError) as wrong:
            return _json(400, {"error": f"{type(wrong).__name__}: {wrong}"}, {})
        return _json(200, result, {})


def _json(status: int, body: object, headers: dict[str, str]) -> web.Response:
    # discord.py compares the header with exactly this text, so no charset may be added
    return web.Response(status=status, body=dumps(body).encode(), headers={**headers, hdrs.CONTENT_TYPE: JSON_TYPE})


async def _read_body(request: web.BaseRequest, call: Call) -> None:
    try:
        if request.content_type.startswith("multipart/"):
            call.body, call.uploads = await _read_multipart(request)
            return
        body = await request.read()
        call.body = json.loads(body) if body else None
    except ValueError:
        raise errors.ApiError(400, 50109, "The request body contains invalid JSON.") from None


async def _read_multipart(request: web.BaseRequest) -> tuple[Any, list[Json]]:
    """The JSON part and what is known of the files; their bytes are not kept."""
    body: Any = {}
    uploads: list[Json] = []
    async for part in await request.multipart():
        assert part is not None
        name = getattr(part, "name", None) or ""
        data = bytes(await part.read())  # type: ignore[union-attr]
        if name == "payload_json":
            body = json.loads(data)
        elif name.startswith("file"):
            kind = part.headers.get(hdrs.CONTENT_TYPE, "application/octet-stream")
            uploads.append({"filename": getattr(part, "filename", None), "size": len(data), "content_type": kind})
    return body, uploads


async def start(token: str, port: int) -> tuple[Server, web.ServerRunner, int]:
    """Listen on 127.0.0.1 (port 0 takes a free one). Returns the server, its runner for `cleanup()`, and the port."""
    server = Server(token)
    runner = web.ServerRunner(
        web.Server(server.handle, request_factory=_request, access_log=None), shutdown_timeout=0.2
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, backlog=1024)
    await site.start()
    address = runner.addresses[0]
    return server, runner, int(address[1])


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> Request:
    return Request(message, payload, protocol, writer, task, asyncio.get_running_loop())
