"""Voting as people live it: one ballot over linked accounts, presses that aren't right, bars, what a secret keeps."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from adapters.playground.acts import Presses
from adapters.playground.history import Kind, Posted
from adapters.playground.limits import CAPABILITIES
from adapters.playground.outgoing import plain_text
from tests.driver import Conversation, conversation
from tests.features.polling import FACES, OTHER, asks, counts, in_each_language, kept_or_not, on_each_face, poll
from tests.features.stories import account, act, kopi, newest, place, presses_again

# ---------------------------------------------------------------- one ballot over linked accounts


@pytest.mark.promise("S7")
@kept_or_not
@on_each_face
async def test_linked_accounts_have_one_ballot(face: str, flags: str) -> None:
    async with conversation() as talk:
        ayu = talk.person("Ayu")
        await ayu.links()
        await asks(talk, flags)
        await ayu.votes(face, "Senopati")
        await ayu.votes(OTHER[face], "Kemang")
        await talk.clock.advance(minutes=1)
        talk.place(face).shows("…Kemang ▰▰▰▰▰▰▰▰▰▰ 1 · 100%…1 vote…")
        await ayu.votes(face, "Senopati")
        assert await counts(talk) == ((1, 0), {face: 1})


@pytest.mark.promise("S7")
@in_each_language
@kept_or_not
async def test_what_one_account_chose_the_other_may_take_back(flags: str, language: str) -> None:
    async with conversation(kopi(language)) as talk:
        ayu = talk.person("Ayu")
        await ayu.links()
        await asks(talk, flags)
        await ayu.votes("discord", "Kemang")
        await ayu.takes_back_the_vote("telegram")
        talk.place("telegram").shows({"en": "Your vote is taken back.…", "id": "Suaramu ditarik.…"}[language])
        await ayu.takes_back_the_vote("discord")
        talk.place("discord").shows({"en": "You haven't voted…", "id": "Kamu belum memilih…"}[language])
        assert await counts(talk) == ((0, 0), {})


@pytest.mark.promise("S7")
@kept_or_not
async def test_of_two_that_were_cast_before_linking_the_later_counts(flags: str) -> None:
    async with conversation() as talk:
        ayu = talk.person("Ayu")
        await asks(talk, flags)
        await ayu.votes("telegram", "Senopati")
        await ayu.votes("discord", "Kemang")
        await ayu.links()
        await talk.person("Budi").votes("telegram", "Kemang")
        await talk.clock.advance(minutes=1)
        talk.place("telegram").shows(
            "…Senopati ▱▱▱▱▱▱▱▱▱▱ 0 · 0% Kemang ▰▰▰▰▰▰▰▰▰▰ 2 · 100% 2 votes · Discord 1, Telegram 1…"
        )
        assert await counts(talk) == ((0, 2), {"discord": 1, "telegram": 1})


@pytest.mark.promise("S7")
@kept_or_not
async def test_accounts_that_part_are_two_people_again(flags: str) -> None:
    async with conversation() as talk:
        ayu = talk.person("Ayu")
        await ayu.links()
        await asks(talk, flags)
        await ayu.votes("telegram", "Senopati")
        await ayu.votes("discord", "Kemang")
        await ayu.writes("telegram", "/unlink")
        await ayu.votes("telegram", "Senopati")
        assert await counts(talk) == ((1, 1), {"telegram": 1, "discord": 1})


@pytest.mark.promise("S7")
async def test_a_final_vote_is_final_for_the_other_account_too() -> None:
    async with conversation() as talk:
        ayu = talk.person("Ayu")
        await ayu.links()
        await asks(talk, "--revote no")
        await ayu.votes("telegram", "Senopati")
        await ayu.votes("discord", "Kemang")
        talk.place("discord").shows("You have voted already, and a vote is final in this poll.")
        assert await counts(talk) == ((1, 0), {"telegram": 1})


@pytest.mark.promise("S7")
async def test_who_leaves_with_one_account_is_there_with_the_other() -> None:
    async with conversation() as talk:
        ayu, budi = talk.person("Ayu"), talk.person("Budi")
        for person in (ayu, budi):
            await person.links()
            await person.says("discord", "halo")
            await person.joins("discord")
        await asks(talk)
        await ayu.votes("telegram", "Senopati")
        await budi.votes("telegram", "Kemang")
        await ayu.leaves("telegram")
        await budi.leaves("telegram")
        await budi.leaves("discord")
        assert await counts(talk) == ((1, 0), {"telegram": 1})
        talk.place("telegram").shows("…1 vote doesn't count: they left.")


# ---------------------------------------------------------------- presses that aren't right


@pytest.mark.promise("S4")
@in_each_language
async def test_forged_and_foreign_presses_have_no_effect_and_a_kind_answer(language: str) -> None:
    gone = {"en": "This button no longer works.", "id": "Tombol ini sudah tidak berlaku."}[language]
    async with conversation(kopi(language)) as talk:
        await asks(talk)
        posted, token = newest(talk, "Kemang")
        where, budi = posted.where, account(talk, posted.where.platform, "Budi")
        await act(talk, Presses(where, budi, posted.id, token[:-1] + ("x" if token[-1] != "x" else "y")))
        assert said_to(talk, budi) == [gone]
        elsewhere = place(talk, OTHER[where.platform])
        await act(talk, Presses(elsewhere, account(talk, elsewhere.platform, "Budi"), posted.id, token))
        assert said_to(talk, account(talk, elsewhere.platform, "Budi")) == [gone]
        assert await counts(talk) == ((0, 0), {})


@pytest.mark.promise("S4")
@in_each_language
@on_each_face
async def test_a_late_press_is_told_when_it_closed(face: str, language: str) -> None:
    shown = {
        "en": "This poll closed today 03:00 UTC. /poll results 1 shows how it ended.",
        "id": "Poling ini sudah ditutup hari ini 03.00 UTC. Lihat hasilnya dengan /poling hasil 1.",
    }
    config = kopi(language).replace(f'language = "{language}"\n[[', f'language = "{language}"\ntimezone = "UTC"\n[[')
    async with conversation(config) as talk:
        await asks(talk, face=OTHER[face])
        posted, token = button(talk, face, "Kemang")
        await talk.clock.advance(hours=1)
        await presses_again(talk, "Budi", posted, token)
        assert said_to(talk, account(talk, face, "Budi")) == [shown[language]]
        assert (await poll(talk)).votes_cast == 0


@pytest.mark.promise("S4")
async def test_what_was_called_off_takes_no_votes_until_it_goes_on() -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await asks(talk)
        posted, token = button(talk, "discord", "Kemang")
        await rina.says("discord", "/poll cancel")
        await presses_again(talk, "Budi", posted, token)
        assert said_to(talk, account(talk, "discord", "Budi")) == ["This poll was called off."]
        await rina.presses("discord", "Undo")
        await talk.person("Budi").votes("discord", "Kemang")
        assert await counts(talk) == ((0, 1), {"discord": 1})


@pytest.mark.promise("S4")
async def test_buttons_of_a_text_that_was_mended_ask_to_choose_again() -> None:
    async with conversation() as talk:
        await asks(talk)
        posted, token = button(talk, "telegram", "Kemang")
        await talk.person("Rina", manager=True).says("telegram", '/poll fix 1 "Where?" Kemang | Blok M')
        await presses_again(talk, "Budi", posted, token)
        said = said_to(talk, account(talk, "telegram", "Budi"))
        assert said == ["This poll has just been changed. Please choose once more."]
        assert (await poll(talk)).votes_cast == 0


@pytest.mark.promise("S4")
@kept_or_not
async def test_whoever_left_or_never_came_can_not_vote_by_writing(flags: str) -> None:
    async with conversation() as talk:
        ayu, budi = talk.person("Ayu"), talk.person("Budi")
        await asks(talk, flags)
        await ayu.joins("telegram")
        await ayu.leaves("telegram")
        for person in (ayu, budi):
            await person.starts("telegram")
            await person.writes("telegram", "/vote 1")
        assert (await poll(talk)).votes_cast == 0


def button(talk: Conversation, face: str, label: str) -> tuple[Posted, str]:
    """The newest of that face."""
    for posted in reversed(talk.stage.world.board.all()):
        for each in (each for row in posted.message.buttons for each in row):
            if posted.where.platform == face and each.label == label:
                return posted, each.token
    raise AssertionError(f"nothing on {face} offers {label}")


def said_to(talk: Conversation, account: str) -> list[str]:
    return [plain_text(posted.message) for posted in talk.stage.world.board.all() if posted.only == account]


# ---------------------------------------------------------------- live bars


def edits(talk: Conversation, face: str) -> list[tuple[datetime, str]]:
    """When a poll was edited in the group, and into what."""
    group = place(talk, face).group
    return [
        (change.at, plain_text(change.message.message))
        for change in talk.stage.world.since(0)
        if change.kind is Kind.EDITED and change.message and change.where.group == group
    ]


def assert_paced(talk: Conversation, face: str) -> None:
    times = [at for at, words in edits(talk, face) if "open until" in words]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= CAPABILITIES[face].edit_gap


async def test_bars_of_all_polls_in_a_group_share_its_pace_and_end_true() -> None:
    async with conversation() as talk:
        for question in ("One?", "Two?", "Three?"):
            await asks(talk, question=question)
        for n in range(40):
            await talk.person(f"Voter {n}").says(FACES[n % 2], f"/vote {n % 2 + 1} --poll {n % 3 + 1}")
            await talk.clock.advance(milliseconds=700)
        await talk.clock.advance(seconds=20)
        for face in FACES:
            assert_paced(talk, face)
            last = {words.split("?")[0]: re.findall(r"(\d+) · \d+%", words) for _, words in edits(talk, face)}
            assert last == {"📊 One": ["7", "7"], "📊 Two": ["6", "7"], "📊 Three": ["7", "6"]}
        before = {face: len(edits(talk, face)) for face in FACES}
        await talk.clock.advance(minutes=30)
        assert {face: len(edits(talk, face)) for face in FACES} == before


async def test_bars_of_a_secret_poll_wait_also_while_another_is_voted_in() -> None:
    async with conversation() as talk:
        await asks(talk, "--secret", "Secret?")
        await asks(talk, question="Visible?")
        await talk.clock.advance(minutes=1)
        voted_at = talk.clock.now()
        await talk.person("Ayu").says("discord", "/vote 1 --poll 1")
        for n in range(10):
            await talk.clock.advance(seconds=1)
            await talk.person(f"Voter {n}").says("discord", "/vote 1 --poll 2")
        await talk.clock.advance(seconds=30)
        for face in FACES:
            assert_paced(talk, face)
            first = {words.split("?")[0]: at for at, words in reversed(edits(talk, face))}
            assert timedelta(seconds=15) <= first["📊 Secret"] - voted_at <= timedelta(seconds=21)
            assert first["📊 Visible"] - voted_at <= timedelta(seconds=2)


async def test_bars_come_up_to_date_after_a_restart_in_between() -> None:
    async with conversation() as talk:
        await asks(talk)
        for name in ("Ayu", "Budi"):
            await talk.person(name).votes("telegram", "Kemang")
        await talk.restarts()
        await talk.clock.advance(seconds=10)
        for face in FACES:
            assert "Kemang ▰▰▰▰▰▰▰▰▰▰ 2 · 100%" in edits(talk, face)[-1][1]
