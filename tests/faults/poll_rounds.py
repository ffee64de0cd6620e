"""Rounds of killing while people vote, and while the result is told; all rounds of a town share its database.

Who pressed remembers what they were answered: what was answered is in the result, what wasn't may be.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.core.steps import STEPS
from tests.faults.processes import Running
from tests.faults.rounds import PATIENCE, STALLS
from tests.faults.town import Town
from tests.faults.voting import OPTIONS, TAKEN, Told, close, post_of, put_up, results_of
from tests.servers.discord import Act, Answer

PEOPLE = 8
"""On each platform."""


@dataclass(frozen=True, slots=True)
class Round:
    """Killed while people vote or at the close, when the step is passed for the `count`th time.

    `point` may also be one of STALLS (at the close only): `side` stands still with the result.
    """

    when: str
    point: str
    count: int
    secret: bool = False
    side: str = "telegram"
    late_release: bool = False


@dataclass(slots=True)
class Figures:
    """Of one way of being killed."""

    rounds: int = 0
    killed_there: int = 0
    pressed: int = 0
    unanswered: int = 0
    told: int = 0  # results, one a place
    uncertain: int = 0  # results of which nobody knows whether they arrived
    wrong: list[str] = field(default_factory=list)


@dataclass
class _Votes:
    """Of one poll, by person: what may be their choice. None: none at all."""

    possible: dict[str, set[str | None]] = field(default_factory=dict)

    def counts(self, person: str, option: str) -> None:
        self.possible[person] = {option}

    def may_count(self, person: str, option: str) -> None:
        self.possible[person] = self.possible.get(person, {None}) | {option}

    def check(self, told: Told) -> None:
        """Whether it can be true."""
        least = Counter(next(iter(may)) for may in self.possible.values() if len(may) == 1)
        most = Counter(option for may in self.possible.values() for option in may)
        for option, count in zip(OPTIONS, told.counts, strict=True):
            assert least[option] <= count <= most[option], f"{option} {count}, {least[option]} to {most[option]}"
        certain = sum(None not in may for may in self.possible.values())
        assert certain <= sum(told.counts) <= len(self.possible), f"{told} of {certain} to {len(self.possible)} people"


@dataclass
class PollRounds:
    """In a town with both platforms and without greetings. `hasty`: without the platforms' pace."""

    town: Town
    random: Random
    hasty: bool = False
    figures: dict[str, Figures] = field(default_factory=dict)

    async def play(self, rounds: Iterable[Round]) -> None:
        for name in self._people("discord"):
            await self.town.discord.joins(name)
        await self.town.met_before()
        for number, one in enumerate(rounds):
            await self._play(one, f"Ronde {number:03}, ngopi?")

    # ------------------------------------------------------------------ one round

    async def _play(self, one: Round, question: str) -> None:
        figures = self.figures.setdefault(f"{one.when}, {one.point}", Figures())
        figures.rounds += 1
        votes = _Votes()
        run = await self._start()
        await put_up(self.town, question, secret=one.secret)
        if one.when == "voting":
            await run.killed()
            killed = await self._killed_while_voting(one, question, votes, figures)
        else:
            await self._vote(question, votes, figures, self._presses())
            await run.killed()
            killed = await self._killed_at_the_close(one, question)
        figures.killed_there += killed
        last = await self._start()
        for side in self.town.sides.values():
            await side.release()
        if one.when == "voting":
            await self._vote(question, votes, figures, self._presses()[:4])
            await self.town.telegram.world.wait("confirmed", timeout=20)
            await close(self.town, question)
        try:
            await self._settles(question)
            await self._check(question, votes, figures)
        except AssertionError as problem:
            figures.wrong.append(f"{question} {one}: {problem}")
        await last.killed()

    async def _start(self, **how: Any) -> Running:
        self.town.forgets_sessions()
        return await self.town.guyub(hasty=self.hasty, **how)

    async def _killed_while_voting(self, one: Round, question: str, votes: _Votes, figures: Figures) -> bool:
        run = await self._start(kill_at=f"{one.point}:{one.count}")
        up, ended = asyncio.ensure_future(self.town.discord.heard()), asyncio.ensure_future(run.ends(60))
        await asyncio.wait([up, ended], return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        voting = asyncio.ensure_future(self._vote(question, votes, figures, self._presses(), ended))
        await asyncio.wait([ended], timeout=PATIENCE)
        killed = ended.done()
        await run.killed()
        await ended
        await voting
        return killed

    async def _killed_at_the_close(self, one: Round, question: str) -> bool:
        """It is due as soon as the program is there. Presses that waited for it come too late."""
        self.town.makes_due(question)
        post = await post_of(self.town.telegram, question)
        assert post is not None
        late = [(await self.town.telegram.person(name), OPTIONS[0]) for name in self._people("telegram")[:2]]
        await self.town.telegram.group.presses([(who.id, option) for who, option in late], post.id)
        if one.point in STALLS:
            side = self.town.sides[one.side]
            await side.stalls(one.point.removeprefix("stalled "))
            run = await self._start(until=False)
            await side.stalled()
            await run.killed()
            if not one.late_release:
                await side.release()
            return True
        run = await self._start(kill_at=f"{one.point}:{one.count}")
        killed = False
        with suppress(TimeoutError):
            killed = await run.ends(PATIENCE) == -9
        await run.killed()
        return killed

    # ------------------------------------------------------------------ people

    def _people(self, platform: str) -> list[str]:
        return [f"{platform.capitalize()}{number}" for number in range(PEOPLE)]

    def _presses(self) -> list[tuple[str, str, str]]:
        """Platform, who, what: everybody once, and some change their mind."""
        everybody = [(platform, name) for number in range(PEOPLE) for platform, name in self._both(number)]
        everybody += self.random.sample(everybody, k=PEOPLE // 2)
        return [(platform, name, self.random.choice(OPTIONS)) for platform, name in everybody]

    def _both(self, number: int) -> list[tuple[str, str]]:
        return [(platform, self._people(platform)[number]) for platform in self.town.sides]

    async def _vote(
        self,
        question: str,
        votes: _Votes,
        figures: Figures,
        presses: Sequence[tuple[str, str, str]],
        ended: asyncio.Future[int] | None = None,
    ) -> None:
        """One press after the other; without `ended` all are answered, else some may not be when that is done.

        Telegram keeps presses until they are confirmed, so they count in any case.
        """
        group, general = self.town.telegram.group, self.town.discord.guild["general"]
        posts = [await post_of(side, question) for side in self.town.sides.values()]
        [telegram_post, discord_post] = [post.id for post in posts if post]
        acts: list[tuple[str, str, Act]] = []
        figures.pressed += len(presses)
        for platform, name, option in presses:
            if platform == "telegram":
                who = await self.town.telegram.person(name)
                await who.presses(option, group, telegram_post)
                votes.counts(name, option)
            else:
                act = await (await self.town.discord.person(name)).presses(general, option, message=discord_post)
                acts.append((name, option, act))
            await asyncio.sleep(0.01)
        if ended is not None:
            await ended
        for name, option, act in acts:
            answer = await (act.now() if ended else _noted(act))
            if TAKEN in answer.text:  # what was only acknowledged shows no text, or that of the poll
                votes.counts(name, option)
            else:
                figures.unanswered += 1
                votes.may_count(name, option)
        if ended is None:
            await self.town.telegram.world.wait("confirmed", timeout=20)

    # ------------------------------------------------------------------ the truth

    async def _settles(self, question: str) -> None:
        """It is closed and told, as far as it will ever be."""

        async def is_open() -> list[object]:
            moving = self.town.rows("SELECT id, kind, operation FROM outbox WHERE state IN ('queued', 'sending')")
            posts = [await post_of(side, question) for side in self.town.sides.values()]
            state = self.town.rows("SELECT state FROM polls WHERE question = ? AND state != 'closed'", question)
            return [*moving, *state, *(post for post in posts if post is None or post.buttons)]

        ends = time.monotonic() + 40
        while left := await is_open():
            assert time.monotonic() < ends, f"not closed everywhere: {left}"
            await asyncio.sleep(0.02)

    async def _check(self, question: str, votes: _Votes, figures: Figures) -> None:
        for platform, side in self.town.sides.items():
            results = [Told.of(said.text) for said in await results_of(side, question)]
            unsure = self._unsure(platform, question)
            figures.told += len(results)
            figures.uncertain += len(unsure)
            assert len(results) <= 1, (platform, results)
            assert results or (unsure and not side.repeats), f"not told on {platform}"
            for result in results:
                votes.check(result)
            assert self._told_managers(platform, unsure), f"managers don't know of {unsure}"

    def _unsure(self, platform: str, question: str) -> list[int]:
        """Results of which nobody knows whether they arrived."""
        [(number,)] = self.town.rows("SELECT number FROM polls WHERE question = ?", question)
        which = "state = 'uncertain' AND kind = 'result' AND NOT is_change AND platform = ? AND why = ?"
        rows = self.town.rows(f"SELECT id FROM outbox WHERE {which}", platform, f"poll {number} closed")
        return [id for (id,) in rows]

    def _told_managers(self, platform: str, unsure: Sequence[int]) -> bool:
        told = {key for (key,) in self.town.rows("SELECT key FROM outbox WHERE state IN ('sent', 'uncertain')")}
        return all(f"uncertain:{id}@{platform}" in told for id in unsure)


async def _noted(act: Act) -> Answer:
    """The answer, once it says that the vote is taken."""

    async def look() -> Answer | None:
        answer = await act.now()
        return answer if TAKEN in answer.text else None

    return await act.world.eventually(look, within=15)


def some_rounds(random: Random, count: int) -> list[Round]:
    """Every point in turn, at the close and while people vote; chance decides the rest."""
    ways = [("voting", point) for point in STEPS] + [("close", point) for point in (*STEPS, *STALLS)]
    return [_some_round(random, *ways[number % len(ways)]) for number in range(count)]


def _some_round(random: Random, when: str, point: str) -> Round:
    most = 20 if when == "voting" else 4 if point in ("claimed", "sent", "settled") else 2
    side = random.choice(("telegram", "discord"))
    count, secret, late = random.randint(1, most), random.random() < 0.3, random.random() < 0.5
    return Round(when, point, count, secret, side, late)
