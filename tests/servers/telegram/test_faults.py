"""What goes wrong to order, limits, and what the server tells of it all."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from tests.servers.telegram import TelegramWorld, WorldError
from tests.servers.telegram.calling import raw

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # retry_after as a number of seconds; the library means to make it a timedelta.
    pytest.mark.filterwarnings("ignore:.*attribute `retry_after` will be of type"),
]


@pytest.mark.parametrize(("when", "sent"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize(
    ("words", "raised"),
    [
        ({"retry_after": 3}, RetryAfter),
        ({"status": 500}, NetworkError),
        ({"status": 502}, NetworkError),
        ({"status": 401}, InvalidToken),
        ({"status": 404}, InvalidToken),
        ({"kind": "reset"}, NetworkError),
        ({"kind": "malformed"}, TelegramError),
    ],
)
async def test_a_call_fails_as_ordered(
    tg: TelegramWorld, bot: Bot, words: dict[str, Any], raised: type[Exception], when: str, sent: int
) -> None:
    group = await tg.add_group("Kopi")
    await tg.fault("sendMessage", when=when, **words)
    with pytest.raises(raised):
        await bot.send_message(group.id, "satu")
    assert len(await group.messages()) == sent
    await bot.send_message(group.id, "dua")
    failed, worked = (await tg.requests("sendMessage"))[-2:]
    assert failed["fault"] == f"{words.get('kind', 'status')} {when}"
    assert (worked["fault"], worked["status"]) == (None, 200)


@pytest.mark.parametrize(("when", "sent"), [("before", 0), ("after", 1)])
async def test_a_call_stands_still_until_released(tg: TelegramWorld, bot: Bot, when: str, sent: int) -> None:
    group = await tg.add_group("Kopi")
    await tg.fault("sendMessage", kind="stall", when=when)
    call = asyncio.create_task(bot.send_message(group.id, "satu"))
    await tg.wait("held")
    assert len(await group.messages()) == sent
    await tg.release()
    await call
    assert len(await group.messages()) == 1


async def test_a_stall_takes_so_many_seconds(tg: TelegramWorld, bot: Bot) -> None:
    group = await tg.add_group("Kopi")
    await tg.fault("sendMessage", kind="stall", seconds=0.1)
    await bot.send_message(group.id, "satu")
    assert 0.1 <= (await tg.requests("sendMessage"))[-1]["seconds"] < 1


async def test_a_dropped_call_is_never_answered(tg: TelegramWorld, bot: Bot) -> None:
    group = await tg.add_group("Kopi")
    await tg.fault("sendMessage", kind="drop", when="after")
    with pytest.raises(TimedOut):
        await bot.send_message(group.id, "satu", read_timeout=0.1)
    assert len(await group.messages()) == 1


async def test_a_fault_waits_for_its_turn_and_its_chat(tg: TelegramWorld) -> None:
    one, other = await tg.add_group("Satu"), await tg.add_group("Dua")
    await tg.fault(chat_id=one.id, skip=1, times=2)
    outcomes = [(await raw(tg, "sendMessage", chat_id=g.id, text="x"))["http"] for g in (one, other, one, one, one)]
    assert outcomes == [200, 200, 500, 500, 200]


async def test_a_misspelt_fault_is_told_to_the_test(tg: TelegramWorld) -> None:
    with pytest.raises(WorldError, match="not 'stal'"):
        await tg.fault(kind="stal")
    with pytest.raises(WorldError, match=r"no such word.*second"):
        await tg.fault(kind="stall", second=1)


async def test_strict_limits(tg: TelegramWorld, bot: Bot) -> None:
    groups = [await tg.add_group(title) for title in ("Satu", "Dua", "Tiga", "Empat")]
    before = (await tg.stats())["refused_by_limits"]
    await tg.limits(per_second=3, per_chat_second=1)
    chats = [groups[0], groups[0], groups[1], groups[2]]
    outcomes = [(await raw(tg, "sendMessage", chat_id=chat.id, text="x"))["http"] for chat in chats]
    assert outcomes == [200, 429, 200, 200]
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(groups[3].id, "x")
    assert refused.value.retry_after == 1
    assert (await tg.stats())["refused_by_limits"] == before + 2


async def test_twenty_a_minute_in_one_group(tg: TelegramWorld) -> None:
    group, ayu = await tg.add_group("Kopi"), await tg.person("Ayu")
    await ayu.starts()
    await tg.limits(per_group_minute=20)
    outcomes = [(await raw(tg, "sendMessage", chat_id=group.id, text="x")) for _ in range(21)]
    assert [answer["http"] for answer in outcomes] == [200] * 20 + [429]
    assert 55 <= outcomes[-1]["parameters"]["retry_after"] <= 60
    assert {(await raw(tg, "sendMessage", chat_id=ayu.id, text="x"))["http"] for _ in range(21)} == {200}


async def test_the_truth_counts_duplicates_and_rates(tg: TelegramWorld, bot: Bot) -> None:
    group = await tg.add_group("Kopi")
    for text in ("halo", "halo", "lain"):
        await bot.send_message(group.id, text)
    [twice] = [found for found in await tg.duplicates() if found["chat"] == group.id]
    assert (twice["plain"], len(twice["ids"])) == ("halo", 2)
    assert (await tg.stats())["rates"]["busiest_second_in_a_chat"] >= 3


async def test_people_talk_at_a_pace(tg: TelegramWorld) -> None:
    groups, ayu = [await tg.add_group("Satu"), await tg.add_group("Dua")], await tg.person("Ayu")
    chats = [group.id for group in groups]
    await tg.ask("feed", chats=chats, users=[ayu.id], count=50, per_second=500, text="pesan {n}")
    await tg.wait("fed")
    assert [len(await group.messages(by="people")) for group in groups] == [25, 25]


async def test_waiting_says_what_there_is_instead(tg: TelegramWorld, bot: Bot) -> None:
    group = await tg.add_group("Kopi")
    await bot.send_message(group.id, "sesuatu")
    with pytest.raises(WorldError, match=r"waited.*halo….*there is"):
        await group.hears("halo…", timeout=0.05)
    assert (await group.hears("sesu…"))["text"] == "sesuatu"


async def test_the_process_ends_with_the_test() -> None:
    async with TelegramWorld.start("--no-log") as started:
        pid = started.pid
        await raw(started, "getMe")
        assert (await started.stats())["calls"] == {"getme": 1}
        assert await started.requests() == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
