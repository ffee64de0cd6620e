"""/hold, /announce and /why through real clients: Discord's options, form and buttons; Telegram's words and replies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.faults.processes import Forks
from tests.faults.test_polls_asked import listens, poll_on_discord
from tests.faults.town import Town, eventually, found_town

STATEMENT = "Sari berpulang @everyone *tebal* {name}"


async def answer(town: Town, name: str, **options: Any) -> Any:
    rina, general = town.discord.guild.owner, town.discord.guild["general"]
    return await (await rina.slash(general, name, **options)).answer()


async def test_a_hold_with_a_statement_is_asked_for_on_discord_and_stands_on_both(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks) as town:
        run = await listens(town)
        general, rina = town.discord.guild["general"], town.discord.guild.owner
        preview = await answer(town, "hold on", statement=STATEMENT)
        assert preview.ephemeral
        assert "Ini yang akan dibaca semua orang:" in preview.text
        assert "Kiriman ceria dijeda mulai sekarang" in preview.text
        await run.killed()
        run = await listens(town)
        await rina.presses(general, "Kirim")
        await town.telegram.group.hears("Sari berpulang @…everyone *tebal* {name}")

        async def stands() -> list[Any]:
            return [said for said in await general.messages(by_bot=True) if said.text.startswith("Sari berpulang")]

        [statement] = await eventually(stands)
        assert statement.pings == ()
        assert not statement.ephemeral
        assert "Sari" not in (await answer(town, "hold state")).text

        ayu = await town.telegram.person("Ayu")
        await ayu.joins(town.telegram.group)  # and isn't greeted
        posted = next(said for said in await town.telegram.group.messages() if "Sari berpulang" in (said["text"] or ""))
        await ayu.says("/kenapa@guyub_bot", town.telegram.group, reply_to=posted["id"])
        await town.telegram.group.hears("Pernyataan, …seorang pengelola ingin semua orang membacanya…")
        assert "seorang pengelola ingin" in (await answer(town, "why", post="1")).text
        assert "seorang pengelola ingin" in (await answer(town, "why", post=link(town, statement.id))).text

        async def held() -> bool:
            return town.rows("SELECT kind FROM posts_decisions WHERE fate = 'withheld'") == [("greeting",)]

        await eventually(held)
        assert "1 kiriman tertahan" in (await answer(town, "hold off")).text
        assert not [said for said in await town.telegram.group.messages() if "Ayu" in (said["text"] or "")]


def link(town: Town, message: int) -> str:
    return f"https://discord.com/channels/{town.discord.guild.id}/{town.discord.guild['general'].id}/{message}"


async def test_an_announcement_is_written_into_a_form_and_killed_before_it_is_posted(
    tmp_path: Path, forks: Forks
) -> None:
    async with found_town(tmp_path, forks) as town:
        run = await listens(town)
        general, rina = town.discord.guild["general"], town.discord.guild.owner
        asked = await rina.slash(general, "announce")
        assert (await asked.answer()).modal is not None
        preview = await (await asked.submits(text="Sabtu kita kumpul.\nBawa gelas.")).answer()
        assert preview.ephemeral
        assert "Sabtu kita kumpul.\nBawa gelas." in preview.text
        await run.killed()
        await listens(town)
        await rina.presses(general, "Kirim")
        await town.telegram.group.hears("Sabtu kita kumpul.…Bawa gelas.")
        assert "Bawa gelas." in await poll_on_discord(town, "Sabtu kita kumpul.")
        assert "tidak menerima promosi" in (await answer(town, "announce", text="Diskon", promo=True)).text

        async def is_known() -> bool:
            return town.rows("SELECT kind, fate FROM posts_decisions") == [("announcement", "posted")] * 2

        await eventually(is_known)
