"""Polls, pictures and times on the playground's page: what one sees, and what one may still choose."""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count

import pytest

from adapters.web.server import WebServer
from bot.core.chat import Operation, Outgoing
from bot.core.events import Where
from bot.core.messages import Button, Message, Picture, Poll, Span, text
from bot.core.stores import Outages
from bot.play.live import PlaygroundStage
from tests.adapters.web.browser import Browser, tags, words

KOPI = Poll("Ngopi di mana?", ("Senopati", "Kemang", "Blok M"))
FACES = ("telegram", "discord")
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_numbers = count(1)


def place(stage: PlaygroundStage, face: str) -> Where:
    groups = stage.stage.scene.community.groups
    return next(group.main_place for group in groups if group.platform == face)


async def says(stage: PlaygroundStage, face: str, message: Message, where: Where | None = None) -> str:
    """The bot itself, without being asked."""
    outgoing = Outgoing(Operation.SEND, where or place(stage, face), message, f"test-{next(_numbers)}")
    return await stage.stage.chats[face].perform(outgoing)


async def does(
    stage: PlaygroundStage, face: str, operation: Operation, id: str, message: Message | None = None
) -> None:
    chat = stage.stage.chats[face]
    nonce = f"test-{next(_numbers)}"
    await chat.perform(Outgoing(operation, place(stage, face), message or Message(), nonce, message_id=id))


def choices(page: str) -> list[tuple[str, bool]]:
    """What can be chosen by a press, and whether it is."""
    found = re.findall(r'<button class="choice"[^>]*aria-pressed="(\w+)">(.*?)</button>', page, re.DOTALL)
    return [(words(html).removeprefix("✓ "), pressed == "true") for pressed, html in found]


@pytest.mark.parametrize("face", FACES)
async def test_a_vote_is_given_changed_and_taken_back(rina: Browser, stage: PlaygroundStage, face: str) -> None:
    poll = await says(stage, face, Message(poll=KOPI))
    page = await rina.does("vote", face=face, on=f"{poll} 1")
    assert choices(page) == [("Senopati 0", False), ("Kemang 1", True), ("Blok M 0", False)]
    assert "1 person voted" in words(page)

    await rina.is_now("Budi")
    page = await rina.does("vote", face=face, on=f"{poll} 1")
    assert choices(page)[1] == ("Kemang 2", True)
    assert "2 people voted" in words(page)
    page = await rina.does("vote", face=face, on=f"{poll} 2")
    assert choices(page)[1:] == [("Kemang 1", False), ("Blok M 1", True)]
    page = await rina.does("vote", face=face, on=f"{poll} 2")
    assert choices(page)[1:] == [("Kemang 1", False), ("Blok M 0", False)]


@pytest.mark.parametrize("face", FACES)
async def test_several_are_chosen_one_after_the_other(rina: Browser, stage: PlaygroundStage, face: str) -> None:
    poll = await says(stage, face, Message(poll=replace(KOPI, multiple=True)))
    page = await rina.page()
    assert "you may choose several" in words(page)
    for option in (2, 0, 1, 2):
        page = await rina.does("vote", face=face, on=f"{poll} {option}")
    assert [chosen for _, chosen in choices(page)] == [True, True, False]


async def test_a_vote_that_stands_is_cast_at_once(rina: Browser, stage: PlaygroundStage) -> None:
    several = replace(KOPI, multiple=True, revote=False, note=(Span("Sampai Jumat"),))
    poll = await says(stage, "telegram", Message(poll=several))
    page = await rina.page()
    boxes = [attributes["name"] for tag, attributes in tags(page) if attributes.get("name", "").startswith("vote-")]
    assert len(boxes) == 3
    assert "a vote can’t be changed" in words(page)
    assert "Sampai Jumat" in words(page)
    status, why = await rina.tries("ballot", face="telegram", on=poll)
    assert (status, "Choose something first." in words(why)) == (409, True)

    page = await rina.does("ballot", face="telegram", on=poll, **{boxes[0]: "yes", boxes[2]: "yes"})
    assert "✓ Senopati (your vote) 1 Kemang 0 ✓ Blok M (your vote) 1" in words(page)
    assert choices(page) == []
    assert 'type="checkbox" form=' not in page
    for act, on in (("vote", f"{poll} 1"), ("ballot", poll)):
        status, why = await rina.tries(act, face="telegram", on=on, **{boxes[1]: "yes"})
        assert (status, "In this poll a vote can’t be changed." in words(why)) == (409, True)


async def test_one_choice_that_stands_needs_no_box(rina: Browser, stage: PlaygroundStage) -> None:
    poll = await says(stage, "telegram", Message(poll=replace(KOPI, revote=False)))
    assert len(choices(await rina.page())) == 3
    page = await rina.does("vote", face="telegram", on=f"{poll} 1")
    assert (choices(page), "✓ Kemang (your vote) 1" in words(page)) == ([], True)


async def test_results_stay_hidden_until_the_close(rina: Browser, stage: PlaygroundStage) -> None:
    hidden = replace(KOPI, hides_results=True, open_for=timedelta(hours=1))
    poll = await says(stage, "telegram", Message(poll=hidden))
    page = await rina.does("vote", face="telegram", on=f"{poll} 1")
    assert choices(page) == [("Senopati", False), ("Kemang", True), ("Blok M", False)]
    assert "meter" not in page
    assert "the result shows at the close · until Mon, 5 Jan, 10:00" in words(page)

    page = await rina.does("time", stride="hour")
    assert "Senopati 0 ✓ Kemang (your vote) 1 Blok M 0 1 person voted · closed" in words(page)
    status, why = await rina.tries("vote", face="telegram", on=f"{poll} 2")
    assert (status, "That poll is closed." in words(why)) == (409, True)


async def test_who_watches_sees_votes_bars_and_the_close(
    rina: Browser, server: WebServer, stage: PlaygroundStage
) -> None:
    poll = await says(stage, "discord", Message(poll=KOPI))

    def bars(votes: int) -> Message:
        button = Button(f"Kemang · {votes}", token="kemang")
        return Message(text(f"▓ {votes}"), buttons=((button,),))

    live = await says(stage, "telegram", bars(0))
    async with rina.watches("as=Budi") as events:
        await rina.does("vote", face="discord", on=f"{poll} 0")
        assert "1 person voted" in words(await events.until("Ngopi"))
        await does(stage, "telegram", Operation.EDIT, live, bars(7))
        row = await events.until("▓")
        assert "▓ 7 edited Kemang · 7" in words(row)
        await does(stage, "discord", Operation.CLOSE_POLL, poll)
        assert "closed" in words(await events.until("Ngopi"))


async def test_a_poll_in_a_private_chat_is_voted_on_by_who_is_in_no_group(
    rina: Browser, stage: PlaygroundStage
) -> None:
    await rina.does("invite", name="Sari")
    await rina.does("start", face="telegram", on="")
    where = Where("telegram", "", stage.stage.world.people.named("telegram", "Sari").id)
    poll = await says(stage, "telegram", Message(poll=KOPI), where)
    page = await rina.does("vote", face="telegram", chat="private", on=f"{poll} 2")
    assert choices(page)[2] == ("Blok M 1", True)

    in_group = await says(stage, "discord", Message(poll=KOPI))
    assert choices(await rina.page("telegram=group")) == []  # only members vote there
    assert (await rina.tries("vote", face="discord", on=f"{in_group} 0"))[0] == 409


async def test_nobody_votes_where_there_is_no_poll_or_on_no_option(rina: Browser, stage: PlaygroundStage) -> None:
    poll = await says(stage, "telegram", Message(poll=KOPI))
    talk = await says(stage, "telegram", Message(text("halo")))
    for on in (f"{talk} 0", "99 0"):
        status, why = await rina.tries("vote", face="telegram", on=on)
        assert (status, "That poll is gone." in words(why)) == (409, True)
    page = await rina.does("vote", face="telegram", on=f"{poll} 77")
    assert not any(chosen for _, chosen in choices(page))
    for name in (f"vote-{poll}-x", f"vote-{poll}-²", "vote-99-0"):
        assert (await rina.tries("ballot", face="telegram", on=poll, **{name: "yes"}))[0] == 409


async def test_a_poll_is_shown_in_indonesian(rina: Browser, stage: PlaygroundStage) -> None:
    await rina.does("language", language="id")
    await says(stage, "discord", Message(poll=KOPI))
    assert "Sel, 6 Jan, 09.00" in words(await rina.page())


async def test_a_picture_is_shown_with_its_description(rina: Browser, stage: PlaygroundStage) -> None:
    description = 'Senopati 2, "Kemang" <1>'
    for face in FACES:
        await says(stage, face, Message(text("Hasil"), picture=Picture(PNG, description)))
    shown = [attributes for tag, attributes in tags(await rina.page()) if tag == "img" and attributes["alt"]]
    assert [unescape(picture["alt"]) for picture in shown] == [description] * 2
    assert all(base64.b64decode(picture["src"].removeprefix("data:image/png;base64,")) == PNG for picture in shown)


async def test_a_picture_that_nobody_drew_is_shown_in_words(rina: Browser, stage: PlaygroundStage) -> None:
    await says(stage, "telegram", Message(text("Hasil"), picture=Picture(b"", "Senopati 2, Kemang 1")))
    page = await rina.page()
    assert "Hasil Senopati 2, Kemang 1" in words(page)
    assert 'class="picture" src' not in page


async def test_a_time_can_be_told_from_words_on_discord(rina: Browser, stage: PlaygroundStage) -> None:
    when = Span("Jumat <9> Januari 17.00 WIB", moment=datetime(2026, 1, 9, 10, tzinfo=UTC))
    for face in FACES:
        await says(stage, face, Message((Span("Tutup "), when)))
    shown = re.findall(r'<div class="words" dir="auto">(.*?)</div>', await rina.page())
    assert [words(html) for html in shown] == ["Tutup Jumat <9> Januari 17.00 WIB"] * 2
    assert ['<time datetime="2026-01-09T10:00:00+00:00">' in html for html in shown] == [False, True]


async def test_time_that_is_let_run_is_no_outage(rina: Browser, stage: PlaygroundStage) -> None:
    """Nor is time in which nothing happens, however slowly it ticks."""
    await rina.does("time", stride="hour")
    await rina.does("time", stride="morning")
    slow = iter([0.0, 0.0, 600.0, 600.0, 1200.0, 1200.0, 1200.0])
    ended = asyncio.Event()

    async def pause(_seconds: float) -> None:
        if next(slow, None) is None:
            ended.set()
            await asyncio.Event().wait()

    clock = iter(range(0, 100_000, 600))
    running = asyncio.create_task(stage.run(pause, lambda: float(next(clock))))
    await ended.wait()
    running.cancel()
    program, now = stage.program, stage.stage.clock.now()
    assert now > datetime(2026, 1, 6, 1, 30, tzinfo=UTC)
    found = await program.database.run(lambda unit: unit.store(Outages).between(now - timedelta(days=9), now), now)
    assert found == []


async def test_several_lines_make_a_poll_on_both_faces(rina: Browser) -> None:
    await rina.says("telegram", "/poll\r\nKapan?\r\nPagi\r\nSore")
    page = words(await rina.presses("discord", "Sore"))
    assert "Only you see this" in page
    await rina.is_now("Budi")
    await rina.presses("telegram", "Pagi")
    await rina.does("time", stride="morning")
    page = words(await rina.does("time", stride="morning"))
    assert page.count("It's a tie: Pagi and Sore have 1 vote each.") == 2
    assert page.count("closed") == 2
