"""A thousand people at once: each is acknowledged in time and answered alone, and no limit is met."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord.adapter import DiscordChat
from bot.core.chat import Operation, Outgoing
from bot.core.events import ButtonPressed, Event, PollVoted
from bot.core.messages import Button, Message, Poll, only, text
from tests.adapters.discord.conftest import Bot, sending, where_is
from tests.adapters.ears import Ears
from tests.servers.discord import DiscordWorld, Guild

DRINKS = ("Tea", "Coffee")
ROWS = tuple((Button(label, token=f"t-{label}"),) for label in DRINKS)
PEOPLE = 1000


class Answering(Ears):
    """Answers each press to its presser, as the sender does: all at once, for answers wait for no channel."""

    chat: DiscordChat
    where: Guild

    async def submit(self, event: Event) -> None:
        await super().submit(event)
        if isinstance(event, ButtonPressed):
            message = Message(text(f"Counted: {event.token}"), only(event.actor.id))
            await self.chat.perform(sending(self.where["general"], message, event.event_id, event.handle))


@pytest.mark.promise("R28")
@pytest.mark.parametrize("per_second", [PEOPLE / 5, None], ids=["within five seconds", "all at once"])
async def test_presses(bot: Bot, dc: DiscordWorld, kopi: Guild, per_second: float | None) -> None:
    """More in a second than would be pressed there in a minute; bars are edited meanwhile."""
    bot.ears = ears = Answering()
    ears.where = kopi
    people = await kopi.crowd_joins(PEOPLE)
    async with bot.runs() as chat:
        ears.chat = chat
        await dc.trouble.strict_limits()
        id = await chat.perform(sending(kopi["general"], Message(text("Tea 0, coffee 0"), buttons=ROWS)))
        wanted = [(who, DRINKS[n % 2]) for n, who in enumerate(people)]
        crowd = asyncio.create_task(kopi["general"].crowd_presses(wanted, message=int(id), per_second=per_second))
        for n in range(3):
            bars = Message(text(f"Tea {n}"), buttons=ROWS)
            await chat.perform(Outgoing(Operation.EDIT, where_is(kopi["general"]), bars, f"e-{n}", message_id=id))
        acts = await crowd
        await ears.hear(ButtonPressed, PEOPLE)

        async def all_answered() -> bool:
            return all(answer.shown_ms is not None for answer in await dc.answers(acts))

        await dc.eventually(all_answered, within=20)
        answers = await dc.answers(acts)
        stats = await dc.stats()
    assert {answer.state for answer in answers} == {"answered"}
    assert max(answer.acknowledged_ms or 9999 for answer in answers) < 3000
    for (_, label), answer in zip(wanted, answers, strict=True):
        # the first message is the one that was pressed on
        assert [said["content"] for said in answer.messages[1:]] == [f"Counted: t-{label}"]
        assert answer.ephemeral
    assert stats.refused_429 == 0
    assert len(await dc.requests("POST /channels/*/messages")) == 1


async def test_votes(chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild) -> None:
    people = await kopi.crowd_joins(PEOPLE)
    await dc.trouble.strict_limits()
    id = await chat.perform(sending(kopi["general"], Message(poll=Poll("Which?", DRINKS))))
    await kopi["general"].crowd_votes(((who, DRINKS[n % 2]) for n, who in enumerate(people)), per_second=PEOPLE)
    await kopi["general"].crowd_votes((who, "Tea") for who in people[:200])
    await kopi["general"].crowd_votes(((who, "Tea") for who in people[:50]), present=False)
    told = await ears.hear(PollVoted, PEOPLE + 100 * 2 + 50)
    choices: dict[str, set[int]] = {str(who.id): set() for who in people}
    for vote in told:
        change = choices[vote.actor.id].update if vote.chosen else choices[vote.actor.id].difference_update
        change(vote.options)
    heard = {account: tuple(chosen) for account, chosen in choices.items() if chosen}
    found = await chat.votes(where_is(kopi["general"]), id)
    assert heard == {account: vote.options for account, vote in found.items()}
    assert len(heard) == PEOPLE - 50
    assert (await dc.stats()).refused_429 == 0
