"""Wrong words in a command, answered kindly: what was wrong, where, and a right example."""

from __future__ import annotations

from bot.core.commands import CommandMistake
from bot.core.messages import Message
from bot.core.speech import Speaker
from bot.locale import _

TEXTS = {
    "unknown": _("I don't know /{name}. /help shows what you can do here."),
    "near": _("I don't know /{name}. Did you mean `/{nearest}`?"),
    "verb": _("`{found}` is nothing I can do with /{name}. Did you mean `/{name} {nearest}`?"),
    "no_such_verb": _("`{found}` is nothing I can do with /{name}. You can say: {verbs}."),
    "no_verb": _("What shall I do with /{name}? You can say: {verbs}."),
    "missing": _("`{name}` is missing. Like this: `{usage}`"),
    "choice": _("`{found}` won't do for {name}. Did you mean `{nearest}`? Possible: {all}."),
    "integer": _("`{found}` is not a number for {name}. Like this: `{usage}`"),
    "option": _("I don't know the option `{found}`. Did you mean `{nearest}`?"),
    "flood": _("That was a lot at once. Give me ten seconds, please."),
    "extra": _("`{found}` is one word too many. Like this: `{usage}`"),
}


def explain(mistake: CommandMistake, say: Speaker) -> Message:
    code = "near" if mistake.code == "unknown" and mistake.data.get("nearest") else mistake.code
    return say.message(TEXTS[code], **mistake.data)
