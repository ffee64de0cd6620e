"""What the drivers' people can't do by words alone: knowing a code, losing a right, adding the bot to a group."""

from __future__ import annotations

from datetime import timedelta

from adapters.playground.acts import Act, AddsBot, Presses, RemovesBot
from adapters.playground.groups import Group
from adapters.playground.history import Posted
from adapters.playground.outgoing import plain_text
from bot.core.events import Where
from bot.core.stores import Invites
from bot.features.arrival.setup import digest
from tests.driver import Conversation

KOPI = """
[admin]
contact = {{ telegram = "424242", discord = "10000000000000424242" }}
[defaults]
language = "{language}"
unlisted = "{unlisted}"
[communities.kopi]
name = "Kopi"
language = "{language}"
[[communities.kopi.groups]]
platform = "telegram"
id = "-1001000000001"
[[communities.kopi.groups]]
platform = "discord"
id = "100000000000000001"
main = "100000000000000002"
{managers}
{tables}
"""
MANAGERS = '[communities.kopi.managers]\ntelegram = "-1001000000009"\ndiscord = "100000000000000009"'


def kopi(
    language: str = "en", unlisted: str = "ask", more: str = "", tables: str = "", managers: str = MANAGERS
) -> str:
    return KOPI.format(language=language, unlisted=unlisted, more=more, tables=tables, managers=managers)


def group(talk: Conversation, where: Where) -> Group:
    found = talk.stage.world.groups.get(where.platform, where.group)
    assert found
    return found


def place(talk: Conversation, name: str) -> Where:
    platform, _, rest = name.partition("@")
    if rest:
        return Where(platform, "", account(talk, platform, rest))
    from bot.play.grammar import read_place

    return talk.stage.places.where(read_place(name))


def account(talk: Conversation, platform: str, who: str) -> str:
    return talk.stage.world.people.named(platform, who).id


async def act(talk: Conversation, act: Act) -> None:
    await talk.stage.chats[act.where.platform].act(act)
    await talk.stage.settle()


async def adds_bot(talk: Conversation, who: str, name: str, title: str) -> Where:
    """A new group with `who` as its administrator; the bot looks around a few seconds later."""
    where = place(talk, name)
    world, now = talk.stage.world, talk.clock.now()
    new = world.groups.add(Group(where.platform, where.group, name, title), now)
    world.groups.set_administrator(new, world.people.named(where.platform, who), now)
    await act(talk, AddsBot(Where(where.platform, where.group, ""), account(talk, where.platform, who)))
    await talk.clock.advance(seconds=5)
    return where


async def removes_bot(talk: Conversation, who: str, name: str) -> None:
    where = place(talk, name)
    await act(talk, RemovesBot(Where(where.platform, where.group, ""), account(talk, where.platform, who)))


def demote(talk: Conversation, who: str, name: str) -> None:
    where = place(talk, name)
    person = talk.stage.world.people.named(where.platform, who)
    talk.stage.world.groups.set_administrator(group(talk, where), person, talk.clock.now(), administrator=False)


def mute(talk: Conversation, name: str, *, writable: bool) -> None:
    """Takes or gives the bot's right to write, without a word about it."""
    talk.stage.world.groups.set_writable(group(talk, place(talk, name)), "", writable, talk.clock.now())


async def invite(talk: Conversation, code: str, days: int = 7) -> str:
    """As `guyub invite` does."""
    program, now = talk.stage.program, talk.clock.now()
    await program.database.run(lambda unit: unit.store(Invites).add(digest(code), now + timedelta(days=days)), now)
    return code


def standing(talk: Conversation, name: str) -> list[str]:
    """What the bot said in a place and still stands there."""
    where = place(talk, name)
    board = talk.stage.world.board.all()
    return [plain_text(p.message) for p in board if p.author.bot and p.where == where]


def newest(talk: Conversation, label: str) -> tuple[Posted, str]:
    """The newest message with that button, and its token."""
    for posted in reversed(talk.stage.world.board.all()):
        for row in posted.message.buttons:
            for button in row:
                if button.label == label:
                    return posted, button.token
    raise AssertionError(f"nothing offers {label}")


async def presses_again(talk: Conversation, who: str, posted: Posted, token: str) -> None:
    """Also what isn't offered any more; by a member of the group."""
    world, face = talk.stage.world, posted.where.platform
    if found := world.groups.get(face, posted.where.group):
        world.groups.member(found, world.people.named(face, who))
    await act(talk, Presses(posted.where, account(talk, posted.where.platform, who), posted.id, token))
