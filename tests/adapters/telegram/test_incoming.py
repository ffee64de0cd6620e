"""What people say, press, vote and react to, as the engine is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.events import (
    ActorKind,
    ButtonPressed,
    ChatChanged,
    CommandInvoked,
    Event,
    MessagePosted,
    PollTallied,
    PollVoted,
    ReactionChanged,
    Where,
)
from tests.adapters.telegram.payloads import (
    ANONYMOUS,
    AT,
    AYU,
    BUDI,
    CHANNEL_BOT,
    DATE,
    FORUM,
    GUYUB,
    KOPI,
    NEWS,
    OTHER_BOT,
    PRIVATE,
    RECEIVED,
    TELEGRAM,
    Json,
    decoded,
    message,
    said,
    sent_poll,
    vote,
)

GROUP = Where("telegram", "-1001234567890", "")


def one(events: list[Event]) -> Event:
    assert len(events) == 1, events
    return events[0]


def posted(events: list[Event]) -> MessagePosted:
    event = one(events)
    assert isinstance(event, MessagePosted)
    return event


def command(events: list[Event]) -> CommandInvoked:
    event = one(events)
    assert isinstance(event, CommandInvoked)
    return event


def test_somebody_says_something() -> None:
    event = posted(said("Halo semua"))
    assert (event.event_id, event.at, event.where) == ("123456789:7", AT, GROUP)
    assert (event.actor.id, event.actor.name, event.actor.kind) == ("111", "Ayu Lestari", ActorKind.PERSON)
    assert (event.message_id, event.text, event.reply_to) == ("50", "Halo semua", "")


def test_a_picture_speaks_by_its_caption() -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}]
    assert posted(said(photo=photo, caption="latte art pertama")).text == "latte art pertama"


def test_a_sticker_says_nothing_but_counts() -> None:
    sticker = {
        "file_id": "f", "file_unique_id": "u", "type": "regular", "width": 512, "height": 512,
        "is_animated": False, "is_video": False,
    }  # fmt: skip
    assert posted(said(sticker=sticker)).text == ""


def test_a_reply_tells_whom_it_answers() -> None:
    event = posted(said("aku juga", BUDI, reply_to_message=message("siapa ikut?") | {"message_id": 49}))
    assert (event.reply_to, event.reply_to_actor) == ("49", "111")


def test_in_private() -> None:
    opened, talk = said("halo", chat=PRIVATE)
    assert isinstance(opened, ChatChanged)
    assert isinstance(talk, MessagePosted)
    assert opened.open
    assert talk.where == Where("telegram", "", "111")


def test_in_a_topic() -> None:
    event = posted(said("halo", chat=FORUM, message_thread_id=42, is_topic_message=True))
    assert event.where == Where("telegram", "-1001234567890", "topic:42")


def test_in_the_general_topic() -> None:
    assert posted(said("halo", chat=FORUM)).where == GROUP


def test_a_thread_of_replies_is_no_topic() -> None:
    root = message("mulai") | {"message_id": 42}
    event = posted(said("halo", message_thread_id=42, reply_to_message=root))
    assert (event.where, event.reply_to) == (GROUP, "42")


def test_in_a_topic_its_first_message_is_not_replied_to() -> None:
    root = message(None, chat=FORUM, forum_topic_created={"name": "Resep", "icon_color": 1}) | {"message_id": 42}
    more: Json = {"message_thread_id": 42, "is_topic_message": True}
    event = posted(said("halo", chat=FORUM, reply_to_message=root, **more))
    assert (event.reply_to, event.reply_to_actor) == ("", "")
    answered = message("ada resep?", BUDI, FORUM, **more) | {"message_id": 60}
    assert posted(said("ada", chat=FORUM, reply_to_message=answered, **more)).reply_to == "60"


# ------------------------------------------------------------------ commands
@pytest.mark.parametrize(
    ("typed", "name", "text", "addressed"),
    [
        ("/poll", "poll", "", False),
        ("/Poll Kopi?  A | B ", "poll", "Kopi?  A | B", False),
        ("/poll@Guyub_Bot A", "poll", "A", True),
        ("/poll\nbaris dua", "poll", "baris dua", False),
    ],
)
def test_a_command(typed: str, name: str, text: str, addressed: bool) -> None:
    event = command(said(typed))
    assert (event.name, event.text, event.addressed, event.options) == (name, text, addressed, None)
    assert event.handle


def test_another_bots_command_is_not_ours() -> None:
    assert said("/poll@rose_bot A") == []


@pytest.mark.parametrize("text", ["// bukan", "/ bukan", "/kopi/susu", "/kopi: enak", "lihat /poll"])
def test_not_every_slash_is_a_command(text: str) -> None:
    assert posted(said(text)).text == text


def test_in_private_every_command_is_for_us() -> None:
    """Who gives one has opened the chat, though nobody may have been there to hear their /start."""
    opened, asked = said("/help", chat=PRIVATE)
    assert isinstance(opened, ChatChanged)
    assert isinstance(asked, CommandInvoked)
    assert (opened.open, opened.actor.id, asked.addressed) == (True, "111", True)


def test_a_command_tells_what_it_replies_to() -> None:
    assert command(said("/kudos", reply_to_message=message("bantu") | {"message_id": 49})).reply_to == "49"


def test_start_opens_a_private_chat_and_carries_its_payload() -> None:
    opened, start = said("/start answer", chat=PRIVATE)
    assert isinstance(opened, ChatChanged)
    assert isinstance(start, CommandInvoked)
    assert (opened.open, opened.actor.id, opened.where) == (True, "111", Where("telegram", "", "111"))
    assert (start.name, start.text) == ("start", "answer")
    assert opened.key != start.key


def test_start_in_a_group_carries_a_code() -> None:
    event = command(said("/start@guyub_bot KODE-1"))
    assert (event.name, event.text, event.where, event.addressed) == ("start", "KODE-1", GROUP, True)


# ------------------------------------------------------------------ who is nobody
@pytest.mark.promise("S6")
@pytest.mark.parametrize(
    ("sender", "sender_chat", "kind"),
    [
        (ANONYMOUS, KOPI, ActorKind.ANONYMOUS),
        (CHANNEL_BOT, NEWS, ActorKind.SERVICE),
        (TELEGRAM, NEWS, ActorKind.SERVICE),
        (TELEGRAM, None, ActorKind.SERVICE),
        (CHANNEL_BOT, None, ActorKind.SERVICE),
        (ANONYMOUS, None, ActorKind.ANONYMOUS),
        (None, NEWS, ActorKind.SERVICE),
        (OTHER_BOT, None, ActorKind.BOT),
        (AYU, None, ActorKind.PERSON),
    ],
)
def test_who_speaks(sender: Json | None, sender_chat: Json | None, kind: ActorKind) -> None:
    more: dict[str, Any] = {"sender_chat": sender_chat} if sender_chat else {}
    assert posted(said("halo", sender, **more)).actor.kind is kind


@pytest.mark.promise("S6")
@pytest.mark.parametrize(("sender", "chat"), [(CHANNEL_BOT, NEWS), (TELEGRAM, NEWS), (OTHER_BOT, None)])
def test_channels_and_bots_command_nothing(sender: Json, chat: Json | None) -> None:
    posted(said("/hold on", sender, **({"sender_chat": chat} if chat else {})))


@pytest.mark.promise("S6")
def test_an_anonymous_administrators_command_says_so() -> None:
    assert command(said("/hold on", ANONYMOUS, sender_chat=KOPI)).actor.kind is ActorKind.ANONYMOUS


def test_our_own_messages_are_no_news() -> None:
    assert said("halo", GUYUB) == []


def test_a_reply_to_us_tells_our_account() -> None:
    assert posted(said("makasih", reply_to_message=message("halo", GUYUB) | {"message_id": 9})).reply_to_actor == str(
        GUYUB["id"]
    )


@pytest.mark.parametrize(
    "service", [{"pinned_message": message("x")}, {"group_chat_created": True}, {"forum_topic_closed": {}}]
)
def test_other_service_messages_are_no_news(service: Json) -> None:
    assert said(None, **service) == []


# ------------------------------------------------------------------ presses, reactions, votes
def test_a_press() -> None:
    under = message("pilih", GUYUB)
    events = decoded(
        callback_query={"id": "900", "from": BUDI, "chat_instance": "1", "data": "tok-1", "message": under}
    )
    event = one(events)
    assert isinstance(event, ButtonPressed)
    assert (event.token, event.message_id, event.actor.id, event.at) == ("tok-1", "50", "222", RECEIVED)
    assert (event.where, bool(event.handle)) == (GROUP, True)


def test_a_press_under_an_old_message() -> None:
    old = {"message_id": 50, "date": 0, "chat": KOPI}
    event = one(
        decoded(callback_query={"id": "900", "from": BUDI, "chat_instance": "1", "data": "tok-1", "message": old})
    )
    assert isinstance(event, ButtonPressed)
    assert event.where == GROUP


def reaction(before: list[str], after: list[str], **who: Json) -> list[Event]:
    def told(emoji: list[str]) -> list[Json]:
        return [{"type": "emoji", "emoji": one} for one in emoji]

    change = {"chat": KOPI, "message_id": 50, "date": DATE, "old_reaction": told(before), "new_reaction": told(after)}
    return decoded(message_reaction=change | who)


def test_reactions_are_set_and_unset_each_by_itself() -> None:
    events = reaction(["👍", "🔥"], ["🔥", "❤"], user=AYU)
    assert all(isinstance(event, ReactionChanged) for event in events)
    changed = {(e.emoji, e.present) for e in events if isinstance(e, ReactionChanged)}
    assert changed == {("👍", False), ("❤", True)}
    assert len({event.key for event in events}) == 2


@pytest.mark.promise("S6")
def test_a_channels_reaction_is_nobodys() -> None:
    assert one(reaction([], ["👍"], actor_chat=NEWS)).actor.kind is ActorKind.SERVICE
    assert one(reaction([], ["👍"], actor_chat=KOPI)).actor.kind is ActorKind.ANONYMOUS


def test_a_vote_in_our_poll() -> None:
    event = one(decoded(sent_poll, poll_answer=vote(1, user=AYU)))
    assert isinstance(event, PollVoted)
    assert (event.poll, event.options, event.actor.id, event.where.channel) == ("77", (1,), "111", "topic:42")


def test_a_vote_taken_back() -> None:
    event = one(decoded(sent_poll, poll_answer=vote(user=AYU)))
    assert isinstance(event, PollVoted)
    assert event.options == ()


@pytest.mark.promise("S6")
def test_a_channels_vote_is_nobodys() -> None:
    answer = vote(1, voter_chat=NEWS)
    assert one(decoded(sent_poll, poll_answer=answer)).actor.kind is ActorKind.SERVICE


def test_totals_of_our_poll() -> None:
    poll = {
        "id": "500", "question": "Kopi?", "total_voter_count": 3, "is_closed": True, "is_anonymous": False,
        "type": "regular", "allows_multiple_answers": False, "allows_revoting": True, "members_only": False,
        "options": [
            {"persistent_id": "o0", "text": "Ya", "voter_count": 2},
            {"persistent_id": "o1", "text": "Tidak", "voter_count": 1},
        ],
    }  # fmt: skip
    event = one(decoded(sent_poll, poll=poll))
    assert isinstance(event, PollTallied)
    assert (event.poll, event.counts, event.closed) == ("77", (2, 1), True)


def test_a_poll_that_is_not_ours() -> None:
    assert decoded(sent_poll, poll_answer=vote(1, user=AYU) | {"poll_id": "9"}) == []
