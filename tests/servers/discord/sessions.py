"""Gateway sessions: who identified with which intents, what each was sent, and what a resume must send again."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from dataclasses import dataclass, field

from . import intents, payloads
from .state import Guild, Json, Member, User

REPLAY_LIMIT = 20_000
REPLAY_SECONDS = 300.0
KEPT_WHEN_GONE = 3


def dumps(data: object) -> str:
    return json.dumps(data, separators=(",", ":"))


def without_content(message: Json) -> Json:
    """A message as an application without the message content intent gets it."""
    bare = {**message, "content": "", "embeds": [], "attachments": [], "components": []}
    bare.pop("poll", None)
    return bare


@dataclass(slots=True, eq=False)
class Session:
    """One IDENTIFY. `outbox` is the connection's queue of frames, None while the bot is away."""

    id: str
    intents: int
    shard: tuple[int, int]
    large_threshold: int
    seq: int = 0
    replay: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REPLAY_LIMIT))
    outbox: asyncio.Queue[str] | None = None
    gone_at: float | None = None

    def wants(self, guild_id: int | None, needs: int) -> bool:
        if needs and not self.intents & needs:
            return False
        shard, count = self.shard
        return shard == (0 if guild_id is None else (guild_id >> 22) % count)

    def push(self, event: str, data: str) -> None:
        """Send an event whose `d` is already JSON."""
        self.seq += 1
        frame = f'{{"t":"{event}","s":{self.seq},"op":0,"d":{data}}}'
        self.replay.append((self.seq, frame))
        if self.outbox is not None:
            self.outbox.put_nowait(frame)

    def missed_since(self, seq: int) -> list[str] | None:
        """The frames after `seq`, or None when they are no longer all kept."""
        if seq > self.seq or (self.replay and seq + 1 < self.replay[0][0]):
            return None
        return [frame for number, frame in self.replay if number > seq]


class Sessions:
    """All sessions, the IDENTIFY budget, and the counters that tests read."""

    def __init__(self) -> None:
        self.alive: dict[str, Session] = {}
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.invalidated = 0
        self.budget = 1000
        self.budget_total = 1000
        self.budget_resets_at: float | None = None
        self.max_concurrency = 1

    def spend(self, now: float) -> bool:
        """Count one IDENTIFY; false when none is left of the day's."""
        if self.budget_resets_at is None or now >= self.budget_resets_at:
            self.budget_resets_at, self.budget = now + 86_400, self.budget_total
        if self.budget <= 0:
            return False
        self.budget -= 1
        return True

    def start(self, wanted: int, shard: tuple[int, int], large_threshold: int) -> Session:
        session = Session(secrets.token_hex(16), wanted, shard, large_threshold)
        self.alive[session.id] = session
        gone = [s for s in self.alive.values() if s.gone_at is not None]
        for old in gone[:-KEPT_WHEN_GONE]:
            del self.alive[old.id]
        return session

    def to_resume(self, session_id: str, now: float) -> Session | None:
        session = self.alive.get(session_id)
        if session is not None and session.gone_at is not None and now - session.gone_at > REPLAY_SECONDS:
            del self.alive[session_id]
            return None
        return session

    def drop(self, session: Session) -> None:
        self.alive.pop(session.id, None)

    def emit(self, event: str, data: Json, guild_id: int | None, needs: int, hide: bool) -> None:
        """Send to every session that wants it; encodes once, however many there are."""
        full = hidden = None
        for session in self.alive.values():
            if not session.wants(guild_id, needs):
                continue
            if hide and not session.intents & intents.MESSAGE_CONTENT:
                hidden = hidden or dumps(without_content(data))
                session.push(event, hidden)
            else:
                full = full or dumps(data)
                session.push(event, full)

    def guild_appears(self, guild: Guild, bot: User, *, fresh: bool) -> None:
        """GUILD_CREATE to every session of the guild's shard: it was joined (`fresh`), or is available again."""
        for session in self.alive.values():
            self.show_guild(session, guild, bot, fresh=fresh)

    def show_guild(self, session: Session, guild: Guild, bot: User, *, fresh: bool = False) -> None:
        if session.wants(guild.id, intents.GUILDS):
            members = _visible_members(session, guild, bot)
            joined = guild.bot_joined or guild.created
            session.push("GUILD_CREATE", dumps(payloads.guild_create(guild, members, joined, fresh=fresh)))


def _visible_members(session: Session, guild: Guild, bot: User) -> list[Member]:
    """All of a small guild with the members intent, else only the bot."""
    if session.intents & intents.GUILD_MEMBERS and guild.member_count <= session.large_threshold:
        return list(guild.members.values())
    return [guild.members[bot.id]]
