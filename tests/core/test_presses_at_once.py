"""Presses that come at the same time: each finds the buttons as those before it left them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.core.commands import Answers, Command, Who
from bot.core.events import Actor, ButtonPressed, CommandInvoked, MemberLeft, Standing
from bot.core.feature import ButtonAction, Context, Feature, Instead
from bot.core.messages import Button, Message, text
from tests.core.fakes import GROUP, FakeChat, Town, play, town

done: list[str] = []


def offer(event: CommandInvoked, ctx: Context) -> Message:
    rows = (Button("Once", "shop.once"), Button("Often", "shop.often"), Button("Manager", "shop.manager"))
    return Message(text("What shall it be?"), buttons=(rows,))


def once(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    done.append("once")
    return Instead(Message(text("Done.")))


def often(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Message:
    done.append(event.actor.id)
    return Message(text("Thanks."))


SHOP = Feature(
    name="shop",
    commands=(Command("shop", "Shop", offer, answers=Answers.PUBLIC),),
    buttons={
        "once": ButtonAction(once),
        "often": ButtonAction(often),
        "manager": ButtonAction(often, who=Who.MANAGERS),
    },
)


async def opened(here: Town) -> dict[str, str]:
    """Tokens by label."""
    done.clear()
    await here.says("Ayu", "/shop")
    [row] = here.chat.delivered[-1].outgoing.message.buttons
    return {button.label: button.token for button in row}


def press(here: Town, who: str, token: str) -> ButtonPressed:
    return ButtonPressed(here.next_id(), here.clock.now(), GROUP, Actor(who, who), token, handle=here.next_id())


@pytest.mark.promise("S4")
def test_what_is_done_by_one_press_is_not_done_again_by_another_at_the_same_time() -> None:
    async def story() -> None:
        async with town(SHOP, chats=[FakeChat(toast=200)]) as here:
            tokens = await opened(here)
            await asyncio.gather(*(here.engine.submit(press(here, who, tokens["Once"])) for who in "abcde"))
            await here.settle()
            assert done == ["once"]
            assert here.chat.words().count("This button no longer works.") == 4

    play(story())


def test_presses_are_handled_in_the_order_in_which_they_came() -> None:
    async def story() -> None:
        async with town(SHOP, chats=[FakeChat(toast=200)]) as here:
            here.chat.standings[GROUP.group, "m"] = Standing(administrator=True)
            tokens = await opened(here)
            people = [str(n) for n in range(200)]
            presses = [press(here, who, tokens["Often"]) for who in people]
            presses.insert(100, press(here, "m", tokens["Manager"]))  # its right has to be looked up
            here.chat.look_up_takes = 1.0
            handled = [here.engine.offer(event) for event in presses]
            await asyncio.gather(*handled)
            assert done == [*people[:100], "m", *people[100:]]
            transactions = len(here.effects)
            assert transactions < 40

    play(story())


@pytest.mark.promise("S5")
def test_who_may_press_is_asked_though_the_button_is_well_known() -> None:
    async def story() -> None:
        async with town(SHOP, chats=[FakeChat(toast=200)]) as here:
            here.chat.standings[GROUP.group, "m"] = Standing(administrator=True)
            tokens = await opened(here)
            await here.happens(press(here, "m", tokens["Manager"]))
            await here.happens(press(here, "x", tokens["Manager"]))
            assert done == ["m"]
            assert here.chat.words()[-1] == "Only managers may press this."

    play(story())


@pytest.mark.promise("S4")
@pytest.mark.promise("S7")
def test_whoever_only_looks_into_a_public_group_presses_in_vain_until_they_come_in() -> None:
    async def story() -> None:
        async with town(SHOP, chats=[FakeChat(toast=200)]) as here:
            tokens = await opened(here)
            here.chat.gone.add((GROUP.group, "x"))
            await here.happens(press(here, "y", tokens["Often"]))  # from now on the button is well known
            await here.happens(press(here, "x", tokens["Often"]))
            assert here.chat.words()[-1] == "This is for members of the group. Come in first!"
            here.chat.gone.clear()
            await here.happens(press(here, "x", tokens["Often"]))
            assert done == ["y", "x"]
            left = MemberLeft(here.next_id(), here.clock.now() + timedelta(seconds=1), GROUP, Actor("x", "x"))
            await here.happens(left)
            here.chat.gone.add((GROUP.group, "x"))
            await here.happens(press(here, "x", tokens["Often"]))
            assert done == ["y", "x"]

    play(story())
