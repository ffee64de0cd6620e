"""getUpdates and webhooks, to the letter."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import Conflict

from tests.servers.telegram import TelegramWorld
from tests.servers.telegram.calling import raw

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_offset_confirms_what_is_below_it_and_nothing_else_does(tg: TelegramWorld) -> None:
    ids = [await tg.update({"message": {"n": n}}) for n in range(5)]

    async def waiting(**arguments: Any) -> list[int]:
        return [update["update_id"] for update in (await raw(tg, "getUpdates", **arguments))["result"]]

    assert await waiting() == ids
    assert await waiting(limit=2) == ids[:2]
    assert await waiting(offset=ids[2]) == ids[2:]
    assert await waiting() == ids[2:]
    assert await waiting(offset=-1) == ids[4:]
    assert await waiting() == ids[4:]
    assert await waiting(offset=ids[4] + 1) == []
    assert (await tg.stats())["confirmed"] == ids[4] + 1


async def test_three_kinds_must_be_named_and_naming_is_remembered(tg: TelegramWorld) -> None:
    group, ayu = await tg.add_group("Kopi"), await tg.person("Ayu")

    async def kinds() -> list[str]:
        return [next(kind for kind in update if kind != "update_id") for update in await tg.ask("pending")]

    await ayu.joins(group, via=["chat_member", "service"])
    assert await kinds() == ["message"]
    await raw(tg, "getUpdates", allowed_updates=["message", "chat_member"], offset=-1)
    await raw(tg, "getUpdates")
    await ayu.leaves(group)
    assert await kinds() == ["message", "chat_member", "message"]
    await group.bot_becomes("member", tell=False)
    await ayu.joins(group, via=["chat_member"])  # no admin, no chat_member
    assert await kinds() == ["message", "chat_member", "message"]


async def test_a_long_poll_ends_with_the_first_update(tg: TelegramWorld) -> None:
    poll = asyncio.create_task(raw(tg, "getUpdates", timeout=30))
    await tg.wait("polling")
    number = await tg.update({"message": {"n": 1}})
    assert [update["update_id"] for update in (await poll)["result"]] == [number]


async def test_two_at_once_are_a_conflict_for_the_first(tg: TelegramWorld, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await tg.wait("polling")
    await raw(tg, "getUpdates")
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first


async def test_anything_can_be_put_into_the_queue(tg: TelegramWorld) -> None:
    await tg.update({"update_id": 7, "message": {"chat": "nonsense"}})
    await tg.update(raw='{"update_id": 8, "message": ')
    async with aiohttp.ClientSession() as http, http.get(f"{tg.url}/bot{tg.token}/getUpdates") as answer:
        body = await answer.text()
    assert '"update_id": 7' in body
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(body)


async def test_a_webhook_gets_updates_in_order_until_it_accepts_them(tg: TelegramWorld, bot: Bot) -> None:
    got: list[tuple[str, Any]] = []

    async def receive(request: web.BaseRequest) -> web.Response:
        got.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], await request.json()))
        return web.Response(status=500 if len(got) == 1 else 200)

    runner = web.ServerRunner(web.Server(receive))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/", secret_token="s3cret")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    first, second = [await tg.update({"message": {"n": n}}) for n in (1, 2)]
    await tg.wait("confirmed")
    assert (
        await bot.get_webhook_info()
    ).last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    await bot.delete_webhook()
    await runner.cleanup()
    assert [(secret, update["update_id"]) for secret, update in got] == [("s3cret", n) for n in (first, first, second)]
