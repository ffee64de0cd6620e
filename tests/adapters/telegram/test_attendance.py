"""Who of many is in a group."""

from __future__ import annotations

import asyncio

import pytest

from adapters.telegram.adapter import TelegramChat
from bot.core.chat import ChatError, RateLimited, Reason, Refusal
from tests.adapters.telegram.conftest import where_is
from tests.servers.telegram.client import TelegramWorld, WorldError
from tests.servers.telegram.handles import Group, Person


@pytest.fixture
async def group(world: TelegramWorld) -> Group:
    return await world.add_group("Kopi")


async def test_whatever_their_standing(world: TelegramWorld, chat: TelegramChat, group: Group) -> None:
    names = ("plain", "admin", "restricted", "muted out", "gone", "banned", "never came")
    people = {name: await world.person(name) for name in names}
    for person in list(people.values())[:-1]:
        await person.joins(group)
    await people["admin"].is_promoted(group)
    await people["restricted"].is_restricted(group)
    await people["muted out"].is_restricted(group)
    await people["muted out"].leaves(group)
    await people["gone"].leaves(group)
    await people["banned"].is_banned(group)
    ids = {name: str(person.id) for name, person in people.items()}
    there = await chat.members(where_is(group), [*ids.values(), *ids.values()])
    assert there == {ids["plain"], ids["admin"], ids["restricted"]}


async def test_in_private_there_is_one(world: TelegramWorld, chat: TelegramChat) -> None:
    ayu, budi = await world.person("Ayu"), await world.person("Budi")
    assert await chat.members(where_is(ayu), [str(ayu.id), str(budi.id)]) == {str(ayu.id)}


async def test_a_few_at_a_time(world: TelegramWorld, chat: TelegramChat, group: Group) -> None:
    people = await group.crowd_joins(40)
    await world.fault("getChatMember", kind="stall", times=0)
    asking = asyncio.create_task(chat.members(where_is(group), [str(who) for who in people]))
    await world.wait("held", count=8)
    with pytest.raises(WorldError):
        await world.wait("held", count=9, timeout=0.3)
    await world.clear_faults()
    assert await asking == {str(who) for who in people}


@pytest.mark.parametrize("fault", [{"status": 500}, {"kind": "reset"}, {"retry_after": 1}], ids=str)
async def test_what_passes_is_asked_again(
    world: TelegramWorld, chat: TelegramChat, group: Group, fault: dict[str, int]
) -> None:
    people = await group.crowd_joins(3)
    await world.fault("getChatMember", times=2, **fault)  # type: ignore[arg-type]
    assert await chat.members(where_is(group), [str(who) for who in people]) == {str(who) for who in people}


@pytest.mark.parametrize("fault", [{"status": 500}, {"kind": "reset"}, {"retry_after": 0.1}], ids=str)
async def test_what_lasts_is_told(
    world: TelegramWorld, chat: TelegramChat, group: Group, fault: dict[str, int]
) -> None:
    people = await group.crowd_joins(20)
    await world.fault("getChatMember", times=0, **fault)  # type: ignore[arg-type]
    with pytest.raises(ChatError) as caught:
        await chat.members(where_is(group), [str(who) for who in people])
    assert isinstance(caught.value, RateLimited) is ("retry_after" in fault)


async def test_it_waits_as_long_as_it_is_told_to(world: TelegramWorld, chat: TelegramChat, group: Group) -> None:
    [ayu] = await group.crowd_joins(1)
    await world.fault("getChatMember", retry_after=1)
    assert await chat.members(where_is(group), [str(ayu)]) == {str(ayu)}
    first, second = [request["at"] for request in await world.requests("getChatMember")]
    assert second - first >= 0.9


async def test_after_a_refusal_nobody_else_is_asked_for(world: TelegramWorld, chat: TelegramChat, group: Group) -> None:
    people = await group.crowd_joins(60)
    await world.fault("getChatMember", status=403, description="Forbidden: bot was kicked from the supergroup chat")
    with pytest.raises(Refusal):
        await chat.members(where_is(group), [str(who) for who in people])
    assert (await world.stats())["calls"]["getchatmember"] <= 16


async def test_a_list_that_is_hidden(world: TelegramWorld, chat: TelegramChat) -> None:
    group = await world.add_group("Kopi", bot="member", hidden_members=True)
    [ayu] = await group.crowd_joins(1)
    with pytest.raises(Refusal) as caught:
        await chat.members(where_is(group), [str(ayu)])
    assert caught.value.reason is Reason.NO_RIGHT


async def test_an_account_that_was_deleted_is_not_there(chat: TelegramChat, group: Group) -> None:
    assert await chat.members(where_is(group), ["5", "0", "x", "99999999999999999999"]) == frozenset()


async def test_no_record_of_votes(chat: TelegramChat, group: Group) -> None:
    with pytest.raises(Refusal):
        await chat.votes(where_is(group), "5")


async def test_who_stops_asking_leaves_nothing_behind(
    world: TelegramWorld, chat: TelegramChat, group: Group, ayu: Person
) -> None:
    await world.fault("getChatMember", kind="stall", times=0)
    before = asyncio.all_tasks()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await chat.members(where_is(group), [str(ayu.id)])
    assert asyncio.all_tasks() <= before
    await world.clear_faults()


@pytest.fixture
async def ayu(world: TelegramWorld, group: Group) -> Person:
    return await world.person("Ayu")
