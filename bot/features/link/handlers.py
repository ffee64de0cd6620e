"""`/link` and `/unlink`. All they answer tells something about the asker, so it is a message and never a mistake:
a mistake may be said in the group.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.events import CommandInvoked, JobDue, Where
from bot.core.feature import Context
from bot.core.messages import Message, Text, lines, only
from bot.core.names import safe_name
from bot.core.speech import Speaker
from bot.core.stores import Accounts, Identity, People
from bot.features.link import views
from bot.features.link.model import (
    LIVES,
    REMEMBERED,
    WRONG_CODES,
    WRONG_WITHIN,
    Code,
    Codes,
    Fate,
    Refused,
    conflict,
    digest,
    new_code,
    read_code,
    refusal,
)

SWEEP = "link.sweep"
TOLD_WITHIN = timedelta(days=1)


def link(event: CommandInvoked, ctx: Context, code: str = "") -> Message:
    """Give a code; with one, join both accounts."""
    if not code.strip():
        return Message(_offer(event, ctx))
    written = read_code(code)
    if not written:
        return Message(views.no_code(ctx.say))
    here = _account(event)
    if ctx.unit.store(Codes).wrong_since(here, ctx.now - WRONG_WITHIN) >= WRONG_CODES:
        return Message(views.too_many(ctx.say))
    return Message(_redeem(event, ctx, here, digest(written)))


def _offer(event: CommandInvoked, ctx: Context) -> Text:
    here = _account(event)
    linked = [account.platform for account in ctx.unit.store(People).accounts_of(here)[1:]]
    free = [platform for platform in _elsewhere(event, ctx) if platform not in linked]
    if not free:
        return views.linked(linked, ctx.say) if linked else views.nowhere(ctx.say)
    code, expires = new_code(), ctx.now + LIVES
    ctx.unit.store(Codes).add(Code(digest(code), here, safe_name(event.actor.name), expires))
    ctx.unit.schedule(SWEEP, expires, key=f"{here.platform}:{here.account}")
    return lines(views.linked(linked, ctx.say) if linked else (), views.code(code, free, ctx.say), gap="\n\n")


def _redeem(event: CommandInvoked, ctx: Context, here: Identity, hashed: str) -> Text:
    codes, people = ctx.unit.store(Codes), ctx.unit.store(People)
    found = codes.find(hashed)
    if found is None:
        codes.count_wrong(here, ctx.now)
        ctx.unit.schedule(SWEEP, ctx.now + WRONG_WITHIN, key=f"wrong:{here.platform}:{here.account}")
        return views.refused(Refused.UNKNOWN, ctx.say)
    refused, platform = refusal(found, here, ctx.now), here.platform
    if refused is None and (clash := conflict(people.accounts_of(here), people.accounts_of(found.account))):
        refused, platform = clash
    if refused:
        told = views.refused(refused, ctx.say, platform=platform, elsewhere=_elsewhere(event, ctx))
        return lines(told, _end_if_shown(event, ctx, found))
    people.link(here, found.account, ctx.now)
    codes.end(hashed, Fate.USED)
    told = views.was_linked(safe_name(event.actor.name), here.platform, _speaker(found.account, ctx))
    _tell(found.account, told, event, ctx)
    return views.now_linked(found.name, found.account.platform, ctx.say)


def _end_if_shown(event: CommandInvoked, ctx: Context, code: Code) -> Text:
    """A code that still works, said where others read along, could be used by any of them."""
    read_along = not event.where.private and not ctx.service.capabilities(event.where).private_reply
    if not read_along or code.fate is not Fate.OPEN or code.expires <= ctx.now:
        return ()
    ctx.unit.store(Codes).end(code.digest, Fate.SHOWN)
    return views.could_be_read(ctx.say)


def unlink(event: CommandInvoked, ctx: Context) -> Message:
    """The account is a person by itself again."""
    here, people = _account(event), ctx.unit.store(People)
    others = people.accounts_of(here)[1:]
    if not people.unlink(here):
        return Message(views.not_linked(ctx.say))
    name = safe_name(event.actor.name)
    for other in others:
        _tell(other, views.was_unlinked(name, here.platform, _speaker(other, ctx)), event, ctx)
    return Message(views.unlinked([other.platform for other in others], ctx.say))


def sweep(event: JobDue, ctx: Context) -> None:
    """What a code left behind goes."""
    if ctx.unit.store(Codes).sweep(ctx.now):
        ctx.unit.schedule(SWEEP, ctx.now + REMEMBERED, key="codes", keep=True)


def _tell(account: Identity, text: Text, event: CommandInvoked, ctx: Context) -> None:
    """Write to an account in private, unless it is known that it can't be reached."""
    if ctx.unit.store(Accounts).get(*account).reachable is False:
        return
    ctx.unit.post(
        Message(text, audience=only(account.account)),
        Where(account.platform, "", account.account),
        kind="notice",
        key=f"link:{event.key}:{account.platform}:{account.account}",
        expires=ctx.now + TOLD_WITHIN,
        why="accounts were linked or parted",
    )


def _speaker(account: Identity, ctx: Context) -> Speaker:
    return Speaker(ctx.unit.store(Accounts).get(*account).language or ctx.tell.language)


def _account(event: CommandInvoked) -> Identity:
    return Identity(event.where.platform, event.actor.id)


def _elsewhere(event: CommandInvoked, ctx: Context) -> list[str]:
    """The other platforms that this program serves."""
    return sorted(name for name in ctx.connections if name != event.where.platform)
