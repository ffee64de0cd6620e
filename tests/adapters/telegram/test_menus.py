"""What is offered behind the "/" button."""

from __future__ import annotations

from adapters.telegram.adapter import TelegramChat
from adapters.telegram.menus import checksum, menus
from bot.core.commands import Command, Who
from tests.adapters.ears import State
from tests.adapters.telegram.conftest import adapter
from tests.servers.telegram.client import TelegramWorld


def command(name: str, help: str, **more: object) -> Command:
    return Command(name, help, handler=lambda event, ctx: None, **more)  # type: ignore[arg-type]


COMMANDS = (
    command("help", "What can be done here", aliases={"id": "bantuan"}, everywhere=True),
    command("me", "What is known about me", personal=True),
    command("poll close", "Close a poll", who=Who.MANAGERS, aliases={"id": "poling tutup"}),
    command("poll new", "Ask everybody", usual=True, aliases={"id": "poling baru"}),
    command("hold on", "Be quiet", who=Who.MANAGERS),
)


def entries(scope: str, language: str) -> dict[str, str]:
    (menu,) = [menu for menu in menus(COMMANDS) if (menu.scope, menu.language) == (scope, language)]
    return dict(menu.entries)


def test_everybody_is_offered_what_everybody_may() -> None:
    assert set(entries("all_group_chats", "")) == {"help", "poll"}


def test_personal_things_are_offered_in_private_only() -> None:
    assert set(entries("all_private_chats", "")) == {"help", "me", "poll"}


def test_administrators_are_offered_what_managers_may() -> None:
    assert set(entries("all_chat_administrators", "")) == {"help", "poll", "hold"}


def test_a_noun_is_described_by_what_its_bare_form_means() -> None:
    assert entries("all_chat_administrators", "")["poll"] == "Ask everybody"


def test_indonesians_are_offered_indonesian_names() -> None:
    assert set(entries("all_group_chats", "id")) == {"bantuan", "poling"}


def test_the_checksum_tells_every_change() -> None:
    assert checksum(menus(COMMANDS)) == checksum(menus(COMMANDS))
    assert checksum(menus(COMMANDS)) != checksum(menus(COMMANDS[:-1]))


async def test_menus_are_published_by_scope_and_language(chat: TelegramChat, world: TelegramWorld) -> None:
    await chat.publish_commands(COMMANDS)
    published = {(menu["scope"], menu["language"]) for menu in await world.menus()}
    scopes = ("all_private_chats", "all_group_chats", "all_chat_administrators")
    assert published == {(scope, language) for scope in scopes for language in ("", "id")}


async def test_menus_are_published_only_when_they_changed(world: TelegramWorld) -> None:
    state = State()
    for expected in (6, 6):  # the second process finds them as they should be
        chat = adapter(world, state)
        await chat.publish_commands(COMMANDS)
        await chat.stop()
        assert (await world.stats())["calls"]["setmycommands"] == expected
    chat = adapter(world, state)
    await chat.publish_commands(COMMANDS[:-1])
    await chat.stop()
    assert (await world.stats())["calls"]["setmycommands"] == 12
