"""What Telegram is asked: facts of groups, standings of members."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.telegram.adapter import TelegramChat
from bot.core.chat import GroupFacts, Reason, Refusal, Uncertain
from bot.core.events import GroupChanged, Standing
from tests.adapters.ears import Ears, State
from tests.adapters.telegram.conftest import adapter, where_is
from tests.servers.telegram.client import TelegramWorld
from tests.servers.telegram.handles import Group, Person


@pytest.fixture
async def group(world: TelegramWorld) -> Group:
    return await world.add_group("Kopi", unseen_members=998)


@pytest.fixture
async def ayu(world: TelegramWorld, group: Group) -> Person:
    return await world.person("Ayu")


def codes(facts: GroupFacts) -> list[str]:
    return [problem.code for problem in facts.problems]


async def test_facts_of_a_group_where_all_is_well(chat: TelegramChat, group: Group) -> None:
    assert await chat.facts(where_is(group)) == GroupFacts("Kopi", 1000)


@pytest.mark.parametrize(
    ("bot", "privacy", "permissions", "expected"),
    [
        ("admin", True, {}, []),
        ("member", True, {}, ["privacy_mode", "not_admin"]),
        ("member", False, {}, ["not_admin"]),
        ("restricted", False, {}, ["not_admin", "cannot_write"]),
        ("member", False, {"can_send_messages": False}, ["not_admin", "cannot_write"]),
        ("admin", False, {"can_send_messages": False}, []),
    ],
)
async def test_what_should_be_mended(
    chat: TelegramChat, world: TelegramWorld, bot: str, privacy: bool, permissions: dict[str, bool], expected: list[str]
) -> None:
    await world.set_privacy(privacy)
    group = await world.add_group("Kopi", bot=bot, permissions=permissions)
    assert codes(await chat.facts(where_is(group))) == expected


async def test_a_group_without_us_has_no_facts(chat: TelegramChat, world: TelegramWorld) -> None:
    group = await world.add_group("Kopi", bot="absent")
    with pytest.raises(Refusal) as caught:
        await chat.facts(where_is(group))
    assert caught.value.reason is Reason.GONE


async def test_facts_are_not_asked_for_over_and_over(chat: TelegramChat, world: TelegramWorld, group: Group) -> None:
    for _ in range(3):
        await chat.facts(where_is(group))
    assert (await world.stats())["calls"]["getchat"] == 1


async def test_facts_are_asked_anew_when_our_rights_have_changed(chat: TelegramChat, ears: Ears, group: Group) -> None:
    assert codes(await chat.facts(where_is(group))) == []
    await group.bot_becomes("member")
    await ears.hear(GroupChanged)
    assert "not_admin" in codes(await chat.facts(where_is(group)))


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


async def test_facts_grow_old(world: TelegramWorld, group: Group, state: State) -> None:
    clock = Clock()
    chat = TelegramChat(world.token, api_url=world.url, load_state=state.load, save_state=state.save, clock=clock)
    await chat.facts(where_is(group))
    clock.time += timedelta(minutes=1)
    await group.becomes(title="Kopi & Teh")
    assert (await chat.facts(where_is(group))).title == "Kopi & Teh"
    await chat.stop()


# ------------------------------------------------------------------ standings
async def test_a_member(chat: TelegramChat, group: Group, ayu: Person) -> None:
    await ayu.joins(group)
    assert await chat.standing(where_is(group), str(ayu.id)) == Standing(present=True, administrator=False)


async def test_rights_are_never_old(chat: TelegramChat, group: Group, ayu: Person) -> None:
    await ayu.joins(group)
    await ayu.is_promoted(group)
    assert (await chat.standing(where_is(group), str(ayu.id))).administrator
    await ayu.is_demoted(group)
    assert not (await chat.standing(where_is(group), str(ayu.id))).administrator


@pytest.mark.parametrize("how", ["leaves", "is_banned"])
async def test_somebody_who_is_gone(chat: TelegramChat, group: Group, ayu: Person, how: str) -> None:
    await ayu.joins(group)
    await getattr(ayu, how)(group)
    assert not (await chat.standing(where_is(group), str(ayu.id))).present


async def test_somebody_who_was_never_there(chat: TelegramChat, group: Group, ayu: Person) -> None:
    assert not (await chat.standing(where_is(group), str(ayu.id))).present
    for nobody in ("404404", "nobody", ""):
        assert not (await chat.standing(where_is(group), nobody)).present


async def test_a_look_up_that_fails_says_so(
    chat: TelegramChat, world: TelegramWorld, group: Group, ayu: Person
) -> None:
    await world.fault("getChatMember", status=502)
    with pytest.raises(Uncertain):
        await chat.standing(where_is(group), str(ayu.id))


async def test_looking_up_waits_for_no_connection(world: TelegramWorld, group: Group, ayu: Person) -> None:
    chat = adapter(world)  # never started
    assert not (await chat.standing(where_is(group), str(ayu.id))).present
    await chat.stop()
