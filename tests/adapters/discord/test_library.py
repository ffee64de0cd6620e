"""The inner parts of discord.py that the adapter touches are as it expects them. A new release may change them."""

from __future__ import annotations

import inspect
from typing import Any

import discord
import pytest
from discord.gateway import DiscordWebSocket, KeepAliveHandler, ReconnectWebSocket
from discord.http import HTTPClient, Route

from adapters.discord import places
from adapters.discord.client import HEARD, INTENTS, KEPT, Client, attach


def client() -> discord.Client:
    return discord.Client(intents=INTENTS)


def test_events_are_read_by_a_table_of_parsers() -> None:
    parsers = client()._connection.parsers
    assert parsers.keys() | {"GUILD_MEMBER_UPDATE"} >= KEPT | HEARD
    source = inspect.getsource(DiscordWebSocket.received_message)
    assert "self._discord_parsers[event]" in source
    assert "ws._discord_parsers = client._connection.parsers" in inspect.getsource(DiscordWebSocket.from_client)


def test_a_websocket_is_opened_and_read_as_expected() -> None:
    opened = inspect.signature(DiscordWebSocket.from_client).parameters
    assert {"client", "gateway", "session", "sequence", "resume"} <= opened.keys()
    assert list(inspect.signature(DiscordWebSocket.__init__).parameters) == ["self", "socket", "loop"]
    assert list(inspect.signature(DiscordWebSocket.received_message).parameters) == ["self", "msg"]
    assert ReconnectWebSocket(None, resume=False).resume is False
    for name in ("poll_event", "send_heartbeat", "close"):
        assert inspect.iscoroutinefunction(getattr(DiscordWebSocket, name))
    assert {"session_id", "sequence", "_keep_alive"} <= set(DiscordWebSocket.__init__.__code__.co_names)
    assert callable(KeepAliveHandler.beat)


def test_the_hook_is_called_before_every_identify_and_no_resume() -> None:
    assert "before_identify" in inspect.getsource(DiscordWebSocket.identify)
    assert "before_identify" not in inspect.getsource(DiscordWebSocket.resume)
    assert list(inspect.signature(discord.Client.before_identify_hook).parameters) == ["self", "shard_id", "initial"]


def test_requests_take_a_timeout_and_are_built_on_one_base() -> None:
    assert inspect.signature(HTTPClient.request).parameters["kwargs"].kind is inspect.Parameter.VAR_KEYWORD
    assert Route("GET", "/users/@me").url == Route.BASE + "/users/@me"


async def test_nothing_is_kept_that_is_not_needed() -> None:
    async def nothing() -> None: ...

    mine = Client(nothing, lambda name, data: None)
    state: Any = mine._connection
    assert state.member_cache_flags == discord.MemberCacheFlags.none()
    assert state._messages is None
    assert state._chunk_guilds is False
    assert state.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()
    assert set(state.parsers) == KEPT | HEARD


def test_an_event_that_cannot_be_read_raises_nothing(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []

    def receive(name: str, data: Any) -> None:
        told.append(name)
        raise KeyError("odd")

    mine = client()
    attach(mine, receive)
    for name, parse in mine._connection.parsers.items():
        parse({"odd": name})
    assert set(told) == HEARD
    assert "passed over" in caplog.text


async def test_a_guild_with_the_least_of_fields_is_kept() -> None:
    async def nothing() -> None: ...

    told: list[str] = []
    mine = Client(nothing, lambda name, data: told.append(name))
    user: Any = {"id": "5", "username": "guyub", "discriminator": "0", "avatar": None}
    mine._connection.user = discord.ClientUser(state=mine._connection, data=user)
    least = {
        "id": "1",
        "name": "Kopi",
        "channels": [{"id": "700", "type": 0, "name": "umum"}, {"id": "701", "type": 0}],
        "members": [{"user": {"id": "5"}}],
    }
    mine._connection.parsers["GUILD_CREATE"](least)
    guild = mine.get_guild(1)
    assert guild is not None
    assert places.speaking_channel(guild) == "700"
    assert told == ["GUILD_CREATE"]
