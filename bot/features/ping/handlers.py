"""`/ping`: the lines to the platforms, rights, what waits, what was refused, who can be written to."""

from __future__ import annotations

from bot.core.chat import Reason
from bot.core.community import Community
from bot.core.events import CommandInvoked, Where
from bot.core.feature import Context
from bot.core.messages import Message, Text, lines
from bot.core.problems import PAUSES, describe, from_text
from bot.core.stores import Accounts, Outbox, Pauses, Places, SetAside
from bot.locale import _, _n


def ping(event: CommandInvoked, ctx: Context) -> Message:
    """Tell how things are, and try again what had been paused."""
    broken = [
        *_connections(ctx),
        *_rights(ctx, event.where),
        *_elsewhere(ctx, event.where),
        *_paused(ctx),
        *_set_aside(ctx),
    ]
    head = ctx.say(_("Pong! All is well.")) if not broken else ctx.say(_("Pong! Something needs fixing:"))
    return Message(lines(head, *broken, gap="\n") if broken else lines(head, *_calm(ctx, event)))


def _connections(ctx: Context) -> list[Text]:
    """One line for each platform of this community that isn't well."""
    found: list[Text] = []
    for name in sorted({group.platform for group in ctx.served.groups}):
        connection = ctx.connections.get(name)
        if connection is None:
            found.append(
                ctx.say(_("• {platform}: not switched on; its token is missing in .env."), platform=name.capitalize())
            )
            continue
        if not connection.connected and not connection.problems:
            found.append(ctx.say(_("• {platform}: no connection just now. I keep trying."), platform=name.capitalize()))
        found += [
            lines(ctx.say(_("• {platform}: {problem}"), platform=name.capitalize(), problem=describe(problem, ctx.say)))
            for problem in connection.problems
        ]
    return found


def _rights(ctx: Context, here: Where) -> list[Text]:
    if here.private:
        return []
    if ctx.facts is None:
        return [ctx.say(_("• I couldn't look up what I may do here. Please try again in a moment."))]
    return [ctx.say(_("• Here: {problem}"), problem=describe(problem, ctx.say)) for problem in ctx.facts.problems]


def _elsewhere(ctx: Context, here: Where) -> list[Text]:
    """What was found last in the community's other groups."""
    found: list[Text] = []
    for group in ctx.served.groups:
        known = ctx.unit.store(Places).group(group.platform, group.id)
        if known is None or (group.platform, group.id) == (here.platform, here.group):
            continue
        found += [
            ctx.say(
                _("• In {group} ({platform}): {problem}"),
                group=known.title or group.id,
                platform=group.platform.capitalize(),
                problem=describe(problem, ctx.say),
            )
            for problem in from_text(known.problems)
        ]
    return found


def _paused(ctx: Context) -> list[Text]:
    """Places that refused; asking for `/ping` is a reason to try them again."""
    store, found = ctx.unit.store(Pauses), []
    ours = {(group.platform, group.id) for group in ctx.served.groups}
    ours |= {(place.platform, place.group) for place in ctx.served.managers.values()}
    for pause in store.all():
        key = (pause.where.platform, pause.where.group)
        if key in ours:
            known = ctx.unit.store(Places).group(*key)
            found.append(
                ctx.say(
                    _("• I had stopped writing to {place}: {reason} I try again now."),
                    place=(known.title if known else "") or pause.where.group,
                    reason=ctx.say(PAUSES[Reason(pause.reason)]),
                )
            )
            store.lift(*key)
    return found


def _set_aside(ctx: Context) -> list[Text]:
    count = ctx.unit.store(SetAside).count()
    if not count:
        return []
    return [
        ctx.say.counted(
            _n(
                "• {n} event could not be handled; the admin finds it in the log.",
                "• {n} events could not be handled; the admin finds them in the log.",
            ),
            count,
        )
    ]


def _calm(ctx: Context, event: CommandInvoked) -> list[Text]:
    """What there is to say when nothing is wrong."""
    waiting = ctx.unit.store(Outbox).counts().get("queued", 0)
    parts = [
        ctx.say(_("• {platform}: connected as {name}"), platform=name.capitalize(), name=connection.account or "Guyub")
        for name, connection in sorted(ctx.connections.items())
        if name in {group.platform for group in ctx.served.groups}
    ]
    parts += _reachable(ctx.served, ctx)
    if waiting:
        parts.append(ctx.say.counted(_n("• {n} message waits to be sent", "• {n} messages wait to be sent"), waiting))
    return parts


def _reachable(community: Community, ctx: Context) -> list[Text]:
    found = []
    for platform in sorted({group.platform for group in community.groups}):
        groups = [group.id for group in community.groups if group.platform == platform]
        reachable, present = ctx.unit.store(Accounts).reachable_count(platform, groups)
        if present:
            found.append(
                ctx.say(
                    _("• {platform}: of {present} who joined since I came, {reachable} opened a private chat with me"),
                    platform=platform.capitalize(),
                    reachable=reachable,
                    present=present,
                )
            )
    return found
