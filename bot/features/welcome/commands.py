"""What managers do about the welcome: look at it, change it in the chat, take a change back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.events import ButtonPressed, CommandInvoked
from bot.core.feature import Context, Instead, Mistake
from bot.core.messages import Message
from bot.core.stores import Overrides
from bot.core.templates import Template, TemplateError
from bot.features.welcome import views
from bot.features.welcome.handlers import NAME, member_count, settings_of
from bot.features.welcome.model import PLACEHOLDERS, Newcomer, Newcomers, WelcomeSettings
from bot.locale import _

LONGEST_TEXT = 1500  # characters of a greeting
LONGEST_INTEREST = 40


def preview(event: CommandInvoked, ctx: Context) -> Message:
    """Exactly what a newcomer by the name of whoever asks would see next."""
    return _preview(event, ctx, settings_of(ctx))


def _preview(event: CommandInvoked, ctx: Context, settings: WelcomeSettings) -> Message:
    where = ctx.served.group_meant(event.where)
    greeted = ctx.unit.store(Newcomers).greeted(where.platform, where.group)
    newcomer = Newcomer(where.platform, where.group, event.actor.id, event.actor.name, ctx.now)
    return views.greeting(
        [newcomer],
        ctx.served,
        settings,
        ctx.tell,
        variant=greeted.count,
        members=member_count(where, ctx),
        private_link=ctx.service.capabilities(where).private_link,
    )


def change_text(event: CommandInvoked, ctx: Context, text: str) -> Message:
    """A new greeting, shown before it is saved."""
    _refuse_if_locked("texts", ctx)
    text = text.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise Mistake(ctx.say(_("A greeting has between 1 and {longest} characters."), longest=LONGEST_TEXT))
    try:
        Template.parse(text, PLACEHOLDERS)
    except TemplateError as error:
        raise Mistake(views.wrong_placeholder(error.placeholder, error.nearest, ctx.say)) from None
    return _proposal(event, ctx, "texts", [text])


def change_rules(event: CommandInvoked, ctx: Context, text: str) -> Message:
    _refuse_if_locked("rules", ctx)
    if len(text) > LONGEST_TEXT:
        raise Mistake(ctx.say(_("Rules have at most {longest} characters."), longest=LONGEST_TEXT))
    return _proposal(event, ctx, "rules", text.strip())


def change_interests(event: CommandInvoked, ctx: Context, text: str) -> Message:
    _refuse_if_locked("interests", ctx)
    interests = [part.strip() for part in text.replace("\n", "|").replace(",", "|").split("|") if part.strip()]
    interests = list(dict.fromkeys(interests))
    if not interests or len(interests) > 25 or any(len(interest) > LONGEST_INTEREST for interest in interests):
        example = "espresso | latte art | roasting"
        raise Mistake(
            ctx.say(_("Give 1 to 25 interests, each at most 40 characters. Like this: `{example}`"), example=example)
        )
    return views.proposal("interests", interests, views.interests_line(interests, ctx.say), ctx.say)


def _proposal(event: CommandInvoked, ctx: Context, key: str, value: Any) -> Message:
    settings = settings_of(ctx).model_copy(update={key: value})
    return views.proposal(key, value, _preview(event, ctx, settings), ctx.say)


def _refuse_if_locked(key: str, ctx: Context) -> None:
    if key in ctx.served.locked.get(NAME, frozenset()):
        raise Mistake(ctx.say(_("`{key}` is locked by the admin."), key=f"{NAME}.{key}"))


def save(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    _refuse_if_locked(data["key"], ctx)
    change = ctx.unit.store(Overrides).set(ctx.served.slug, NAME, data["key"], data["value"], event.actor.id, ctx.now)
    return views.saved(change, ctx.say)


def cancel(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    return Instead(ctx.say.message(_("Nothing was changed.")))


def undo(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    if ctx.unit.store(Overrides).undo(ctx.served.slug, data["change"], event.actor.id, ctx.now):
        return Instead(ctx.say.message(_("Taken back. It is as it was before.")))
    return Instead(ctx.say.message(_("It was changed again since, so there is nothing to take back.")))
