"""The world: everything that exists, its clock, and the way out to the gateway."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from . import errors, intents, permissions
from .snowflakes import Snowflakes
from .state import DM, Channel, Guild, Interaction, Json, Member, Message, User

if TYPE_CHECKING:
    from .sessions import Sessions


class World:
    """One Discord with one application in it. Changed by one event loop only.

    `token` is the bot's; `portal` holds the privileged intents that are switched on; `nonce_window` is for how many
    seconds a nonce is remembered ("the past few minutes").
    """

    def __init__(self, token: str) -> None:
        self.token = token
        self.token_reset = False
        self.ids = Snowflakes()
        self.ahead = 0.0
        self.application_id = self.new_id()
        self.bot = User(self.new_id(), "guyub", None, bot=True)
        self.portal = {"members", "message_content"}
        self.nonce_window = 180.0
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.dms: dict[int, Channel] = {}
        self.commands: dict[int | None, dict[int, Json]] = {None: {}}
        self.command_calls: list[Json] = []
        self.commands_created: list[float] = []
        self.interactions: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.nonces: dict[tuple[int, str], Message] = {}
        self.open_polls: dict[int, Message] = {}
        self.sessions: Sessions

    def now(self) -> float:
        """Seconds since the epoch by this world's clock, which a test can move ahead."""
        return time.time() + self.ahead

    def new_id(self) -> int:
        return self.ids.new(self.now())

    def new_user(self, name: str, global_name: str | None = None, *, bot: bool = False, locale: str = "en-US") -> User:
        who = User(self.new_id(), name, global_name, bot=bot, locale=locale)
        self.users[who.id] = who
        return who

    def user(self, user_id: int) -> User:
        if user_id not in self.users:
            raise errors.unknown("user")
        return self.users[user_id]

    def guild(self, guild_id: int) -> Guild:
        """A guild that the bot is in. A guild it left is unknown to it."""
        guild = self.guilds.get(guild_id)
        if guild is None or self.bot.id not in guild.members:
            raise errors.unknown("guild")
        return guild

    def me(self, guild: Guild) -> Member:
        return guild.members[self.bot.id]

    def channel(self, channel_id: int) -> Channel:
        """A channel that the bot may see: 10003 if there is none, 50001 if it is not for the bot."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise errors.unknown("channel")
        if not self.sees(channel):
            raise errors.missing_access()
        return channel

    def sees(self, channel: Channel) -> bool:
        return bool(self.allowed(channel) & permissions.VIEW_CHANNEL)

    def allowed(self, channel: Channel) -> int:
        """The bot's permissions in the channel; none where it is not a member."""
        if channel.guild is None:
            return permissions.DM
        me = channel.guild.members.get(self.bot.id)
        return 0 if me is None else permissions.in_channel(channel, me)

    def dm_with(self, who: User) -> Channel:
        """The private channel of the bot with somebody, made when first asked for."""
        channel = self.dms.get(who.id)
        if channel is None:
            channel = Channel(self.new_id(), DM, "", recipient=who)
            self.dms[who.id] = self.channels[channel.id] = channel
        return channel

    def new_token(self) -> str:
        return secrets.token_urlsafe(48)

    def emit(self, event: str, data: Json, *, guild: Guild | None, needs: int, hide: bool = False) -> None:
        """Send an event to every session whose intents include one of `needs` (0: everybody).

        With `hide`, sessions without the message content intent get the message emptied.
        """
        if guild is not None and (guild.unavailable or self.bot.id not in guild.members):
            return
        self.sessions.emit(event, data, guild.id if guild else None, needs, hide)

    def emit_in(self, channel: Channel, event: str, data: Json, in_guild: int, in_dm: int, hide: bool = False) -> None:
        """Like `emit`, for something in a channel: only if the bot may see the channel."""
        if channel.guild is None:
            self.emit(event, data, guild=None, needs=in_dm)
        elif self.sees(channel):
            self.emit(
                event, {**data, "guild_id": str(channel.guild.id)}, guild=channel.guild, needs=in_guild, hide=hide
            )

    def may(self, channel: Channel, permission: int) -> None:
        """50013 unless the bot has the permission there."""
        if not self.allowed(channel) & permission:
            raise errors.missing_permissions()

    def may_in(self, guild: Guild, permission: int) -> None:
        if not permissions.in_guild(guild, self.me(guild)) & permission:
            raise errors.missing_permissions()

    def portal_intents(self) -> int:
        """The privileged intents that the developer portal grants."""
        return sum(intents.PRIVILEGED[name] for name in self.portal)
