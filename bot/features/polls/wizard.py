"""How a poll shall be, asked by buttons that a thumb can press. What was chosen so far travels in the buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from bot.core.durations import parse_duration
from bot.core.events import ButtonPressed, CommandInvoked, MessagePosted, Where
from bot.core.feature import Context, Instead, Mistake
from bot.core.messages import Button, Message, Span, Style, Text, lines, text
from bot.features.polls import starting
from bot.features.polls.asking import Proposal
from bot.features.polls.counting import settings_of
from bot.features.polls.model import Rules
from bot.locale import _

LENGTHS = ("1h", "4h", "24h", "3d", "7d")
SET, START, DROP = "polls.wizard_set", "polls.wizard_start", "polls.wizard_drop"
SWITCHES = {
    "multiple": _("Several choices"),
    "secret": _("Secret votes"),
    "hide_results": _("Results only at the end"),
    "add_options": _("Members may add options"),
}


def first(wanted: Proposal, event: CommandInvoked | MessagePosted, ctx: Context) -> Message:
    length = _nearest(settings_of(ctx).closes)
    return _message(
        {
            "by": event.actor.id,
            "question": wanted.question,
            "options": list(wanted.options),
            "rules": asdict(wanted.rules),
            "closes": length,
            "here": asdict(event.where),
        },
        ctx,
    )


def turn(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """A switch was pressed, or the next length."""
    draft = _own(data, event, ctx)
    if data["turn"] == "closes":
        draft["closes"] = LENGTHS[(LENGTHS.index(draft["closes"]) + 1) % len(LENGTHS)]
    else:
        draft["rules"] = draft["rules"] | {data["turn"]: not draft["rules"][data["turn"]]}
    return Instead(_message(draft, ctx))


def start(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    draft = _own(data, event, ctx)
    starting.check_may_start(event, ctx)
    closes_at = ctx.now + parse_duration(draft["closes"])
    wanted = Proposal(draft["question"], tuple(draft["options"]), Rules(**draft["rules"]), closes_at)
    answer = starting.begin(wanted, event, ctx, _asked_in(draft, ctx))
    return Instead(answer or ctx.say.message(_("Here it is. 👇")))


def _asked_in(draft: Mapping[str, Any], ctx: Context) -> Where | None:
    """Where the question came up; these buttons may stand in a private chat."""
    here = Where(**draft["here"])
    return here if ctx.served.group(here.platform, here.group) else None


def drop(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    _own(data, event, ctx)
    return Instead(ctx.say.message(_("Never mind, no poll was started.")))


def _own(data: Mapping[str, Any], event: ButtonPressed, ctx: Context) -> dict[str, Any]:
    if data["draft"]["by"] != event.actor.id:
        raise Mistake(ctx.say(_("Somebody else is preparing this poll.")))
    return dict(data["draft"])


def _message(draft: Mapping[str, Any], ctx: Context) -> Message:
    options = lines(*(text(f"• {option}") for option in draft["options"]))
    how = ctx.say(_("How shall it be? Press what you like, then start it."))
    return Message(lines(_question(draft), options, how, gap="\n\n"), buttons=_buttons(draft, ctx))


def _question(draft: Mapping[str, Any]) -> Text:
    return (Span("📊 "), Span(draft["question"], Style.BOLD))


def _buttons(draft: Mapping[str, Any], ctx: Context) -> tuple[tuple[Button, ...], ...]:
    def button(label: str, action: str, **more: str) -> Button:
        return Button(label, action=action, data={"draft": draft, **more})

    length = ctx.say(LENGTH_TEXTS[draft["closes"]])
    rows = [(button(_words(ctx.say(_("Open for {length} ⟳"), length=length)), SET, turn="closes"),)]
    for key, label in SWITCHES.items():
        mark = "☑" if draft["rules"][key] else "☐"
        rows.append((button(f"{mark} {ctx.say.words(label)}", SET, turn=key),))
    last = (button(ctx.say.words(_("Start the poll")), START), button(ctx.say.words(_("Cancel")), DROP))
    return (*rows, last)


LENGTH_TEXTS = {
    "1h": _("1 hour"),
    "4h": _("4 hours"),
    "24h": _("1 day"),
    "3d": _("3 days"),
    "7d": _("1 week"),
}


def _words(spans: Text) -> str:
    return "".join(span.text for span in spans)


def _nearest(wanted: timedelta) -> str:
    return min(LENGTHS, key=lambda length: abs(parse_duration(length) - wanted))
