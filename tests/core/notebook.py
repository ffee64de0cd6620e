"""A feature made for the engine's tests: it notes what it is told, and fails where it is told to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.commands import Answers, Command, Form, Kind, Option, Who
from bot.core.events import ButtonPressed, CommandInvoked, MessagePosted
from bot.core.feature import ButtonAction, Context, Feature, Instead, Mistake
from bot.core.messages import Button, Message, text
from bot.core.stores import State

TEXT = (Option("text", "what", Kind.TEXT, required=True),)


@dataclass
class Notebook:
    """`tries`: how often what fails was tried. `heard`: ordinary talk, by place, in order."""

    tries: dict[str, int] = field(default_factory=dict)
    heard: list[tuple[str, str]] = field(default_factory=list)
    fails: int = 0  # so often "flaky" fails

    def feature(self, *, hears: bool = True) -> Feature:
        command = self._command
        return Feature(
            name="notebook",
            commands=(
                command("note", self.note, Answers.PUBLIC, options=TEXT, aliases={"id": "catat"}),
                command("whisper", self.whisper, Answers.PRIVATE, options=TEXT),
                command("mumble", self.whisper, Answers.DISCREET, options=TEXT),
                command("reign", self.reign, Answers.PUBLIC, who=Who.MANAGERS),
                command("coronation", self.reign, Answers.PUBLIC, who=Who.MANAGERS, live=True),
                command("offer", self.offer, Answers.PUBLIC),
                command("poison", self.poison, Answers.PUBLIC),
                command("wrong", self.wrong, Answers.PUBLIC),
                command(
                    "essay", self.note, Answers.PUBLIC, who=Who.MANAGERS, options=TEXT, form=Form("text", "E", "Write!")
                ),
            ),
            on={MessagePosted: self.hear} if hears else {},
            buttons={
                "tell": ButtonAction(self.pressed),
                "rule": ButtonAction(self.pressed, who=Who.MANAGERS),
                "instead": ButtonAction(self.instead),
            },
        )

    def _command(self, name: str, handler: Any, answers: Answers, **more: Any) -> Command:
        return Command(name, f"To {name}", handler, answers=answers, **more)

    def note(self, event: CommandInvoked, ctx: Context, text: str) -> Message:
        self._once_more(text)
        state = ctx.unit.store(State)
        state.put("notes", "|".join(filter(None, [state.get("notes"), text])))
        return said(f"noted: {text}")

    def whisper(self, event: CommandInvoked, ctx: Context, text: str) -> Message:
        return said(f"psst: {text}")

    def reign(self, event: CommandInvoked, ctx: Context) -> Message:
        return said(f"{event.actor.name} reigns")

    def offer(self, event: CommandInvoked, ctx: Context) -> Message:
        buttons = tuple(Button(name, f"notebook.{name}", {"n": 1}) for name in ("tell", "rule", "instead"))
        return Message(text("press one"), buttons=(buttons,))

    def pressed(self, event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Message:
        return said(f"{event.actor.name} pressed {data['n']}")

    def instead(self, event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
        return Instead(said("pressed, and gone"))

    def poison(self, event: CommandInvoked, ctx: Context) -> Message:
        """Writes and posts before it fails."""
        ctx.unit.store(State).put("notes", "poisoned")
        ctx.unit.post(said("poison"), event.where, kind="greeting", key="poison")
        self._once_more("poison")
        raise ZeroDivisionError(f"what {event.actor.name} said")

    def wrong(self, event: CommandInvoked, ctx: Context) -> Message:
        raise Mistake(text("Not like this, but like that."))

    def hear(self, event: MessagePosted, ctx: Context) -> None:
        if event.text == "flaky" and self._once_more("flaky") <= self.fails:
            raise ZeroDivisionError
        if event.text == "poison":
            self._once_more("poison")
            raise ZeroDivisionError
        self.heard.append((event.where.group, event.text))

    def _once_more(self, what: str) -> int:
        self.tries[what] = self.tries.get(what, 0) + 1
        return self.tries[what]


def said(words: str) -> Message:
    return Message(text(words))
