"""The driver itself: it hears what was said, and fails when it was not."""

from __future__ import annotations

import pytest

from tests.driver import conversation


async def test_people_speak_and_the_bot_is_heard() -> None:
    async with conversation() as talk:
        ayu, rina = talk.person("Ayu"), talk.person("Rina", manager=True)
        telegram = talk.place("telegram")

        await ayu.joins("telegram")
        await talk.clock.advance(seconds=40)
        telegram.shows("…Ayu…")
        talk.place("discord").does_not_show()

        await rina.writes("discord", "halo")
        await rina.says("discord", "/ping")
        talk.place("discord").shows("Pong!…")
        telegram.does_not_show()

        await ayu.presses("telegram", "Open a private chat")
        talk.place("telegram@Ayu").shows("…Guyub!…")


async def test_time_passes_while_the_bot_is_down() -> None:
    async with conversation() as talk:
        begin = talk.clock.now()
        await talk.person("Ayu").joins("discord")
        await talk.restarts()
        await talk.goes_offline(minutes=10)

        talk.place("discord").shows("…Ayu…")
        assert (talk.clock.now() - begin).total_seconds() == 600


async def test_it_fails_with_what_was_heard() -> None:
    async with conversation() as talk:
        await talk.person("Ayu").joins("telegram")
        await talk.clock.advance(minutes=1)

        with pytest.raises(AssertionError, match=r"expected: Guyub says in telegram: …Budi…\n.*heard.*\n.*Ayu"):
            talk.place("telegram").shows("…Budi…")
        with pytest.raises(AssertionError, match="expected: nobody says in telegram"):
            talk.place("telegram").does_not_show("…Ayu…")
        with pytest.raises(AssertionError, match="there is no button"):
            await talk.person("Ayu").presses("telegram", "Save")


async def test_it_plays_in_the_config_it_is_given() -> None:
    config = """
        [communities.kopi]
        name = "Kopi"
        [[communities.kopi.groups]]
        platform = "telegram"
        id = "-1001234567890"
        [communities.kopi.welcome]
        texts = ["Halo {name} di {community}"]
        window = "5s"
    """
    async with conversation(config) as talk:
        await talk.person("Ayu").joins("telegram")
        await talk.clock.advance(seconds=5)
        talk.place("telegram").shows("Halo Ayu di Kopi…")


async def test_two_accounts_become_one_person() -> None:
    async with conversation() as talk:
        ayu = talk.person("Ayu")
        await ayu.links()
        await talk.person("Rina", manager=True).says("telegram", '/poll new "Kopi apa?" Tubruk | Susu --closes 2h')
        await ayu.votes("telegram", "Susu")
        await ayu.votes("discord", "Tubruk")
        await talk.clock.advance(hours=2)
        talk.place("telegram").shows("…Tubruk wins: 1 of 1…")
