"""What a visitor sees of the playground, and does there."""

from __future__ import annotations

import asyncio
import re

from adapters.web.server import WebServer
from bot.play.live import PlaygroundStage
from tests.adapters.web.browser import Browser, words


async def test_the_first_visit_shows_both_groups_and_what_to_try(rina: Browser) -> None:
    page = words(await rina.page())
    assert page.count("A newcomer joins") == 3  # in the hint and in both windows
    assert "Telegram · 2 members" in page
    assert "Discord · 2 members" in page
    assert "Mon, 5 Jan 09:00" in page
    assert page.count("Nothing has happened here yet.") == 2


async def test_the_hint_is_gone_once_it_was_read(rina: Browser) -> None:
    assert "Got it" in await rina.page()
    assert "Got it" not in await rina.does("hint")


async def test_newcomers_of_a_minute_share_one_greeting(rina: Browser) -> None:
    await rina.does("newcomer", face="telegram")
    page = await rina.does("newcomer", face="telegram")
    first, second = re.findall(r"<bdi>(\w+)</bdi> joined", page)
    page = words(await rina.does("time", stride="minute"))
    assert f"{first} and {second}!" in page
    assert "Mon, 5 Jan 09:01" in page


async def test_who_watches_sees_the_greeting_arrive(rina: Browser, server: WebServer) -> None:
    async with rina.watches("as=Rina") as events:
        await rina.does("newcomer", face="discord")
        (name,) = re.findall(r"(\w+) joined", words(await events.until("joined")))
        await rina.does("time", stride="minute")
        greeting = await events.until("Kopi Nusantara")
    assert f"Kopi Nusantara, {name}!" in words(greeting)
    assert 'class="row said bot' in greeting


async def test_time_passes_by_itself_while_one_watches(rina: Browser, stage: PlaygroundStage) -> None:
    """A second of the playground is a second of ours."""
    now, waited = 100.0, asyncio.Event()

    async def pause(seconds: float) -> None:
        nonlocal now
        if now > 130:
            waited.set()
            await asyncio.Event().wait()
        now += seconds

    await rina.does("newcomer", face="telegram")
    running = asyncio.create_task(stage.run(pause, lambda: now))
    await waited.wait()
    running.cancel()
    page = await rina.page()
    assert 'class="row said bot' in page
    assert 'data-now="09 00 31"' in page


async def test_time_runs_until_the_next_morning(rina: Browser) -> None:
    assert "Tue, 6 Jan 08:00" in words(await rina.does("time", stride="morning"))
    assert "Tue, 6 Jan 09:00" in words(await rina.does("time", stride="hour"))


async def test_people_talk_reply_and_react(rina: Browser) -> None:
    await rina.is_now("Budi")
    page = await rina.says("telegram", "Kopi apa hari ini?")
    (message,) = re.findall(r"reply_telegram=(\w+)", page)
    await rina.is_now("Rina")
    page = await rina.page(f"reply_telegram={message}")
    assert "Replying to Budi" in words(page)
    page = await rina.does("say", face="telegram", text="Tubruk!", reply_to=message)
    assert "Budi Kopi apa hari ini? Tubruk!" in words(page)
    page = await rina.does("react", face="telegram", on=f"{message} 👍")
    assert 'aria-pressed="true" title="Rina">👍 1<' in page
    assert "👍 1" not in await rina.does("react", face="telegram", on=f"{message} 👍")


async def test_an_answer_for_one_person_is_seen_by_that_person_only(rina: Browser) -> None:
    page = words(await rina.says("discord", "/ping"))
    assert "Only you see this" in page
    await rina.is_now("Budi")
    page = words(await rina.page())
    assert "Only you see this" not in page
    assert "/ping" not in page  # where commands are filled in, nobody sees what was asked


async def test_a_manager_changes_the_greeting_with_buttons(rina: Browser) -> None:
    await rina.does("start", face="telegram", on="")  # opens the private chat, and shows it
    assert rina.view == "telegram=private"
    await rina.says("telegram", "/welcome text Hai {name}!")  # in the group; the answer is for her alone
    page = words(await rina.presses("telegram", "Save"))
    assert "Saved." in page
    await rina.does("newcomer", face="discord")
    page = words(await rina.does("time", stride="minute"))
    assert re.search(r"Hai \w+!", page)


async def test_buttons_that_lead_into_the_private_chat_open_it(rina: Browser) -> None:
    await rina.does("newcomer", face="telegram")
    await rina.does("time", stride="minute")
    page = words(await rina.presses("telegram", "Open a private chat"))
    assert rina.view == "telegram=private"
    assert "opened the chat with Guyub" in page
    assert "/start hello" in page


async def test_the_managers_chat_is_closed_to_others(rina: Browser) -> None:
    assert "Only managers see this chat." not in words(await rina.page("discord=managers"))
    await rina.is_now("Budi")
    assert "Only managers see this chat." in words(await rina.page("discord=managers"))
    status, page = await rina.tries("say", face="discord", chat="managers", text="Hello?")
    assert status == 409
    assert "Only managers write here." in words(page)


async def test_anybody_may_become_a_manager_and_be_one_no_more(rina: Browser) -> None:
    await rina.is_now("Budi")
    page = await rina.does("appoint", manager="yes")
    assert page.count('class="rank"') == 2
    assert 'value="/settings' in page  # is suggested
    page = await rina.does("appoint", manager="no")
    assert page.count('class="rank"') == 1
    assert 'value="/settings' not in page


async def test_somebody_new_comes_joins_and_leaves(rina: Browser) -> None:
    page = words(await rina.does("invite", name="  Made   Wirawan "))
    assert page.count("Made Wirawan is not in this group.") == 2
    page = words(await rina.does("join", face="telegram"))
    assert "Made Wirawan joined" in page
    assert "Telegram · 3 members" in page
    page = words(await rina.does("leave", face="telegram"))
    assert "Made Wirawan left" in page
    status, page = await rina.tries("say", face="telegram", text="Still here?")
    assert status == 409


async def test_nobody_can_be_the_bot(rina: Browser) -> None:
    status, page = await rina.tries("invite", name="guyub")
    assert status == 409
    assert "Guyub is the bot" in words(page)


async def test_page_and_bot_speak_the_language_that_was_chosen(rina: Browser) -> None:
    page = await rina.does("language", language="id")
    assert '<html lang="id">' in page
    assert "Anggota baru masuk" in words(page)
    await rina.does("newcomer", face="discord")
    page = words(await rina.does("time", stride="minute"))
    assert "Selamat datang di Kopi Nusantara, Kak " in page
    status, page = await rina.tries("press", face="telegram", on="999 x")
    assert status == 409
    assert "Pesan itu sudah tidak ada." in words(page)


async def test_starting_over_forgets_everything_but_the_language(rina: Browser) -> None:
    await rina.does("language", language="id")
    await rina.does("newcomer", face="telegram")
    await rina.says("telegram", "Halo")
    page = words(await rina.does("reset"))
    assert "Halo" not in page
    assert page.count("2 anggota") == 2
    assert "Belum ada apa-apa di sini." in page


async def test_without_scripts_a_form_leads_back_to_what_was_shown(rina: Browser) -> None:
    rina.view = "telegram=managers&discord=private&else=x"
    await rina.does("time", stride="minute")
    assert rina.view == "telegram=managers&discord=private"
    page = await rina.page()
    assert len(re.findall(r'id="telegram-tab-managers"[^>]* aria-current="page"', page)) == 1


async def test_acts_that_make_no_sense_are_refused(rina: Browser) -> None:
    assert (await rina.tries("fly"))[0] == 404
    for act, fields in {
        "say": {"face": "irc", "text": "x"},
        "join": {"face": "telegram"},
        "press": {"face": "telegram", "on": ""},
        "vote": {"face": "telegram", "on": "1 0"},
        "react": {"face": "discord", "on": "77 👍"},
        "time": {"stride": "year"},
        "invite": {"name": " "},
    }.items():
        status, _ = await rina.tries(act, **fields)
        assert status == 409, act
