"""Who of many people is in a guild now: asked one by one if they are few, else in pages, and never for minutes."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordChat
from bot.core.chat import ChatError, NotSent, Reason, Refusal
from tests.adapters.discord.conftest import Bot, where_is
from tests.servers.discord import DiscordWorld, Guild, Person

pytestmark = pytest.mark.promise("R9")
PAGES, ONE = "GET /guilds/*/members", "GET /guilds/*/members/*"


def accounts(people: list[Person]) -> set[str]:
    return {str(who.id) for who in people}


async def test_a_few(chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
    ayu, budi = await dc.person("Ayu"), await dc.person("Budi")
    await ayu.joins(kopi)
    asked = [str(ayu.id), str(budi.id), str(ayu.id), "7", "not-an-id", ""]
    assert await chat.members(where_is(kopi), asked) == {str(ayu.id)}
    assert (len(await dc.requests(ONE)), await dc.requests(PAGES)) == (3, [])
    await budi.joins(kopi)
    await ayu.is_banned(kopi)
    assert await chat.members(where_is(kopi["general"]), asked) == {str(budi.id)}
    assert await chat.members(where_is(kopi), []) == frozenset()


async def test_a_thousand_of_whom_some_left(chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
    before, people, after = [await kopi.crowd_joins(count) for count in (1500, 1000, 1500)]
    await kopi.crowd_leaves(people[::20])
    asked = accounts(people) | {"7", "9" * 19, "nobody"}
    assert await chat.members(where_is(kopi), asked) == accounts(people) - accounts(people[::20])
    assert await dc.requests(ONE) == []
    assert len(await dc.requests(PAGES)) <= 4  # those who were there before are passed over
    assert await chat.members(where_is(kopi), accounts([before[0], after[-1], *people])) >= accounts([after[-1]])


async def test_all_of_them(chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
    people = await kopi.crowd_joins(2500)
    assert await chat.members(where_is(kopi), accounts(people)) == accounts(people)
    assert len(await dc.requests(PAGES)) == 3


async def test_too_many_to_be_looked_through(bot: Bot, dc: DiscordWorld) -> None:
    raksasa = await dc.add_guild("Raksasa", member_count=250_000)
    async with bot.runs() as chat:
        people = await raksasa.crowd_joins(70)
        with pytest.raises(NotSent):
            await chat.members(where_is(raksasa), accounts(people))
        assert await dc.requests(PAGES) == []
        assert await chat.members(where_is(raksasa), accounts(people[:50])) == accounts(people[:50])
        assert await chat.members(where_is(raksasa), accounts(people[:5])) == accounts(people[:5])


@pytest.mark.parametrize("count", [2, 20])
async def test_a_failure_is_no_answer(chat: DiscordChat, dc: DiscordWorld, kopi: Guild, count: int) -> None:
    people = await kopi.crowd_joins(count)
    await dc.trouble.fails("GET /guilds/*/members/**" if count == 2 else PAGES, status=503)
    with pytest.raises(ChatError):
        await chat.members(where_is(kopi), accounts(people))


async def test_a_guild_that_the_bot_is_not_in(chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
    teh = await dc.add_guild("Teh", with_bot=False)
    with pytest.raises(Refusal) as caught:
        await chat.members(where_is(teh), ["7"])
    assert caught.value.reason is Reason.GONE
