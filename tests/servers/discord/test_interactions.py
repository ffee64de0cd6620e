"""Slash commands, buttons and forms from both sides: the person who acts and the bot that answers."""

from __future__ import annotations

import asyncio

import discord
import pytest
from discord import app_commands

from tests.servers.discord import Act, DiscordWorld, OrderRefused
from tests.servers.discord.driver import Bot, running, text_channel


async def test_a_slash_command_deferred_then_answered_is_seen_by_its_invoker_only(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    ayu, rina = await dc.person("Ayu", locale="id"), await dc.person("Rina")
    await ayu.joins(kopi)
    await rina.joins(kopi)
    await kopi.grants(rina, "manage_guild")
    bot = Bot()
    poll = app_commands.Group(
        name="poll", description="Polls", default_permissions=discord.Permissions(manage_guild=True)
    )

    @poll.command(name="new", description="Ask")
    async def new(interaction: discord.Interaction, question: str, who: discord.Member, days: int = 1) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(content=f"{question} {who.display_name} {days} {interaction.locale}")

    @new.autocomplete("question")
    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}pi?", value="kopi")]

    bot.tree.add_command(poll)
    async with running(dc, bot):
        await bot.tree.sync()
        with pytest.raises(OrderRefused, match="hidden from Ayu"):
            await ayu.slash(kopi["general"], "poll new", question="Di mana?", who=ayu)
        with pytest.raises(OrderRefused, match="required"):
            await rina.slash(kopi["general"], "poll new", who=ayu)
        asked = await rina.slash(kopi["general"], "poll new", question="Di mana?", who=ayu)
        seen = await asked.answer()
        assert (seen.text, seen.ephemeral) == ("Di mana? Ayu 1 en-US", True)
        assert seen.acknowledged_ms is not None
        assert seen.shown_ms is not None
        assert seen.acknowledged_ms <= seen.shown_ms < 3000
        typing = await rina.types(kopi["general"], "poll new", "question", "ko")
        assert (await typing.answer()).choices == ("kopi?",)
    assert await dc.posts() == []
    assert [p.ephemeral for p in await kopi["general"].messages(by_bot=True)] == [True]
    assert (await dc.stats()).command_syncs == 1


async def test_late_and_double_answers_get_10062_and_40060(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    bot = Bot()
    codes: list[int] = []
    go_on = asyncio.Event()

    @bot.tree.command(name="slow", description="Slow")
    async def slow(interaction: discord.Interaction) -> None:
        await go_on.wait()
        try:
            await interaction.response.send_message("late")
        except discord.NotFound as refused:
            codes.append(refused.code)

    @bot.tree.command(name="twice", description="Twice")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        interaction.response._response_type = None
        try:
            await interaction.response.defer()
        except discord.HTTPException as refused:
            codes.append(refused.code)
        await interaction.followup.send("done")

    async with running(dc, bot):
        await bot.tree.sync()
        asked = await kopi.owner.slash(kopi["general"], "slow")
        await dc.pass_time(4)
        go_on.set()
        await dc.eventually(lambda: asyncio.sleep(0, codes))
        assert (await asked.answer()).state == "failed"
        again = await kopi.owner.slash(kopi["general"], "twice")
        seen = await again.answer()
        assert (seen.text, seen.ephemeral, len(seen.messages)) == ("done", False, 1)
    assert codes == [10062, 40060]


class Doors(discord.ui.View):
    @discord.ui.button(label="Open", custom_id="open")
    async def open(self, interaction: discord.Interaction, _: discord.ui.Button[Doors]) -> None:
        await interaction.response.edit_message(content="It is open.", view=None)

    @discord.ui.button(label="Knock", custom_id="knock")
    async def knock(self, interaction: discord.Interaction, _: discord.ui.Button[Doors]) -> None:
        await interaction.response.send_modal(Visit())


class Visit(discord.ui.Modal, title="Who is there?"):
    name: discord.ui.TextInput[Visit] = discord.ui.TextInput(label="Your name", custom_id="name")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Come in, {self.name.value}", ephemeral=True)


async def test_buttons_open_forms_and_change_their_message(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    async with running(dc) as bot:
        await text_channel(bot, kopi["general"].id).send("A door", view=Doors(timeout=None))
        [door] = await kopi["general"].posts()
        assert door.buttons == ("Open", "Knock")
        knock = await ayu.presses(kopi["general"], "Knock")
        assert (await knock.answer()).state == "form"
        with pytest.raises(OrderRefused, match="Your name"):
            await knock.submits()
        sent = await knock.submits(name="Ayu")
        assert (await sent.answer()).text == "Come in, Ayu"
        await (await ayu.presses(kopi["general"], "Open")).answer()
        with pytest.raises(OrderRefused, match="no message there shows 'Open'"):
            await ayu.presses(kopi["general"], "Open")
    [door] = await kopi["general"].posts()
    assert (door.text, door.buttons, door.edits) == ("It is open.", (), 1)


class Plan(discord.ui.Modal, title="A meetup"):
    place: discord.ui.Label[Plan] = discord.ui.Label(text="Where", component=discord.ui.TextInput(custom_id="place"))
    drink: discord.ui.Label[Plan] = discord.ui.Label(
        text="What",
        component=discord.ui.Select(
            custom_id="drink",
            options=[discord.SelectOption(label="Kopi", value="k"), discord.SelectOption(label="Teh", value="t")],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        place, drink = self.place.component, self.drink.component
        assert isinstance(place, discord.ui.TextInput)
        assert isinstance(drink, discord.ui.Select)
        await interaction.response.send_message(f"{place.value}: {drink.values[0]}")


async def test_a_form_of_labels_with_a_menu_is_filled_in_by_what_people_read(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    bot = Bot()

    @bot.tree.command(name="plan", description="Plan")
    async def plan(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Plan())

    async with running(dc, bot):
        await bot.tree.sync(guild=None)
        form = await kopi.owner.slash(kopi["general"], "plan")
        assert (await form.answer()).state == "form"
        sent = await form.submits_by_label({"Where": "Senopati", "What": ["t"]})
        assert (await sent.answer()).text == "Senopati: t"


class Menu(discord.ui.View):
    @discord.ui.select(
        options=[discord.SelectOption(label="Espresso"), discord.SelectOption(label="Latte")], max_values=2
    )
    async def pick(self, interaction: discord.Interaction, chosen: discord.ui.Select[Menu]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content=" + ".join(sorted(chosen.values)), view=None)
        await interaction.followup.send("Noted", ephemeral=True)


async def test_a_menu_in_private_changes_its_message_and_follows_up(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    async with running(dc) as bot:
        await (await bot.fetch_user(ayu.id)).send("Which?", view=Menu())
        private = await ayu.dm()
        act = await ayu.chooses(private, "Espresso", "Latte")
        await dc.eventually(lambda: _shows(act, 2))
        seen = await act.now()
        assert [(m["content"], m["ephemeral"]) for m in seen.messages] == [("Espresso + Latte", False), ("Noted", True)]
    assert [m.text for m in await private.posts()] == ["Espresso + Latte"]


async def _shows(act: Act, count: int) -> bool:
    return len((await act.now()).messages) == count


async def test_a_bot_that_says_nothing_has_failed_after_three_seconds(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    bot = Bot()

    @bot.tree.command(name="nothing", description="Nothing", nsfw=False)
    @app_commands.guild_only()
    async def nothing(_: discord.Interaction) -> None:
        return

    async with running(dc, bot):
        await bot.tree.sync()
        act = await kopi.owner.slash(kopi["general"], "nothing")
        assert (await act.now()).state == "waiting"
        await dc.pass_time(3.1)
        assert (await act.now()).state == "failed"
        with pytest.raises(OrderRefused, match="not offered in private"):
            await kopi.owner.slash(await kopi.owner.dm(), "nothing")
        with pytest.raises(OrderRefused, match="offered: nothing"):
            await kopi.owner.slash(kopi["general"], "something")
