"""/settings: what holds and where it comes from; changed, put back and taken back; locked ones refused."""

from __future__ import annotations

import pytest

from bot.core.stores import Overrides
from tests.driver import Conversation, conversation
from tests.features.stories import kopi, newest, presses_again

TABLES = '[communities.kopi.welcome]\nwindow = "1m"\nlocked = ["max_age"]\n[defaults.welcome]\nnames = 3\n'
CHAT = "telegram#managers"


async def overrides(talk: Conversation) -> dict[str, object]:
    program, now = talk.stage.program, talk.clock.now()
    found = await program.database.run(lambda unit: unit.store(Overrides).of("kopi"), now)
    return {f"{override.feature}.{override.key}": override.value for override in found}


async def test_each_value_is_shown_with_where_it_comes_from() -> None:
    async with conversation(kopi(tables=TABLES)) as talk:
        rina = talk.person("Rina")
        await rina.says(CHAT, "/settings set welcome.large_group 100")
        await rina.says(CHAT, "/settings")
        for line in (
            "…welcome.window = 1m (from the community's part of the file)…",
            "…welcome.names = 3 (from the file's defaults)…",
            "…welcome.large_group = 100 (set by a manager)…",
            "…welcome.max_age = 1h (Guyub's default, locked)…",
        ):
            talk.place(CHAT).shows(line)


async def test_a_change_holds_at_once_and_over_a_restart() -> None:
    async with conversation(kopi(tables=TABLES)) as talk:
        rina = talk.person("Rina")
        await rina.says(CHAT, "/settings set welcome.window 5s")
        talk.place(CHAT).shows("welcome.window is now 5s. [Undo]")
        await talk.restarts()
        await talk.person("Ayu").joins("telegram")
        await talk.clock.advance(seconds=6)
        talk.place("telegram").shows("…Ayu…")
        await rina.says(CHAT, "/settings reset welcome.window")
        talk.place(CHAT).shows("welcome.window is 1m again (from the community's part of the file). [Undo]")
        assert await overrides(talk) == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("welcome.window soon", "…soon… is not a length of time. Like this: …"),
        ("welcome.window 30", "…needs a unit: s, m, h or d.…"),
        ("welcome.names 0", "…0… is too little for …at least 1."),
        ("welcome.names 51", "…51… is too much for …at most 50."),
        ("welcome.names many", "…many… won't do for …Like this: …10…"),
        ("welcome.enabled perhaps", "…perhaps… won't do for …on…"),
        ("welcome.remove_previous sometime", '…sometime…Possible: "auto", "always", "never"'),
        ("welcome.texts Halo {nme}!", "…{nme}…{name}…"),
        ("welcome.interests [1, 2]", "…won't do for …Like this: espresso | latte art | roasting"),
        ('welcome.rules { jv = "Sopan" }', "…won't do for …Possible: en, id"),
        ("welcome.windw 5s", "I don't know the setting welcome.windw. Did you mean welcome.window?"),
        ("xyz.abc 5s", "I don't know the setting xyz.abc.…"),
        ("welcome.max_age 5m", "welcome.max_age is locked by the admin."),
        ("welcome.window", "value is missing. Like this: /settings set …"),
    ],
)
async def test_what_is_wrong_is_said_with_a_right_example_and_changes_nothing(typed: str, said: str) -> None:
    async with conversation(kopi(tables=TABLES)) as talk:
        await talk.person("Rina").says(CHAT, f"/settings set {typed}")
        talk.place(CHAT).shows(said)
        talk.place(CHAT).does_not_show("…Like this: ")
        assert await overrides(talk) == {}


async def test_nothing_set_is_nothing_to_reset() -> None:
    async with conversation(kopi(tables=TABLES)) as talk:
        await talk.person("Rina").says(CHAT, "/settings reset welcome.window")
        talk.place(CHAT).shows("No manager has set welcome.window, so there is nothing to reset.")
        await talk.person("Rina").says(CHAT, "/settings reset welcome.max_age")
        talk.place(CHAT).shows("welcome.max_age is locked by the admin.")


async def test_changes_are_taken_back_newest_first() -> None:
    async with conversation(kopi(tables=TABLES)) as talk:
        rina = talk.person("Rina")
        await rina.says(CHAT, "/settings set welcome.window 2m")
        first = newest(talk, "Undo")
        await rina.says(CHAT, "/settings set welcome.window 3m")
        second = newest(talk, "Undo")

        await presses_again(talk, "Rina", *first)
        assert await overrides(talk) == {"welcome.window": "3m"}
        await presses_again(talk, "Rina", *second)
        talk.place(CHAT).shows("…")
        assert await overrides(talk) == {"welcome.window": "2m"}
        await presses_again(talk, "Rina", *second)
        assert await overrides(talk) == {"welcome.window": "2m"}


@pytest.mark.promise("S4")
async def test_a_member_cannot_take_a_change_back() -> None:
    async with conversation(kopi(tables=TABLES)) as talk:
        await talk.person("Rina", manager=True).says("discord", "/settings set welcome.window 2m")
        await presses_again(talk, "Dewi", *newest(talk, "Undo"))
        assert await overrides(talk) == {"welcome.window": "2m"}


@pytest.mark.promise("S4")
async def test_what_only_one_manager_was_shown_no_other_can_press() -> None:
    async with conversation(kopi(tables=TABLES)) as talk:
        await talk.person("Rina", manager=True).says("discord", "/settings set welcome.window 2m")
        undo = newest(talk, "Undo")
        await talk.person("Sari", manager=True).says("discord", "/ping")
        await presses_again(talk, "Sari", *undo)
        talk.place("discord").shows("This button is meant for somebody else.")
        assert await overrides(talk) == {"welcome.window": "2m"}
        await presses_again(talk, "Rina", *undo)
        assert await overrides(talk) == {}


async def test_a_key_that_the_admin_locks_later_holds_as_in_the_file() -> None:
    async with conversation(kopi(tables=TABLES)) as talk:
        await talk.person("Rina").says(CHAT, "/settings set welcome.window 5s")
        from bot.config.load import loads
        from bot.play.community import SETTINGS

        locked = TABLES.replace('locked = ["max_age"]', 'locked = ["window"]')
        talk.stage.program.apply(loads(kopi(tables=locked), SETTINGS))
        await talk.person("Rina").says(CHAT, "/settings show welcome")
        talk.place(CHAT).shows("…welcome.window = 1m (from the community's part of the file, locked)…")


@pytest.mark.parametrize(
    "typed", ["/settings show", "/settings set welcome.window 5s", "/settings reset welcome.window"]
)
async def test_members_neither_see_nor_change_anything(typed: str) -> None:
    async with conversation(kopi(tables=TABLES)) as talk:
        for face in ("telegram", "discord"):
            await talk.person("Dewi").says(face, typed)
            talk.place(face).shows("Only managers may use /settings …")
        assert await overrides(talk) == {}


async def test_an_unknown_feature_is_told_with_those_that_there_are() -> None:
    async with conversation(kopi(tables=TABLES)) as talk:
        await talk.person("Rina").says(CHAT, "/settings show welcom")
        talk.place(CHAT).shows("I don't know the setting welcom. Did you mean welcome?")


async def test_in_indonesian() -> None:
    async with conversation(kopi(language="id")) as talk:
        rina = talk.person("Rina")
        await rina.says(CHAT, "/pengaturan ubah welcome.window 45 detik")
        talk.place(CHAT).shows("welcome.window sekarang 45s. [Urungkan]")
        await rina.presses(CHAT, "Urungkan")
        talk.place(CHAT).shows("Dibatalkan. Kembali seperti semula.")
        await rina.says(CHAT, "/pengaturan")
        talk.place(CHAT).shows("…welcome.window = 30s (bawaan Guyub)…")
