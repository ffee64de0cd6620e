"""Where something for everybody stands, and what those places are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.core.events import Where
from bot.core.feature import Context
from bot.core.messages import Text
from bot.core.speech import Speaker
from bot.core.stores import Pauses, Places
from bot.features.posts.views import Clock
from bot.locale import _


def main_places(ctx: Context) -> list[Where]:
    return [group.main_place for group in ctx.served.groups]


def name_of(where: Where, ctx: Context) -> str:
    known = ctx.unit.store(Places).group(where.platform, where.group)
    title = (known.title if known else "") or ctx.served.name
    return f"{title} ({where.platform.capitalize()})"


def silent(where: Where, ctx: Context) -> bool:
    """Whether nothing can be said there just now, as the platform has told."""
    return any(
        (pause.where.platform, pause.where.group) == (where.platform, where.group)
        and pause.where.channel in ("", where.channel)
        for pause in ctx.unit.store(Pauses).all()
    )


def told(places: Sequence[Where], ctx: Context, say: Callable[[Sequence[str], Speaker], Text]) -> list[Text]:
    """`say` of those where something can be said, and which are silent."""
    heard = [name_of(where, ctx) for where in places if not silent(where, ctx)]
    unheard = [name_of(where, ctx) for where in places if silent(where, ctx)]
    lines = [say(heard, ctx.say)] if heard else []
    return lines + [ctx.say(_("I can't speak in {place} just now."), place=name) for name in unheard]


def clock_of(ctx: Context) -> Clock:
    return Clock(ctx.now, ctx.served.zone)
