"""`/help` and the language of private answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.core.commands import Command, Who
from bot.core.events import ButtonPressed, CommandInvoked
from bot.core.feature import Context, Instead, Mistake
from bot.core.fit import length
from bot.core.messages import Button, ButtonRows, Message, Text, lines, plain
from bot.core.speech import Speaker
from bot.core.stores import Accounts
from bot.locale import LANGUAGES, _

NAMES = {"en": "English", "id": "Bahasa Indonesia"}


def show(event: CommandInvoked, ctx: Context, about: str = "") -> Message:
    """Only what whoever asks may do, with managers' commands apart; `about` a noun, each of its verbs."""
    mine = [command for command in ctx.service.commands.commands if _offered(command, ctx)]
    if about:
        return Message(_about(about, mine, ctx))
    longest = ctx.service.capabilities(event.where).max_text
    short: list[str] = []  # nouns whose verbs share a line, since there is no room for more
    while True:
        words = _overview(mine, short, ctx)
        left = [command.noun for command in mine if command.noun not in short]
        if length(plain(words), utf16=True) <= longest or not left:
            return Message(words, buttons=_languages(ctx.say))
        short.append(max(left, key=left.count))


def _overview(mine: Sequence[Command], short: Sequence[str], ctx: Context) -> Text:
    say = ctx.say
    anyone = [command for command in mine if command.who is Who.ANYONE]
    managers = [command for command in mine if command.who is Who.MANAGERS]
    parts = [_introduction(ctx, say), _listed(anyone, short, say)]
    if managers:
        parts.append(lines(say(_("*As a manager*")), _listed(managers, short, say)))
    if short:
        noun = next(command.name_in(say.language).split()[0] for command in mine if command.noun == short[0])
        parts.append(say(_("`/help {noun}` tells more of one of them."), noun=noun))
    return lines(*parts, gap="\n\n")


def _about(about: str, mine: Sequence[Command], ctx: Context) -> Text:
    word = about.casefold().lstrip("/").split()[0] if about.strip("/ ") else about
    found = [command for command in mine if word in (spelling.split()[0] for spelling in command.spellings)]
    if not found:
        raise Mistake(ctx.say(_("I know no command {word} that you may use. `/help` shows them all."), word=word[:40]))
    return lines(*(_line(command, ctx.say) for command in found))


def _listed(commands: Sequence[Command], short: Collection[str], say: Speaker) -> Text:
    by_noun: dict[str, list[Command]] = {}
    for command in commands:
        by_noun.setdefault(command.noun, []).append(command)
    rows: list[Text] = []
    for noun, of_noun in by_noun.items():
        alone = noun not in short or len(of_noun) == 1
        rows += [_line(command, say) for command in of_noun] if alone else [_verbs(of_noun, say)]
    return lines(*rows)


def _verbs(commands: Sequence[Command], say: Speaker) -> Text:
    """ "/poll new · list · close – Ask the community": what the usual one does stands for all."""
    usual = next((command for command in commands if command.usual), commands[0])
    verbs = " · ".join(command.name_in(say.language).partition(" ")[2] for command in commands)
    noun = usual.name_in(say.language).split()[0]
    return say("`{name}` – {help}", name=f"/{noun} {verbs}", help=say.words(usual.help))


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
