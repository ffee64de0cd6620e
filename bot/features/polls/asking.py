"""What somebody wants to ask, from typed words or a form: checked, with a kind word about what is wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.feature import Context, Mistake
from bot.core.messages import Text
from bot.core.names import visible
from bot.core.recurring import Weekly
from bot.features.polls import reading, timing
from bot.features.polls.model import FEWEST_OPTIONS, LONGEST_OPTION, LONGEST_QUESTION, MOST_OPTIONS, Rules
from bot.locale import _

EXAMPLES = {
    "en": '/poll "Where shall we meet?" Senopati | Kemang --closes 2h',
    "id": '/poling "Ngopi di mana?" Senopati | Kemang --tutup 2 jam',
}
KNOWN_FLAGS = {
    "en": "--closes --multiple --max-per-person --secret --revote --hide-results --add-options --every",
    "id": "--tutup --banyak --maks --rahasia --ganti --sembunyikan-hasil --tambah-opsi --tiap",
}
FLAGS = ("multiple", "secret", "revote", "hide_results", "add_options", "max_per_person", "closes", "every")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A poll as somebody wants it. `every`: it comes again, and is open for as long as from now to `closes_at`."""

    question: str
    options: tuple[str, ...]
    rules: Rules
    closes_at: datetime
    every: Weekly | None = None


def proposal(ctx: Context, asked: Mapping[str, Any], *, spoken: bool = False) -> Proposal:
    """Raise Mistake naming the wrong part and showing a right example. `spoken`: it is the reply to a form."""
    check_flags(ctx, asked)
    question, options = text_of(ctx, asked, spoken=spoken)
    rules = _rules(ctx, asked, len(options))
    again = timing.every(ctx, asked.get("every"))
    first = again.next_after(ctx.now, ctx.served.zone) if again else ctx.now
    open_for = timing.closes_at(ctx, asked.get("closes"), first) - first
    return Proposal(question, options, rules, ctx.now + open_for, again)


def text_of(
    ctx: Context, asked: Mapping[str, Any], example: str = "", *, spoken: bool = False
) -> tuple[str, tuple[str, ...]]:
    """Question and options, as far as they can be seen. `example`: what would be right."""
    example = example or EXAMPLES.get(ctx.say.language, EXAMPLES["en"])
    if asked.get("before"):
        words = _("Is `{found}` part of the question? Then put all of it in quotes.")
        raise _mistake(ctx, ctx.say(words, found=str(asked["before"])[:20]), example)
    question = visible(str(asked.get("question") or ""))
    options = [shown for option in reading.split_options(str(asked.get("options") or "")) if (shown := visible(option))]
    if not question:
        raise _mistake(ctx, ctx.say(_("The question is missing.")), example)
    if len(question) > LONGEST_QUESTION:
        words = _("The question has at most {longest} characters, this one has {found}.")
        raise Mistake(ctx.say(words, longest=LONGEST_QUESTION, found=len(question)))
    if len(options) < FEWEST_OPTIONS and spoken:
        raise Mistake(ctx.say(_("A poll needs at least two options. Write each on a line of its own.")))
    if len(options) < FEWEST_OPTIONS:
        raise _mistake(ctx, ctx.say(_("A poll needs at least two options, divided by |.")), example)
    if len(options) > MOST_OPTIONS:
        words = _("A poll has at most {most} options, not {found}.")
        raise Mistake(ctx.say(words, most=MOST_OPTIONS, found=len(options)))
    check_options(ctx, options)
    return question, tuple(options)


def check_options(ctx: Context, options: Sequence[str]) -> None:
    """Each short enough, and none like another."""
    for option in options:
        if len(option) > LONGEST_OPTION:
            shown = f"{option[:30]}…"
            words = _("The option “{option}” is longer than {longest} characters.")
            raise Mistake(ctx.say(words, option=shown, longest=LONGEST_OPTION))
    seen: set[str] = set()
    for option in options:
        if alike(option) in seen:
            raise Mistake(ctx.say(_("The option “{option}” is there twice."), option=option))
        seen.add(alike(option))


def alike(option: str) -> str:
    """The same for options that nobody could tell apart."""
    return unicodedata.normalize("NFKC", option).casefold().translate(_JOINERS)


_JOINERS = dict.fromkeys(map(ord, "\u200d\ufe0f"))


def check_how(ctx: Context, asked: Mapping[str, Any]) -> None:
    """All but question and options."""
    proposal(ctx, {**asked, "question": "?", "options": "1\n2"})


def check_flags(ctx: Context, asked: Mapping[str, Any]) -> None:
    """Raise Mistake for a flag that there is not, or one that doesn't say what it should."""
    if asked.get("unknown"):
        raise _unknown_flag(str(asked["unknown"]), ctx)
    if asked.get("unclear"):
        words = _("`{found}` won't do for --revote: say yes or no.")
        raise Mistake(ctx.say(words, found=str(asked["unclear"])[:20]))


def _rules(ctx: Context, asked: Mapping[str, Any], options: int) -> Rules:
    most = _most(ctx, asked.get("max_per_person"), options)
    revote = asked.get("revote")
    return Rules(
        multiple=bool(asked.get("multiple")) or most > 1,
        most=most,
        secret=bool(asked.get("secret")),
        revote=True if revote is None else bool(revote),
        hide_results=bool(asked.get("hide_results")),
        add_options=bool(asked.get("add_options")),
    )


def _most(ctx: Context, found: Any, options: int) -> int:
    if found is None:
        return 0
    if found == "":
        raise Mistake(ctx.say(_("How many options may one person choose? Like this: `--max-per-person 2`")))
    most = int(str(found)[:4]) if str(found).isdecimal() else 0
    if not 1 <= most <= max(options, MOST_OPTIONS):
        words = _("`{found}` won't do for --max-per-person: say how many options one may choose, such as 2.")
        raise Mistake(ctx.say(words, found=str(found)[:20]))
    return most


def _unknown_flag(found: str, ctx: Context) -> Mistake:
    near = reading.nearest_flag(found)
    shown = found[:30]
    if near:
        return Mistake(
            ctx.say(_("I don't know the option `{found}`. Did you mean `{nearest}`?"), found=shown, nearest=near)
        )
    known = KNOWN_FLAGS.get(ctx.say.language, KNOWN_FLAGS["en"])
    return Mistake(ctx.say(_("I don't know the option `{found}`. There are: {known}"), found=shown, known=known))


def _mistake(ctx: Context, words: Text, example: str) -> Mistake:
    return Mistake((*words, *ctx.say(_(" Like this: `{example}`"), example=example)))
