"""Updates are fetched whatever happens, and confirmed only when they are done."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.telegram.adapter import TelegramChat
from bot.core.events import CommandInvoked, Event, MemberJoined, MessagePosted
from tests.adapters.ears import Ears, State, connected
from tests.adapters.telegram.conftest import adapter
from tests.servers.telegram.client import ROOT, TelegramWorld
from tests.servers.telegram.handles import Group, Person


@pytest.fixture
async def group(world: TelegramWorld) -> Group:
    return await world.add_group("Kopi")


@pytest.fixture
async def ayu(world: TelegramWorld, group: Group) -> Person:
    return await world.person("Ayu")


def says(text: str) -> Any:
    return lambda event: isinstance(event, MessagePosted) and event.text == text


async def test_what_people_say_is_told_in_order(chat: TelegramChat, ears: Ears, group: Group, ayu: Person) -> None:
    for number in range(20):
        await ayu.says(f"pesan {number}", group)
    told = await ears.hear(MessagePosted, 20)
    assert [event.text for event in told] == [f"pesan {number}" for number in range(20)]


async def test_a_join_is_told_by_both_of_its_sources(chat: TelegramChat, ears: Ears, group: Group, ayu: Person) -> None:
    await ayu.joins(group, via=("chat_member", "service"))
    member, service = await ears.hear(MemberJoined, 2)
    assert (member.pending, service.pending) == (False, None)
    assert member.actor.id == service.actor.id == str(ayu.id)


async def test_it_asks_for_what_must_be_named(chat: TelegramChat, world: TelegramWorld) -> None:
    await world.wait("requests", method="getUpdates")
    asked = set((await world.stats())["allowed_updates"])
    assert {"message", "chat_member", "message_reaction", "callback_query", "my_chat_member", "poll_answer"} <= asked
    assert not asked & {"edited_message", "channel_post"}


# ------------------------------------------------------------------ confirmed when done
@pytest.mark.promise("R1")
async def test_nothing_is_confirmed_before_it_is_done(
    chat: TelegramChat, ears: Ears, world: TelegramWorld, group: Group, ayu: Person
) -> None:
    ears.hold(says("dua"))
    for text in ("satu", "dua", "tiga"):
        await ayu.says(text, group)
    await ears.hear(MessagePosted, 3)
    calls = (await world.stats())["calls"]["getupdates"]
    await world.wait("requests", method="getUpdates", count=calls + 3)
    waiting = await world.ask("pending")
    assert [update["message"]["text"] for update in waiting] == ["dua", "tiga"]
    ears.let_go()
    await world.wait("confirmed")
    assert len(ears.heard(MessagePosted)) == 3


@pytest.mark.promise("R1")
async def test_what_a_killed_process_had_not_done_comes_again(
    world: TelegramWorld, ears: Ears, group: Group, ayu: Person
) -> None:
    await ayu.says("jangan hilang", group)
    command = [sys.executable, "-m", "tests.adapters.telegram.never_done", world.url, world.token]
    doomed = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert doomed.stdout is not None
    before = (await doomed.stdout.readline()).decode().strip()
    doomed.kill()
    await doomed.wait()

    chat = adapter(world)
    await chat.start(ears.submit)
    again = await ears.hear_one(MessagePosted)
    assert again.key == before  # the engine knows it by that
    await world.wait("confirmed")
    await chat.stop()


@pytest.mark.promise("R21")
async def test_one_that_waits_holds_up_no_other(
    chat: TelegramChat, ears: Ears, world: TelegramWorld, group: Group, ayu: Person
) -> None:
    ears.hold(lambda event: isinstance(event, CommandInvoked))
    await ayu.says("/hold on", group)
    await ears.hear(CommandInvoked)
    loop = asyncio.get_running_loop()
    took = []
    for number in range(20):
        begun = loop.time()
        await ayu.says(f"pesan {number}", group)
        await ears.hear(MessagePosted, number + 1)
        took.append(loop.time() - begun)
    assert sorted(took)[-2] < 0.2
    assert len(ears.heard(CommandInvoked)) == 1
    ears.let_go()
    await world.wait("confirmed")


async def test_an_update_whose_handling_broke_is_told_again(world: TelegramWorld, group: Group, ayu: Person) -> None:
    tries: list[Event] = []

    async def submit(event: Event) -> None:
        tries.append(event)
        if len(tries) < 3:
            raise RuntimeError("not yet")

    chat = adapter(world)
    await chat.start(submit)
    await ayu.says("halo", group)
    await world.wait("confirmed", timeout=3)
    assert len(tries) == 3
    assert len(set(map(repr, tries))) == 1
    await chat.stop()


async def test_stop_finishes_what_is_under_way_and_confirms_it(world: TelegramWorld, group: Group, ayu: Person) -> None:
    chat, ears = adapter(world), Ears()
    await chat.start(ears.submit)
    ears.hold(says("hampir"))
    await ayu.says("hampir", group)
    await ears.hear(MessagePosted)
    stopping = asyncio.create_task(chat.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    ears.let_go()
    await stopping
    assert (await world.stats())["pending"] == 0


async def test_a_long_backlog_is_worked_off(world: TelegramWorld, group: Group, ayu: Person, ears: Ears) -> None:
    await world.ask("crowd_says", chats=[group.id], users=[ayu.id], count=350)
    chat = adapter(world)
    await chat.start(ears.submit)
    await ears.hear(MessagePosted, 350)
    await world.wait("confirmed")
    assert len({event.event_id for event in ears.events}) == len(ears.events) == 350
    await chat.stop()


# ------------------------------------------------------------------ what can't be read
@pytest.mark.promise("R20")
@pytest.mark.parametrize(
    "update",
    [
        {"message": {"message_id": "?", "text": "rahasia"}},
        {"message": "rahasia"},
        {"callback_query": {"id": "1", "from": "rahasia"}},
        {"chat_member": {"chat": {"id": 1, "type": "supergroup"}, "new_chat_member": {"status": "rahasia"}}},
    ],
)
async def test_an_update_that_can_not_be_read_is_set_aside(
    chat: TelegramChat,
    ears: Ears,
    world: TelegramWorld,
    group: Group,
    ayu: Person,
    update: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    number = await world.update(update)
    await ayu.says("lanjut", group)
    assert (await ears.hear_one(MessagePosted)).text == "lanjut"
    await world.wait("confirmed")
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(told) == 1
    assert str(number) in told[0]
    assert "rahasia" not in caplog.text


@pytest.mark.promise("R20")
@pytest.mark.parametrize(
    "raw", ['{"update_id":%d,"message":{"text":"rahasia', '{"update_id":%d,"message":nothing}', "7"]
)
async def test_malformed_json_is_passed_over(
    chat: TelegramChat, ears: Ears, world: TelegramWorld, group: Group, ayu: Person, raw: str, caplog: Any
) -> None:
    await ayu.says("sebelum", group)
    await ears.hear(MessagePosted)
    last = (await world.stats())["last_update_id"]
    await world.update(raw=raw % (last + 1) if "%d" in raw else raw)
    await ayu.says("sesudah", group)
    assert (await ears.hear(MessagePosted, 2))[-1].text == "sesudah"
    await world.wait("confirmed")
    assert str(last + 1) in caplog.text
    assert "rahasia" not in caplog.text


@pytest.mark.promise("R20")
async def test_an_update_without_an_id_goes_with_the_next(
    chat: TelegramChat, ears: Ears, world: TelegramWorld, group: Group, ayu: Person
) -> None:
    await world.update(raw='{"message": {}}')
    await ayu.says("lanjut", group)
    assert (await ears.hear_one(MessagePosted)).text == "lanjut"
    await world.wait("confirmed")


# ------------------------------------------------------------------ trouble
@pytest.mark.promise("R22")
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 404},
        {"status": 401},
        {"status": 409},
        {"status": 500},
        {"status": 502},
        {"status": 504},
        {"retry_after": 1},
        {"kind": "reset"},
        {"kind": "reset", "when": "after"},
        {"kind": "malformed"},
        {"kind": "stall", "seconds": 30},
    ],
    ids=str,
)
async def test_one_failure_ends_nothing(
    world: TelegramWorld, ears: Ears, group: Group, ayu: Person, fault: dict[str, Any]
) -> None:
    chat = adapter(world, poll=1, silence=1.2)
    await chat.start(ears.submit)
    await connected(chat)
    await world.fault("getUpdates", **fault)
    await ayu.says("masih di sini?", group)
    assert (await ears.hear_one(MessagePosted)).text == "masih di sini?"
    await world.wait("fault_hits")
    await world.wait("confirmed")
    assert len(ears.heard(MessagePosted)) == 1
    await chat.stop()


async def test_a_webhook_is_removed_without_losing_what_waits(
    world: TelegramWorld, ears: Ears, group: Group, ayu: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await _set_webhook(world)
    await ayu.says("menunggu", group)
    chat = adapter(world)
    await chat.start(ears.submit)
    assert (await ears.hear_one(MessagePosted)).text == "menunggu"
    assert "webhook" in caplog.text
    (removal,) = await world.requests("deleteWebhook")
    assert removal["params"].get("drop_pending_updates") in (None, False)
    await _set_webhook(world)
    await ayu.says("lagi", group)
    assert (await ears.hear(MessagePosted, 2))[-1].text == "lagi"
    await chat.stop()


async def _set_webhook(world: TelegramWorld) -> None:
    hook = {"url": "http://127.0.0.1:9/hook"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{world.base_url}{world.token}/setWebhook", json=hook) as done,
    ):
        assert done.status == 200


async def test_a_second_program_on_the_token_is_a_problem(world: TelegramWorld, chat: TelegramChat) -> None:
    await world.fault("getUpdates", status=409, times=0)
    await _problem(chat, "conflict")
    await world.clear_faults()
    await connected(chat)
    assert chat.connection().problems == ()


async def _problem(chat: TelegramChat, code: str) -> None:
    async with asyncio.timeout(5):
        while [problem.code for problem in chat.connection().problems] != [code]:
            await asyncio.sleep(0.005)


async def test_a_server_that_holds_no_call_is_not_flooded(ears: Ears) -> None:
    calls = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal calls
        if request.path.endswith("getUpdates"):
            calls += 1
            return web.json_response({"ok": True, "result": []})
        return web.json_response({"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "G", "username": "g"}})

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    async with TestServer(app) as server:
        state = State()
        chat = TelegramChat("1:abc", api_url=str(server.make_url("")), load_state=state.load, save_state=state.save)
        await chat.start(ears.submit)
        await connected(chat)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await asyncio.Event().wait()
        await chat.stop()
    assert 1 <= calls <= 5
