"""A feature that shouts: whatever tests need to be said unasked, through the gate, in a town that knows the time."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.chat import ChatError, Operation, Outgoing, Uncertain
from bot.core.commands import Answers, Command, Option
from bot.core.commands import Kind as OptionKind
from bot.core.events import CommandInvoked, Event, Standing, Where
from bot.core.feature import Context, Feature
from bot.core.interruptions import Decision, Decisions, Interruption, Kind, interrupt, reserve, unreserve
from bot.core.messages import Message, plain, text
from bot.core.reasons import because
from bot.features.posts import feature as posts
from tests.core.fakes import CONFIG, GROUP, MANAGERS, FakeChat, Town, play, town

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = datetime(2026, 3, 28, 12, tzinfo=BERLIN)  # the night after it is an hour shorter
AUTUMN = datetime(2026, 10, 24, 12, tzinfo=BERLIN)
WHY = because("nobody had written for {hours} h", hours=9)


@dataclass
class DatedChat(FakeChat):
    """Remembers when what was said, also what may have been said without an answer."""

    name: str = "telegram"
    said: list[tuple[datetime, Where, str, str]] = field(default_factory=list)
    here: Town | None = None

    def __post_init__(self) -> None:
        FakeChat.__init__(self, self.name)

    async def perform(self, outgoing: Outgoing) -> str:
        assert self.here is not None
        waiting = self.next_at[outgoing.where]
        arrives = not waiting or isinstance(waiting[0], Uncertain)
        if outgoing.operation is Operation.SEND and arrives:
            words = plain(outgoing.message.text)
            self.said.append((self.here.clock.now(), outgoing.where, words, outgoing.nonce))
        return await super().perform(outgoing)


def shouter() -> Feature:
    """/shout KIND KEY [HOW]: posts unasked, in the place where it is told to. /plan KIND KEY DAYS reserves."""

    def shout(event: CommandInvoked, ctx: Context, kind: str, key: str, how: str = "") -> None:
        here = event.where
        lasts = {"brief": timedelta(minutes=5), "late": timedelta(0)}.get(how, timedelta(hours=30))
        promo = "promo" in how
        words = f"shout {kind} {key}{' promo' if promo else ''}"
        asked = Interruption(
            Kind(kind),
            Message(text(words)),
            here,
            f"{here}:{key}",
            WHY,
            ctx.now + lasts,
            promo=promo,
            lull="lull" in how,
        )
        interrupt(ctx, asked)

    def plan(event: CommandInvoked, ctx: Context, kind: str, key: str, days: int = 0) -> None:
        day = ctx.now.astimezone(ctx.served.zone).date() + timedelta(days=days)
        reserve(ctx, Kind(kind), event.where, f"{event.where}:{key}", day)

    def drop(event: CommandInvoked, ctx: Context, key: str) -> None:
        unreserve(ctx, f"{event.where}:{key}")

    kind, key = Option("kind", "k", required=True), Option("key", "k", required=True)
    days = Option("days", "d", OptionKind.INTEGER)
    return Feature(
        "shouter",
        commands=(
            Command(
                "shout", "s", shout, answers=Answers.PUBLIC, options=(kind, key, Option("how", "h", OptionKind.TEXT))
            ),
            Command("plan", "p", plan, options=(kind, key, days)),
            Command("drop", "d", drop, options=(key,)),
        ),
    )


class Square:
    """A town that shouts."""

    def __init__(self, here: Town, chats: Sequence[DatedChat]) -> None:
        self.here = here
        self.chats = chats
        self.last: Event | None = None
        for chat in chats:
            chat.here = here
            chat.standings[MANAGERS.group, "Rina"] = Standing(administrator=True)

    def at(self, moment: datetime) -> None:
        """It is that time now."""
        self.here.clock.ahead += moment - self.here.clock.now()

    async def says(self, words: str, where: Where = GROUP) -> None:
        self.last = self.here.command("Rina", words, where)
        await self.here.happens(self.last)

    async def shout(self, kind: str, key: str, where: Where = GROUP, how: str = "") -> Decision:
        await self.says(f"/shout {kind} {key} {how}".strip(), where)
        found = await self.here.do(lambda unit: unit.store(Decisions).get(f"{where}:{key}"))
        assert found is not None
        return found

    async def minutes(self, minutes: float) -> None:
        self.here.clock.ahead += timedelta(minutes=minutes)
        await self.here.settle()

    def breaks(self, where: Where, error: ChatError) -> None:
        self.here.chats[where.platform].next_at[where].append(error)

    def said(self, where: Where | None = None) -> list[tuple[datetime, Where, str]]:
        """What the shouter said, a repeat under the same nonce being the same message."""
        once = dict[str, tuple[datetime, Where, str]]()
        for chat in self.chats:
            for at, place, words, nonce in chat.said:
                once.setdefault(nonce, (at, place, words))
        shouts = [one for one in once.values() if one[2].split("\n")[-1].startswith("shout")]
        return sorted((one for one in shouts if where in (None, one[1])), key=lambda one: one[0])


def config(per_day: int = 4, kind: str = "sponsored", zone: str = "Europe/Berlin") -> str:
    own = f'language = "en"\nkind = "{kind}"\ntimezone = "{zone}"\n[communities.kopi.posts]\nper_day = {per_day}'
    return CONFIG.replace('language = "en"', own)


def square(tell: Callable[[Square], Coroutine[Any, Any, None]], **how: Any) -> None:
    async def told() -> None:
        chats = (DatedChat("telegram"), DatedChat("discord"))
        async with town(posts, shouter(), config=config(**how), chats=chats) as here:
            await tell(Square(here, chats))

    play(told())
