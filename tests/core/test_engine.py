"""Once only, in order, all or nothing: and one bad event or a broken database stops nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.events import Actor, ActorKind, Standing, Where
from bot.core.stores import Outbox, SetAside, State
from tests.core.fakes import CONFIG, GROUP, SERVER, Town, play, town
from tests.core.notebook import Notebook

SECOND = Where("telegram", "-1001000000002", "")
TWO_GROUPS = CONFIG.replace(
    "[communities.kopi.managers]",
    f'[[communities.kopi.groups]]\nplatform = "telegram"\nid = "{SECOND.group}"\n[communities.kopi.managers]',
)
Story = Callable[[Town, Notebook], Awaitable[None]]


def story(told: Story) -> None:
    """Tell it at once."""

    async def tell() -> None:
        book = Notebook()
        async with town(book.feature(), config=TWO_GROUPS) as here:
            await told(here, book)

    play(tell())


async def notes(here: Town) -> str:
    return await here.do(lambda unit: unit.store(State).get("notes"))


async def set_aside(here: Town) -> int:
    return await here.do(lambda unit: unit.store(SetAside).count())


# ---------------------------------------------------------------- once only


@pytest.mark.promise("R2")
def test_an_event_that_is_told_again_is_done_once_and_answered_once() -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        event = here.command("Ayu", "/note a")
        for _ in range(3):
            await here.happens(event)
        await asyncio.gather(*(here.engine.submit(event) for _ in range(3)))
        await here.settle()
        assert await notes(here) == "a"
        assert here.chat.words() == ["noted: a"]


@pytest.mark.promise("R2")
def test_also_after_a_restart() -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        event = here.command("Ayu", "/note a")
        await here.happens(event)
        await here.restarts()
        await here.happens(event)
        assert await notes(here) == "a"
        assert here.chat.words() == ["noted: a"]


def test_the_same_id_on_another_platform_is_another_event() -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        one = here.command("Ayu", "/note a")
        other = here.command("Ayu", "/note b", SERVER)
        object.__setattr__(other, "event_id", one.event_id)
        await here.happens(one)
        await here.happens(other)
        assert await notes(here) == "a|b"


# ---------------------------------------------------------------- order


@pytest.mark.promise("R21")
def test_what_waits_for_the_network_holds_up_its_own_place_only() -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        chat = here.chats["telegram"]
        chat.look_up_takes = 4
        chat.standings[GROUP.group, "Rina"] = Standing(administrator=True)
        here.engine.offer(here.message("Ayu", "1"))
        here.engine.offer(here.command("Rina", "/reign"))
        for number in range(2, 5):
            here.engine.offer(here.message("Ayu", str(number)))
            here.engine.offer(here.message("Ayu", str(number), SECOND))
        await asyncio.sleep(1)
        assert book.heard == [(GROUP.group, "1")] + [(SECOND.group, str(number)) for number in range(2, 5)]
        await here.settle()
        assert [words for group, words in book.heard if group == GROUP.group] == ["1", "2", "3", "4"]
        assert chat.words() == ["Rina reigns"]


@given(st.lists(st.tuples(st.sampled_from([GROUP, SECOND, SERVER]), st.booleans()), max_size=25))
@settings(max_examples=25, deadline=None)
def test_the_order_of_each_place_is_kept_whatever_waits(told: list[tuple[Where, bool]]) -> None:
    @story
    async def _(here: Town, book: Notebook) -> None:
        for chat in here.chats.values():
            chat.look_up_takes = 0.5
        for number, (where, slow) in enumerate(told):
            if slow:
                here.engine.offer(here.command(f"Rina{number}", "/reign", where))
            here.engine.offer(here.message("Ayu", str(number), where))
        await here.settle()
        for place in (GROUP, SECOND, SERVER):
            said = [int(words) for group, words in book.heard if group == place.group]
            assert said == [number for number, (where, _) in enumerate(told) if where == place]


# ---------------------------------------------------------------- poison


@pytest.mark.promise("R20")
def test_what_fails_three_times_is_set_aside_and_the_others_of_its_batch_are_handled() -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        events = [here.message("Ayu", words) for words in ("1", "poison", "2", "3")]
        begun = asyncio.get_running_loop().time()
        await asyncio.gather(*(here.engine.submit(event) for event in events))
        assert asyncio.get_running_loop().time() - begun < 1
        assert [words for _, words in book.heard[-3:]] == ["1", "2", "3"]
        assert await set_aside(here) == 1
        assert 3 <= book.tries["poison"] <= 4  # once in the batch, three times alone

        await here.happens(events[1])
        assert book.tries["poison"] <= 5  # once more in its batch
        assert await set_aside(here) == 1


@pytest.mark.promise("R20", "R3")
def test_a_poisoned_command_leaves_nothing_behind_but_an_apology(caplog: pytest.LogCaptureFixture) -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        await here.says("Ayu", "/note a")
        await here.says("Ayu", "/poison")
        await here.says("Ayu", "/note b")
        assert await notes(here) == "a|b"
        (apology,) = [words for words in here.chat.words() if not words.startswith("noted")]
        assert "Something went wrong on my side" in apology

    assert "set aside" in caplog.text
    assert "what Ayu said" not in caplog.text


def test_what_fails_at_first_is_tried_again() -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        book.fails = 2
        await here.says("Ayu", "flaky")
        assert book.heard == [(GROUP.group, "flaky")]
        assert await set_aside(here) == 0


@pytest.mark.promise("R3")
@given(
    st.lists(st.sampled_from(["/note a", "/note b", "/poison", "poison", "talk", "/wrong", "/unknown"]), max_size=12)
)
@settings(max_examples=25, deadline=None)
def test_state_and_posts_are_one_transaction(said: list[str]) -> None:
    """What is noted is exactly what is answered, whatever else is in the batch."""

    @story
    async def _(here: Town, book: Notebook) -> None:
        make = [
            (here.command if words.startswith("/") else here.message)(f"P{n}", words) for n, words in enumerate(said)
        ]
        await asyncio.gather(*(here.engine.submit(event) for event in make))
        await here.settle()
        noted = [words.removeprefix("/note ") for words in said if words.startswith("/note")]
        assert (await notes(here)).split("|") == (noted or [""])
        answers = [words.removeprefix("noted: ") for words in here.chat.words() if words.startswith("noted")]
        assert sorted(answers) == sorted(noted)
        assert "poison" not in here.chat.words()
        assert await set_aside(here) == said.count("/poison") + said.count("poison")


# ---------------------------------------------------------------- the database


@pytest.mark.promise("R25")
@pytest.mark.parametrize("words", ["/note a", "talk", "/reign"])
def test_while_the_database_cannot_be_used_nothing_is_confirmed(words: str) -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        here.database.broken = "it is locked"
        event = here.command("Ayu", words) if words.startswith("/") else here.message("Ayu", words)
        submitted = asyncio.ensure_future(here.engine.submit(event))
        await asyncio.sleep(120)
        assert not submitted.done()
        assert here.engine.storage_problem == "it is locked"
        assert here.engine.waiting == 1

        here.database.broken = ""
        async with asyncio.timeout(10):
            await submitted
        await here.settle()
        assert here.engine.storage_problem == ""
        assert here.chat.words() == {"/note a": ["noted: a"], "/reign": ["Only managers may use /reign."]}.get(
            words, []
        )


def test_a_caller_who_gives_up_stops_nothing() -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        here.database.broken = "it is locked"
        submitted = asyncio.ensure_future(here.engine.submit(here.command("Ayu", "/note a")))
        await asyncio.sleep(1)
        submitted.cancel()
        here.database.broken = ""
        await here.settle()
        assert here.chat.words() == ["noted: a"]


# ---------------------------------------------------------------- who is heard


@pytest.mark.promise("S6")
@pytest.mark.parametrize("kind", [ActorKind.BOT, ActorKind.SERVICE])
def test_bots_and_channels_command_nothing(kind: ActorKind) -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        for words in ("/note a", "/reign", "/nte", "/note"):
            await here.says("Bot", words, actor=Actor("bot", "Bot", kind))
        assert await notes(here) == ""
        assert here.chat.attempts == []


@pytest.mark.parametrize("kind", [ActorKind.BOT, ActorKind.SERVICE])
def test_what_no_person_says_costs_no_transaction(kind: ActorKind) -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        for words in ("beep", "boop"):
            event = replace(here.message("Bot", words), actor=Actor("bot", "Bot", kind))
            await here.happens(event)
        assert here.engine.handled == 0
        assert here.effects == []


def test_a_mistake_is_told_and_nothing_is_set_aside() -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        await here.says("Ayu", "/wrong")
        assert here.chat.words() == ["Not like this, but like that."]
        assert await set_aside(here) == 0


def test_a_look_up_that_breaks_in_an_unforeseen_way_gives_no_right() -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        here.chats["telegram"].look_up_fails = ZeroDivisionError()  # type: ignore[assignment]
        await here.says("Rina", "/reign")
        assert "Rina reigns" not in here.chat.words()
        await here.says("Ayu", "/note a")
        assert await notes(here) == "a"


# ---------------------------------------------------------------- floods


@pytest.mark.promise("S9")
def test_one_person_cannot_keep_the_bot_busy() -> None:
    """A thousand commands in ten seconds: the first twenty count, then one "not so fast", then silence."""

    @story
    async def told(here: Town, book: Notebook) -> None:
        submitted = []
        for number in range(1000):
            event = here.command("Spammer", f"/note {number}")
            submitted.append(asyncio.ensure_future(here.engine.submit(event)))
            await asyncio.sleep(0.01)
        await asyncio.gather(*submitted)
        await here.settle()
        assert len((await notes(here)).split("|")) == 20
        assert here.chat.words()[-1] == "That was a lot at once. Give me ten seconds, please."
        assert len(here.chat.words()) == 21
        assert here.engine.handled <= 45  # with what was delivered

        await here.says("Ayu", "/note mine")
        assert here.chat.words()[-1] == "noted: mine"
        await asyncio.sleep(11)
        await here.says("Spammer", "/note again")
        assert here.chat.words()[-1] == "noted: again"


def test_twenty_commands_at_once_are_no_flood_and_people_are_told_apart() -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        for number in range(20):
            await here.says("Rina", f"/note {number}")
            await here.says("Rina", f"/note {number}", SERVER)  # the same id on another platform is somebody else
        assert len((await notes(here)).split("|")) == 40


@pytest.mark.promise("R29")
@pytest.mark.parametrize("days", [-1, 1])
def test_after_a_jump_of_the_clock_commands_are_answered(days: int) -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        for number in range(25):
            await here.says("Ayu", f"/note {number}")
        here.clock.ahead = timedelta(days=days)
        for number in range(15):
            await here.says("Ayu", f"/note after {number}")
        assert (await notes(here)).count("after") == 15


def test_the_outbox_ends_empty() -> None:
    @story
    async def told(here: Town, book: Notebook) -> None:
        for words in ("/note a", "/poison", "/wrong", "/reign"):
            await here.says("Ayu", words)
        counts = await here.do(lambda unit: unit.store(Outbox).counts())
        assert set(counts) == {"sent"}
