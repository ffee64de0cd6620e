"""Two platforms, one without private answers in groups and one with, and what people do on them."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.core.chat import Operation
from bot.core.events import Actor, ActorKind, ButtonPressed, ChatChanged, Standing, Where
from bot.core.messages import Button
from tests.core.fakes import GROUP, Attempt, FakeChat, Town, play, town
from tests.core.notebook import Notebook

LINK = "https://chat.example/guyub?start={payload}"
OTHER_GROUP = Where("telegram", "-1001000000002", "")
ANONYMOUS = Actor(GROUP.group, "Kopi", ActorKind.ANONYMOUS)
Story = Callable[["Desk"], Awaitable[None]]


def private(who: str) -> Where:
    return Where("telegram", "", who)


class Desk:
    """A platform without private answers in groups, and one with."""

    def __init__(self, here: Town) -> None:
        self.here = here
        self.chat = here.chats["telegram"]
        self.discord = here.chats["discord"]

    async def opens_a_chat(self, who: str, *, open: bool = True) -> None:
        here = self.here
        event = ChatChanged(here.next_id(), here.clock.now(), private(who), Actor(who, who), open)
        await here.happens(event)

    def button(self, label: str, chat: FakeChat | None = None) -> tuple[Button, Attempt]:
        """The newest with that label."""
        for attempt in reversed((chat or self.chat).delivered):
            for button in itertools.chain(*attempt.outgoing.message.buttons):
                if button.label == label:
                    return button, attempt
        raise AssertionError(f"there is no button {label}")

    async def presses(self, who: str, label: str, where: Where | None = None, **changes: object) -> ButtonPressed:
        button, attempt = self.button(label)
        here, id = self.here, self.here.next_id()
        place = where or attempt.outgoing.where
        event = ButtonPressed(id, here.clock.now(), place, Actor(who, who), button.token, "m1", handle=f"press:{id}")
        event = replace(event, **changes)  # type: ignore[arg-type]
        await here.happens(event)
        return event

    def last(self) -> Attempt:
        """What was said last."""
        return [attempt for attempt in self.chat.delivered if attempt.outgoing.operation is not Operation.DELETE][-1]

    def removed(self) -> int:
        return sum(attempt.outgoing.operation is Operation.DELETE for attempt in self.chat.delivered)

    def question(self) -> str:
        """The id of the message that asks for a reply."""
        asked = [n for n, a in enumerate(self.chat.delivered, 1) if a.outgoing.message.ask_reply]
        return f"m{asked[-1]}"

    def makes_manager(self, who: str, *, manager: bool = True) -> None:
        self.chat.standings[GROUP.group, who] = Standing(administrator=manager)


def story(told: Story) -> None:
    """Tell it at once."""

    async def tell() -> None:
        chats = (
            FakeChat("telegram", toast=40, private_link=LINK),
            FakeChat("discord", private_reply=True, repeatable_for=timedelta(minutes=2)),
        )
        async with town(Notebook().feature(), chats=chats) as here:
            await told(Desk(here))

    play(tell())
