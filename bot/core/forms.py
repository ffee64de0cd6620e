"""A form where there are no forms: a message whose reply is taken as what was asked for."""

from __future__ import annotations

from datetime import timedelta

from bot.core.commands import Command
from bot.core.events import CommandInvoked, Delivered
from bot.core.feature import Context
from bot.core.messages import Message, compose, lines
from bot.core.stores import Forms, OpenForm
from bot.core.unit import Unit
from bot.locale import _

FORM_LIVES = timedelta(hours=1)
KEY = "form"


def ask(unit: Unit, event: CommandInvoked, command: Command, ctx: Context) -> None:
    """Post the question; the reply to it runs the command. The key remembers for whom and for which command."""
    assert command.form is not None
    how = ctx.say(_("Reply to this message within an hour."))
    prompt = lines(compose(ctx.say.words(command.form.prompt)), how)
    unit.post(
        Message(prompt, ask_reply=True),
        event.where,
        kind="answer",
        key=f"{KEY}:{command.name}:{event.actor.id}:{event.key}",
        community=ctx.community.slug if ctx.community else "",
        expires=ctx.now + timedelta(minutes=15),
        handle=event.handle,
    )


def opened(unit: Unit, event: Delivered) -> None:
    """The question has been posted: wait for the reply to it."""
    if not event.post_key.startswith(f"{KEY}:"):
        return
    command, account = event.post_key.split(":")[1:3]
    unit.store(Forms).open(
        OpenForm(event.where.platform, event.message_id, command, account, event.where, unit.now + FORM_LIVES)
    )
