"""Polls asked through real clients: Discord's typed options, suggestions and form; Telegram's reply and buttons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.faults.processes import Forks, Running
from tests.faults.town import Town, eventually, found_town
from tests.servers import telegram as loopback
from tests.servers.discord import OrderRefused

QUESTION = "Ngopi di mana? @everyone *tebal* {name}"


async def listens(town: Town) -> Running:
    """Its commands are offered, too."""
    run = await town.guyub()
    await eventually(lambda: offered(town))
    return run


async def offered(town: Town) -> bool:
    try:
        await town.discord.guild.owner.slash(town.discord.guild["general"], "vote", choice="1")
    except OrderRefused:
        return False
    return True


async def poll_on_discord(town: Town, words: str) -> str:
    """The text of the newest post with these words."""

    async def look() -> list[str]:
        return [said.text for said in await town.discord.said() if words in said.text]

    return (await eventually(look, what=words))[-1]


async def test_what_was_given_with_the_command_holds_for_the_form(tmp_path: Path, forks: Forks) -> None:
    """`/poll new question closes secret`, then a form for the options; the program is killed while it stands open."""
    async with found_town(tmp_path, forks) as town:
        run = await listens(town)
        general, rina = town.discord.guild["general"], town.discord.guild.owner
        asked = await rina.slash(general, "poll new", question=QUESTION, closes="2h", secret=True)
        form = (await asked.answer()).modal
        assert form is not None
        [label] = form["components"]
        assert label["description"] in (
            "Write each option on a line of its own.",
            "Tulis setiap pilihan di baris sendiri.",
        )
        sent = await asked.submits(options="Senopati\nKemang\n\nBlok M")
        answer = await sent.answer()
        assert answer.ephemeral
        assert "Poling 1 sudah dibuka" in answer.text
        shown = await poll_on_discord(town, "Poling 1")
        assert "Blok M" in shown
        assert "Pilihanmu rahasia" in shown
        closes, created = town.rows("SELECT closes_at, created_at FROM polls")[0]
        assert closes - created == 2 * 3600 * 1_000_000
        assert town.rows("SELECT question FROM polls") == [(QUESTION,)]
        [post] = [
            post for post in await general.messages(by_bot=True) if "Poling 1" in post.text and not post.ephemeral
        ]
        assert post.pings == ()
        await town.telegram.group.hears("…Ngopi di mana? @…everyone *tebal* {name}…Blok M…")

        short = await rina.slash(general, "poll new", question="Kapan?", closes="3 hari")
        assert (await short.answer()).modal is not None
        await run.killed()
        await town.guyub()
        sent = await short.submits(options="Jumat | Sabtu")
        assert "Poling 2 sudah dibuka" in (await sent.answer()).text


async def test_a_form_alone_asks_for_question_and_options(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "discord") as town:
        await listens(town)
        general, rina = town.discord.guild["general"], town.discord.guild.owner

        async def writes(words: str) -> str:
            asked = await rina.slash(general, "poll new")
            form = (await asked.answer()).modal
            assert form is not None
            assert "?" not in form["components"][0]["label"]
            return str((await (await asked.submits(options=words)).answer()).text)

        assert "Pertanyaannya belum ada." in await writes("A | B")
        assert "Saya tidak mengenal opsi `--rahsia`" in await writes("Kapan?\nJumat\nSabtu\n--rahsia")
        assert "Poling 1 sudah dibuka" in await writes("Kapan?\nJumat\nSabtu\n--rahasia")
        assert "Pilihanmu rahasia" in await poll_on_discord(town, "Poling 1")


async def test_typed_options_are_checked_and_times_suggested(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "discord") as town:
        await listens(town)
        general, rina = town.discord.guild["general"], town.discord.guild.owner
        dewi = await town.discord.person("Dewi")
        await town.discord.joins("Dewi")

        async def answer(who: Any, verb: str, **options: Any) -> str:
            return str((await (await who.slash(general, f"poll {verb}", **options)).answer()).text)

        offered = (await (await rina.types(general, "poll new", "closes", "fri")).answer()).choices
        assert "friday 18:00" in offered
        offered = (await (await rina.types(general, "poll new", "every", "jum")).answer()).choices
        assert "jumat 17.00" in offered or "jumat 18.00" in offered
        given: dict[str, Any] = {"question": "Kapan?", "options": "Jumat | Sabtu"}
        assert "Pertanyaannya belum ada." in await answer(rina, "new", options="Jumat | Sabtu")
        assert "`frday`" in await answer(rina, "new", **given, closes="frday")
        assert "`0`" in await answer(rina, "new", **given, max_per_person=0)
        assert "hanya" in await answer(dewi, "new", **given) or "pengelola" in await answer(dewi, "new", **given)
        assert "Poling 1 sudah dibuka" in await answer(rina, "new", **given, revote=False, hide_results=True)
        shown = await poll_on_discord(town, "Poling 1")
        assert "Suara tidak bisa diubah." in shown
        assert "Hasilnya tampil saat ditutup." in shown
        assert "Hanya pembuatnya dan pengelola" in await answer(dewi, "close", number=1)
        assert "Poling 1 ditutup" in await answer(rina, "close")
        assert "Poling 2 sudah dibuka" in await answer(rina, "clone", number=1, closes="besok", revote=True)
        assert "Suara tidak bisa diubah." not in await poll_on_discord(town, "Poling 2")


async def test_the_thumbs_way_on_telegram(tmp_path: Path, forks: Forks) -> None:
    """Bare /poling@bot in the group, a reply, presses; killed between two of them."""
    async with found_town(tmp_path, forks, "telegram") as town:
        run = await town.guyub()
        group = town.telegram.group
        rina = await town.telegram.person("Rina")
        await rina.joins(group)
        await rina.is_promoted(group)
        await rina.says("/poling@guyub_bot", group)
        form = await group.hears("Tulis pertanyaan di baris pertama…")
        await rina.says("Ngopi di mana?\nSenopati\nKemang", group, reply_to=form["id"])
        await group.hears("📊 Ngopi di mana?…Mau seperti apa?…")
        await rina.presses("☐ Suara rahasia", group)
        await eventually(lambda: shows(group, "☑ Suara rahasia"))
        await run.killed()
        await town.guyub()
        await rina.presses("Mulai poling", group)
        await group.hears("📊 Ngopi di mana?…Poling 1…Pilihanmu rahasia.…")
        assert town.rows("SELECT count(*) FROM polls") == [(1,)]


async def shows(group: loopback.Group, label: str) -> bool:
    """Whether some message has that button."""
    return any(
        button["text"] == label for said in await group.messages() for row in said["buttons"] or () for button in row
    )


async def test_an_administrator_who_hides_confirms(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "telegram") as town:
        await town.guyub()
        group = town.telegram.group
        rina, budi = await town.telegram.person("Rina"), await town.telegram.person("Budi")
        for who in (rina, budi):
            await who.joins(group)
        await rina.is_promoted(group, anonymous=True)
        await group.says('/poling "Ngopi di mana?" Senopati | Kemang --tutup 2 jam', "anonymous")
        await group.hears("Kamu menulis atas nama grup…")
        told = await budi.sees_answer(await budi.presses("Ini saya", group))
        assert told["text"] == "Hanya pengelola yang boleh menekan ini."
        await rina.presses("Ini saya", group)
        await group.hears("📊 Ngopi di mana?…Poling 1…")
        assert town.rows("SELECT count(*) FROM polls") == [(1,)]
