"""Setting a group up by buttons on a phone, allowed by a one-time code from `guyub invite`.

The code is spent at the last step, so that a set-up that was broken off can be begun again.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.events import ButtonPressed, CommandInvoked, Where
from bot.core.feature import Context, Instead, Mistake
from bot.core.messages import Message, Text, text
from bot.core.notices import to_admin
from bot.core.speech import Speaker
from bot.core.stores import Invites, KnownGroup, Places, State, StoredCommunity
from bot.features.arrival import views
from bot.locale import _

log = logging.getLogger(__name__)

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
CODE_LENGTH = 10
MANAGERS_CODE_LIVES = timedelta(days=1)


def new_code() -> str:
    """Read aloud easily; 50 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def digest(code: str) -> str:
    return hashlib.sha256(re.sub(r"[\s-]", "", code).upper().encode()).hexdigest()


def begin(event: CommandInvoked, ctx: Context, code: str) -> Message:
    """Check the code; make this the managers' chat if it is a code for that, else ask which community."""
    if event.where.private:
        raise Mistake(ctx.say(_("Please send this in the group that you want to set up.")))
    hashed = digest(code)
    if not ctx.unit.store(Invites).valid(hashed, ctx.now):
        raise Mistake(
            ctx.say(_("This code isn't valid, or was used already. The admin makes a new one with: guyub invite"))
        )
    slug = ctx.unit.store(State).get(f"invite:{hashed}")
    if slug:
        return _managers_chat(event.where, slug, hashed, ctx)
    _refuse_if_served(ctx)
    return views.ask_community(_communities(ctx), _title(event.where, ctx), hashed, ctx.say)


def _refuse_if_served(ctx: Context) -> None:
    if ctx.group:
        raise Mistake(ctx.say(_("This group is set up already, for {community}."), community=ctx.served.name))


def _communities(ctx: Context) -> dict[str, str]:
    known = {slug: community.name for slug, community in ctx.service.communities.items()}
    known.update({stored.slug: stored.name for stored in ctx.unit.store(Places).communities()})
    return dict(list(known.items())[:20])


def choose_community(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    if not data["slug"]:
        return Instead(views.ask_language({"code": data["code"]}, ctx.say))
    name = _communities(ctx).get(data["slug"])
    if name is None:
        raise Mistake(ctx.say(_("That community is gone. Please begin again with /setup.")))
    _refuse_if_served(ctx)
    _spend(data["code"], ctx)
    _serve(event.where, data["slug"], ctx)
    _tell_admin(views.toml_lines(data["slug"], [event.where]), f"setup:{event.where}", ctx)
    return Instead(Message(views.done(name, "", ctx.say)))


def choose_language(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    return Instead(views.ask_zone(data, ctx.service.timezone, Speaker(data["language"])))


def choose_zone(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """The last question: from here on the group is served."""
    _refuse_if_served(ctx)
    _spend(data["code"], ctx)
    name, say = _title(event.where, ctx), Speaker(data["language"])
    slug = _free_slug(name, event.where, ctx)
    ctx.unit.store(Places).put_community(StoredCommunity(slug, name, data["language"], data["timezone"], {}))
    _serve(event.where, slug, ctx)
    written = views.toml_lines(slug, [event.where], (name, data["language"], data["timezone"]))
    _tell_admin(written, f"setup:{event.where}", ctx)
    return Instead(Message(views.done(name, _managers_code(slug, ctx), say)))


def _spend(hashed: str, ctx: Context) -> None:
    if not ctx.unit.store(Invites).use(hashed, ctx.now):
        raise Mistake(ctx.say(_("This code was used meanwhile. The admin makes a new one with: guyub invite")))


def _serve(where: Where, slug: str, ctx: Context) -> None:
    places = ctx.unit.store(Places)
    known = places.group(where.platform, where.group) or KnownGroup(where.platform, where.group)
    main = "" if known.main else where.channel
    places.put_group(replace(known, community=slug, state="served", main=known.main or main, announced=True))
    ctx.unit.schedule(
        "arrival.check",
        ctx.now,
        key=f"{where.platform}:{where.group}",
        where=Where(where.platform, where.group, ""),
        data={"announce": False},
    )


def _managers_code(slug: str, ctx: Context) -> str:
    code = new_code()
    ctx.unit.store(Invites).add(digest(code), ctx.now + MANAGERS_CODE_LIVES)
    ctx.unit.store(State).put(f"invite:{digest(code)}", slug)
    return code


def _managers_chat(where: Where, slug: str, hashed: str, ctx: Context) -> Message:
    places = ctx.unit.store(Places)
    stored = places.community(slug)
    if stored is None:
        raise Mistake(ctx.say(_("That community is gone. Please begin again with /setup.")))
    place = _chat_of_managers(where, ctx)
    _spend(hashed, ctx)
    managers = {**stored.managers, where.platform: place}
    places.put_community(replace(stored, managers=managers))
    _tell_admin(views.toml_managers(slug, managers), f"managers:{where}", ctx)
    return ctx.say.message(_("Done! This is the managers' chat of {community} now."), community=stored.name)


def _chat_of_managers(where: Where, ctx: Context) -> Where:
    """A group of its own, whose members are managers all; within a group that is served, a channel of its own."""
    if ctx.group is None:
        return Where(where.platform, where.group, "")
    if not where.channel or where in (ctx.group.main_place, ctx.group.welcome_place):
        raise Mistake(ctx.say(_("Members read along here. Please send this where only managers are.")))
    return where


def _tell_admin(written: str, key: str, ctx: Context) -> None:
    """The lines for community.toml, to the admin's private chat and the log."""
    head = Speaker(ctx.service.language)(_("A group was set up in the chat. To keep it in community.toml, add:"))
    shown: Text = (*head, *text(f"\n\n{written}"))
    to_admin(ctx.unit, ctx.service, shown, key=f"{key}:{ctx.now.isoformat()}")
    log.info("a group was set up in the chat; to keep it in community.toml, add:\n%s", written)


def _title(where: Where, ctx: Context) -> str:
    if ctx.facts and ctx.facts.title:
        return ctx.facts.title
    known = ctx.unit.store(Places).group(where.platform, where.group)
    return (known.title if known else "") or "Guyub"


def _free_slug(name: str, where: Where, ctx: Context) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or f"group{where.group.lstrip('-')}"
    taken, candidate, n = _communities(ctx), slug, 2
    while candidate in taken or ctx.unit.store(Places).community(candidate):
        candidate, n = f"{slug}-{n}", n + 1
    return candidate
