"""Polls are asked, voted on and closed as on the real Telegram, by one or by a thousand."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from telegram import Bot
from telegram.error import BadRequest

from tests.servers.telegram import TelegramWorld
from tests.servers.telegram.calling import raw
from tests.servers.telegram.client import WorldError
from tests.servers.telegram.handles import Group

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORDS: dict[str, Any] = {"question": "Ngopi di mana?", "options": ["Senopati", "Kemang"], "is_anonymous": False}


@pytest_asyncio.fixture(loop_scope="module")
async def group(tg: TelegramWorld) -> Group:
    return await tg.add_group("Kopi")


async def updates(tg: TelegramWorld, kind: str) -> list[dict[str, Any]]:
    """All that wait, of one kind."""
    return [one[kind] for one in await tg.ask("pending") if kind in one]


@pytest.mark.parametrize(
    ("changed", "description"),
    [
        ({"question": " "}, "text must be non-empty"),
        ({"question": "x" * 301}, "poll question length must not exceed 300"),
        ({"options": []}, "poll must have at least one answer option"),
        ({"options": [f"{n}" for n in range(13)]}, "poll can't have more than 12 options"),
        ({"options": ["A", " "]}, "text must be non-empty"),
        ({"options": ["A", "x" * 101]}, "poll options length must not exceed 100"),
        ({"options": "A"}, "can't parse options JSON object"),
        ({"type": "survey"}, "unsupported poll type specified"),
        ({"is_anonymous": True, "allow_adding_options": True}, "invalid sendPoll parameters"),
        ({"members_only": True}, "invalid sendPoll parameters"),
        ({"open_period": 4}, "open period must be at least 5 seconds"),
        ({"open_period": 2_628_001}, "POLL_OPEN_PERIOD_INVALID"),
        ({"close_date": 1}, "wrong poll close date specified"),
        ({"close_date": 9_999_999_999}, "wrong poll close date specified"),
    ],
    ids=str,
)
async def test_what_is_refused(tg: TelegramWorld, group: Group, changed: dict[str, Any], description: str) -> None:
    answer = await raw(tg, "sendPoll", **{"chat_id": group.id, **WORDS, **changed})
    assert (answer["http"], answer["description"]) == (400, f"Bad Request: {description}")


async def test_as_much_as_is_allowed(bot: Bot, group: Group) -> None:
    """Letters are counted, not UTF-16 units."""
    options = [f"{n}".ljust(100, "😀") for n in range(12)]
    sent = await bot.send_poll(group.id, "😀" * 300, options, is_anonymous=False)
    assert sent.poll is not None
    assert [option.text for option in sent.poll.options] == options


async def test_votes_are_told_with_their_totals(tg: TelegramWorld, bot: Bot, group: Group) -> None:
    ayu = await tg.person("Ayu")
    await bot.send_poll(group.id, **WORDS, hide_results_until_closes=True)
    for options in (("Kemang",), (0,), ()):
        await ayu.votes(group, *options)
    told = await updates(tg, "poll_answer")
    assert [(one["user"]["id"], one["option_ids"]) for one in told] == [(ayu.id, [1]), (ayu.id, [0]), (ayu.id, [])]
    totals = [[option["voter_count"] for option in one["options"]] for one in await updates(tg, "poll")]
    assert totals == [[0, 1], [1, 0], [0, 0]]
    assert ((await group.poll())["votes"], (await group.poll())["hides_results"]) == ({}, True)


@pytest.mark.parametrize("then", [(), ("Senopati",)], ids=["taken back", "changed"])
async def test_a_vote_that_stands(tg: TelegramWorld, bot: Bot, group: Group, then: tuple[str, ...]) -> None:
    ayu = await tg.person("Ayu")
    await bot.send_poll(group.id, **WORDS, allows_revoting=False)
    await ayu.votes(group, "Kemang")
    with pytest.raises(WorldError, match="a vote stands"):
        await ayu.votes(group, *then)
    assert (await group.poll())["votes"] == {str(ayu.id): [1]}


async def test_votes_that_nobody_can_give(tg: TelegramWorld, bot: Bot, group: Group) -> None:
    ayu = await tg.person("Ayu")
    await ayu.joins(group)
    await bot.send_poll(group.id, **WORDS)
    with pytest.raises(WorldError, match="takes one answer"):
        await ayu.votes(group, "Kemang", "Senopati")
    with pytest.raises(WorldError, match="no poll with"):
        await ayu.votes(group, "Blok M")
    await ayu.leaves(group)
    with pytest.raises(WorldError, match="Ayu is not in Kopi"):
        await ayu.votes(group, "Kemang")
    assert await updates(tg, "poll_answer") == []
    await ayu.votes(group, "Kemang", elsewhere=True)
    assert len(await updates(tg, "poll_answer")) == 1


async def test_who_votes_behind_a_name(tg: TelegramWorld, bot: Bot, group: Group) -> None:
    news = await tg.add_group("Kabar", kind="channel")
    await bot.send_poll(group.id, **WORDS)
    await group.votes_as("anonymous", "Kemang")
    await group.votes_as("channel", "Kemang", channel=news)
    told = await updates(tg, "poll_answer")
    assert [(one["voter_chat"]["id"], one["user"]["id"]) for one in told] == [
        (group.id, 136817688),
        (news.id, 136817688),
    ]
    assert (await group.poll())["total_voter_count"] == 2


async def test_it_closes_at_its_time(tg: TelegramWorld, bot: Bot, group: Group) -> None:
    ayu = await tg.person("Ayu")
    closes_at = int(await tg.ask("clock")) + 60
    sent = await bot.send_poll(group.id, **WORDS, close_date=closes_at)
    await ayu.votes(group, "Kemang")
    await tg.advance(61)
    with pytest.raises(WorldError, match="closed"):
        await ayu.votes(group, "Senopati")
    with pytest.raises(BadRequest, match="Poll has already been closed"):
        await bot.stop_poll(group.id, sent.message_id)
    last = (await updates(tg, "poll"))[-1]
    assert (last["is_closed"], [option["voter_count"] for option in last["options"]]) == (True, [0, 1])


async def test_what_can_not_be_stopped(bot: Bot, group: Group) -> None:
    said = await bot.send_message(group.id, "Halo")
    with pytest.raises(BadRequest, match="Message is not a poll"):
        await bot.stop_poll(group.id, said.message_id)
    with pytest.raises(BadRequest, match="Message with poll to stop not found"):
        await bot.stop_poll(group.id, 999)


async def test_a_thousand_vote(tg: TelegramWorld, bot: Bot, group: Group) -> None:
    people = await group.crowd_joins(1000)
    await bot.send_poll(group.id, **WORDS, allows_revoting=False)
    refused = await group.votes({who: ["Kemang" if n % 4 else "Senopati"] for n, who in enumerate(people)})
    assert refused == []
    again = await group.votes([(who, ["Kemang"]) for who in people[:10]])
    assert [one["refused"] for one in again] == ["in this poll a vote stands"] * 10
    poll = await group.poll()
    assert [option["voter_count"] for option in poll["options"]] == [250, 750]
    assert len(poll["votes"]) == len(await updates(tg, "poll_answer")) == 1000


async def test_many_vote_and_press_in_the_background(tg: TelegramWorld, bot: Bot, group: Group) -> None:
    people = await group.crowd_joins(100)
    keyboard = {"inline_keyboard": [[{"text": "Ikut", "callback_data": "join"}]]}
    await raw(tg, "sendMessage", chat_id=group.id, text="Acara", reply_markup=keyboard)
    await bot.send_poll(group.id, **WORDS)
    await group.votes([(who, [1]) for who in people], per_second=1000)
    await group.presses([(who, "Ikut") for who in people], per_second=1000)
    await tg.wait("fed")
    assert [one["user"]["id"] for one in await updates(tg, "poll_answer")] == people
    assert [one["from"]["id"] for one in await updates(tg, "callback_query")] == people


async def test_edits_count_against_a_group_s_minute(tg: TelegramWorld, bot: Bot, group: Group) -> None:
    await tg.limits(per_group_minute=20)
    sent = await bot.send_message(group.id, "0")
    poll = await bot.send_poll(group.id, **WORDS)
    for n in range(1, 19):
        await bot.edit_message_text(str(n), group.id, sent.message_id)
    edit = {"chat_id": group.id, "message_id": sent.message_id, "text": "19"}
    assert (await raw(tg, "editMessageText", **edit))["http"] == 429
    assert (await raw(tg, "stopPoll", chat_id=group.id, message_id=poll.message_id))["http"] == 429
    assert [seen["text"] for seen in await group.messages(pattern="18")] == ["18"]


async def test_a_picture_is_added_to_a_text(tg: TelegramWorld, group: Group, bot: Bot) -> None:
    sent = await bot.send_message(group.id, "Hasil")
    media = {"type": "photo", "media": "https://kopi.example/a.png", "caption": "Hasil akhir"}
    answer = await raw(tg, "editMessageMedia", chat_id=group.id, message_id=sent.message_id, media=media)
    assert (answer["result"]["caption"], "text" in answer["result"]) == ("Hasil akhir", False)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("Halo", group.id, sent.message_id)
    poll = await bot.send_poll(group.id, **WORDS)
    refused = await raw(tg, "editMessageMedia", chat_id=group.id, message_id=poll.message_id, media=media)
    assert refused["description"] == "Bad Request: message media can't be edited"


@pytest.mark.parametrize(
    ("mark", "wrong"),
    [
        ({"unix_time": 1795773600, "date_time_format": "wDt"}, ""),
        ({"unix_time": 1795773600}, ""),
        ({"date_time_format": "wDt"}, 'Can\'t find field "unix_time"'),
        ({"unix_time": 1795773600, "date_time_format": "YYYY"}, "Invalid date-time format specified"),
    ],
)
async def test_a_time_is_an_entity(tg: TelegramWorld, group: Group, mark: dict[str, Any], wrong: str) -> None:
    marks = [{"type": "date_time", "offset": 0, "length": 5, **mark}]
    answer = await raw(tg, "sendMessage", chat_id=group.id, text="17.00", entities=marks)
    assert answer.get("description", "") == (f"Bad Request: can't parse MessageEntity: {wrong}" if wrong else "")
