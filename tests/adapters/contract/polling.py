"""The platform's own polls, who is there, pictures and times."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

import pytest

from bot.core.chat import ChatError, Operation, PollLimits, Reason, Refusal, Voted
from bot.core.events import ActorKind, ButtonPressed, CommandInvoked, PollTallied, PollVoted, Where
from bot.core.fit import fit
from bot.core.messages import Message, Picture, Poll, Span, text
from tests.adapters.contract import CantVote, Seen, SeenPoll, Someone, Subject
from tests.adapters.contract.doing import CHOICE, PNG, capabilities, does, private, refused, send
from tests.adapters.contract.platforms import over_a_network

KOPI = Poll("Ngopi di mana? *<b>@everyone</b>*", ("Senopati", "Kemang_", "<Blok M>"))
CHART = Picture(PNG, "Senopati 2, Kemang 1")
FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
WHEN = Span("Jum 27 Nov 17.00 WIB", moment=FRIDAY)


class Polling(Subject, Protocol):
    """What a platform has to offer for these tests, besides a `Seen.picture` that says whether there is one.

    A time that is shown as such (in each reader's own zone) is a mark of `Seen`: ("moment", its Unix time).
    """

    async def votes(self, who: Someone, poll: str, *options: int) -> None:
        """In the poll with that message id; all that they choose from now on, none takes the vote back.

        Raises CantVote where the platform refuses it: a closed poll, a vote that can't be changed.
        """
        ...

    async def sees_poll(self, poll: str) -> SeenPoll: ...


def own_poll(subject: Subject) -> PollLimits:
    limits = capabilities(subject).polls
    assert limits is not None
    return limits


def chosen(subject: Subject, who: Someone, poll: str) -> tuple[int, ...]:
    """What they choose, as far as the engine was told."""
    options: set[int] = set()
    for vote in subject.ears.heard(PollVoted):
        if vote.actor.id == who.id and vote.poll == poll:
            if vote.chosen is None:
                options = set(vote.options)
            else:
                options = options | set(vote.options) if vote.chosen else options - set(vote.options)
    return tuple(sorted(options))


async def told(subject: Subject, who: Someone, poll: str, *options: int) -> None:
    """Wait until that is what the engine knows."""
    await subject.ears.hear_one(PollVoted, lambda _: chosen(subject, who, poll) == options)


class TestPolls:
    async def test_a_poll_is_seen_as_it_was_asked(self, subject: Polling) -> None:
        for multiple in (False, True):
            poll = Poll(KOPI.question, KOPI.options, multiple=multiple)
            id = await send(subject, Message(text("Pilih"), buttons=CHOICE.buttons, poll=poll))
            seen = await subject.sees_poll(id)
            assert seen == SeenPoll(KOPI.question, KOPI.options, multiple, closed=False, counts=(0, 0, 0))

    async def test_the_longest_poll(self, subject: Polling) -> None:
        limits = own_poll(subject)
        options = tuple(f"{n}".ljust(limits.option, "😀") for n in range(limits.options))
        poll = Poll("😀" * limits.question, options, open_for=limits.longest)
        message = fit(Message(text("Pilih"), poll=poll), capabilities(subject))
        assert message.poll == poll
        seen = await subject.sees_poll(await send(subject, message))
        assert (seen.question, seen.options) == (poll.question, options)

    async def test_a_vote_is_told(self, subject: Polling, ayu: Someone) -> None:
        id = await send(subject, Message(poll=KOPI))
        await subject.votes(ayu, id, 1)
        vote = await subject.ears.hear_one(PollVoted)
        assert (vote.where.group, vote.poll, vote.options) == (subject.group.group, id, (1,))
        assert (vote.actor.id, vote.actor.kind) == (ayu.id, ActorKind.PERSON)
        assert vote.actor.name in ("Ayu", "")  # with a vote, not every platform tells a name
        assert (await subject.sees_poll(id)).counts == (0, 1, 0)

    async def test_a_vote_is_changed_taken_back_and_given_again(self, subject: Polling, ayu: Someone) -> None:
        id = await send(subject, Message(poll=KOPI))
        for options in ((1,), (2,), (), (0,)):
            await subject.votes(ayu, id, *options)
            await told(subject, ayu, id, *options)

    async def test_several_options_are_chosen(self, subject: Polling, ayu: Someone) -> None:
        id = await send(subject, Message(poll=Poll(KOPI.question, KOPI.options, multiple=True)))
        for options in ((0, 2), (1, 2), (1,)):
            await subject.votes(ayu, id, *options)
            await told(subject, ayu, id, *options)

    async def test_votes_in_two_polls_are_kept_apart(self, subject: Polling, ayu: Someone, budi: Someone) -> None:
        first, second = [await send(subject, Message(poll=KOPI)) for _ in range(2)]
        for who, poll, option in ((ayu, first, 0), (ayu, second, 1), (budi, first, 2)):
            await subject.votes(who, poll, option)
        await told(subject, ayu, first, 0)
        await told(subject, ayu, second, 1)
        await told(subject, budi, first, 2)

    async def test_votes_after_a_restart(self, subject: Polling, ayu: Someone) -> None:
        id = await send(subject, Message(poll=KOPI))
        await subject.restarts()
        await subject.votes(ayu, id, 2)
        vote = await subject.ears.hear_one(PollVoted)
        assert (vote.poll, vote.options, vote.where.group) == (id, (2,), subject.group.group)

    async def test_a_vote_that_stands(self, subject: Polling, ayu: Someone) -> None:
        """Where it can't be had that votes stand, `fit` asks for no such poll."""
        message = fit(Message(poll=Poll(KOPI.question, KOPI.options, revote=False)), capabilities(subject))
        assert (message.poll is not None) is own_poll(subject).fixed_votes
        if message.poll:
            id = await send(subject, message)
            await subject.votes(ayu, id, 1)
            for others in ((0,), ()):
                with pytest.raises(CantVote):
                    await subject.votes(ayu, id, *others)
            await told(subject, ayu, id, 1)

    async def test_a_closed_poll_takes_no_votes(self, subject: Polling, ayu: Someone, budi: Someone) -> None:
        id = await send(subject, Message(poll=KOPI))
        await subject.votes(ayu, id, 1)
        await told(subject, ayu, id, 1)
        assert await does(subject, Operation.CLOSE_POLL, id) == id
        with pytest.raises(CantVote):
            await subject.votes(budi, id, 0)
        seen = await subject.sees_poll(id)
        assert (seen.closed, seen.counts) == (True, (0, 1, 0))

    async def test_what_is_closed_already_is_no_failure(self, subject: Polling) -> None:
        id = await send(subject, Message(poll=KOPI))
        for _ in range(2):
            assert await does(subject, Operation.CLOSE_POLL, id) == id

    async def test_a_poll_that_is_gone_can_not_be_closed(self, subject: Polling) -> None:
        id = await send(subject, Message(poll=KOPI))
        await does(subject, Operation.DELETE, id)
        assert await refused(does(subject, Operation.CLOSE_POLL, id)) is Reason.MESSAGE_GONE

    async def test_what_is_no_poll_can_not_be_closed(self, subject: Polling, ayu: Someone) -> None:
        id = await send(subject)
        with pytest.raises(Refusal):
            await does(subject, Operation.CLOSE_POLL, id)
        assert [seen.text for seen in await subject.sees(ayu, subject.channel)] == ["Halo"]

    @over_a_network
    async def test_the_totals_at_the_close_are_told(self, subject: Polling, ayu: Someone, budi: Someone) -> None:
        id = await send(subject, Message(poll=KOPI))
        for who in (ayu, budi):
            await subject.votes(who, id, 2)
        await does(subject, Operation.CLOSE_POLL, id)
        tally = await subject.ears.hear_one(PollTallied, lambda tally: tally.closed)
        assert (tally.poll, tally.counts, tally.where.group) == (id, (0, 0, 2), subject.group.group)


class TestLookingUp:
    async def test_who_voted_for_what(self, subject: Polling, ayu: Someone, budi: Someone) -> None:
        """From the platform's record, also what was changed meanwhile; refused where there is no record."""
        id = await send(subject, Message(poll=KOPI))
        citra = await subject.person("Citra")
        await subject.joins(citra)
        for who, options in ((ayu, (0,)), (budi, (1,)), (citra, (2,)), (ayu, (2,)), (citra, ())):
            await subject.votes(who, id, *options)
        if own_poll(subject).keeps_votes:
            expected = {ayu.id: Voted("Ayu", (2,)), budi.id: Voted("Budi", (1,))}
            assert await subject.chat.votes(subject.channel, id) == expected
        else:
            await refused(subject.chat.votes(subject.channel, id))

    async def test_who_of_them_is_in_the_group(self, subject: Polling, ayu: Someone, budi: Someone) -> None:
        gone, stranger = await subject.person("Citra"), await subject.person("Dewi")
        await subject.joins(gone)
        await subject.leaves(gone)
        banned = await subject.person("Eko")
        await subject.joins(banned)
        await subject.is_banned(banned)
        asked = [who.id for who in (ayu, budi, gone, stranger, banned)]
        assert await subject.chat.members(subject.group, asked) == {ayu.id, budi.id}
        assert await subject.chat.members(subject.group, []) == frozenset()

    async def test_many_are_asked_for_at_once(self, subject: Polling) -> None:
        people = [await subject.person(f"Orang {n}") for n in range(30)]
        for who in people[::2]:
            await subject.joins(who)
        there = await subject.chat.members(subject.group, [who.id for who in people])
        assert there == {who.id for who in people[::2]}

    async def test_that_it_can_not_be_told_is_said(self, subject: Polling, ayu: Someone) -> None:
        """It never looks as if everybody had left."""
        await subject.bot_is_removed()
        with pytest.raises(ChatError):
            await subject.chat.members(subject.group, [ayu.id])

    @pytest.mark.parametrize("id", ["", "0", "x", "-1", "99999999999999999999999", "1/2"])
    async def test_ids_that_make_no_sense(self, subject: Polling, id: str) -> None:
        with suppress(ChatError):
            assert await subject.chat.members(subject.group, [id]) == frozenset()
        with pytest.raises(ChatError):
            await subject.chat.votes(subject.channel, id)


class TestPictures:
    @pytest.fixture
    async def place(self, subject: Polling, ayu: Someone) -> Where:
        await subject.says_in_private(ayu, "Halo")
        return private(ayu, subject)

    async def shown(self, subject: Polling, who: Someone, where: Where) -> Seen:
        return (await subject.sees(who, where))[-1]

    async def test_a_picture_has_its_text_and_buttons(self, subject: Polling, ayu: Someone, place: Where) -> None:
        for where in (subject.channel, place):
            id = await send(subject, Message(CHOICE.text, buttons=CHOICE.buttons, picture=CHART), where=where)
            seen = await self.shown(subject, ayu, where)
            assert (seen.id, seen.text, seen.picture, seen.buttons) == (id, "Pilih", True, (("Ya", "Tidak"),))

    async def test_a_picture_without_words(self, subject: Polling, ayu: Someone) -> None:
        await send(subject, Message(picture=CHART))
        seen = await self.shown(subject, ayu, subject.channel)
        assert (seen.text, seen.picture) == ("", True)

    async def test_a_picture_answers_a_command(self, subject: Polling, ayu: Someone) -> None:
        await subject.uses(ayu, "aturan")
        asked = await subject.ears.hear_one(CommandInvoked)
        await send(subject, Message(text("Hasil"), picture=CHART), handle=asked.handle)
        seen = await self.shown(subject, ayu, subject.channel)
        assert (seen.text, seen.picture) == ("Hasil", True)

    async def test_a_picture_answers_a_press(self, subject: Polling, ayu: Someone) -> None:
        await send(subject, CHOICE)
        await subject.presses(ayu, "Ya")
        press = await subject.ears.hear_one(ButtonPressed)
        await send(subject, Message(text("Hasil"), picture=CHART), handle=press.handle)
        seen = await self.shown(subject, ayu, subject.channel)
        assert (seen.text, seen.picture) == ("Hasil", True)

    async def test_a_picture_is_added_later(self, subject: Polling, ayu: Someone) -> None:
        id = await send(subject, CHOICE)
        await does(subject, Operation.EDIT, id, Message(text("Selesai"), buttons=CHOICE.buttons, picture=CHART))
        seen = await self.shown(subject, ayu, subject.channel)
        assert (seen.id, seen.text, seen.picture, seen.buttons) == (id, "Selesai", True, (("Ya", "Tidak"),))

    async def test_without_a_picture_its_words_stay(self, subject: Polling, ayu: Someone) -> None:
        """Whether the picture can be taken away is the platform's to say."""
        id = await send(subject, Message(text("Hasil"), buttons=CHOICE.buttons, picture=CHART))
        for _ in range(2):
            await does(subject, Operation.EDIT, id, Message(text("Hasil akhir")))
        seen = await self.shown(subject, ayu, subject.channel)
        assert (seen.id, seen.text, seen.buttons) == (id, "Hasil akhir", ())


class TestMoments:
    async def test_a_time_is_told(self, subject: Polling, ayu: Someone) -> None:
        """In each reader's own zone, or in the words that were given for it."""
        await send(subject, Message((Span("Tutup "), WHEN, Span("."))))
        [seen] = await subject.sees(ayu, subject.channel)
        assert seen.text.startswith("Tutup ")
        assert seen.text.endswith(".")
        assert ("moment", str(int(FRIDAY.timestamp()))) in seen.marks or WHEN.text in seen.text

    async def test_a_time_in_a_changed_message(self, subject: Polling, ayu: Someone) -> None:
        id = await send(subject)
        await does(subject, Operation.EDIT, id, Message((Span("Tutup "), WHEN)))
        [seen] = await subject.sees(ayu, subject.channel)
        assert ("moment", str(int(FRIDAY.timestamp()))) in seen.marks or WHEN.text in seen.text
