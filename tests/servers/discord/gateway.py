"""The gateway's protocol on one WebSocket: HELLO, IDENTIFY or RESUME, heartbeats, member requests, and its faults."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from . import chunks, intents, payloads
from .sessions import Session, dumps
from .state import Json
from .world import World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11,
)  # fmt: skip
FORGETS_SESSION = {4003, 4004, 4005, 4007, 4010, 4011, 4012, 4013, 4014}
COMMANDS_PER_MINUTE = 120


class Closed(Exception):
    """The server ends the connection with this close code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(slots=True)
class GatewayFaults:
    """What is wrong with the gateway. `refuse_until` is a loop time; without `acks` heartbeats stay unanswered."""

    heartbeat_ms: int = 41_250
    acks: bool = True
    refuse_until: float = 0.0
    refused: int = 0
    heartbeats: int = 0
    identify_pace: bool = False
    connections: set[Connection] = field(default_factory=set)


class Connection:
    """One WebSocket. Sends zlib-stream if the client asked for it, else text (also for zstd, which is not offered)."""

    def __init__(
        self, socket: web.WebSocketResponse, world: World, faults: GatewayFaults, request: web.BaseRequest
    ) -> None:
        self.socket = socket
        self.world = world
        self.faults = faults
        self.request = request
        self.session: Session | None = None
        self.queue: asyncio.Queue[str] = asyncio.Queue()
        self._deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._handled = 0
        self._minute_ends = 0.0

    async def send(self, frame: str) -> None:
        if self._deflate is None:
            await self.socket.send_str(frame)
        else:
            data = self._deflate.compress(frame.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
            await self.socket.send_bytes(data)

    async def send_op(self, op: int, data: Any = None) -> None:
        await self.send(dumps({"t": None, "s": None, "op": op, "d": data}))

    async def run(self) -> None:
        """Speak until either side closes."""
        await self.send_op(HELLO, {"heartbeat_interval": self.faults.heartbeat_ms, "_trace": ["loopback"]})
        pump = asyncio.create_task(self._pump())
        try:
            await self._listen()
        except Closed as end:
            await self.close(end.code, end.reason)
        finally:
            pump.cancel()
            self._detach()

    async def _listen(self) -> None:
        while not self.socket.closed:
            frame = await self.socket.receive()
            if frame.type is WSMsgType.TEXT:
                await self._handle(frame.data)
            elif frame.type is WSMsgType.CLOSE and frame.data in (1000, 1001):
                # Only a client that says goodbye ends its session; aiohttp calls a cut line 1000 as well.
                self._forget()

    async def close(self, code: int, reason: str = "") -> None:
        if code in FORGETS_SESSION:
            self._forget()
        await self.socket.close(code=code, message=reason.encode())

    def abort(self) -> None:
        """Cut the line without a close frame."""
        if self.request.transport is not None:
            self.request.transport.abort()

    async def invalidate(self, *, resumable: bool) -> None:
        """Op 9. Without `resumable` the session is gone, and a RESUME of it is refused as well."""
        self.world.sessions.invalidated += 1
        if not resumable:
            self._forget()
        await self.send_op(INVALID, resumable)

    async def _pump(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self.send(await self.queue.get())

    def _detach(self) -> None:
        session = self.session
        if session is None or session.outbox is not self.queue:
            return
        session.outbox, session.gone_at = None, self.world.now()

    def _forget(self) -> None:
        if self.session is not None:
            self.world.sessions.drop(self.session)
            self.session.outbox = None
            self.session = None

    async def _handle(self, text: str) -> None:
        try:
            frame: Json = json.loads(text)
            op = frame["op"]
        except (ValueError, KeyError, TypeError):
            raise Closed(4002, "Error while decoding payload.") from None
        self._limit(op)
        if op == HEARTBEAT:
            self.faults.heartbeats += 1
            if self.faults.acks:
                await self.send_op(ACK)
        elif op == IDENTIFY:
            await self._identify(frame["d"])
        elif op == RESUME:
            await self._resume(frame["d"])
        elif self.session is None:
            raise Closed(4003, "Not authenticated.")
        elif op == MEMBERS:
            chunks.send(self.world, self.session, frame["d"])
        elif op not in (PRESENCE, VOICE):
            raise Closed(4001, "Unknown opcode.")

    def _limit(self, op: int) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._minute_ends:
            self._minute_ends, self._handled = now + 60, 0
        self._handled += op != HEARTBEAT
        if self._handled > COMMANDS_PER_MINUTE:
            raise Closed(4008, "Rate limited.")

    async def _identify(self, data: Json) -> None:
        world, sessions = self.world, self.world.sessions
        now = world.now()
        if self.session is not None:
            raise Closed(4005, "Already authenticated.")
        too_soon = sessions.identifies and now - sessions.identifies[-1]["at"] < 5
        sessions.identifies.append({"at": now, "intents": data.get("intents"), "shard": data.get("shard")})
        if data.get("token") != world.token or world.token_reset:
            raise Closed(4004, "Authentication failed.")
        if not sessions.spend(now):
            world.token_reset = True
            raise Closed(4004, "Authentication failed.")
        if self.faults.identify_pace and too_soon:
            await self.invalidate(resumable=False)
            return
        wanted = data.get("intents")
        if not isinstance(wanted, int) or wanted < 0:
            raise Closed(4013, "Invalid intent(s).")
        if wanted & sum(intents.PRIVILEGED.values()) & ~world.portal_intents():
            raise Closed(4014, "Disallowed intent(s).")
        self.session = sessions.start(wanted, _shard(data), data.get("large_threshold", 50))
        self._ready(self.session)

    def _ready(self, session: Session) -> None:
        world = self.world
        session.outbox = self.queue
        mine = [g for g in world.guilds.values() if world.bot.id in g.members and session.wants(g.id, 0)]
        ready = {
            "v": 10,
            "user": payloads.own_user(world.bot),
            "guilds": [{"id": str(g.id), "unavailable": True} for g in mine],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": f"ws://{self.request.host}/gateway",
            "shard": list(session.shard),
            "application": {"id": str(world.application_id), "flags": application_flags(world)},
            "private_channels": [],
            "presences": [],
            "relationships": [],
            "_trace": ["loopback"],
        }
        session.push("READY", dumps(ready))
        for guild in mine:
            if not guild.unavailable:
                world.sessions.show_guild(session, guild, world.bot)

    async def _resume(self, data: Json) -> None:
        world = self.world
        if data.get("token") != world.token or world.token_reset:
            raise Closed(4004, "Authentication failed.")
        session = world.sessions.to_resume(str(data.get("session_id")), world.now())
        seq = data.get("seq")
        world.sessions.resumes.append({"at": world.now(), "seq": seq, "known": session is not None})
        if session is not None and isinstance(seq, int) and seq > session.seq:
            self.session = session
            raise Closed(4007, "Invalid seq.")
        missed = session.missed_since(seq) if session is not None and isinstance(seq, int) else None
        if session is None or missed is None:
            await self.invalidate(resumable=False)
            return
        for frame in missed:
            self.queue.put_nowait(frame)
        self.session, session.outbox, session.gone_at = session, self.queue, None
        session.push("RESUMED", dumps({"_trace": ["loopback"]}))


def _shard(data: Json) -> tuple[int, int]:
    shard, count = data.get("shard") or (0, 1)
    if not 0 <= shard < count:
        raise Closed(4010, "Invalid shard.")
    return shard, count


def application_flags(world: World) -> int:
    """The flags by which an application knows which privileged intents it was granted."""
    return sum(intents.APPLICATION_FLAGS[name] for name in world.portal)


async def serve(request: web.BaseRequest, world: World, faults: GatewayFaults) -> web.StreamResponse:
    """Take one gateway connection, or refuse it with 503 while the gateway is down."""
    if asyncio.get_running_loop().time() < faults.refuse_until:
        faults.refused += 1
        return web.Response(status=503, text="upstream connect error")
    socket = web.WebSocketResponse(compress=False, max_msg_size=0)
    await socket.prepare(request)
    connection = Connection(socket, world, faults, request)
    faults.connections.add(connection)
    try:
        await connection.run()
    except ConnectionError:
        pass  # the client vanished: its session stays resumable
    finally:
        faults.connections.discard(connection)
    return socket
