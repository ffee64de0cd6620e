"""That people spoke in a community's groups is recorded, once, and never what they said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.core.activity import Activity, Spoken, heard_in
from bot.core.chat import Capabilities
from bot.core.events import Actor, ActorKind, MessagePosted, Standing, Where
from bot.core.feature import Context, Feature
from bot.core.stores import Forms, Overrides, SetAside
from storage.unit import SqlUnit
from tests.core.fakes import CONFIG, GROUP, MANAGERS, SERVER, Town, play, town
from tests.core.notebook import Notebook

TOPIC = replace(GROUP, channel="topic:42")
THREAD = replace(SERVER, thread="200000000000000009")
STAFF = replace(SERVER, channel="200000000000000077")
ANONYMOUS = Actor(GROUP.group, "Kopi", ActorKind.ANONYMOUS)
WITH_STAFF = CONFIG.replace("[communities.kopi.managers]", f'[communities.kopi.managers]\ndiscord = "{STAFF.channel}"')
Story = Callable[[Town, Notebook], Awaitable[None]]


def story(told: Story, *, hears: bool = True, config: str = CONFIG) -> None:
    """Tell it at once. `hears`: a feature listens to ordinary talk."""

    async def tell() -> None:
        book = Notebook()
        async with town(book.feature(hears=hears), config=config) as here:
            await told(here, book)

    play(tell())


async def recorded(here: Town, place: Where = GROUP) -> list[Spoken]:
    return await here.do(lambda unit: list(unit.store(Activity).replay(place.platform, place.group)))


def of(event: MessagePosted, account: str, *, asks: bool = False) -> Spoken:
    return Spoken(event.where, event.message_id, account, event.at, asks=asks)


# ---------------------------------------------------------------- who and where


@pytest.mark.parametrize("hears", [True, False])
def test_who_spoke_when_and_whether_they_asked(hears: bool) -> None:
    async def told(here: Town, book: Notebook) -> None:
        said = here.message("Ayu", "selamat pagi")
        await here.happens(said)
        await asyncio.sleep(60)
        asked = here.message("Budi", "ada yang tau tempat ngopi enak")
        await here.happens(asked)
        assert await recorded(here) == [of(said, "Ayu"), of(asked, "Budi", asks=True)]

    story(told, hears=hears)


def test_whom_they_answered() -> None:
    async def told(here: Town, book: Notebook) -> None:
        first = here.message("Ayu", "halo")
        answer = here.message("Budi", "hai", reply_to=first.message_id, reply_to_actor="Ayu")
        hidden = here.message("Rina", "siap", reply_to="9", reply_to_actor=GROUP.group)
        for event in (first, answer, hidden):
            await here.happens(event)
        found = {spoken.account: (spoken.reply_to, spoken.reply_to_account) for spoken in await recorded(here)}
        assert found == {"Ayu": ("", ""), "Budi": (first.message_id, "Ayu"), "Rina": ("9", "")}

    story(told)


def test_nothing_of_what_they_said_is_kept() -> None:
    async def told(here: Town, book: Notebook) -> None:
        await here.says("Ayu", "rahasia dapur?")

        def dump(unit: object) -> str:
            assert isinstance(unit, SqlUnit)
            driver = unit.connection.connection.driver_connection
            assert driver is not None
            return "\n".join(driver.iterdump())

        everything = await here.do(dump)
        assert 'INSERT INTO "activity"' in everything
        assert "rahasia" not in everything

    story(told)


@pytest.mark.parametrize("place", [TOPIC, THREAD])
def test_topics_are_channels_and_threads_are_kept_as_they_are(place: Where) -> None:
    async def told(here: Town, book: Notebook) -> None:
        event = here.message("Ayu", "halo", place)
        await here.happens(event)
        assert await recorded(here, place) == [of(event, "Ayu")]
        channel = replace(place, thread="")
        assert await here.do(lambda unit: unit.store(Activity).last(channel)) == event.at
        elsewhere = replace(place, channel="elsewhere")
        assert await here.do(lambda unit: unit.store(Activity).last(elsewhere)) is None

    story(told)


def test_an_anonymous_administrator_is_a_person_whom_nobody_knows() -> None:
    async def told(here: Town, book: Notebook) -> None:
        event = replace(here.message("", "halo"), actor=ANONYMOUS)
        await here.happens(event)
        assert await recorded(here) == [of(event, "")]
        until = here.clock.now()
        people = await here.do(lambda unit: unit.store(Activity).people(GROUP, event.at - (until - event.at), until))
        assert people == []

    story(told)


@pytest.mark.promise("S6")
@pytest.mark.parametrize("kind", [ActorKind.BOT, ActorKind.SERVICE])
def test_bots_and_channels_are_no_people(kind: ActorKind) -> None:
    async def told(here: Town, book: Notebook) -> None:
        event = replace(here.message("", "halo?"), actor=Actor("x", "X", kind))
        await here.happens(event)
        here.engine.offer(replace(event, event_id="2", message_id="2"))  # on whatever way it comes
        await here.settle()
        assert await recorded(here) == []

    story(told)


def test_managers_are_left_alone_among_themselves() -> None:
    async def told(here: Town, book: Notebook) -> None:
        for place in (MANAGERS, STAFF, replace(STAFF, thread="5")):
            await here.says("Rina", "halo", place)
            assert await recorded(here, place) == []
        await here.says("Rina", "halo", SERVER)
        assert len(await recorded(here, SERVER)) == 1

    story(told, config=WITH_STAFF)


@pytest.mark.parametrize("place", [Where("telegram", "", "Ayu"), Where("telegram", "-1001000000777", "")])
def test_private_chats_and_groups_that_are_not_served_are_not_recorded(place: Where) -> None:
    async def told(here: Town, book: Notebook) -> None:
        await here.says("Ayu", "halo", place)
        assert await recorded(here, place) == []

    story(told)


def test_commands_are_no_talk() -> None:
    async def told(here: Town, book: Notebook) -> None:
        await here.says("Ayu", "/note kopi")
        assert await recorded(here) == []

    story(told)


# ---------------------------------------------------------------- the reply to a form


async def asks_for_an_essay(here: Town, place: Where = GROUP) -> MessagePosted:
    """Rina's reply to the bot's question, not yet told."""
    chat = here.chats["telegram"]
    chat.standings[place.group, "Rina"] = Standing(administrator=True)
    await here.says("Rina", "/essay", place)
    question = f"m{len(chat.delivered)}"
    assert await here.do(lambda unit: unit.store(Forms).find(place.platform, place, question)) is not None
    return here.message("Rina", "kopi", place, reply_to=question, reply_to_actor=chat.connection().account_id)


def test_a_reply_to_a_form_is_said_in_the_group_too_and_runs_its_command_once() -> None:
    async def told(here: Town, book: Notebook) -> None:
        reply = await asks_for_an_essay(here)
        await here.happens(reply)
        await here.happens(reply)
        await here.restarts()
        await here.happens(reply)
        assert here.chat.words()[1:] == ["noted: kopi"]
        assert [spoken.message_id for spoken in await recorded(here)] == [reply.message_id]

    story(told)


def test_also_when_it_is_refused() -> None:
    async def told(here: Town, book: Notebook) -> None:
        reply = await asks_for_an_essay(here)
        here.chats["telegram"].standings[GROUP.group, "Rina"] = Standing()
        await asyncio.sleep(120)
        await here.happens(reply)
        assert here.chat.words()[-1] == "Only managers may use /essay."
        assert [spoken.message_id for spoken in await recorded(here)] == [reply.message_id]

    story(told)


def test_but_not_in_the_managers_chat() -> None:
    async def told(here: Town, book: Notebook) -> None:
        reply = await asks_for_an_essay(here, MANAGERS)
        await here.happens(reply)
        assert here.chat.words()[-1] == "noted: kopi"
        assert await recorded(here, MANAGERS) == []

    story(told)


# ---------------------------------------------------------------- once only


@pytest.mark.promise("R2")
def test_what_is_told_again_is_recorded_once() -> None:
    async def told(here: Town, book: Notebook) -> None:
        event = here.message("Ayu", "halo")
        await asyncio.gather(*(here.engine.submit(event) for _ in range(3)))
        await here.restarts()
        await here.happens(event)
        assert await recorded(here) == [of(event, "Ayu")]

    story(told)


@pytest.mark.promise("R3", "R20")
def test_a_batch_that_fails_is_run_again_and_what_is_set_aside_was_said_all_the_same() -> None:
    async def told(here: Town, book: Notebook) -> None:
        events = [here.message("Ayu", words) for words in ("1", "poison", "2")]
        await asyncio.gather(*(here.engine.submit(event) for event in events))
        assert await recorded(here) == [of(event, "Ayu") for event in events]
        assert await here.do(lambda unit: unit.store(SetAside).count()) == 1
        await asyncio.gather(*(here.engine.submit(event) for event in events))
        assert len(await recorded(here)) == 3

    story(told)


@pytest.mark.promise("R25")
def test_while_the_database_cannot_be_used_talk_waits_to_be_recorded() -> None:
    async def told(here: Town, book: Notebook) -> None:
        here.database.broken = "it is locked"
        event = here.message("Ayu", "halo")
        waiting = here.engine.submit(event)
        await asyncio.sleep(30)
        assert not waiting.done()
        here.database.broken = ""
        await waiting
        assert await recorded(here) == [of(event, "Ayu")]

    story(told, hears=False)


def test_whoever_stops_waiting_stops_nothing() -> None:
    async def told(here: Town, book: Notebook) -> None:
        event = here.message("Ayu", "halo")
        here.engine.submit(event).cancel()
        await here.settle()
        assert await recorded(here) == [of(event, "Ayu")]
        assert here.engine.waiting == 0

    story(told)


def test_who_listens_hears_talk_with_what_holds_by_then_also_within_a_batch() -> None:
    held: list[object] = []

    def hear(event: MessagePosted, ctx: Context) -> None:
        held.append(ctx.served.overrides.get("listener", {}).get("longest"))
        if event.text == "change":
            ctx.unit.store(Overrides).set("kopi", "listener", "longest", len(held), "Rina", ctx.now)

    async def told() -> None:
        async with town(Feature("listener", on={MessagePosted: hear})) as here:
            said = [here.message("Ayu", words) for words in ("a", "change", "b", "c", "change", "d")]
            await asyncio.gather(*(here.engine.submit(event) for event in said))
            assert len(here.effects) == 1, "one batch"
            assert held == [None, None, 2, 2, 2, 5]

    play(told())


# ---------------------------------------------------------------- where it is heard


def test_the_group_itself_is_heard_in_the_channel_that_it_means() -> None:
    def capabilities(where: Where) -> Capabilities:
        return Capabilities(4096, home_channel="7" if where.platform == "discord" and not where.channel else "")

    server = Where("discord", "1", "")
    assert heard_in(server, capabilities) == Where("discord", "1", "7")
    assert heard_in(Where("discord", "1", "", "99"), capabilities) == Where("discord", "1", "7")
    assert heard_in(Where("discord", "1", "8", "99"), capabilities) == Where("discord", "1", "8")
    assert heard_in(GROUP, capabilities) == GROUP
    assert heard_in(TOPIC, capabilities) == TOPIC
    private = Where("discord", "", "Ayu")
    assert heard_in(private, capabilities) == private
