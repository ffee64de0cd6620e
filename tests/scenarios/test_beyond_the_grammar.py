"""What the grammar has no act for: screening, large groups, a group in which the bot may not write."""

from __future__ import annotations

import pytest

from adapters.playground.acts import Act, IsLetIn, Joins, SetsWriting
from adapters.playground.history import Kind
from adapters.playground.outgoing import plain_text
from bot.core.chat import Reason
from bot.core.events import Where
from tests.driver import Conversation, conversation

FACES = ["telegram", "discord"]


def group(talk: Conversation, face: str) -> Where:
    return talk.stage.scene.community.group(face, _first(talk, face)).main_place  # type: ignore[union-attr]


def _first(talk: Conversation, face: str) -> str:
    return next(group.id for group in talk.stage.scene.community.groups if group.platform == face)


async def act(talk: Conversation, act: Act) -> None:
    await talk.stage.chats[act.where.platform].act(act)
    await talk.stage.settle()


def standing_greetings(talk: Conversation, face: str) -> list[str]:
    return [
        plain_text(posted.message)
        for posted in talk.stage.world.board.all()
        if posted.author.bot and posted.where.platform == face and posted.where.group == _first(talk, face)
    ]


@pytest.mark.parametrize("face", FACES)
async def test_who_waits_to_be_let_in_is_greeted_then(face: str) -> None:
    async with conversation() as talk:
        ayu = talk.stage.world.people.named(face, "Ayu").id
        await act(talk, Joins(group(talk, face), ayu, pending=True))
        await talk.clock.advance(minutes=20)
        talk.place(face).does_not_show()

        await act(talk, IsLetIn(group(talk, face), ayu))
        await talk.clock.advance(seconds=30)
        talk.place(face).shows("…Ayu…")


@pytest.mark.parametrize("face", FACES)
async def test_in_a_large_group_greetings_keep_a_distance_and_replace_each_other(face: str) -> None:
    async with conversation() as talk:
        large = talk.stage.world.groups.get(face, _first(talk, face))
        assert large
        large.silent_members = 600
        await talk.person("Ayu").joins(face)
        await talk.clock.advance(seconds=40)
        talk.place(face).shows("…Ayu…")

        await talk.person("Budi").joins(face)
        await talk.clock.advance(minutes=2)
        talk.place(face).does_not_show("…Budi…")
        await talk.person("Citra").joins(face)
        await talk.clock.advance(minutes=4)
        talk.place(face).shows("…Budi and Citra…")

        (left,) = standing_greetings(talk, face)
        assert "Budi and Citra" in left


@pytest.mark.promise("R23")
@pytest.mark.parametrize("face", FACES)
async def test_where_the_bot_may_not_write_it_stops_and_tells_managers_once(face: str) -> None:
    async with conversation() as talk:
        admin = talk.stage.world.people.named(face, "Rina").id
        await act(talk, SetsWriting(group(talk, face), admin, allowed=False))
        for name in ("Ayu", "Budi"):
            await talk.person(name).joins(face)
            await talk.clock.advance(minutes=1)

        refused = [refusal.reason for of, refusal in talk.stage.world.refused if of == face]
        assert refused == [Reason.NO_RIGHT]
        told = [
            change
            for change in talk.stage.world.since(0)
            if change.kind is Kind.POSTED
            and change.message
            and "I may not write there" in plain_text(change.message.message)
        ]
        assert told
        assert len({change.where for change in told}) == len(told)

        await act(talk, SetsWriting(group(talk, face), admin, allowed=True))
        await talk.person("Citra").joins(face)
        await talk.clock.advance(minutes=1)
        talk.place(face).shows("…Citra…")
