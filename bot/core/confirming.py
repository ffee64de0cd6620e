"""An administrator who writes as the group is asked who they are: a person has to press, whose own rights count."""

from __future__ import annotations

from datetime import timedelta

from bot.core.events import CommandInvoked
from bot.core.feature import Context
from bot.core.messages import Button, Message
from bot.locale import _

CONFIRM = "engine.confirm"
"""The button under an anonymous administrator's command."""
UNTIL = "until"
"""In its data: the end of the time in which it counts, ISO."""
CONFIRM_WITHIN = timedelta(minutes=15)


def confirmation(event: CommandInvoked, ctx: Context) -> Message:
    data = {"name": event.name, "text": event.text, "options": event.options, "reply_to": event.reply_to}
    data[UNTIL] = (ctx.now + CONFIRM_WITHIN).isoformat()
    button = Button(ctx.say.words(_("It's me")), action=CONFIRM, data=data)
    text = ctx.say(_("You write as the group, so I can't see who you are. Please confirm."))
    return Message(text, buttons=((button,),))
