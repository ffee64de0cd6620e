"""Charts become pictures on their way out: drawn once, holding up nobody else, and never at the words' cost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.core.chat import Capabilities, NotSent, Pace, RateLimited, Uncertain
from bot.core.delivery import Delivery
from bot.core.fit import fit
from bot.core.messages import Bar, Chart, Message, Picture, from_json, plain, text, to_json
from bot.core.unit import Unit
from tests.core.fakes import GROUP, FakeChat, Town
from tests.core.sending import OTHER, post, runs, states, story

CHART = Chart("Kopi?", (Bar("Ya", 2, "2"), Bar("Tidak", 1, "1")), description="Ya 2, Tidak 1")
MORE = Chart("Kopi?", (Bar("Ya", 3, "3"), Bar("Tidak", 1, "1")), description="Ya 3, Tidak 1")


class Easel:
    """Draws by writing down what it was asked for; takes its time, and fails when told to."""

    def __init__(self, takes: float = 0.0, fails: Exception | None = None) -> None:
        self.takes, self.fails = takes, fails
        self.drawn: list[Chart] = []

    async def __call__(self, chart: Chart) -> Picture:
        self.drawn.append(chart)
        await asyncio.sleep(self.takes)
        if self.fails:
            raise self.fails
        return Picture(f"{chart.bars[0].note}".encode(), chart.description)


def drawing(easel: Easel | None, *chats: FakeChat) -> Callable[[Callable[[Town], Awaitable[None]]], None]:
    """Tell it in a town whose senders draw."""

    def tell(told: Callable[[Town], Awaitable[None]]) -> None:
        @story(*chats)
        async def with_easel(here: Town) -> None:
            loop, submit = asyncio.get_running_loop(), here.engine.submit
            for name, chat in here.chats.items():
                here.deliveries[name] = Delivery(chat, here.database, here.clock, submit, "inst", loop.time, draw=easel)
            await told(here)

    return tell


async def post_chart(here: Town, words: str = "Results", chart: Chart = CHART, key: str = "chart") -> int:
    def work(unit: Unit) -> int:
        return unit.post(Message(text(words), chart=chart), GROUP, kind="greeting", key=key, community="kopi")

    return await here.do(work)


def sent(here: Town) -> list[tuple[str, bytes | None]]:
    messages = [attempt.outgoing.message for attempt in here.chat.delivered]
    assert all(message.chart is None for message in messages)
    return [(plain(message.text), message.picture.data if message.picture else None) for message in messages]


def test_a_chart_is_sent_as_a_picture_with_its_words() -> None:
    easel = Easel()

    @drawing(easel)
    async def told(here: Town) -> None:
        await post_chart(here)
        await here.settle()
        assert sent(here) == [("Results", b"2")]
        assert easel.drawn == [CHART]
        assert await states(here) == {"sent": 1}


@pytest.mark.parametrize("easel", [Easel(fails=RuntimeError("no pencil")), Easel(fails=TimeoutError()), None])
def test_words_go_without_a_picture_that_cant_be_drawn(easel: Easel | None, caplog: pytest.LogCaptureFixture) -> None:
    @drawing(easel)
    async def told(here: Town) -> None:
        await post_chart(here)
        await post_chart(here, words="", key="wordless")
        await here.settle()
        assert sent(here) == [("Results", None), ("Ya 2, Tidak 1", None)]

    assert ("can't be drawn" in caplog.text) == (easel is not None)


def test_a_drawing_holds_up_its_own_place_only() -> None:
    chat = FakeChat(pace=Pace(gap=0.01, target_gap=1.0))

    @drawing(Easel(takes=15), chat)
    async def told(here: Town) -> None:
        await post_chart(here)
        await post(here, "after it")
        for number in range(20):
            await post(here, f"{number}", OTHER)
        await runs(here, 60)
        elsewhere = [attempt.at for attempt in chat.delivered if attempt.outgoing.where == OTHER]
        assert len(elsewhere) == 20
        assert elsewhere[5] < 10
        here_at = {attempt.words: attempt.at for attempt in chat.delivered if attempt.outgoing.where == GROUP}
        assert list(here_at) == ["Results", "after it"]
        assert here_at["Results"] >= 15
        assert here_at["after it"] >= here_at["Results"] + 1.0  # the pace counts from when it went out


def test_it_is_drawn_once_however_often_it_has_to_be_sent() -> None:
    chat, easel = FakeChat(repeatable_for=timedelta(minutes=5)), Easel()

    @drawing(easel, chat)
    async def told(here: Town) -> None:
        chat.next_at[GROUP].extend([RateLimited(3), NotSent(), Uncertain()])
        await post_chart(here)
        await runs(here, 60)
        assert sent(here) == [("Results", b"2")]
        assert len(chat.attempts) == 4
        assert easel.drawn == [CHART]


def test_while_it_is_drawn_it_counts_as_not_sent() -> None:
    """The program ends meanwhile: the post is sent after the start, once, and nobody wonders whether it arrived."""
    easel = Easel(takes=15)

    @drawing(easel)
    async def told(here: Town) -> None:
        await post_chart(here)
        await runs(here, 5)  # cut off while drawing; the task itself goes on as little as the program does
        assert await states(here) == {"queued": 1}
        assert here.chat.attempts == []
        await here.restarts()
        await here.settle()
        await asyncio.sleep(60)  # whatever was still drawing is done, and comes too late
        assert sent(here) == [("Results", None)]


def test_what_is_withdrawn_meanwhile_is_never_sent() -> None:
    @drawing(Easel(takes=15))
    async def told(here: Town) -> None:
        await post_chart(here)
        sending = asyncio.create_task(runs(here, 60))
        await asyncio.sleep(5)
        await here.do(lambda unit: unit.delete("chart"))
        await post(here, "next")
        await sending
        assert sent(here) == [("next", None)]


def test_what_is_changed_meanwhile_is_drawn_anew() -> None:
    easel = Easel()

    @drawing(easel)
    async def told(here: Town) -> None:
        await post_chart(here)
        await here.settle()
        easel.takes = 15
        await here.do(lambda unit: unit.edit("chart", Message(text("Results"), chart=CHART)))
        sending = asyncio.create_task(runs(here, 60))
        await asyncio.sleep(5)
        await here.do(lambda unit: unit.edit("chart", Message(text("Results now"), chart=MORE)))
        await sending
        assert sent(here) == [("Results", b"2"), ("Results now", b"3")]


def test_a_chart_survives_the_outbox() -> None:
    message = Message(text("Results"), chart=CHART)
    assert from_json(to_json(message)) == message


def test_pictures_are_left_alone_by_what_makes_messages_smaller() -> None:
    picture = Picture(b"png", "Ya 2")
    assert fit(Message(text("x" * 9000), picture=picture), Capabilities(max_text=100)).picture == picture
