"""Coming and going, from both of the places where Telegram tells it."""

from __future__ import annotations

import pytest

from bot.core.events import (
    ActorKind,
    ChatChanged,
    Event,
    GroupChange,
    GroupChanged,
    MemberJoined,
    MemberLeft,
    Where,
)
from tests.adapters.telegram.payloads import (
    AT,
    AYU,
    BUDI,
    GUYUB,
    KOPI,
    NEWS,
    OLD_KOPI,
    OTHER_BOT,
    PRIVATE,
    Json,
    change,
    decoded,
    said,
    standing,
)


def moved(before: Json, after: Json) -> list[Event]:
    return decoded(chat_member=change(before, after))


def ayu(status: str, **more: object) -> Json:
    return standing(AYU, status, **more)


MUTED = ayu("restricted")
FREE = ayu("restricted", can_send_messages=True)
GONE = ayu("restricted", is_member=False)


@pytest.mark.parametrize(
    ("before", "after", "pending"),
    [
        (ayu("left"), ayu("member"), False),
        (ayu("kicked"), ayu("member"), False),
        (ayu("left"), ayu("administrator"), False),
        (GONE, ayu("member"), False),
        (ayu("left"), MUTED, True),
        (ayu("left"), FREE, False),
        (ayu("member"), MUTED, True),
        (MUTED, ayu("member"), False),
        (MUTED, FREE, False),
        (GONE, MUTED, True),
    ],
)
def test_a_join(before: Json, after: Json, pending: bool) -> None:
    (event,) = moved(before, after)
    assert isinstance(event, MemberJoined)
    assert (event.actor.id, event.at, event.pending) == ("111", AT, pending)


@pytest.mark.parametrize(
    ("before", "after", "banned"),
    [
        (ayu("member"), ayu("left"), False),
        (ayu("administrator"), ayu("left"), False),
        (MUTED, GONE, False),
        (ayu("member"), ayu("kicked"), True),
        (ayu("left"), ayu("kicked"), True),
    ],
)
def test_a_leaving(before: Json, after: Json, banned: bool) -> None:
    (event,) = moved(before, after)
    assert isinstance(event, MemberLeft)
    assert (event.actor.id, event.banned) == ("111", banned)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ayu("member"), ayu("administrator")),
        (ayu("administrator"), ayu("member")),
        (ayu("member"), FREE),
        (ayu("kicked"), ayu("left")),
        (GONE, ayu("left")),
        (ayu("left"), GONE),
    ],
)
def test_neither(before: Json, after: Json) -> None:
    assert moved(before, after) == []


def test_a_bot_joins_as_a_bot() -> None:
    (event,) = moved(standing(OTHER_BOT, "left"), standing(OTHER_BOT, "member"))
    assert event.actor.kind is ActorKind.BOT


def test_asking_to_join_is_no_join() -> None:
    request = {"chat": KOPI, "from": AYU, "user_chat_id": 111, "date": 1767578400}
    assert decoded(chat_join_request=request) == []


# ------------------------------------------------------------------ service messages
def test_a_service_message_can_not_tell_who_waits() -> None:
    events = said(None, AYU, new_chat_members=[AYU, BUDI, GUYUB])
    joins = [event for event in events if isinstance(event, MemberJoined)]
    assert [(event.actor.id, event.pending) for event in joins] == [("111", None), ("222", None)]
    assert len({event.key for event in joins}) == 2
    assert events == joins


def test_a_service_message_of_a_leaving() -> None:
    (event,) = said(None, AYU, left_chat_member=AYU)
    assert isinstance(event, MemberLeft)
    assert said(None, AYU, left_chat_member=GUYUB) == []


def test_a_new_title() -> None:
    (event,) = said(None, AYU, new_chat_title="Kopi & Teh")
    assert isinstance(event, GroupChanged)
    assert (event.change, event.title) == (GroupChange.RENAMED, "Kopi & Teh")


@pytest.mark.promise("R10")
def test_both_messages_of_a_migration_tell_the_same() -> None:
    (to,) = said(None, AYU, OLD_KOPI, migrate_to_chat_id=KOPI["id"])
    (come,) = said(None, AYU, KOPI, migrate_from_chat_id=OLD_KOPI["id"])
    for event in (to, come):
        assert isinstance(event, GroupChanged)
        assert event.change is GroupChange.MIGRATED
        assert (event.where, event.new_group) == (Where("telegram", "-4321", ""), "-1001234567890")


# ------------------------------------------------------------------ the bot itself
def own(before: Json, after: Json, chat: Json = KOPI, by: Json = BUDI) -> list[Event]:
    return decoded(my_chat_member=change(before, after, chat, by))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("left", "member", GroupChange.ADDED),
        ("kicked", "administrator", GroupChange.ADDED),
        ("member", "administrator", GroupChange.RIGHTS),
        ("administrator", "restricted", GroupChange.RIGHTS),
        ("member", "left", GroupChange.REMOVED),
        ("administrator", "kicked", GroupChange.REMOVED),
    ],
)
def test_the_bot_in_a_group(before: str, after: str, expected: GroupChange) -> None:
    (event,) = own(standing(GUYUB, before), standing(GUYUB, after))
    assert isinstance(event, GroupChanged)
    assert (event.change, event.title, event.actor.id) == (expected, "Kopi", "222")


@pytest.mark.parametrize(("before", "after", "is_open"), [("kicked", "member", True), ("member", "kicked", False)])
def test_a_private_chat_opens_and_closes(before: str, after: str, is_open: bool) -> None:
    (event,) = own(standing(GUYUB, before), standing(GUYUB, after), PRIVATE, AYU)
    assert isinstance(event, ChatChanged)
    assert (event.open, event.actor.id, event.where) == (is_open, "111", Where("telegram", "", "111"))


def test_channels_are_no_groups() -> None:
    assert own(standing(GUYUB, "left"), standing(GUYUB, "administrator"), NEWS) == []
    assert decoded(chat_member=change(standing(AYU, "left"), standing(AYU, "member"), NEWS)) == []


def test_the_bot_does_not_join_as_a_member() -> None:
    assert moved(standing(GUYUB, "left"), standing(GUYUB, "member")) == []
