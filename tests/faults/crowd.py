"""A crowd votes in one poll on both platforms, within the limits that the platforms set, and the test counts along."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.faults.town import Town
from tests.faults.voting import OPTIONS, TAKEN, Count, Told, close, post_of, put_up, result_of, shows
from tests.servers.discord import Act
from tests.servers.discord import Person as DiscordPerson

QUESTION = "Ngopi di mana hari Jumat?"
CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b")
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Plan:
    """`people` on each platform vote within `seconds`; `changing` and `leaving` of them in all; `pairs` are linked."""

    people: int = 1_000
    seconds: float = 60.0
    changing: int = 200
    leaving: int = 50
    pairs: int = 30
    secret: bool = False


@dataclass(slots=True)
class Seen:
    """What came of it. `waits`: seconds from a press to its answer, by platform; None: it never got one."""

    truth: Told
    standing: Told  # with those who left, as the bars counted them
    results: dict[str, Told] = field(default_factory=dict)
    edits: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)  # answers of 429
    waits: dict[str, list[float | None]] = field(default_factory=dict)
    unkind: list[str] = field(default_factory=list)  # answers that don't say that the vote is taken
    seconds: float = 0.0
    grown: float = 0.0  # MB

    def wait(self, platform: str, share: float) -> float:
        """The wait that this share of the presses did not exceed."""
        waits = sorted(wait for wait in self.waits[platform] if wait is not None)
        return waits[min(len(waits) - 1, int(share * len(waits)))]


@dataclass(slots=True)
class _Crowd:
    """`telegram` and `discord`: ids; the first `pairs` of both lists are one person each."""

    town: Town
    plan: Plan
    telegram: Sequence[int]
    discord: Sequence[DiscordPerson]
    count: Count = field(default_factory=Count)
    acts: list[Act] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(7))

    def person(self, platform: str, number: int) -> tuple[str, int]:
        return ("both", number) if number < self.plan.pairs else (platform, number)

    async def press(self, numbers: dict[str, Iterable[int]], seconds: float) -> None:
        """Each presses once, evenly spread over that time, both platforms at the same time."""
        chosen = {
            platform: [(number, self.random.choice(OPTIONS)) for number in who] for platform, who in numbers.items()
        }
        for platform, pressed in chosen.items():
            for number, option in pressed:
                self.count.votes(self.person(platform, number), platform, option)
        telegram = [(self.telegram[number], option) for number, option in chosen["telegram"]]
        discord = [(self.discord[number], option) for number, option in chosen["discord"]]
        side = self.town.telegram
        posts = [await post_of(one, QUESTION) for one in (side, self.town.discord)]
        assert posts[0] is not None
        assert posts[1] is not None
        await side.group.presses(telegram, posts[0].id, per_second=len(telegram) / seconds)
        general = self.town.discord.guild["general"]
        acts = await general.crowd_presses(discord, message=posts[1].id, per_second=len(discord) / seconds)
        self.acts += acts
        await side.world.wait("fed", timeout=seconds + 60)

    async def all_are_answered(self) -> None:
        """Waits for the last answer; raises AssertionError with the presses that never get one."""
        ends = time.monotonic() + 10
        while True:
            telegram = [query for query in await self.town.telegram.world.ask("queries") if not query["answer"]]
            discord = await self.town.discord.world.answers(self.acts)
            waiting = [answer for answer in discord if TAKEN not in answer.text]
            if not telegram and not waiting:
                return
            assert time.monotonic() < ends, (len(telegram), telegram[:3], len(waiting), waiting[:3])
            await asyncio.sleep(0.1)


async def gather_crowd(town: Town, people: int) -> tuple[list[int], list[DiscordPerson]]:
    """They are members before the program comes."""
    telegram = await town.telegram.group.crowd_joins(people, via=(), name="Anggota {n}")
    return telegram, await town.discord.guild.crowd_joins(people)


async def nothing(voters: Sequence[str]) -> None:
    """Nobody looks."""


async def play_crowd(town: Town, plan: Plan, look: Callable[[Sequence[str]], Awaitable[None]] = nothing) -> Seen:
    """All of it, in a town without greetings. `look` is called now and then, with the ids of those who vote."""
    crowd = _Crowd(town, plan, *await gather_crowd(town, plan.people))
    voters = [*map(str, crowd.telegram), *(str(who.id) for who in crowd.discord)]
    run = await town.guyub(plain=True, verbose=plan.secret)
    await put_up(town, QUESTION, secret=plan.secret)
    await _link(crowd)
    await town.telegram.world.limits(per_second=30, per_chat_second=1, per_group_minute=20)
    await town.discord.world.trouble.strict_limits()
    before, begun = run.memory, time.monotonic()
    first = 0.8 * plan.seconds
    singles = range(plan.pairs, plan.people)
    await crowd.press({"telegram": range(plan.people), "discord": singles}, first)
    await look(voters)
    await crowd.all_are_answered()  # so that it is certain which vote of a pair was the later one
    changing = range(plan.pairs, plan.pairs + plan.changing // 2)
    await crowd.press({"telegram": changing, "discord": [*range(plan.pairs), *changing]}, plan.seconds - first)
    await look(voters)
    await crowd.all_are_answered()
    seen = Seen(crowd.count.told(), crowd.count.told(everyone=True), seconds=time.monotonic() - begun)
    for side in town.sides.values():
        if not plan.secret:  # those bars take their time
            await shows(side, QUESTION, seen.standing, within=40)
    await look(voters)
    await _leave(crowd)
    seen.truth = crowd.count.told()
    await close(town, QUESTION)
    for name, side in town.sides.items():
        seen.results[name] = await result_of(side, QUESTION)
    await look(voters)
    seen.grown = (run.memory - before) / MEGABYTE
    await _look_back(crowd, seen)
    return seen


async def _link(crowd: _Crowd) -> None:
    await asyncio.gather(*(_one_pair(crowd, number) for number in range(crowd.plan.pairs)))


async def _one_pair(crowd: _Crowd, number: int) -> None:
    general = crowd.town.discord.guild["general"]
    answer = await (await crowd.discord[number].slash(general, "link")).answer(within=20)
    found = CODE.search(answer.text)
    assert found, answer
    world = crowd.town.telegram.world
    user = crowd.telegram[number]
    await world.ask("start", user=user)
    await world.ask("say", user=user, chat=user, text=f"/link {found[0]}")
    await world.wait("messages", chat=user, by="bot", pattern="Selesai!…", timeout=30)


async def _leave(crowd: _Crowd) -> None:
    """Half of them on each platform. The first two are a pair, who stays on Discord, and another, who leaves both."""
    plan, count = crowd.plan, crowd.count
    last = range(plan.people - plan.leaving // 2, plan.people)
    telegram = [*range(min(2, plan.pairs)), *last]
    discord = [*range(1, min(2, plan.pairs)), *last]
    group = crowd.town.telegram.group
    for number in telegram:
        await group.world.ask("leave", user=crowd.telegram[number], chat=group.id, via=["chat_member", "service"])
    await crowd.town.discord.guild.crowd_leaves([crowd.discord[number] for number in discord])
    for platform, numbers in (("telegram", telegram), ("discord", discord)):
        for number in numbers:
            person = crowd.person(platform, number)
            if person != ("both", 0):
                count.leaves(person)
    await group.world.wait("confirmed", timeout=20)


async def _look_back(crowd: _Crowd, seen: Seen) -> None:
    town = crowd.town
    for name, side in town.sides.items():
        post = await post_of(side, QUESTION)
        assert post is not None
        seen.edits[name] = post.edits
    seen.refused["telegram"] = (await town.telegram.world.stats())["refused_by_limits"]
    seen.refused["discord"] = (await town.discord.world.stats()).refused_429
    queries: list[dict[str, Any]] = await town.telegram.world.ask("queries")
    seen.waits["telegram"] = [q["answer"]["at"] - q["at"] if q["answer"] else None for q in queries]
    answers = await town.discord.world.answers(crowd.acts)
    seen.waits["discord"] = [a.shown_ms / 1000 if a.shown_ms is not None else None for a in answers]
    texts = {str(q): (q["answer"] or {}).get("text") or "" for q in queries} | {str(a): a.text for a in answers}
    seen.unkind = [told for told, text in texts.items() if TAKEN not in text]


# ---------------------------------------------------------------- the platforms' own polls


async def play_own_poll(town: Town, people: int, changing: int, seconds: float) -> Told:
    """The same crowd in the platform's own poll, where there is one platform. Returns what that counts itself."""
    play = _own_on_telegram if "telegram" in town.sides else _own_on_discord
    random = Random(11)
    votes = [random.choice(OPTIONS) for _ in range(people + changing)]
    chosen = await play(town, people, votes, len(votes) / seconds)
    return Told(tuple(chosen.count(option) for option in OPTIONS), {}, 0)


async def _own_on_telegram(town: Town, people: int, votes: Sequence[str], per_second: float) -> list[str]:
    group = town.telegram.group
    who = await group.crowd_joins(people, via=())
    await town.guyub(plain=True)
    await put_up(town, QUESTION)
    votes_of = [(who[number % people], [option]) for number, option in enumerate(votes)]
    await group.votes(votes_of, per_second=per_second)
    await group.world.wait("fed", timeout=60)
    await group.world.wait("confirmed", timeout=20)
    return [OPTIONS[option] for (option,) in (await group.poll())["votes"].values()]


async def _own_on_discord(town: Town, people: int, votes: Sequence[str], per_second: float) -> list[str]:
    who = await town.discord.guild.crowd_joins(people)
    await town.guyub(plain=True)
    await put_up(town, QUESTION)
    general = town.discord.guild["general"]
    await general.crowd_votes(
        [(who[number % people], option) for number, option in enumerate(votes)], per_second=per_second
    )
    [record] = [posted.raw["votes"] for posted in await general.messages(by_bot=True) if posted.raw["poll"]]
    return [OPTIONS[int(option) - 1] for option, voters in record.items() for _ in voters]
