"""What a platform is asked, and its beginning and end."""

from __future__ import annotations

import asyncio
import gc
import logging

import pytest

from bot.core.chat import Operation
from bot.core.events import (
    ButtonPressed,
    MemberJoined,
)
from bot.features import ALL
from tests.adapters.contract import Repeating, Someone, Subject
from tests.adapters.contract.doing import (
    CHOICE,
    capabilities,
    does,
    private,
    send,
)
from tests.adapters.contract.platforms import over_a_network
from tests.adapters.ears import PATIENCE


class TestAsking:
    async def test_who_somebody_is_in_the_group(self, subject: Subject, ayu: Someone, budi: Someone) -> None:
        await subject.becomes_admin(ayu)
        stranger = await subject.person("Citra")
        await subject.leaves(budi)
        ask = subject.chat.standing
        admin, gone, never = [await ask(subject.group, who.id) for who in (ayu, budi, stranger)]
        assert (admin.present, admin.administrator) == (True, True)
        assert (gone.present, gone.administrator, never.present, never.administrator) == (False,) * 4

    async def test_a_plain_member_administers_nothing(self, subject: Subject, ayu: Someone) -> None:
        standing = await subject.chat.standing(subject.group, ayu.id)
        assert (standing.present, standing.administrator) == (True, False)

    async def test_the_group_s_title_and_size(self, subject: Subject, ayu: Someone) -> None:
        await subject.ears.hear(MemberJoined)
        before = await subject.chat.facts(subject.group)
        assert (before.title, before.problems) == ("Kopi", ())
        for name in ("Budi", "Citra", "Dewi"):
            await subject.joins(await subject.person(name))
        await subject.restarts()  # a size may be remembered for a while
        assert (await subject.chat.facts(subject.group)).member_count == before.member_count + 3

    async def test_that_it_may_not_write_is_a_problem(self, subject: Subject) -> None:
        await subject.bot_may_not_write()
        async with asyncio.timeout(PATIENCE):
            while not (facts := await subject.chat.facts(subject.channel)).problems:  # Discord tells in the background
                await asyncio.sleep(0.01)
        assert "cannot_write" in {problem.code for problem in facts.problems}

    async def test_how_the_line_is(self, subject: Subject) -> None:
        connection = subject.chat.connection()
        assert connection.connected
        assert connection.account
        assert connection.account_id.isdecimal()
        assert connection.problems == ()
        assert subject.chat.name == subject.group.platform

    async def test_what_can_be_shown_and_how_fast(self, subject: Subject) -> None:
        caps, pace = capabilities(subject), subject.chat.pace
        assert caps.max_text >= 1000
        assert caps.buttons is not None
        assert min(caps.buttons.rows, caps.buttons.per_row, caps.buttons.label) > 0
        assert caps.toast or caps.private_reply
        assert not caps.private_link or caps.private_link.format(payload="x").startswith("https://")
        assert min(pace.gap, pace.target_gap, pace.target_per_minute) >= 0
        assert caps == subject.chat.capabilities(private(await subject.person("Ayu"), subject))


class TestLife:
    async def test_all_features_commands_can_be_published(self, subject: Subject) -> None:
        await subject.chat.publish_commands([command for feature in ALL for command in feature.commands])
        assert subject.chat.connection().problems == ()

    @over_a_network
    async def test_the_same_commands_are_published_once(self, subject: Repeating) -> None:
        offered = [command for feature in ALL for command in feature.commands]
        await subject.chat.publish_commands(offered)
        written = await subject.publications()
        assert written > 0
        await subject.chat.publish_commands(offered)
        assert await subject.publications() == written

    async def test_a_restart_goes_on_where_it_was(self, subject: Subject, ayu: Someone) -> None:
        await subject.ears.hear(MemberJoined)
        id = await send(subject, CHOICE)
        await subject.restarts()
        await does(subject, Operation.EDIT, id, CHOICE)
        await subject.presses(ayu, "Ya")
        assert (await subject.ears.hear_one(ButtonPressed)).token == "tok-ya"
        assert len(subject.ears.heard(ButtonPressed)) == 1

    async def test_it_ends_cleanly_and_may_be_ended_twice(
        self, subject: Subject, ayu: Someone, caplog: pytest.LogCaptureFixture
    ) -> None:
        await subject.ears.hear(MemberJoined)
        await subject.chat.stop()
        await subject.chat.stop()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        gc.collect()  # what was left open says so now, and a warning is an error here
        assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
        assert not subject.chat.connection().connected
