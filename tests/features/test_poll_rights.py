"""Who may ask and manage polls, what help says of it, and what Discord is offered."""

from __future__ import annotations

import pytest

from adapters.discord.commands import payload
from bot.core.commands import Command
from bot.features import ALL
from bot.locale import translate
from tests.driver import conversation
from tests.features.stories import kopi

CONFIGS = ("en", "id")
FACES = ("telegram", "discord")
MEMBERS = "[communities.kopi.polls]\nmembers = true\n"


@pytest.mark.promise("S7")
async def test_linked_accounts_share_the_days_limit_and_the_authors_rights() -> None:
    async with conversation(kopi(tables=MEMBERS)) as talk:
        ayu = talk.person("Ayu")
        for face in FACES:
            await ayu.says(face, "halo")
        await ayu.links()
        await ayu.says("telegram", '/poll "Where?" A | B')
        talk.place("discord").shows("📊 Where? …")
        await ayu.says("discord", '/poll "Again?" A | B')
        talk.place("discord").shows("You may start 1 poll a day here. Tomorrow is another day!")
        talk.place("telegram").does_not_show()
        await talk.clock.advance(seconds=11)
        await ayu.says("discord", '/poll fix 1 "Where shall we meet?"')
        talk.place("telegram").shows("📊 Where shall we meet? …")
        await ayu.says("discord", "/poll close 1")
        talk.place("telegram").shows("📊 Where shall we meet? It's closed, …")


@pytest.mark.promise("S5")
@pytest.mark.parametrize("face", FACES)
async def test_rights_are_looked_up_when_a_poll_is_ended(face: str) -> None:
    """Rina was a manager a moment ago."""
    async with conversation(kopi()) as talk:
        rina = talk.person("Rina", manager=True)
        await talk.person("Sari", manager=True).says(face, '/poll "Where?" A | B')
        await rina.says(face, "/poll list")
        await talk.person("Rina").leaves(face)
        await talk.person("Rina").joins(face)
        for verb in ("close", "cancel"):
            await talk.person("Rina").says(face, f"/poll {verb} 1")
            talk.place(face).shows("Only its author and managers may do that.")


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    ("tables", "manager", "shown"),
    [("", False, False), ("", True, True), (MEMBERS, False, True), (MEMBERS, True, True)],
)
async def test_help_shows_what_one_may(face: str, tables: str, manager: bool, shown: bool) -> None:
    for language, names in {
        "en": ("/poll new", "/poll close", "/poll cancel", "/poll clone", "/poll fix"),
        "id": ("/poling baru", "/poling tutup", "/poling batal", "/poling ulang", "/poling perbaiki"),
    }.items():
        async with conversation(kopi(language, tables=tables)) as talk:
            await talk.person("Ayu", manager=manager).says(face, "/help")
            for name in names:
                if shown:
                    talk.place(face).shows(f"…{name} –…")
                else:
                    talk.place(face).does_not_show(f"…{name} –…")
            for name in (
                ("/poll list", "/poll results", "/poll add", "/vote") if language == "en" else ("/poling daftar",)
            ):
                talk.place(face).shows(f"…{name} –…")


async def test_a_reply_that_comes_when_the_right_is_gone_starts_nothing() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Rina", manager=True).says("telegram", "/poll")
        await talk.person("Rina").leaves("telegram")
        await talk.person("Rina").joins("telegram")
        await talk.clock.advance(seconds=61)
        await talk.person("Rina").replies("telegram", "Guyub", "Where?\nA\nB", saying="Write the question…")
        talk.place("telegram").does_not_show("📊…")


async def test_what_somebody_else_replies_to_the_form_is_no_poll() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Rina", manager=True).says("telegram", "/poll")
        await talk.person("Sari", manager=True).replies("telegram", "Guyub", "Where?\nA\nB")
        talk.place("telegram").does_not_show()


# ---------------------------------------------------------------- what the platforms offer


def test_the_commands_are_such_that_discord_takes_them() -> None:
    table = service_commands()
    poll = next(command for command in payload(table) if command["name"] == "poll")
    assert poll["name_localizations"] == {"id": "poling"}
    assert len(poll["options"]) <= 25
    for verb in poll["options"]:
        options = verb["options"]
        assert len(options) <= 25
        assert [option["required"] for option in options] == sorted(
            (option["required"] for option in options), reverse=True
        )
        assert verb["name_localizations"]["id"]
        for one in (verb, *options):
            for words in (one["description"], *one["description_localizations"].values()):
                assert 1 <= len(words) <= 100, words
            whole = translate("id", one["description"])
            assert whole != one["description"]
            assert len(whole) <= 100, whole  # nothing of it is cut off


@pytest.mark.parametrize("language", CONFIGS)
def test_the_form_fits(language: str) -> None:
    form = next(command.form for command in service_commands() if command.name == "poll new")
    assert form
    assert len(translate(language, form.title)) <= 45
    for given in ({}, {"question": "Where?"}):
        assert len(translate(language, form.asks(given))) <= 100


def service_commands() -> list[Command]:
    return [command for feature in ALL for command in feature.commands]
