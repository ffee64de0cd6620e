"""Discord's own polls: posted as asked, heard vote by vote, closed, and looked up when something was missed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.discord.adapter import DiscordChat
from bot.core.chat import ChatError, Operation, Outgoing, Reason, Refusal, Voted
from bot.core.commands import Answers, Command
from bot.core.events import ActorKind, CommandInvoked, PollTallied, PollVoted, Where
from bot.core.fit import takes_poll
from bot.core.messages import Message, Poll, Span, Style, text
from tests.adapters.contract import never
from tests.adapters.discord.conftest import Bot, sending, where_is
from tests.adapters.ears import Ears, connected, until
from tests.servers.discord import Channel, DiscordWorld, Guild, Person

TEA = Poll("Which drink?", ("Tea", "Coffee", "Milk"), open_for=timedelta(hours=24))
MANY = Poll("Which days?", ("Fri", "Sat", "Sun"), multiple=True, open_for=timedelta(hours=1))


def doing(operation: Operation, channel: Channel, message_id: str, message: Message | None = None) -> Outgoing:
    return Outgoing(operation, where_is(channel), message or Message(), "n-2", message_id=message_id)


async def post(chat: DiscordChat, where: Guild | Channel | Person, poll: Poll = TEA, nonce: str = "n-1") -> str:
    return await chat.perform(sending(where, Message(poll=poll), nonce=nonce))


@pytest.fixture
async def ayu(dc: DiscordWorld, kopi: Guild) -> Person:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    return ayu


class TestPosting:
    async def test_it_stands_there_as_it_was_asked_for(self, chat: DiscordChat, kopi: Guild) -> None:
        id = await post(chat, kopi["general"])
        [seen] = await kopi["general"].posts()
        assert (str(seen.id), seen.text, seen.pings) == (id, "", ())
        poll = seen.raw["poll"]
        assert poll["question"]["text"] == "Which drink?"
        assert [answer["poll_media"]["text"] for answer in poll["answers"]] == ["Tea", "Coffee", "Milk"]
        assert not poll["allow_multiselect"]

    async def test_its_note_stands_above_it(self, chat: DiscordChat, kopi: Guild) -> None:
        noted = Poll("Which?", ("Tea", "Coffee"), note=(Span("Poll 1. "), Span("Your *choice*", Style.BOLD)))
        await post(chat, kopi["general"], noted)
        assert [seen.text for seen in await kopi["general"].posts()] == [r"Poll 1. **Your \*choice\***"]

    async def test_several_answers(self, chat: DiscordChat, kopi: Guild) -> None:
        await post(chat, kopi["general"], MANY)
        assert (await kopi["general"].posts())[0].raw["poll"]["allow_multiselect"]

    @pytest.mark.promise("R4")
    async def test_a_repeat_does_not_double_it(self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
        await dc.trouble.resets(when="after")
        with pytest.raises(ChatError):
            await post(chat, kopi["general"])
        again = await post(chat, kopi["general"])
        assert [str(seen.id) for seen in await kopi["general"].posts()] == [again]

    async def test_the_largest_that_is_taken(self, chat: DiscordChat, kopi: Guild) -> None:
        largest = Poll("?" * 300, tuple(f"{n}".ljust(55, "x") for n in range(10)), open_for=timedelta(days=32))
        limits = chat.capabilities(where_is(kopi["general"])).polls
        assert takes_poll(largest, limits)
        await post(chat, kopi["general"], largest)
        for too_much in (
            Poll("?" * 301, ("a", "b")),
            Poll("?", ("a", "b" * 56)),
            Poll("?", tuple("abcdefghijk")),
            Poll("?", ("a", "b"), open_for=timedelta(days=33)),
            Poll("?", ("a", "b"), open_for=timedelta(minutes=90)),
            Poll("?", ("a", "b"), hides_results=True),
            Poll("?", ("a", "b"), revote=False),
        ):
            assert not takes_poll(too_much, limits)

    @pytest.mark.parametrize(
        ("asked", "hours"),
        [(None, 768), (timedelta(hours=1), 1), (timedelta(minutes=61), 2), (timedelta(days=90), 768)],
    )
    async def test_it_is_open_for_whole_hours(
        self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild, asked: timedelta | None, hours: int
    ) -> None:
        await post(chat, kopi["general"], Poll("?", ("a", "b"), open_for=asked))
        await dc.pass_time(hours * 3600 - 60)
        assert not (await kopi["general"].posts())[0].raw["poll"]["results"]["is_finalized"]
        await dc.pass_time(120)
        assert (await kopi["general"].posts())[0].raw["poll"]["results"]["is_finalized"]

    async def test_what_can_t_be_seen_is_left_out(self, chat: DiscordChat, kopi: Guild) -> None:
        await post(chat, kopi["general"], Poll("Wh\u202eo?\n", ("\u2066a", "\x00")))
        poll = (await kopi["general"].posts())[0].raw["poll"]
        assert poll["question"]["text"] == "Who?"
        assert [answer["poll_media"]["text"] for answer in poll["answers"]] == ["a", "…"]

    async def test_where_polls_are_not_allowed_they_are_not_offered_and_the_channel_is_not_silenced(
        self, chat: DiscordChat, kopi: Guild
    ) -> None:
        general = where_is(kopi["general"])
        assert chat.capabilities(general).polls
        await kopi["general"].denies_bot("send_polls")
        await until(lambda: chat.capabilities(general).polls is None)
        with pytest.raises(Refusal) as caught:
            await post(chat, kopi["general"])
        assert not caught.value.reason.pauses
        assert chat.capabilities(where_is(kopi["helpers"])).polls

    async def test_as_an_answer(self, chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
        await chat.publish_commands([Command("ask", "Ask all", never, answers=Answers.PUBLIC)])
        act = await ayu.slash(kopi["general"], "ask")
        handle = (await ears.hear_one(CommandInvoked)).handle
        await chat.perform(sending(kopi["general"], Message(poll=TEA), handle=handle))
        await chat.perform(sending(kopi["general"], Message(poll=MANY), nonce="n-2", handle=handle))
        answer = await act.answer()
        assert len(answer.messages) == 2
        seen = await kopi["general"].messages(by_bot=True)
        assert [post.raw["poll"]["question"]["text"] for post in seen] == ["Which drink?", "Which days?"]


class TestHearing:
    async def test_votes_are_told_one_by_one(self, chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
        id = await post(chat, kopi["general"])
        await ayu.votes(kopi["general"], "Coffee")
        await ayu.votes(kopi["general"], "Milk")
        await ayu.takes_back_vote(kopi["general"], "Milk")
        told = await ears.hear(PollVoted, 4)
        assert [(vote.options, vote.chosen) for vote in told] == [
            ((1,), True),
            ((1,), False),
            ((2,), True),
            ((2,), False),
        ]
        assert {(vote.poll, vote.where, vote.actor.id) for vote in told} == {
            (id, where_is(kopi["general"]), str(ayu.id))
        }
        assert {(vote.actor.name, vote.actor.kind) for vote in told} == {("", ActorKind.PERSON)}
        assert len({vote.event_id for vote in told}) == 4

    async def test_several_answers_of_one_person(self, chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
        await post(chat, kopi["general"], MANY)
        for day in ("Sun", "Fri"):
            await ayu.votes(kopi["general"], day)
        assert [(vote.options, vote.chosen) for vote in await ears.hear(PollVoted, 2)] == [((2,), True), ((0,), True)]

    @pytest.mark.promise("R2")
    async def test_what_a_resumed_session_tells_again_has_the_same_id(
        self, chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        await post(chat, kopi["general"])
        async with dc.gateway_away(resumable=True):
            await ayu.votes(kopi["general"], "Tea")
        [told] = await ears.hear(PollVoted)
        assert (told.options, told.chosen) == ((0,), True)
        assert len({vote.event_id for vote in ears.heard(PollVoted)}) == 1

    async def test_in_a_thread_and_in_private(
        self, chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        thread = await ayu.opens_thread(kopi["general"], "Latte art")
        where = Where("discord", str(kopi.id), str(kopi["general"].id), str(thread.id))
        await chat.perform(sending(where, Message(poll=TEA)))
        await ayu.votes(thread, "Tea")
        assert (await ears.hear_one(PollVoted)).where == where
        await post(chat, ayu, nonce="n-2")
        await ayu.votes(await ayu.dm(), "Tea")
        await ears.hear(PollVoted, 2)
        assert (await ears.hear_one(PollVoted)).where == where_is(ayu)

    async def test_a_vote_that_can_t_be_read_stops_nothing(
        self, chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        await post(chat, kopi["general"])
        await dc.trouble.injects("MESSAGE_POLL_VOTE_ADD", {"user_id": "7", "answer_id": "first"})
        await ayu.votes(kopi["general"], "Tea")
        assert (await ears.hear_one(PollVoted)).actor.id == str(ayu.id)


class TestClosing:
    async def test_it_takes_no_more_votes_and_the_counts_are_told(
        self, chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        id = await post(chat, kopi["general"])
        await ayu.votes(kopi["general"], "Coffee")
        assert await chat.perform(doing(Operation.CLOSE_POLL, kopi["general"], id)) == id
        tally = await ears.hear_one(PollTallied)
        assert (tally.poll, tally.counts, tally.closed, tally.where) == (id, (0, 1, 0), True, where_is(kopi["general"]))
        with pytest.raises(AssertionError, match="Poll expired"):
            await ayu.votes(kopi["general"], "Tea")

    async def test_one_that_is_closed_already(
        self, chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild
    ) -> None:
        id = await post(chat, kopi["general"])
        await dc.pass_time(25 * 3600)
        assert (await ears.hear_one(PollTallied)).counts == (0, 0, 0)
        assert await chat.perform(doing(Operation.CLOSE_POLL, kopi["general"], id)) == id
        assert len(ears.heard(PollTallied)) == 1

    async def test_one_that_is_not_there_any_more(self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
        id = await post(chat, kopi["general"])
        await chat.perform(doing(Operation.DELETE, kopi["general"], id))
        with pytest.raises(Refusal) as caught:
            await chat.perform(doing(Operation.CLOSE_POLL, kopi["general"], id))
        assert caught.value.reason is Reason.MESSAGE_GONE

    async def test_somebody_else_s_poll_is_nobody_s_business(
        self, chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        asked = {"question": {"text": "?"}, "answers": [{"poll_media": {"text": "a"}}, {"poll_media": {"text": "b"}}]}
        theirs = await ayu.says(kopi["general"], "", poll=asked)
        await post(chat, kopi["general"])
        await dc.pass_time(25 * 3600)
        await ears.hear_one(PollTallied)
        assert str(theirs) not in {tally.poll for tally in ears.heard(PollTallied)}

    async def test_nothing_of_it_can_be_changed(self, chat: DiscordChat, kopi: Guild) -> None:
        id = await post(chat, kopi["general"])
        for message in (Message(poll=MANY), Message(text("Other"))):
            with pytest.raises(Refusal) as caught:
                await chat.perform(doing(Operation.EDIT, kopi["general"], id, message))
            assert caught.value.reason is Reason.BAD_MESSAGE
        assert (await kopi["general"].posts())[0].raw["poll"]["question"]["text"] == "Which drink?"


class TestLookingUpVotes:
    @pytest.mark.promise("R9")
    async def test_what_was_missed_while_the_line_was_down(
        self, bot: Bot, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        budi = await dc.person("Budi")
        await budi.joins(kopi)
        async with bot.runs() as chat:
            id = await post(chat, kopi["general"], MANY)
            await ayu.votes(kopi["general"], "Fri")
            await bot.ears.hear_one(PollVoted)
            async with dc.gateway_away():
                await ayu.takes_back_vote(kopi["general"], "Fri")
                await ayu.votes(kopi["general"], "Sat")
                await budi.votes(kopi["general"], "Sun")
                await budi.votes(kopi["general"], "Fri")
            await connected(chat)
            assert len(bot.ears.heard(PollVoted)) == 1
            assert await chat.votes(where_is(kopi["general"]), id) == {
                str(ayu.id): Voted("Ayu", (1,)),
                str(budi.id): Voted("Budi", (0, 2)),
            }

    async def test_after_the_close_too(self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild, ayu: Person) -> None:
        id = await post(chat, kopi["general"])
        await ayu.votes(kopi["general"], "Milk")
        await dc.pass_time(25 * 3600)
        assert await chat.votes(where_is(kopi["general"]), id) == {str(ayu.id): Voted("Ayu", (2,))}

    async def test_a_thousand_votes_are_looked_up_in_pages(
        self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild
    ) -> None:
        people = await kopi.crowd_joins(1000)
        id = await post(chat, kopi["general"])
        await kopi["general"].crowd_votes((who, TEA.options[n % 3]) for n, who in enumerate(people))
        await kopi["general"].crowd_votes((who, "Milk") for who in people[:200])
        truth = {str(who.id): (2,) if n < 200 else (n % 3,) for n, who in enumerate(people)}
        found = await chat.votes(where_is(kopi["general"]), id)
        assert {account: vote.options for account, vote in found.items()} == truth
        assert len(await dc.requests("GET /channels/*/polls/*/answers/*")) <= 14
        assert (await dc.stats()).refused_429 == 0

    async def test_a_failure_is_no_empty_answer(
        self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        id = await post(chat, kopi["general"])
        await ayu.votes(kopi["general"], "Milk")
        where = where_is(kopi["general"])
        for pattern in ("GET /channels/*/messages/*", "GET /channels/*/polls/*/answers/*"):
            await dc.trouble.fails(pattern, status=503)
            with pytest.raises(ChatError):
                await chat.votes(where, id)
        said = await chat.perform(sending(kopi["general"], Message(text("Halo")), nonce="n-3"))
        for message in (said, "1"):
            with pytest.raises(Refusal):
                await chat.votes(where, message)
