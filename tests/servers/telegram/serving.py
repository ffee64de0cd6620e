"""The HTTP side: `/bot<TOKEN>/<method>` for bots, `/_/<action>` for tests."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import time
from typing import Any

from aiohttp import web

from tests.servers.telegram import ballots
from tests.servers.telegram.access import Call
from tests.servers.telegram.arguments import Args, read_arguments
from tests.servers.telegram.control import ACTIONS
from tests.servers.telegram.faults import Rule
from tests.servers.telegram.journal import Entry
from tests.servers.telegram.methods import METHODS
from tests.servers.telegram.refusals import Misused, Refused
from tests.servers.telegram.waiting import WAITING
from tests.servers.telegram.world import Bot, World

WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
LONGEST_POLL = 50  # seconds
Answer = tuple[int, str]  # HTTP status and body


class Server:
    """Answers requests about one world; hand `handle` to aiohttp's low-level server."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Routes by the path's first part."""
        path = request.path
        if path.startswith("/bot"):
            return await self._bot_request(request, path)
        if path.startswith("/_/"):
            return await self._control_request(request, path[3:])
        return _response(*_refusal(Refused(404, "Not Found")))

    async def _bot_request(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        begun = time.time()
        token, _, method = path[4:].partition("/")
        bot, method = self.world.bots.get(token), method.lower()
        if bot is None:
            known = TOKEN.fullmatch(token)
            return _response(*_refusal(Refused(401, "Unauthorized") if known else Refused(404, "Not Found")))
        try:
            args = await read_arguments(request)
        except Refused as refused:
            return _response(*_refusal(refused))
        faults = self.world.faults
        rule = faults.take(method, args.text("chat_id")) if faults.rules else None
        try:
            status, body = await (self._run(bot, method, args) if rule is None else self._fail(rule, bot, method, args))
        except _Cut:
            self._note(Entry(begun, bot.id, method, _params(args), 0, "", _name(rule), time.time() - begun))
            return _cut(request)
        self._note(Entry(begun, bot.id, method, _params(args), status, body, _name(rule), time.time() - begun))
        return _response(status, body)

    async def _run(self, bot: Bot, method: str, args: Args) -> Answer:
        """The method's own answer."""
        call = Call(self.world, bot, args)
        try:
            if method == "getupdates":
                return 200, '{"ok":true,"result":' + await self._updates(call) + "}"
            run = METHODS.get(method)
            if run is None:
                raise Refused(404, "Not Found: method not found")
            return 200, json.dumps({"ok": True, "result": run(call)})
        except Refused as refused:
            return _refusal(refused)

    async def _updates(self, call: Call) -> str:
        bot, args = call.bot, call.args
        if bot.webhook:
            raise Refused(409, WEBHOOK_ACTIVE)
        queue, limit = bot.queue, args.integer("limit", 100)
        queue.remember_allowed(args.structure("allowed_updates"))
        offset = args.integer("offset")
        if offset:
            queue.confirm(offset)
        self.world.changed()
        await queue.wait(min(max(args.integer("timeout"), 0), LONGEST_POLL))
        return queue.batch(min(max(limit, 1), 100), self.world.now())

    async def _fail(self, rule: Rule, bot: Bot, method: str, args: Args) -> Answer:
        """The call under a fault; raises _Cut when the connection is to be reset."""
        faults = self.world.faults
        answer = await self._run(bot, method, args) if rule.when == "after" else None
        self.world.changed()
        if rule.kind in ("stall", "drop"):
            await faults.hold(rule.seconds if rule.kind == "stall" else 0)
        if rule.kind in ("reset", "drop"):
            raise _Cut
        if rule.kind == "status":
            return rule.status, rule.answer()
        if rule.kind == "malformed":
            return 200, '{"ok":true,"result":{"message_id":'
        return await self._run(bot, method, args) if answer is None else answer

    def _note(self, entry: Entry) -> None:
        self.world.journal.note(entry)
        self.world.changed()

    async def _control_request(self, request: web.BaseRequest, action: str) -> web.StreamResponse:
        body = await request.read()
        try:
            given = json.loads(body) if body else dict(request.query)
            if action in WAITING:
                result: Any = await WAITING[action](self.world, given)
            elif action in ACTIONS:
                result = ACTIONS[action](self.world, given)
            else:
                raise Misused(f"no action {action!r}; there are {', '.join(sorted(ACTIONS | WAITING))}")
        except (Misused, Refused, KeyError, ValueError, TypeError) as wrong:
            text = f"{action}: {'missing ' if isinstance(wrong, KeyError) else ''}{wrong}"
            return _response(400, json.dumps({"ok": False, "error": text}))
        return _response(200, json.dumps({"ok": True, "result": result}))


class _Cut(Exception):
    """The connection ends here."""


def _response(status: int, body: str) -> web.Response:
    return web.Response(status=status, body=body.encode(), content_type="application/json")


def _refusal(refused: Refused) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return refused.code, json.dumps(body)


def _cut(request: web.BaseRequest) -> web.StreamResponse:
    """Ends the connection with a reset, not a goodbye."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)


def _params(args: Args) -> dict[str, Any]:
    return {**args.values, **args.files} if args.files else args.values


def _name(rule: Rule | None) -> str | None:
    return f"{rule.kind} {rule.when}" if rule is not None else None


async def serve(world: World, host: str, port: int) -> tuple[web.ServerRunner, int]:
    """Listens; returns what to clean up at the end, and the port (a free one for 0)."""
    runner = web.ServerRunner(web.Server(Server(world).handle, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=4096)
    await site.start()
    address: tuple[str, int] = runner.addresses[0]
    return runner, address[1]


async def keep_time(world: World) -> None:
    """Ends polls when their time has come, twice a second."""
    while True:
        await asyncio.sleep(0.5)
        ballots.close_due(world)
