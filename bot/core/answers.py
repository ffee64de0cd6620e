"""Where an answer goes: seen by the asker alone when it is private, and never by more people than meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.core.chat import Capabilities
from bot.core.commands import Answers
from bot.core.events import ButtonPressed, CommandInvoked, Event, MessagePosted, Where
from bot.core.fit import length
from bot.core.messages import Button, Message, only, plain
from bot.core.speech import Speaker
from bot.core.stores import Accounts, Outbox
from bot.core.unit import Unit
from bot.locale import _

ANSWER_LIVES = timedelta(minutes=15)
PRIVATE_ANSWER_WAITS = timedelta(days=1)


def answer(
    unit: Unit,
    event: Event,
    message: Message,
    visibility: Answers,
    capabilities: Callable[[Where], Capabilities],
    say: Speaker,
    *,
    among_managers: bool = False,
    community: str = "",
) -> bool:
    """Post an answer to whoever caused the event, under the event's key; whether it also settles the event's handle."""
    caps, where, key = capabilities(event.where), event.where, f"answer:{event.key}"
    handle = event.handle if isinstance(event, CommandInvoked | ButtonPressed | MessagePosted) else ""
    private = replace(message, audience=only(event.actor.id))

    settled = False

    def post(what: Message, to: Where, by: str, suffix: str = "", lives: timedelta = ANSWER_LIVES) -> int:
        nonlocal settled
        settled = settled or bool(by)
        expires = unit.now + lives
        return unit.post(what, to, kind="answer", key=key + suffix, community=community, expires=expires, handle=by)

    if visibility is Answers.PUBLIC or where.private:
        post(message, where, handle)
    elif caps.private_reply and handle or isinstance(event, ButtonPressed) and _fits_toast(message, caps):
        post(private, where, handle)
    elif among_managers and not isinstance(event, ButtonPressed):
        post(message, where, handle)
    elif unit.store(Accounts).get(where.platform, event.actor.id).reachable:
        post(private, Where(where.platform, "", event.actor.id), "")
    elif visibility is Answers.DISCREET:
        post(message, where, handle)
    else:
        row = post(private, Where(where.platform, "", event.actor.id), "", ":private", PRIVATE_ANSWER_WAITS)
        unit.store(Outbox).wait_for_private(row)
        post(pointer(caps, say), where, "" if isinstance(event, ButtonPressed) else handle)
    return settled


def pointer(caps: Capabilities, say: Speaker) -> Message:
    """A line without content, and a link to where the content is."""
    if not caps.private_link:
        return say.message(_("The answer is for you alone: please write me a private message first."))
    link = Button(say.words(_("Open a private chat")), url=caps.private_link.format(payload="answer"))
    return Message(
        say(_("The answer is for you alone. Press Start in our private chat and you'll have it.")), buttons=((link,),)
    )


def _fits_toast(message: Message, caps: Capabilities) -> bool:
    more = message.buttons or message.picture or message.poll
    return not more and length(plain(message.text), utf16=True) <= caps.toast
