"""Whether a command can be given here by whoever gives it."""

from __future__ import annotations

from bot.core.commands import Command, Who
from bot.core.feature import Context
from bot.core.messages import Message
from bot.locale import _


def refusal_of(command: Command, ctx: Context, private: bool) -> Message | None:
    """Why this person can't give this command here; None if they can."""
    if ctx.community is None and not command.everywhere and not private:
        return ctx.say.message(
            _("This group isn't set up yet. Somebody with a code from the admin can do it: /setup CODE")
        )
    managers_alone = command.who is not Who.ANYONE and not ctx.manager
    words = _("Only managers may use /{name}.") if managers_alone else ""
    if ctx.community is None and private and (managers_alone or not command.everywhere):
        words = _("I don't know which community you mean. Please use /{name} in its group.")
    return ctx.say.message(words, name=command.name_in(ctx.say.language)) if words else None
