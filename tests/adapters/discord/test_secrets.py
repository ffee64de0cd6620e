"""No token and no word that somebody said gets into a log, an error or a repr."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from bot.core.chat import ChatError
from bot.core.commands import Command
from bot.core.events import CommandInvoked, MessagePosted
from bot.core.messages import Message, text
from tests.adapters.discord.conftest import Bot, sending
from tests.adapters.ears import until
from tests.servers.discord import DiscordWorld, Guild

pytestmark = pytest.mark.promise("S10")
CHATTY = ("", "discord", "discord.client", "discord.gateway", "discord.http", "discord.state", "aiohttp", "asyncio")


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    before = {name: logging.getLogger(name).level for name in CHATTY}
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.DEBUG)
    caplog.handler.setLevel(logging.DEBUG)
    yield caplog
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


async def test_at_debug_level(
    everything_logged: pytest.LogCaptureFixture, bot: Bot, dc: DiscordWorld, kopi: Guild
) -> None:
    caplog = everything_logged
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    async with bot.runs() as chat:
        for name in CHATTY:  # also when somebody turns it up while running
            logging.getLogger(name).setLevel(logging.DEBUG)
        await chat.publish_commands([Command("help", "Help", print)])
        await ayu.says(kopi["general"], "rahasia-canary")
        await ayu.slash(kopi["general"], "help")
        handle = (await bot.ears.hear_one(CommandInvoked)).handle
        await bot.ears.hear_one(MessagePosted)
        await dc.trouble.fails("PATCH /webhooks/**", status=500)
        with pytest.raises(ChatError) as caught:
            await chat.perform(sending(kopi["general"], Message(text("jawaban-canary")), handle=handle))
        await dc.trouble.injects("MESSAGE_CREATE", {"odd": True})
        await dc.trouble.closes_gateway()
        await until(lambda: "RESUMED" in caplog.text)
        seen = "\n".join((caplog.text, repr(chat), repr(chat._line), repr(caught.value), repr(chat.connection())))
    token = handle.split(":")[3]
    for secret in (dc.token, token, "canary"):
        assert secret not in seen
