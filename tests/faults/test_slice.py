"""The first slice of the whole: five people join two groups within 20 s and are greeted well, over a restart."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.faults.processes import Forks
from tests.faults.town import WELCOME, Town, eventually, found_town

ON_TELEGRAM = ("<b>Ayu</b> & Co", "@everyone", "Budi😀")
RTL = "\u202eirtiC\u202c שלום"
ZALGO = "D\u0338\u0321e\u0334\u0322w\u0335\u0323i\u0336\u0324"
ON_DISCORD = (RTL, ZALGO)
SHOWN = {"<b>Ayu</b> & Co": "<b>Ayu</b> & Co", "Budi😀": "Budi😀"}
WINDOW = os.environ.get("GUYUB_TEST_WINDOW", "1s")  # the real one: GUYUB_TEST_WINDOW=30s


@pytest.mark.promise("S1", "R2")
@pytest.mark.parametrize("between", ["kill -9", "SIGTERM"])
async def test_five_people_join_two_groups(tmp_path: Path, forks: Forks, between: str) -> None:
    welcome = WELCOME.replace('"1s"', f'"{WINDOW}"')
    async with found_town(tmp_path, forks, welcome=welcome) as town:
        await town.met_before()
        first = await town.guyub(plain=between == "kill -9")
        for name in ON_TELEGRAM[:2]:
            await town.telegram.joins(name)
        await town.discord.joins(ON_DISCORD[0])
        await (first.killed() if between == "kill -9" else first.stopped())
        await town.telegram.joins(ON_TELEGRAM[2])
        await town.discord.joins(ON_DISCORD[1])
        await town.guyub()
        await eventually(lambda: _everybody_is_greeted(town), within=75)

        texts = [said.text for said in await town.telegram.said()]
        for name in SHOWN.values():
            assert sum(name in text for text in texts) == 1, texts
        assert sum("teman baru" in text for text in texts) == 1, texts  # @everyone looks like an advertisement
        everything = [*texts, *(said.text for said in await town.discord.said())]
        for text in everything:
            assert re.search("Selamat datang di Kopi Nusantara|selamat datang di Kopi Nusantara|Lihat siapa", text), (
                text
            )
        await _nobody_is_pinged_or_injected(town)


async def _everybody_is_greeted(town: Town) -> bool:
    """No newcomer waits any more, and there are greetings for all of them."""
    greeted = town.rows("SELECT why FROM outbox WHERE kind = 'greeting' AND state = 'sent'")
    people = sum(int(json.loads(why)[1]["n"]) for (why,) in greeted)
    return people == len(ON_TELEGRAM) + len(ON_DISCORD)


async def _nobody_is_pinged_or_injected(town: Town) -> None:
    posts = await town.discord.guild["general"].messages(by_bot=True)
    assert [ping for post in posts for ping in post.pings] == []
    for message in await town.telegram.group.messages():
        kinds = {entity["type"] for entity in message["entities"]}
        assert kinds <= {"text_mention", "bot_command"}, message  # Telegram itself takes the /b of </b> for a command
        bidi = re.findall("[\u202a-\u202e\u2066-\u2069]", message["text"])
        assert not bidi or bidi.count("\u2068") == bidi.count("\u2069")
    for post in posts:
        assert "\u202e" not in post.text
        assert len(re.findall("[\u0300-\u036f]", post.text)) <= 2 * len("Dewi"), post.text
