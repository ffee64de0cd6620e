"""That people spoke is recorded once, however often it is told: where, when and who, on both platforms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.faults.lulls import is_set_up, looks
from tests.faults.processes import Forks
from tests.faults.town import Town, eventually, found_town
from tests.faults.voting import QUIET
from tests.servers.discord import Channel, Person

Recorded = tuple[str, str, str, str, int]
"""Channel, thread, message, account, time."""


def recorded(town: Town) -> set[Recorded]:
    """All of it; no message is there twice."""
    rows = town.rows("SELECT channel_id, thread, message_id, account_id, at FROM activity")
    assert len({row[:3] for row in rows}) == len(rows)
    assert "rahasia" not in str(town.rows("SELECT * FROM activity"))
    return set(rows)


async def are_recorded(town: Town, expected: set[Recorded]) -> None:
    async def look() -> bool:
        return recorded(town) >= expected

    await eventually(look, within=15)
    assert recorded(town) == expected


# ---------------------------------------------------------------- Telegram


def of_telegram(said: Mapping[str, Any], account: int | str) -> Recorded:
    topic = f"topic:{said['message_thread_id']}" if said.get("is_topic_message") else ""
    return topic, "", str(said["message_id"]), str(account), said["date"] * 1_000_000


@pytest.mark.promise("R2", "S6")
async def test_telegram_tells_three_times_and_again_after_a_restart(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "telegram", welcome=QUIET, group={"kind": "forum"}) as town:
        is_set_up(town)
        await town.met_before()
        world, group, managers = town.telegram.world, town.telegram.group, town.telegram.managers
        ayu, rina = await town.telegram.person("Ayu"), await town.telegram.person("Rina")
        bot = await world.person("Robot", is_bot=True)
        news = await world.add_group("Kabar", "channel")
        brew = await group.opens_topic("Seduh")
        first = await ayu.says("selamat pagi rahasia", group)
        expected = {
            of_telegram(first, ayu.id),
            of_telegram(await rina.says("pagi!", group, reply_to=first["message_id"]), rina.id),
            of_telegram(await ayu.says("v60?", group, topic=brew), ayu.id),
            of_telegram(await group.says("dari admin", "anonymous"), ""),
        }
        await group.says("dari kanal", "channel", news)
        await group.says("diteruskan", "linked", news)
        await ayu.says("di kanal", news)
        await bot.says("bip", group)
        await rina.says("di antara kita", managers)
        await ayu.says("/help", group)
        await ayu.starts()
        await ayu.says("halo bot")
        told = await world.ask("pending")
        await tell_again(town, told * 2)
        expected.add(of_telegram(await ayu.says("hari pertama", group), ayu.id))

        run = await town.guyub()
        await world.wait("confirmed", timeout=15)
        await are_recorded(town, expected)
        assert looks(town) == [(str(group.id), "")]
        await run.killed()
        await tell_again(town, told)
        expected.add(of_telegram(await ayu.says("hari kedua", group), ayu.id))
        await town.guyub()
        await world.wait("confirmed", timeout=15)
        await are_recorded(town, expected)


async def tell_again(town: Town, told: list[dict[str, object]]) -> None:
    for update in Random(5).sample(told, len(told)):
        await town.telegram.world.update(update)


# ---------------------------------------------------------------- Discord


@pytest.mark.promise("R2")
async def test_discord_tells_three_times_and_again_after_a_restart(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "discord", welcome=QUIET) as town:
        is_set_up(town)
        world, guild = town.discord.world, town.discord.guild
        general, managers = guild["general"], guild["pengurus"]
        seduh = await guild.add_channel("seduh")
        ayu, rina = await town.discord.person("Ayu"), await town.discord.person("Rina")
        bot = await world.person("Robot", bot=True)
        for who in (ayu, rina, bot):
            await who.joins(guild)
        run = await town.guyub()
        elsewhere = await of_discord(ayu, seduh, await ayu.says(seduh, "v60?"))
        await are_recorded(town, {elsewhere})
        assert looks(town) == []  # that is not where the bot speaks
        first = await ayu.says(general, "selamat pagi rahasia")
        answer = await rina.replies(general, first, "pagi!")
        thread = await ayu.opens_thread(general, "resep", first)
        inside = await rina.says(thread, "di dalam")
        await bot.says(general, "bip")
        secret = await rina.opens_thread(managers, "gaji")
        for room in (managers, secret):
            await rina.says(room, "di antara kita")
        expected = {
            elsewhere,
            await of_discord(ayu, general, first),
            await of_discord(rina, general, answer),
            await of_discord(rina, thread, inside, parent=general),
        }
        await are_recorded(town, expected)
        assert looks(town) == [(str(guild.id), "")]
        for _ in range(2):
            await tells_again(town, ayu, general, first)
            await tells_again(town, rina, thread, inside)
        expected.add(await of_discord(ayu, general, await ayu.says(general, "hari pertama")))
        await are_recorded(town, expected)
        await run.killed()
        await town.guyub()
        await tells_again(town, ayu, general, first)
        await tells_again(town, rina, thread, inside)
        expected.add(await of_discord(ayu, general, await ayu.says(general, "hari kedua")))
        await are_recorded(town, expected)


async def of_discord(who: Person, room: Channel, message: int, parent: Channel | None = None) -> Recorded:
    channel, thread = (parent.id, str(room.id)) if parent else (room.id, "")
    return str(channel), thread, str(message), str(who.id), _micros(await _said_at(room, message))


async def tells_again(town: Town, who: Person, room: Channel, message: int) -> None:
    """As the gateway may: the same message with its id and its time."""
    author = {"id": str(who.id), "username": who.name.lower(), "global_name": who.name, "discriminator": "0"}
    told = {"id": str(message), "channel_id": str(room.id), "guild_id": str(town.discord.guild.id), "type": 0}
    lists: dict[str, Any] = {name: [] for name in ("mentions", "mention_roles", "attachments", "embeds", "components")}
    flags = {"tts": False, "mention_everyone": False, "pinned": False, "flags": 0, "edited_timestamp": None}
    said = {"content": "halo", "timestamp": await _said_at(room, message), "author": {**author, "avatar": None}}
    await town.discord.world.trouble.injects("MESSAGE_CREATE", told | lists | flags | said)


async def _said_at(room: Channel, message: int) -> str:
    [at] = [posted.raw["at"] for posted in await room.messages() if posted.id == message]
    return datetime.fromtimestamp(at).astimezone().isoformat()


def _micros(at: str) -> int:
    return round(datetime.fromisoformat(at).timestamp() * 1_000_000)
