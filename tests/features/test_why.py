"""`/why`: in which channel, by whom, about what; and what was withheld."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.core.fakes import MANAGERS
from tests.core.shouting import Square, square
from tests.driver import conversation
from tests.features.stories import kopi, place

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_what_was_withheld_is_told_to_managers_with_the_rule_and_the_reason() -> None:
    async def tell(here: Square) -> None:
        chat = here.here.chat
        await here.says("/plan thanks friday")
        for key in ("a", "b", "c"):
            await here.shout("prompt", key)
        await here.minutes(1)
        await here.shout("celebration", "p", how="promo")
        await here.says("/why", MANAGERS)
        lines = chat.words(MANAGERS)[-1].split("\n")
        due = "It was due because nobody had written for 9 h."
        promo = "at most one post in ten is a promotion, so 7 other posts have to come first"
        kept = "what is left of the day (2 of 4) is kept for what ranks higher: Announcement, Weekly thanks"
        assert lines[-3:] == [
            "What I held back (only managers see this)",
            f"– Celebration · Kopi (Telegram), today 10:01 CET: {promo}. {due}",
            f"– Prompt · Kopi (Telegram), today 10:00 CET: {kept}. {due}",
        ]

    square(tell)


async def test_a_link_to_a_post_elsewhere_is_for_managers() -> None:
    async with conversation(kopi(), NOON) as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("discord#side", '/poll "Where?" A | B')
        side = place(talk, "discord#side")
        shown = next(
            posted for posted in talk.stage.world.board.all() if posted.where == side and posted.message.buttons
        )
        link = f"https://chat.example/channels/1/2/{shown.id}"
        await talk.person("Ayu").says("discord", f"/why {link}")
        talk.place("discord").shows("I can tell that of my own posts…")
        await rina.says("discord", f"/why {link}")
        talk.place("discord").shows("Poll, today 12:00 UTC Why: somebody started poll 1.…")


@pytest.mark.parametrize("number", ["0", "2", "99", "-1", "1.5", "²", "x" * 300])
async def test_a_number_that_is_none_is_no_fault(number: str) -> None:
    async with conversation(kopi(), NOON) as talk:
        await talk.person("Rina", manager=True).says("discord", '/poll "Where?" A | B')
        await talk.person("Ayu").says("discord", f"/why {number}")
        talk.place("discord").does_not_show("…Something went wrong…")
        talk.place("discord").shows("…")


async def test_in_private_it_is_about_the_group() -> None:
    async with conversation(kopi(), NOON) as talk:
        ayu = talk.person("Ayu")
        await ayu.joins("telegram")
        await talk.clock.advance(seconds=40)
        await ayu.starts("telegram")
        await ayu.writes("telegram", "/why")
        talk.place("telegram@Ayu").shows("What I posted here last 1. Greeting, today 12:00 UTC: 1 person joined …")
        talk.place("telegram@Ayu").does_not_show("…held back…")
        await ayu.writes("telegram", "/why 1")
        talk.place("telegram@Ayu").shows("Greeting, today 12:00 UTC Why: 1 person joined.…")


async def test_an_answer_can_be_asked_about_too() -> None:
    async with conversation(kopi(), NOON) as talk:
        ayu = talk.person("Ayu")
        await ayu.says("telegram", "/ping")
        await ayu.replies("telegram", "Guyub", "/why")
        talk.place("telegram").shows("Answer, today 12:00 UTC Why: somebody asked me, with a command or a button.…")
