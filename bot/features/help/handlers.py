"""`/help` and the language of private answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.commands import Command, Who
from bot.core.events import ButtonPressed, CommandInvoked
from bot.core.feature import Context, Instead
from bot.core.messages import Button, ButtonRows, Message, lines
from bot.core.speech import Speaker
from bot.core.stores import Accounts
from bot.locale import LANGUAGES, _

NAMES = {"en": "English", "id": "Bahasa Indonesia"}


def show(event: CommandInvoked, ctx: Context) -> Message:
    """Only what whoever asks may do, with managers' commands apart."""
    return _help(ctx, ctx.say)


def _help(ctx: Context, say: Speaker) -> Message:
    mine = [command for command in ctx.service.commands.commands if _offered(command, ctx)]
    anyone = [command for command in mine if command.who is Who.ANYONE]
    managers = [command for command in mine if command.who is Who.MANAGERS]
    parts = [_introduction(ctx, say), lines(*(_line(command, say) for command in anyone))]
    if managers:
        parts.append(lines(say(_("*As a manager*")), *(_line(command, say) for command in managers)))
    return Message(lines(*parts, gap="\n\n"), buttons=_languages(say))


def _introduction(ctx: Context, say: Speaker) -> Any:
    if ctx.community is None:
        return say(_("I'm Guyub. I help communities stay close."))
    return say(_("I'm Guyub. I help *{community}* stay close."), community=ctx.community.name)


def _offered(command: Command, ctx: Context) -> bool:
    if command.hidden or (command.offered and ctx.community is not None and not command.offered(ctx)):
        return False
    if command.who is Who.ANYONE:
        return ctx.community is not None or command.everywhere
    return ctx.manager and ctx.community is not None and command.who is Who.MANAGERS


def _line(command: Command, say: Speaker) -> Any:
    name = command.aliases.get(say.language, command.name)
    return say("`{name}` – {help}", name=f"/{name}", help=say.words(command.help))


def _languages(say: Speaker) -> ButtonRows:
    others = [language for language in LANGUAGES if language != say.language]
    return (tuple(Button(NAMES[other], action="help.language", data={"language": other}) for other in others),)


def choose_language(event: CommandInvoked, ctx: Context, language: str = "") -> Message:
    """Store the choice; without one, offer the languages."""
    if not language:
        buttons = tuple(Button(NAMES[known], action="help.language", data={"language": known}) for known in LANGUAGES)
        return Message(ctx.say(_("In which language shall I answer you?")), buttons=(buttons,))
    return _chosen(event.where.platform, event.actor.id, language, ctx)


def language_pressed(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Message | Instead:
    """A press changes the presser's own language only; a message that others see stays as it is."""
    message = _chosen(event.where.platform, event.actor.id, data["language"], ctx)
    return Instead(message) if event.where.private else message


def _chosen(platform: str, account: str, language: str, ctx: Context) -> Message:
    ctx.unit.store(Accounts).set_language(platform, account, language)
    say = Speaker(language)
    return say.message(_("I'll answer you in English from now on.") if language == "en" else IN_INDONESIAN)


IN_INDONESIAN = _("I'll answer you in Indonesian from now on.")
