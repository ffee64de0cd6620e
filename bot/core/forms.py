"""A form where there are no forms: a message whose reply is taken as what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.core.commands import Command
from bot.core.events import CommandInvoked, Delivered, MessagePosted
from bot.core.feature import Context
from bot.core.messages import Message, Span, Style, Text, compose, lines
from bot.core.stores import Forms, OpenForm
from bot.core.unit import Unit
from bot.locale import _

FORM_LIVES = timedelta(hours=1)
KEY = "form"


def ask(unit: Unit, event: CommandInvoked, command: Command, ctx: Context, given: Mapping[str, Any]) -> None:
    """Post the question; the reply to it runs the command, with what was `given` already."""
    assert command.form is not None
    how = ctx.say(_("Reply to this message within an hour."))
    _post(unit, event, command, ctx, lines(compose(ctx.say.words(command.form.asks(given))), how), given)


def ask_again(
    unit: Unit, event: MessagePosted, command: Command, ctx: Context, mistake: Text, given: Mapping[str, Any]
) -> None:
    """Say what was wrong with the reply; a reply to that counts too, as does another one to the question itself."""
    _post(unit, event, command, ctx, lines(mistake, ctx.say(_("Reply once more with it mended."))), given)


def _post(
    unit: Unit,
    event: CommandInvoked | MessagePosted,
    command: Command,
    ctx: Context,
    words: Text,
    given: Mapping[str, Any],
) -> None:
    key = f"{KEY}:{event.key}"
    unit.store(Forms).open(OpenForm(key, command.name, event.actor.id, event.where, ctx.now + FORM_LIVES, dict(given)))
    unit.post(
        Message(words, ask_reply=True),
        event.where,
        kind="answer",
        key=key,
        community=ctx.community.slug if ctx.community else "",
        expires=ctx.now + timedelta(minutes=15),
        handle=event.handle,
    )


def written(
    event: CommandInvoked | MessagePosted, command: Command, ctx: Context, options: Mapping[str, object]
) -> Text:
    """What was written into a form that has closed by now, so that nobody has to write it again."""
    if command.form is None or not isinstance(event, CommandInvoked) or event.options is None:
        return ()
    words = str(options.get(command.form.option) or "")
    return lines(ctx.say(_("This is what you wrote:")), (Span(words, Style.CODE),)) if words else ()


def opened(unit: Unit, event: Delivered) -> None:
    """The question has been posted: wait for the reply to it."""
    if event.post_key.startswith(f"{KEY}:"):
        unit.store(Forms).posted(event.post_key, event.message_id)
