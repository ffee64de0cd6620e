"""`/suggest`: members' own prompts, which managers let in, with credit; and `/prompt add | approve | reject | list`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.core.events import ButtonPressed, CommandInvoked, MemberLeft, MessagePosted, Where
from bot.core.feature import Context, Instead, Mistake
from bot.core.messages import MANAGERS, Message, only
from bot.core.names import is_advertisement, safe_name, visible
from bot.core.stores import Accounts, Identity, People
from bot.features.quiet import views
from bot.features.quiet.library import Library
from bot.features.quiet.listening import settings_of
from bot.features.quiet.model import Idea, Ideas, Standing
from bot.features.quiet.settings import LONGEST, NAME
from bot.locale import _, _n

Asked = CommandInvoked | MessagePosted
DAY: Final = timedelta(hours=24)
TOLD_FOR: Final = timedelta(days=3)
DAILY = _n(
    "You may suggest {n} prompt in 24 hours. Keep the next one for tomorrow!",
    "You may suggest {n} prompts in 24 hours. Keep the next one for tomorrow!",
)


def suggest(event: Asked, ctx: Context, text: str) -> Message:
    words = checked(text, ctx)
    if is_advertisement(words):
        raise Mistake(ctx.say(_("A prompt has no links, handles or phone numbers in it. A question is enough!")))
    _check_may_suggest(event, ctx)
    store = ctx.unit.store(Ideas)
    if any(_same(idea.text, words) for idea in store.of(ctx.served.slug, [Standing.PENDING, Standing.APPROVED])):
        return ctx.say.message(_("Somebody had the same idea before you. Thank you all the same!"))
    idea = store.add(_idea(event, words, Standing.PENDING, ctx))
    _tell_managers(idea, ctx)
    return ctx.say.message(
        _("Thank you! The managers will have a look. If I ask it one day, I'll say that it was your idea.")
    )


def add(event: Asked, ctx: Context, text: str) -> Message:
    """`/prompt add`, for managers: nobody has to approve it, and nobody is credited."""
    idea = replace(_idea(event, checked(text, ctx), Standing.APPROVED, ctx), account="", name="", decided_at=ctx.now)
    idea = ctx.unit.store(Ideas).add(idea)
    return views.added(idea, ctx.say)


def checked(words: str, ctx: Context) -> str:
    """In one piece and of a fair length, or Mistake."""
    shown = visible(words.strip().strip("\"“”'‘’"))
    if not shown or len(shown) > LONGEST:
        raise Mistake(ctx.say(_("That has to have between 1 and {longest} characters."), longest=LONGEST))
    return shown


def _check_may_suggest(event: Asked, ctx: Context) -> None:
    most = settings_of(ctx.served).suggestions_per_day
    if not most:
        raise Mistake(ctx.say(_("Suggestions aren't taken here. Tell a manager your idea!")))
    own = ctx.unit.store(People).accounts_of(Identity(event.where.platform, event.actor.id))
    if ctx.unit.store(Ideas).count_by(ctx.served.slug, own, ctx.now - DAY) >= most:
        raise Mistake(ctx.say.counted(DAILY, most))


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


def _idea(event: Asked, words: str, standing: Standing, ctx: Context) -> Idea:
    where, actor = event.where, event.actor
    name = safe_name(actor.name)
    return Idea(0, ctx.served.slug, 0, where.platform, where.group, actor.id, name, words, standing, ctx.now)


def _tell_managers(idea: Idea, ctx: Context) -> None:
    told = replace(views.idea_told(idea, ctx.tell), audience=MANAGERS)
    for platform, place in ctx.served.managers.items():
        ctx.unit.post(
            told,
            place,
            kind="notice",
            key=f"{_key(idea)}@{platform}",
            community=ctx.served.slug,
            expires=ctx.now + TOLD_FOR,
        )


def _key(idea: Idea) -> str:
    return f"{NAME}:idea:{idea.id}"


# ---------------------------------------------------------------- deciding


def show(event: CommandInvoked, ctx: Context) -> Message:
    """`/prompt list`."""
    library = Library(ctx, ctx.now)
    keys = [candidate.key.partition("/")[0] for candidate in library.suiting()]
    found = ctx.unit.store(Ideas).of(ctx.served.slug, [Standing.PENDING, Standing.APPROVED])
    own = keys.count("own")
    return views.listing(found, own, len(keys) - own - keys.count("idea"), ctx)


def approve(event: CommandInvoked, ctx: Context, number: int = 0) -> Message:
    return _decide(_numbered(number, ctx), Standing.APPROVED, event, ctx)


def reject(event: CommandInvoked, ctx: Context, number: int = 0) -> Message:
    """Also takes out one that was let in before."""
    return _decide(_numbered(number, ctx), Standing.REJECTED, event, ctx)


def press_approve(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    return _press(event, ctx, data, Standing.APPROVED)


def press_reject(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    return _press(event, ctx, data, Standing.REJECTED)


def undecide(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """Undo: as it was before that decision; what waits again is shown to managers as at first."""
    idea = ctx.unit.store(Ideas).by_id(data["idea"])
    if idea is None:
        return Instead(ctx.say.message(GONE))
    if idea.standing is not Standing(data["decided"]):
        return Instead(views.decided_before(ctx.say))
    idea = replace(idea, standing=Standing(data["before"]))
    ctx.unit.store(Ideas).put(idea)
    if idea.standing is Standing.PENDING:
        shown = views.idea_told(idea, ctx.tell)
    else:
        shown = _without_buttons(views.decided(idea, safe_name(event.actor.name), ctx.tell, idea.standing))
    _show_managers(idea, shown, ctx, besides=event.where if data["pressed"] else None)
    return Instead(shown if data["pressed"] else ctx.say.message(_("Taken back. It is as it was before.")))


GONE = _("That idea was taken back by whoever had it.")


def _press(event: ButtonPressed, ctx: Context, data: Mapping[str, Any], standing: Standing) -> Instead:
    idea = ctx.unit.store(Ideas).by_id(data["idea"])
    if idea is None:
        return Instead(ctx.say.message(GONE))
    if idea.standing is not Standing.PENDING:
        return Instead(views.decided_before(ctx.say))
    return Instead(_decide(idea, standing, event, ctx))


def _numbered(number: int, ctx: Context) -> Idea:
    """That one; without a number the only one that waits."""
    if not number:
        pending = ctx.unit.store(Ideas).of(ctx.served.slug, [Standing.PENDING])
        if len(pending) != 1:
            raise Mistake(ctx.say(_("Which one? `/prompt list` shows them with their numbers.")))
        return pending[0]
    idea = ctx.unit.store(Ideas).get(ctx.served.slug, number)
    if idea is None:
        raise Mistake(ctx.say(_("There is no prompt number {number}. `/prompt list` shows them."), number=number))
    return idea


def _decide(idea: Idea, standing: Standing, event: CommandInvoked | ButtonPressed, ctx: Context) -> Message:
    before = idea.standing
    if before is standing:
        return views.decided_before(ctx.say)
    idea = replace(idea, standing=standing, decided_at=ctx.now)
    ctx.unit.store(Ideas).put(idea)
    pressed = isinstance(event, ButtonPressed)
    shown = views.decided(idea, safe_name(event.actor.name), ctx.tell, before, pressed=pressed)
    _show_managers(idea, _without_buttons(shown), ctx, besides=event.where if pressed else None)
    if standing is Standing.APPROVED:
        _thank(idea, ctx)
    return shown


def _show_managers(idea: Idea, shown: Message, ctx: Context, besides: Where | None) -> None:
    """In place of what they were told first; `besides`: where an answer takes its place anyway."""
    for platform, place in ctx.served.managers.items():
        if besides is None or not _same_chat(place, besides):
            ctx.unit.edit(f"{_key(idea)}@{platform}", shown)


def _without_buttons(shown: Message) -> Message:
    return replace(shown, buttons=())


def _same_chat(one: Where, other: Where) -> bool:
    return (one.platform, one.group) == (other.platform, other.group)


def _thank(idea: Idea, ctx: Context) -> None:
    """Whoever had it, if they have opened a private chat."""
    if not idea.account or not ctx.unit.store(Accounts).get(idea.platform, idea.account).reachable:
        return
    words = ctx.tell(_("Your idea was taken up: “{words}” Thank you!"), words=views.short(idea.text))
    ctx.unit.post(
        Message(words, audience=only(idea.account)),
        Where(idea.platform, "", idea.account),
        kind="notice",
        key=f"{_key(idea)}:thanks",
        community=ctx.served.slug,
        expires=ctx.now + TOLD_FOR,
    )


def on_left(event: MemberLeft, ctx: Context) -> None:
    """Whoever leaves is credited no more, and what they still waited for goes with them."""
    ctx.unit.store(Ideas).forget_person(event.where.platform, event.where.group, event.actor.id)
