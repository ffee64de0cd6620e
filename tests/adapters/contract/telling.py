"""What the engine is told."""

from __future__ import annotations

import pytest

from bot.core.activity import heard_in
from bot.core.events import (
    ActorKind,
    ChatChanged,
    GroupChange,
    GroupChanged,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    ReactionChanged,
)
from tests.adapters.contract import Repeating, Someone, Subject
from tests.adapters.contract.doing import (
    private,
    send,
)
from tests.adapters.contract.platforms import over_a_network


class TestWhatIsTold:
    async def test_a_join_is_told_of_the_group(self, subject: Subject, ayu: Someone) -> None:
        joined = await subject.ears.hear_one(MemberJoined)
        assert (joined.where, joined.actor.id, joined.actor.name) == (subject.group, ayu.id, "Ayu")
        assert joined.actor.kind is ActorKind.PERSON

    @pytest.mark.parametrize("name", ["<b>Ayu</b> @everyone", "عائشة 😀"])
    async def test_names_are_told_as_they_are(self, subject: Subject, name: str) -> None:
        await subject.joins(await subject.person(name))
        assert (await subject.ears.hear_one(MemberJoined)).actor.name == name

    async def test_a_leaving_and_a_ban(self, subject: Subject, ayu: Someone, budi: Someone) -> None:
        await subject.leaves(ayu)
        await subject.is_banned(budi)
        await subject.ears.hear_one(MemberLeft, lambda left: left.banned)
        told = subject.ears.heard(MemberLeft)
        assert {left.where for left in told} == {subject.group}
        assert {left.actor.id for left in told if left.banned} == {budi.id}
        assert ayu.id in {left.actor.id for left in told}

    async def test_a_message_says_where_by_whom_and_what(self, subject: Subject, ayu: Someone) -> None:
        id = await subject.says(ayu, "Halo *semua* <b>")
        said = await subject.ears.hear_one(MessagePosted)
        assert (said.where, said.actor.id, said.message_id) == (subject.channel, ayu.id, id)
        assert (said.text, said.reply_to, said.reply_to_actor) == ("Halo *semua* <b>", "", "")

    async def test_talk_is_heard_where_the_bot_speaks_when_no_channel_is_named(
        self, subject: Subject, ayu: Someone
    ) -> None:
        await send(subject, where=subject.group)
        assert [seen.text for seen in await subject.sees(ayu, subject.channel)] == ["Halo"]
        await subject.says(ayu, "Halo juga")
        said = await subject.ears.hear_one(MessagePosted)
        assert heard_in(subject.group, subject.chat.capabilities) == said.where == subject.channel

    async def test_a_reply_to_the_bot_is_known_as_one(self, subject: Subject, ayu: Someone) -> None:
        id = await send(subject)
        await subject.says(ayu, "Terima kasih", reply_to=id)
        said = await subject.ears.hear_one(MessagePosted)
        assert (said.reply_to, said.reply_to_actor) == (id, subject.chat.connection().account_id)

    async def test_the_bot_is_not_told_what_it_says_itself(self, subject: Subject, ayu: Someone) -> None:
        await send(subject)
        await subject.says(ayu, "Halo juga")
        assert [said.text for said in await subject.ears.hear(MessagePosted)] == ["Halo juga"]

    async def test_a_private_chat_is_its_person_s(self, subject: Subject, ayu: Someone) -> None:
        await subject.says_in_private(ayu, "Halo")
        said = await subject.ears.hear_one(MessagePosted)
        opened = await subject.ears.hear_one(ChatChanged)
        assert said.where == opened.where == private(ayu, subject)
        assert (said.text, opened.open, opened.actor.id) == ("Halo", True, ayu.id)

    async def test_a_reaction_comes_and_goes(self, subject: Subject, ayu: Someone) -> None:
        id = await send(subject)
        await subject.reacts(ayu, id, "👍")
        await subject.reacts(ayu, id, "👍", present=False)
        told = await subject.ears.hear(ReactionChanged, 2)
        assert [(it.message_id, it.emoji, it.present, it.actor.id) for it in told] == [
            (id, "👍", True, ayu.id),
            (id, "👍", False, ayu.id),
        ]

    async def test_that_the_bot_was_removed(self, subject: Subject) -> None:
        await subject.bot_is_removed()
        told = await subject.ears.hear_one(GroupChanged, lambda told: told.change is GroupChange.REMOVED)
        assert told.where == subject.group

    @over_a_network
    async def test_bots_are_no_people(self, subject: Repeating) -> None:
        robot = await subject.robot("Robot")
        await subject.joins(robot)
        joined = await subject.ears.hear_one(MemberJoined)
        assert (joined.actor.id, joined.actor.kind) == (robot.id, ActorKind.BOT)
        await subject.says(robot, "beep")
        ayu = await subject.person("Ayu")
        await subject.joins(ayu)
        await subject.says(ayu, "Halo")
        await subject.ears.hear_one(MessagePosted, lambda said: said.text == "Halo")
        people = [said.text for said in subject.ears.heard(MessagePosted) if said.actor.kind is ActorKind.PERSON]
        assert people == ["Halo"]

    @over_a_network
    async def test_what_is_told_again_has_the_same_key(self, subject: Repeating) -> None:
        subject.ears.hold(lambda event: True)
        ayu = await subject.person("Ayu")
        await subject.joins(ayu)
        id = await subject.says(ayu, "Halo")
        first = await self.join_and_message(subject)
        subject.ears.events.clear()
        await subject.tells_again(ayu, id)
        assert await self.join_and_message(subject) == first

    async def join_and_message(self, subject: Subject) -> set[str]:
        told = [*await subject.ears.hear(MemberJoined), *await subject.ears.hear(MessagePosted)]
        return {event.key for event in told if not isinstance(event, MemberJoined) or event.pending is False}
