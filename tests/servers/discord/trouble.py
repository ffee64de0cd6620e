"""Orders for things to go wrong, on the REST side and on the gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import DiscordWorld

SEND = "POST /channels/*/messages"


class Trouble:
    """Faults by route: `pattern` is `METHOD /path` below `/api/v10`, `*` for one segment, `**` for anything.

    Each holds for the next `times` calls after `skip` more; `when` "before" or "after" the effect.
    """

    def __init__(self, world: DiscordWorld) -> None:
        self._world = world

    async def rate_limits(
        self, pattern: str = SEND, *, retry_after: float = 0.1, scope: str = "user", times: int = 1
    ) -> None:
        """429 with `scope` user, shared or global."""
        await self._fault(pattern, "429", retry_after=retry_after, scope=scope, times=times)

    async def fails(
        self, pattern: str = SEND, *, status: int = 503, when: str = "before", times: int = 1, skip: int = 0
    ) -> None:
        """Answer with a status (500, 502, 503, 404 on `GET /gateway/bot`, …)."""
        await self._fault(pattern, "status", status=status, when=when, times=times, skip=skip)

    async def stalls(
        self, pattern: str = SEND, *, when: str = "before", seconds: float = 3600.0, times: int = 1, skip: int = 0
    ) -> None:
        """Hold the call back until `release()` or the seconds are over.

        One held back before its effect has it then, even if its caller has given up: that is how posts get doubled.
        """
        await self._fault(pattern, "stall", when=when, seconds=seconds, times=times, skip=skip)

    async def resets(self, pattern: str = SEND, *, when: str = "before", times: int = 1, skip: int = 0) -> None:
        """Cut the connection."""
        await self._fault(pattern, "reset", when=when, times=times, skip=skip)

    async def stalled(self, *, within: float = 5.0) -> int:
        """Wait until a call is being held back. Returns how many are."""

        async def look() -> int:
            return int((await self._world.order("faults_open"))["stalled"])

        return await self._world.eventually(look, within=within)

    async def release(self) -> None:
        await self._world.order("release")

    async def ends(self) -> None:
        """No more faults of calls."""
        await self._world.order("clear_faults")

    async def strict_limits(self, **how: Any) -> None:
        """Enforce 50/s in all and 5 messages per 5 s a channel: per_second, per_channel, channel_seconds, ban_after."""
        await self._world.order("strict_limits", **how)

    async def closes_gateway(self, code: int | None = None) -> None:
        """With a close code, or without a word."""
        await self._world.order("close_gateway", code=code)

    async def asks_to_reconnect(self) -> None:
        await self._world.order("reconnect")

    async def invalidates_session(self, *, resumable: bool = False) -> None:
        await self._world.order("invalid_session", resumable=resumable)

    async def stops_acks(self) -> None:
        await self._world.order("heartbeats", acks=False)

    async def refuses_gateway(self, seconds: float) -> None:
        await self._world.order("refuse_gateway", seconds=seconds)

    async def injects(self, event: str, data: Any) -> None:
        """An event with any content, malformed included."""
        await self._world.order("inject", event=event, data=data)

    async def portal(self, *enabled: str) -> None:
        """Only these privileged intents are switched on: members, message_content, presences."""
        await self._world.order("set_portal", enabled=list(enabled))

    async def budget(self, remaining: int, **how: Any) -> None:
        """IDENTIFYs left today; the token is reset when more are tried. `how`: total, max_concurrency, pace."""
        await self._world.order("set_budget", remaining=remaining, **how)

    async def _fault(self, pattern: str, kind: str, **how: Any) -> None:
        await self._world.order("fault", pattern=pattern, kind=kind, **how)
