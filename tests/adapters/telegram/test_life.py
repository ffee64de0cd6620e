"""From the first connection to the end, and what is never told."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from adapters.telegram.adapter import TelegramChat
from bot.core.chat import ChatError, Connection, NotSent
from bot.core.events import MessagePosted, Where
from bot.core.messages import Message, text
from tests.adapters.ears import Ears, State, connected
from tests.adapters.telegram.conftest import QUICK, Sending, adapter
from tests.servers.telegram.client import TelegramWorld

PRIVATE = Where("telegram", "", "5")


async def until(chat: TelegramChat, so: Callable[[Connection], bool]) -> Connection:
    async with asyncio.timeout(5):
        while not so(chat.connection()):
            await asyncio.sleep(0.005)
    return chat.connection()


async def test_connected(chat: TelegramChat, world: TelegramWorld) -> None:
    connection = chat.connection()
    assert (connection.connected, connection.account, connection.problems) == (True, "@guyub_bot", ())
    assert connection.account_id == str(world.bot_id)
    assert connection.lag is not None
    assert chat.capabilities(PRIVATE).private_link.format(payload="answer") == "https://t.me/guyub_bot?start=answer"


async def test_starting_does_not_wait_for_a_platform_that_is_down(state: State, ears: Ears) -> None:
    chat = TelegramChat("1:x", api_url="http://127.0.0.1:9", load_state=state.load, save_state=state.save, timing=QUICK)
    await chat.start(ears.submit)
    assert not chat.connection().connected
    assert [problem.code for problem in chat.connection().problems] == ["disconnected"]
    await chat.stop()


async def test_it_connects_as_soon_as_it_can(world: TelegramWorld, ears: Ears) -> None:
    await world.fault("getMe", status=502, times=3)
    chat = adapter(world)
    await chat.start(ears.submit)
    await connected(chat)
    await chat.stop()


async def test_a_refused_token(world: TelegramWorld, ears: Ears, caplog: pytest.LogCaptureFixture) -> None:
    chat = adapter(world, token="987654321:wrong-canary")
    await chat.start(ears.submit)
    await until(chat, lambda connection: any(problem.code == "token_refused" for problem in connection.problems))
    await chat.stop()
    assert "TELEGRAM_TOKEN" in caplog.text
    assert "canary" not in caplog.text


async def test_stop_lets_a_send_finish(world: TelegramWorld) -> None:
    group = await world.add_group("Kopi")
    chat = adapter(world)
    await chat.start(Ears().submit)
    await connected(chat)
    await world.fault("sendMessage", kind="stall")
    sending = asyncio.create_task(Sending(chat).to(group, Message(text("Halo"))))
    await world.wait("held")
    stopping = asyncio.create_task(chat.stop())
    await asyncio.sleep(0)
    await world.release()
    assert await sending
    await stopping
    await group.hears("Halo")


async def test_stopping_before_starting(world: TelegramWorld) -> None:
    await adapter(world).stop()


@pytest.mark.promise("S10")
async def test_the_token_is_told_to_nobody(world: TelegramWorld, caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG, through connecting, sending, failures of all kinds, and in all that errors carry with them."""
    caplog.set_level(logging.DEBUG)
    for name in ("telegram", "aiohttp", "asyncio", "adapters"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    group, ears, errors = await world.add_group("Kopi"), Ears(), list[str]()
    chat = adapter(world, send_silence=0.1)
    await chat.start(ears.submit)
    await connected(chat)
    faults: list[dict[str, Any]] = [
        *[{"status": status} for status in (400, 401, 403, 404, 409, 429, 500, 502)],
        *[{"kind": kind} for kind in ("stall", "reset", "malformed")],
    ]
    for fault in faults:
        await world.fault("sendMessage", **fault)
        try:
            await Sending(chat).to(group, Message(text("Halo")))
        except ChatError as error:
            errors += [repr(error), "".join(traceback.format_exception(error)), repr(_all_of(error))]
        await world.clear_faults()
    nowhere = TelegramChat(world.token, api_url="http://127.0.0.1:9", load_state=State().load, save_state=State().save)
    with pytest.raises(NotSent) as caught:
        await Sending(nowhere).to(group, Message(text("Halo")))
    errors += ["".join(traceback.format_exception(caught.value)), repr(_all_of(caught.value))]
    await world.fault("getUpdates", status=401, times=3)
    speaker = await world.person("Ayu")
    await speaker.says("rahasia", group)
    await ears.hear(MessagePosted)
    told = [caplog.text, *errors, repr(chat), repr(chat._api), repr(vars(chat)), str(chat.connection())]
    await nowhere.stop()
    await chat.stop()
    assert len(errors) > 20
    assert not [words for words in told if world.token in words or world.token.partition(":")[2] in words]
    assert "rahasia" not in caplog.text


def _all_of(error: BaseException) -> list[BaseException]:
    """With everything in its context."""
    found = [error]
    while found[-1].__context__ is not None:
        found.append(found[-1].__context__)
    return found
