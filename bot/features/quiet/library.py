"""The prompts that a community has: Guyub's, its own, and its members' ideas."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.core.feature import Context
from bot.core.membership import Presence
from bot.core.messages import Message, Text, lines, plain, text
from bot.core.names import is_advertisement
from bot.core.stores import Members
from bot.core.templates import Template
from bot.features.quiet.choice import OWN
from bot.features.quiet.listening import observances_of, settings_of
from bot.features.quiet.model import Asked, Idea, Ideas, Standing
from bot.features.quiet.prompts import PLACEHOLDERS, Pack, Prompt, pack_of
from bot.locale import _


@dataclass(frozen=True, slots=True)
class Candidate:
    """A prompt that can be said now, in its words; `idea` is the member's idea that it is."""

    key: str
    arm: str
    said: Text
    interests: frozenset[str] = frozenset()
    idea: Idea | None = None


class Library:
    """What can be asked in a community at a time: nothing about food while people fast, nothing odd at that hour."""

    def __init__(self, ctx: Context, at: datetime) -> None:
        self._ctx, self._settings = ctx, settings_of(ctx.served)
        self._pack: Pack = pack_of(ctx.served.language)
        self._hour = at.astimezone(ctx.served.zone).hour
        self._fasting = self._settings.ramadan and observances_of(ctx.served).is_fasting(at)
        self._interests = [one for one in ctx.served.interests if not (self._fasting and self._pack.is_food(one))]

    @property
    def tags(self) -> frozenset[str]:
        return self._pack.tags(self._interests)

    def candidates(self) -> list[Candidate]:
        return [*self._shipped(), *self._own(), *self._ideas()]

    def suiting(self) -> list[Candidate]:
        """Those that suit this community's interests."""
        return [one for one in self.candidates() if not one.interests or one.interests & self.tags]

    def find(self, key: str) -> Candidate | None:
        return next((candidate for candidate in self.candidates() if candidate.key == key), None)

    def _shipped(self) -> Iterator[Candidate]:
        for prompt in self._pack.prompts if self._settings.packs else ():
            if self._suits(prompt):
                said = prompt.said(self._interest() if prompt.wants_interest else "")
                yield Candidate(prompt.key, prompt.category, said, prompt.interests)

    def _suits(self, prompt: Prompt) -> bool:
        possible = bool(self._interests) or not prompt.wants_interest
        return possible and prompt.suits_hour(self._hour) and not (prompt.food and self._fasting)

    def _interest(self) -> str:
        return self._ctx.random.choice(self._interests)

    def _own(self) -> Iterator[Candidate]:
        for written in self._settings.prompts:
            template = Template.parse(written, PLACEHOLDERS)
            if "interest" in template.names and not self._interests:
                continue
            if not self._forbidden(written):
                interest = self._interest() if "interest" in template.names else ""
                yield Candidate(own_key(written), OWN, template.fill({"interest": interest}))

    def _ideas(self) -> Iterator[Candidate]:
        for idea in self._ctx.unit.store(Ideas).of(self._ctx.served.slug, [Standing.APPROVED]):
            if not self._forbidden(idea.text):
                yield Candidate(idea.key, OWN, text(idea.text), idea=idea)

    def _forbidden(self, written: str) -> bool:
        """Of words that nobody has tagged: whether they seem to be about food while people fast."""
        return self._fasting and self._pack.is_food(written)


def own_key(written: str) -> str:
    return f"own/{hashlib.sha256(written.encode()).hexdigest()[:12]}"


def message(candidate: Candidate, ctx: Context) -> Message:
    """As everybody will read it: with credit to whoever had the idea, if they are still there."""
    name = credit(candidate.idea, ctx) if candidate.idea else ""
    by = ctx.tell(_("– an idea of {name}"), name=name) if name else ()
    return Message(lines(candidate.said, by))


def credit(idea: Idea, ctx: Context) -> str:
    """The name to thank, or none: nobody's idea, somebody who left the group, or a name that advertises."""
    if not idea.account or is_advertisement(idea.name):
        return ""
    there = ctx.unit.store(Members).get(idea.platform, idea.group, idea.account)
    return "" if there.presence is Presence.ABSENT and there.left_at else idea.name


def words_of(asked: Asked, ctx: Context) -> str:
    """What was asked, as far as it is still known."""
    if asked.text:
        return asked.text
    idea = ctx.unit.store(Ideas).by_id(int(asked.key.removeprefix("idea/"))) if asked.key.startswith("idea/") else None
    return idea.text if idea else ""


def kept_words(candidate: Candidate) -> str:
    """What is remembered of it: a member's words stay with the idea alone, so that they can be taken back."""
    return "" if candidate.idea else plain(candidate.said)
