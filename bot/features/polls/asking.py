"""What somebody wants to ask, from typed words or a form: checked, with a kind word about what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.core.feature import Context, Mistake
from bot.core.messages import Text
from bot.core.moments import MomentError, parse_moment, parse_weekly
from bot.core.recurring import Weekly
from bot.core.settings import SettingError
from bot.features.polls import reading
from bot.features.polls.counting import settings_of
from bot.features.polls.model import (
    FEWEST_OPTIONS,
    LONGEST,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    MOST_OPTIONS,
    SHORTEST,
    Rules,
)
from bot.locale import _

EXAMPLES = {
    "en": '/poll "Where shall we meet?" Senopati | Kemang --closes 2h',
    "id": '/poling "Ngopi di mana?" Senopati | Kemang --tutup 2 jam',
}
FLAGS = ("multiple", "secret", "revote", "hide_results", "add_options", "max_per_person", "closes", "every")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A poll as somebody wants it. `every` and `open_for`: it comes again."""

    question: str
    options: tuple[str, ...]
    rules: Rules
    closes_at: datetime
    every: Weekly | None = None

    def open_for(self, now: datetime) -> timedelta:
        return self.closes_at - now


def proposal(ctx: Context, asked: Mapping[str, Any]) -> Proposal:
    """Raise Mistake naming the wrong part and showing a right example."""
    if asked.get("unknown"):
        raise _unknown_flag(str(asked["unknown"]), ctx)
    question, options = text_of(ctx, asked)
    rules = _rules(ctx, asked, len(options))
    return Proposal(question, options, rules, _closes_at(ctx, asked), _every(ctx, asked))


def text_of(ctx: Context, asked: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Question and options; without a question, the first line of the options is it."""
    question = " ".join(str(asked.get("question") or "").split())
    raw = str(asked.get("options") or "")
    if not question:
        told = reading.read(raw)
        question, raw = told.get("question", ""), told.get("options", "")
    options = reading.split_options(raw)
    if not question:
        raise _mistake(ctx, ctx.say(_("The question is missing.")))
    if len(question) > LONGEST_QUESTION:
        raise _mistake(ctx, ctx.say(_("The question has at most {longest} characters."), longest=LONGEST_QUESTION))
    check_options(ctx, options)
    return question, tuple(options)


def check_options(ctx: Context, options: list[str]) -> None:
    if len(options) < FEWEST_OPTIONS:
        raise _mistake(ctx, ctx.say(_("A poll needs at least two options, divided by |.")))
    if len(options) > MOST_OPTIONS:
        raise _mistake(
            ctx, ctx.say(_("A poll has at most {most} options, not {found}."), most=MOST_OPTIONS, found=len(options))
        )
    for option in options:
        if len(option) > LONGEST_OPTION:
            shown = f"{option[:30]}…"
            words = _("The option “{option}” is longer than {longest} characters.")
            raise Mistake(ctx.say(words, option=shown, longest=LONGEST_OPTION))
    twice = [option for option, count in Counter(option.casefold() for option in options).items() if count > 1]
    if twice:
        option = next(option for option in options if option.casefold() == twice[0])
        raise Mistake(ctx.say(_("The option “{option}” is there twice."), option=option))


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
    if found in (None, ""):
        return 0
    try:
        most = int(found)
    except ValueError:
        most = -1
    if not 1 <= most <= max(options, MOST_OPTIONS):
        words = _("`{found}` won't do for --max-per-person: say how many options one may choose, such as 2.")
        raise Mistake(ctx.say(words, found=str(found)[:20]))
    return most


def _closes_at(ctx: Context, asked: Mapping[str, Any]) -> datetime:
    written = asked.get("closes")
    if written is None:
        return ctx.now + settings_of(ctx).closes
    try:
        at = parse_moment(str(written), ctx.now, ctx.served.zone)
    except (MomentError, SettingError) as error:
        if getattr(error, "code", "") == "past":
            raise Mistake(
                ctx.say(_("`{found}` is over already. When shall it close?"), found=str(written)[:40])
            ) from None
        words = _("I don't understand when `{found}` is. Say it like `45m`, `2h`, `friday 18:00` or `tomorrow 9:00`.")
        raise Mistake(ctx.say(words, found=str(written)[:40])) from None
    if at - ctx.now < SHORTEST:
        raise Mistake(ctx.say(_("A poll is open for at least a minute. Say it like `--closes 45m`.")))
    if at - ctx.now > LONGEST:
        raise Mistake(ctx.say(_("A poll is open for at most {days} days."), days=LONGEST.days))
    return at


def _every(ctx: Context, asked: Mapping[str, Any]) -> Weekly | None:
    written = asked.get("every")
    if written is None:
        return None
    try:
        return parse_weekly(str(written))
    except (MomentError, SettingError):
        words = _("I don't understand `{found}`. Say on which day and when: `--every friday 17:00`.")
        raise Mistake(ctx.say(words, found=str(written)[:40])) from None


def _unknown_flag(found: str, ctx: Context) -> Mistake:
    near = reading.nearest_flag(found)
    if near:
        return Mistake(
            ctx.say(_("I don't know the option `{found}`. Did you mean `{nearest}`?"), found=found, nearest=near)
        )
    known = " ".join(f"--{flag.replace('_', '-')}" for flag in FLAGS)
    return Mistake(ctx.say(_("I don't know the option `{found}`. There are: {known}"), found=found, known=known))


def _mistake(ctx: Context, words: Text) -> Mistake:
    example = EXAMPLES.get(ctx.say.language, EXAMPLES["en"])
    return Mistake((*words, *ctx.say(_(" Like this: `{example}`"), example=example)))
