"""S5: who may is asked of the platform, is never older than a minute, and no answer means no."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.config.load import loads
from bot.config.serving import service
from bot.core.authority import Authority
from bot.core.chat import Capabilities, NotSent, Reason, Refusal, Uncertain
from bot.core.community import Community
from bot.core.events import Actor, ActorKind, Standing, Where
from tests.core.fakes import CONFIG, GROUP, MANAGERS, SERVER, FakeChat, LoopClock, play

ADMIN = Standing(administrator=True)
MEMBER = Standing()
RINA = Actor("rina", "Rina")
PRIVATE = Where("telegram", "", "rina")
WITH_ROLES = CONFIG.replace(f'main = "{SERVER.channel}"', 'manager_roles = ["200000000000000077"]')


def kopi(config: str = CONFIG) -> Community:
    return service(loads(config, {}), (), lambda where: Capabilities(2000)).communities["kopi"]


class Office:
    """Asks about Rina."""

    def __init__(self) -> None:
        self.telegram, self.discord = FakeChat("telegram"), FakeChat("discord")
        self.authority = Authority({"telegram": self.telegram, "discord": self.discord})
        self.clock = LoopClock()
        self.community: Community | None = kopi()

    async def may(self, where: Where = GROUP, *, actor: Actor = RINA, live: bool = False) -> bool:
        return await self.authority.is_manager(actor, where, self.community, self.clock.now(), live)


def story(tell: Callable[[Office], Awaitable[None]]) -> Callable[[], None]:
    async def told() -> None:
        await tell(Office())

    return lambda: play(told())


@pytest.mark.promise("S5")
@pytest.mark.parametrize(
    ("standing", "may"), [(ADMIN, True), (MEMBER, False), (Standing(present=False, administrator=True), False)]
)
def test_administrators_of_the_group_are_managers(standing: Standing, may: bool) -> None:
    @story
    async def told(office: Office) -> None:
        office.telegram.standings[GROUP.group, "rina"] = standing
        assert await office.may() is may

    told()


@pytest.mark.promise("S5")
@pytest.mark.parametrize("error", [NotSent(), Uncertain(), Refusal(Reason.GONE)])
def test_a_failed_look_up_means_no_also_where_it_was_yes_before(error: Exception) -> None:
    @story
    async def told(office: Office) -> None:
        office.telegram.standings[GROUP.group, "rina"] = ADMIN
        assert await office.may()
        office.telegram.look_up_fails = error  # type: ignore[assignment]
        await asyncio.sleep(60)
        assert not await office.may()
        assert not await office.may(live=True)

    told()


@pytest.mark.promise("S5")
def test_a_look_up_that_takes_too_long_means_no() -> None:
    @story
    async def told(office: Office) -> None:
        office.telegram.standings[GROUP.group, "rina"] = ADMIN
        office.telegram.look_up_takes = 3600
        begun = office.clock.now()
        assert not await office.may()
        assert office.clock.now() - begun < timedelta(seconds=15)

    told()


@pytest.mark.promise("S5")
def test_rights_are_never_older_than_a_minute() -> None:
    @story
    async def told(office: Office) -> None:
        office.telegram.standings[GROUP.group, "rina"] = ADMIN
        assert await office.may()
        office.telegram.standings[GROUP.group, "rina"] = MEMBER
        assert not await office.may(live=True)
        office.telegram.standings[GROUP.group, "rina"] = ADMIN
        assert await office.may(live=True)
        office.telegram.standings[GROUP.group, "rina"] = MEMBER
        await asyncio.sleep(60)
        assert not await office.may()

    told()


def test_rights_are_not_asked_again_within_the_minute() -> None:
    @story
    async def told(office: Office) -> None:
        office.telegram.standings[GROUP.group, "rina"] = ADMIN
        for _ in range(20):
            assert await office.may()
        assert len(office.telegram.looked_up) == 1
        office.authority.forget(GROUP.group)
        assert await office.may()
        assert len(office.telegram.looked_up) == 2

    told()


@pytest.mark.promise("R29")
@pytest.mark.parametrize("days", [-1, 1])
def test_after_a_jump_of_the_clock_rights_are_asked_anew(days: int) -> None:
    @story
    async def told(office: Office) -> None:
        office.telegram.standings[GROUP.group, "rina"] = ADMIN
        assert await office.may()
        office.clock.ahead = timedelta(days=days)
        office.telegram.standings[GROUP.group, "rina"] = MEMBER
        assert not await office.may()

    told()


def test_whoever_is_in_the_managers_chat_is_a_manager_everywhere() -> None:
    @story
    async def told(office: Office) -> None:
        office.telegram.standings[MANAGERS.group, "rina"] = MEMBER
        assert await office.may(MANAGERS)
        assert await office.may(GROUP)
        assert await office.may(PRIVATE)
        office.telegram.standings[MANAGERS.group, "rina"] = Standing(present=False)
        assert not await office.may(GROUP, live=True)

    told()


def test_in_private_the_communitys_groups_count() -> None:
    @story
    async def told(office: Office) -> None:
        assert not await office.may(PRIVATE)
        office.telegram.standings[GROUP.group, "rina"] = ADMIN
        assert await office.may(PRIVATE, live=True)

    told()


def test_a_managers_channel_of_the_server_makes_nobody_a_manager() -> None:
    @story
    async def told(office: Office) -> None:
        office.community = kopi(CONFIG + 'discord = "200000000000000003"\n')
        assert office.community.managers["discord"] == Where("discord", SERVER.group, "200000000000000003")
        office.discord.standings[SERVER.group, "rina"] = MEMBER
        assert not await office.may(Where("discord", SERVER.group, "200000000000000003"))
        assert not await office.may(SERVER)

    told()


def test_a_managers_role_counts_only_in_its_own_server() -> None:
    @story
    async def told(office: Office) -> None:
        office.community = kopi(WITH_ROLES)
        office.discord.standings[SERVER.group, "rina"] = Standing(roles=frozenset({"200000000000000077", "78"}))
        assert await office.may(SERVER)
        office.telegram.standings[GROUP.group, "rina"] = Standing(roles=frozenset({"200000000000000077"}))
        assert not await office.may(GROUP)

    told()


def test_what_came_with_the_event_need_not_be_asked() -> None:
    @story
    async def told(office: Office) -> None:
        office.community = kopi(CONFIG.partition("[communities.kopi.managers]")[0])
        assert await office.may(actor=Actor("rina", "Rina", standing=ADMIN), live=True)
        assert not await office.may(actor=Actor("rina", "Rina", standing=MEMBER), live=True)
        assert office.telegram.looked_up == []

    told()


def test_where_nothing_is_set_up_administrators_are_managers() -> None:
    @story
    async def told(office: Office) -> None:
        office.community = None
        office.telegram.standings["-555", "rina"] = ADMIN
        assert await office.may(Where("telegram", "-555", "topic:1"))
        assert not await office.may(PRIVATE)

    told()


@pytest.mark.promise("S6")
@pytest.mark.parametrize("kind", [ActorKind.BOT, ActorKind.SERVICE, ActorKind.ANONYMOUS])
def test_whoever_is_no_person_is_no_manager(kind: ActorKind) -> None:
    @story
    async def told(office: Office) -> None:
        office.telegram.standings[GROUP.group, "rina"] = ADMIN
        assert not await office.may(actor=Actor("rina", "Rina", kind, ADMIN))
        assert office.telegram.looked_up == []

    told()


def test_on_a_platform_that_is_not_connected_nobody_is_a_manager() -> None:
    @story
    async def told(office: Office) -> None:
        assert not await office.may(Where("fax", "1", ""))

    told()
