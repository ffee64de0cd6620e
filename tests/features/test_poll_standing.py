"""A poll where messages are deleted, refused, moved or not known to have arrived: it is decided all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.playground.acts import Deletes
from bot.core.chat import Operation, Reason, Refusal, Uncertain
from bot.core.events import (
    NOBODY,
    Actor,
    ButtonPressed,
    GroupChange,
    GroupChanged,
)
from bot.core.messages import plain
from tests.core.fakes import GROUP, SERVER, play
from tests.driver import Conversation, conversation
from tests.features.closing_story import story
from tests.features.stories import account, act, kopi, mute, place, standing


@pytest.mark.promise("R10")
def test_a_group_that_moves_takes_its_poll_along() -> None:
    async def lived() -> None:
        async with story() as told:
            await told.asks()
            await told.presses("Ayu", "A", where=GROUP)
            new = replace(GROUP, group="-1009999")
            for id in ("to", "from"):
                now = told.here.clock.now()
                await told.here.happens(GroupChanged(id, now, GROUP, NOBODY, GroupChange.MIGRATED, new_group=new.group))
            assert [words.split("\n")[0] for words in told.here.chats["telegram"].words(new)] == ["📊 Where?"]
            await told.presses("Budi", "B", where=new)
            await told.presses("Ayu", "B", where=new)
            await told.passes(hours=2)
            assert (await told.outcome()).counts == (0, 2)
            edited = [a.outgoing for a in told.here.chats["telegram"].delivered if a.outgoing.where == new]
            assert len({o.message_id for o in edited if o.operation is Operation.EDIT}) == 1
            assert "B wins: 2 of 2" in told.results("telegram")[-1]
            assert len(told.results("telegram")) == len(told.results()) == 1

    play(lived())


@pytest.mark.promise("R5")
def test_a_poll_of_which_nobody_knew_whether_it_arrived_is_known_by_the_first_press() -> None:
    async def lived() -> None:
        async with story() as told:
            told.here.chats["telegram"].next_at[GROUP].append(Uncertain("reset"))
            await told.asks()
            [lost] = [a.outgoing for a in told.here.chats["telegram"].attempts if a.outgoing.message.buttons]
            token = lost.message.buttons[0][0].token
            now, id = told.here.clock.now(), told.here.next_id()
            await told.passes(minutes=1)
            await told.here.happens(ButtonPressed(id, now, GROUP, Actor("Ayu", "Ayu"), token, "77", handle=id))
            await told.passes(hours=3)
            done = [a.outgoing for a in told.here.chats["telegram"].delivered]
            edits = [o for o in done if o.operation is Operation.EDIT and o.message_id == "77"]
            assert "closed" in plain(edits[-1].message.text)
            assert done[-1].message.reply_to == "77"

    play(lived())


@pytest.mark.promise("R5")
def test_an_edit_that_fails_for_now_is_made_up_for() -> None:
    async def lived() -> None:
        async with story() as told:
            await told.asks()
            await told.passes(minutes=1)
            told.line.next_at[SERVER].append(Refusal(Reason.BAD_MESSAGE))
            await told.presses("Ayu", "A", where=GROUP)
            await told.presses("Budi", "A", where=GROUP)
            await told.passes(minutes=1)
            assert any("2 · 100%" in words for words in told.line.words())

    play(lived())


@pytest.mark.parametrize("language", ["en", "id"])
async def test_a_poll_that_an_admin_deletes_is_decided_elsewhere_and_told_there_too(language: str) -> None:
    async with conversation(kopi(language)) as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("telegram", '/poll new "Where?" Senopati | Kemang --closes 1h')
        await talk.person("Ayu").votes("telegram", "Kemang")
        await deletes_polls(talk, "telegram")
        await talk.clock.advance(seconds=10)
        gone = {"en": "…can't be seen on Telegram: its message was deleted.", "id": "…Telegram: …dihapus…"}[language]
        talk.place("telegram#managers").shows(gone)
        talk.place("discord#managers").shows(gone)
        await talk.person("Budi").votes("discord", "Kemang")
        await talk.person("Citra").votes("discord", "Kemang")
        await talk.clock.advance(minutes=1)
        talk.place("telegram#managers").does_not_show()
        await talk.clock.advance(hours=1)
        won = {"en": "…Kemang wins: 3 of 3…", "id": "…Kemang menang: dipilih 3 dari 3 orang.…"}[language]
        talk.place("telegram").shows(won)
        talk.place("discord").shows(won)
        assert len([words for words in standing(talk, "telegram") if "3 " in words]) == 1


async def test_a_group_that_takes_no_poll_is_told_to_managers_and_the_other_decides() -> None:
    async with conversation(kopi("en")) as talk:
        await talk.person("Ayu").says("telegram", "halo")
        mute(talk, "telegram", writable=False)
        await talk.person("Rina", manager=True).says("discord", '/poll new "Where?" Senopati | Kemang --closes 1h')
        talk.place("discord#managers").shows("…Poll 1 (“Where?”) can't be seen on Telegram: I may not write there.")
        await talk.person("Budi").votes("discord", "Kemang")
        await talk.clock.advance(hours=1)
        talk.place("discord").shows("…Kemang wins: 1 of 1…")
        assert len(talk.stage.world.refused) == 1


async def test_killed_at_any_time_it_is_told_once_and_right() -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("telegram", '/poll new "Where?" Senopati | Kemang --closes 1h')
        begin = talk.clock.now()
        for n, minute in enumerate((10, 30, 59.99, 60, 60.01, 61)):
            if minute < 60:
                await talk.person(f"Warga{n}").votes(("telegram", "discord")[n % 2], "Kemang")
            await talk.clock.reaches(begin + timedelta(minutes=minute))
            await talk.restarts()
        for face in ("telegram", "discord"):
            told = [words for words in standing(talk, face) if "wins" in words]
            assert len(told) == 1
            assert "Kemang wins: 3 of 3 voted for it." in told[0]


async def deletes_polls(talk: Conversation, face: str) -> None:
    where = place(talk, face)
    for posted in talk.stage.world.board.all():
        if posted.where.group == where.group and posted.message.buttons:
            await act(talk, Deletes(posted.where, account(talk, face, "Rina"), posted.id))
