"""What keeps the bot from working well, said so that whoever reads it knows what to do. Codes come from adapters."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.chat import Problem, Reason
from bot.core.messages import Text
from bot.core.speech import Speaker
from bot.locale import _

PROBLEMS = {
    "privacy_mode": _(
        "I can't read ordinary messages here: privacy mode is on. Make me an administrator, or switch it off with "
        "@BotFather (/setprivacy → Disable) and add me again."
    ),
    "not_admin": _("I'm not an administrator here, so I can't see everybody who joins. Please make me one."),
    "cannot_write": _("I may not write here. Please allow me to send messages."),
    "cannot_write_in": _("I may not write in {detail}. Please allow me to send messages."),
    "token_refused": _("My token is not accepted. The admin has to put a valid one into .env and start me again."),
    "missing_intents": _(
        "A privileged intent is switched off: {detail}. "
        "Switch it on in the developer portal, under Bot, and restart me."
    ),
    "conflict": _("Another program uses my token at the same time. Please stop one of the two."),
    "identify_budget": _("I was started too often today, so the platform makes me wait: {detail}."),
    "channel_gone": _("The channel {detail} does not exist, or I can't see it. Please check the configuration."),
    "members_unchecked": _("I couldn't find out who joined *{detail}* while I was away."),
    "commands_not_published": _("My commands could not be registered: {detail}."),
    "disconnected": _("I have no connection just now. I keep trying."),
    "not_found": _("I'm not in this group any more, or it does not exist."),
}

PAUSES = {
    Reason.GONE: _("I'm no longer in the group, or it was deleted. Add me again if you want me back."),
    Reason.NO_RIGHT: _("I may not write there. Please allow me to send messages."),
    Reason.CLOSED: _("That channel or topic is closed or gone. Open it, or choose another one for me."),
}


def describe(problem: Problem, say: Speaker) -> Text:
    """One line for a person; an unknown code is shown as it is."""
    code = f"{problem.code}_in" if problem.detail and f"{problem.code}_in" in PROBLEMS else problem.code
    return say(PROBLEMS.get(code, problem.code.replace("_", " ") + " {detail}"), detail=problem.detail)


def to_text(problems: Iterable[Problem]) -> str:
    """What is remembered of them, the same in whichever order they were found."""
    return "\n".join(sorted(f"{problem.code} {problem.detail}".strip() for problem in problems))


def from_text(remembered: str) -> list[Problem]:
    found = (line.partition(" ") for line in remembered.splitlines())
    return [Problem(code, detail) for code, _space, detail in found]
