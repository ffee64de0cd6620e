"""Polls that come again: once for each local date, through both nights on which clocks change, and over outages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.playground.history import Kind
from adapters.playground.outgoing import plain_text
from bot.core.events import Standing
from bot.core.stores import Jobs
from bot.features.polls import feature as polls
from tests.core.fakes import GROUP, play, town
from tests.driver import Conversation, conversation
from tests.features.stories import kopi

NOON = time(12)


def in_zone(zone: str) -> str:
    return kopi().replace('name = "Kopi"', f'name = "Kopi"\ntimezone = "{zone}"')


def times_of_polls(talk: Conversation, face: str = "telegram") -> list[datetime]:
    """When polls were put up."""
    return [
        change.at
        for change in talk.stage.world.since(0)
        if change.kind is Kind.POSTED
        and change.message
        and change.message.author.bot
        and change.where.platform == face
        and "open until" in plain_text(change.message.message)
        and plain_text(change.message.message).startswith("📊")
    ]


async def begins(talk: Conversation, every: str, closes: str = "1h") -> None:
    text = f'/poll "Which roast?" Light | Dark --every {every} --closes {closes}'
    await talk.person("Rina", manager=True).says("telegram", text)


SPRING = {"Europe/Berlin": date(2026, 3, 29), "America/New_York": date(2026, 3, 8)}
AUTUMN = {"Europe/Berlin": date(2026, 10, 25), "America/New_York": date(2026, 11, 1)}
NIGHTS = [(zone, night) for nights in (SPRING, AUTUMN) for zone, night in nights.items()]


@pytest.mark.promise("R7")
@pytest.mark.parametrize("every", ["friday 17:00", "sunday 17:00", "sunday 02:30", "sunday 01:30", "daily 02:30"])
@pytest.mark.parametrize(("name", "night"), NIGHTS)
async def test_once_a_local_date_when_clocks_change(name: str, night: date, every: str) -> None:
    """`night`: the Sunday on which they do."""
    zone = ZoneInfo(name)
    begun = datetime.combine(night - timedelta(days=6), NOON, zone).astimezone(UTC)
    async with conversation(in_zone(name), begun) as talk:
        await begins(talk, every)
        await talk.clock.reaches(datetime.combine(night + timedelta(days=8), NOON, zone).astimezone(UTC))
        shown = [at.astimezone(zone) for at in times_of_polls(talk)]
        wanted = [(begun.astimezone(zone) + timedelta(days=n)).date() for n in range(1, 15)]
        days = {"friday": {4}, "sunday": {6}}.get(every.split()[0], set(range(7)))
        assert [at.date() for at in shown] == [day for day in wanted if day.weekday() in days]
        for at in shown:
            skipped = at.date() == night and (name, night) in SPRING.items() and every.endswith("02:30")
            assert f"{at:%H:%M}" == ("03:30" if skipped else every.split()[1]), at
        assert len(times_of_polls(talk, "discord")) == len(shown)


@pytest.mark.promise("R7")
async def test_down_over_the_night_in_which_clocks_go_back() -> None:
    """Sunday 02:30 comes twice in Berlin; who sleeps through the first has not missed it, and gets no second."""
    zone = ZoneInfo("Europe/Berlin")
    async with conversation(in_zone("Europe/Berlin"), datetime(2026, 10, 24, 12, tzinfo=UTC)) as talk:
        await begins(talk, "sunday 02:30", "3h")
        await talk.clock.reaches(datetime(2026, 10, 25, 2, 15, tzinfo=zone).astimezone(UTC))
        await talk.goes_offline(minutes=90)
        assert len(times_of_polls(talk)) == 1
        talk.place("telegram").shows("📊 Which roast? …open until today 04:30…")
        await talk.clock.advance(hours=12)
        await talk.restarts()
        await talk.clock.advance(hours=12)
        assert len(times_of_polls(talk)) == 1


@pytest.mark.parametrize(
    ("every", "closes", "first", "until"),
    [
        ("friday 17:00", "friday 18:00", "Friday 9 January, 17:00", "Friday 9 January, 18:00"),
        ("friday 17:00 WIB", "2h", "Friday 9 January, 17:00", "Friday 9 January, 19:00"),
        ("tiap jumat jam 5 sore", "besok", "Friday 9 January, 17:00", "Saturday 10 January, 17:00"),
        ("monday and wednesday 9am", "1h", "Wednesday 7 January, 09:00", "Wednesday 7 January, 10:00"),
        ("daily 09:00", "30m", "tomorrow 09:00", "tomorrow 09:30"),
        ("“friday 17:00”", "“friday 18:00”", "Friday 9 January, 17:00", "Friday 9 January, 18:00"),
    ],
)
async def test_it_is_open_from_then_not_from_now(every: str, closes: str, first: str, until: str) -> None:
    async with conversation(in_zone("Asia/Jakarta"), datetime(2026, 1, 5, 5, tzinfo=UTC)) as talk:
        await begins(talk, every, closes)
        talk.place("telegram").shows(f"“Which roast?” comes …The first: {first} WIB, open until {until} WIB. …")
        await talk.clock.advance(days=5)
        talk.place("discord").shows("📊 Which roast? …open until …")


async def test_each_one_has_its_own_length_from_when_it_was_due() -> None:
    async with conversation(kopi(), datetime(2026, 1, 9, 16, 0, tzinfo=UTC)) as talk:
        await begins(talk, "friday 17:00", "5h")
        await talk.goes_offline(hours=3)
        talk.place("telegram").shows("📊 Which roast? …open until today 22:00 UTC…")
        await talk.person("Ayu").votes("telegram", "Dark")
        await talk.clock.reaches(datetime(2026, 1, 9, 22, 0, 5, tzinfo=UTC))
        talk.place("discord").shows("📊 Which roast? Dark wins: 1 of 1 voted for it.…")


async def test_it_is_not_put_up_when_it_came_too_late_though_it_were_still_open() -> None:
    async with conversation(kopi(), datetime(2026, 1, 9, 16, 0, tzinfo=UTC)) as talk:
        await begins(talk, "friday 17:00", "2d")
        await talk.goes_offline(hours=8)
        talk.place("telegram").does_not_show("📊…")
        talk.place("telegram#managers").shows(
            "I was away when the poll “Which roast?” was due (Friday 9 January, 17:00 UTC), …"
        )
        await talk.clock.advance(days=7)
        assert len(times_of_polls(talk)) == 1


async def test_two_series_and_their_numbers() -> None:
    async with conversation(kopi(), datetime(2026, 1, 5, 9, tzinfo=UTC)) as talk:
        rina = talk.person("Rina", manager=True)
        await begins(talk, "friday 17:00")
        await begins(talk, "friday 17:00")
        await rina.says("telegram", "/poll cancel 1")
        await talk.clock.advance(days=5)
        assert len(times_of_polls(talk)) == 1
        await rina.says("telegram", "/poll clone 3 --every friday 18:00 --closes 30m")
        talk.place("telegram").shows("“Which roast?” comes every Friday 18:00 UTC … Friday 16 January, 18:30 UTC. …")
        await talk.clock.advance(days=7)
        assert len(times_of_polls(talk)) == 3


@pytest.mark.promise("S5")
async def test_whoever_is_no_manager_any_more_puts_up_no_more_of_it() -> None:
    async with conversation(kopi()) as talk:
        await begins(talk, "friday 17:00")
        rina = talk.person("Rina")
        await rina.leaves("telegram")
        await rina.joins("telegram")
        await talk.clock.advance(seconds=61)
        await rina.presses("telegram", "Post one now, too")
        talk.place("telegram").shows("Only managers may press this.")
        assert times_of_polls(talk) == []


def test_a_community_that_the_config_forgets_for_a_while_has_its_poll_again_the_week_after() -> None:
    async def story() -> None:
        async with town(polls) as here:
            here.chat.standings[GROUP.group, "Rina"] = Standing(administrator=True)
            await here.says("Rina", '/poll "Which roast?" Light | Dark --every friday 17:00')
            whole = here.resolver.service
            for ahead, put_up in [(timedelta(days=4, hours=8), 0), (timedelta(days=11, hours=8), 1)]:
                here.resolver.service = whole if put_up else replace(whole, communities={})
                here.clock.ahead = ahead + timedelta(seconds=1)
                due = await here.do(lambda unit: unit.store(Jobs).due(unit.now, 10))
                assert [event.job for event in due] == ["polls.repeat"]
                for event in due:
                    await here.happens(event)
                shown = [words for words in here.chat.words() if "Light" in words and "▱" in words]
                assert len(shown) == put_up

    play(story())


async def test_a_number_means_a_poll_of_ones_own_community() -> None:
    kedai = """
[communities.kedai]
name = "Kedai"
language = "en"
[[communities.kedai.groups]]
platform = "telegram"
id = "-1001000000077"
"""
    async with conversation(kopi() + kedai) as talk:
        rina, sari = talk.person("Rina", manager=True), talk.person("Sari", manager=True)
        await rina.says("telegram", '/poll "Where?" A | B')
        for verb in ("close", "cancel", "results", "clone", "fix", "add"):
            await talk.clock.advance(seconds=11)
            await sari.says("telegram/-1001000000077", f"/poll {verb} 1{' C' if verb == 'add' else ''}")
            talk.place("telegram/-1001000000077").shows("There is no poll 1. /poll list shows which there are.")
            talk.place("telegram").does_not_show()
        await sari.says("telegram/-1001000000077", "/poll list")
        talk.place("telegram/-1001000000077").shows("There has been no poll yet. …")
        await sari.says("telegram/-1001000000077", '/poll "Ours?" A | B')
        talk.place("telegram/-1001000000077").shows("📊 Ours? …Poll 1 ·…")
        talk.place("telegram").does_not_show()
