"""What is known of guilds from the gateway: where the bot may speak, what keeps it from it, who administers."""

from __future__ import annotations

import discord

from bot.core.chat import GroupFacts, Problem
from bot.core.events import Standing, Where
from bot.core.messages import Message


def parent_of(client: discord.Client | None, guild: str, channel: str) -> str:
    """The channel that a thread belongs to; empty for what is no (known) thread."""
    known = client.get_guild(int(guild)) if client else None
    thread = known.get_thread(int(channel)) if known else None
    return str(thread.parent_id) if thread else ""


def speaking_channel(guild: discord.Guild) -> str:
    """Where the bot speaks when no channel is named: the system channel, else the first that it may write in."""
    system = guild.system_channel
    for channel in ((system,) if system else ()) + tuple(guild.text_channels):
        if may_write(guild, channel):
            return str(channel.id)
    return ""


def may_write(guild: discord.Guild, channel: discord.abc.GuildChannel) -> bool:
    me = guild.me
    if me is None:  # not told yet: then trying will show
        return True
    may = channel.permissions_for(me)
    return may.view_channel and may.send_messages


def may_poll(guild: discord.Guild, where: Where) -> bool:
    """Whether polls may be posted in that place, as far as is known."""
    return _may(guild, where, "send_polls")


def lacks_right(guild: discord.Guild, where: Where, message: Message) -> str:
    """What of the message may not be posted in that place, though text may: a name for it, or nothing."""
    if message.poll and not _may(guild, where, "send_polls"):
        return "polls"
    return "files" if message.picture and not _may(guild, where, "attach_files") else ""


def _may(guild: discord.Guild, where: Where, right: str) -> bool:
    id = where.channel or speaking_channel(guild)
    channel = guild.get_channel(int(id)) if id.isdecimal() else None
    me = guild.me
    if me is None:  # not told yet: then trying will show
        return True
    return channel is None or bool(getattr(channel.permissions_for(me), right))


def facts(guild: discord.Guild, where: Where) -> GroupFacts:
    problem = _writing_problem(guild, where)
    return GroupFacts(guild.name, guild.member_count or 0, (problem,) if problem else ())


def _writing_problem(guild: discord.Guild, where: Where) -> Problem | None:
    if not where.channel:
        return None if speaking_channel(guild) else Problem("cannot_write", guild.name)
    channel = guild.get_channel(int(where.channel)) if where.channel.isdecimal() else None
    if channel is None:
        return Problem("channel_gone", where.channel)
    return None if may_write(guild, channel) else Problem("cannot_write", f"#{channel.name}")


def standing(member: discord.Member) -> Standing:
    """Rights in the whole guild: whoever may manage it, or owns it, administers it."""
    may = member.guild_permissions
    roles = frozenset(str(role.id) for role in member.roles if not role.is_default())
    return Standing(True, may.administrator or may.manage_guild, roles)
