"""Polls as the fault tests play them: put up, voted on, closed, read off the chats, and counted by themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import partial

from tests.faults.sides import Said, Side
from tests.faults.town import Town, eventually
from tests.servers.telegram import Person

OPTIONS = ("Senopati", "Kemang", "Blok M")
QUIET = "enabled = false\n"
"""Nobody is greeted: crowds join before a vote."""
TAKEN = "✓"
"""In the answer to a vote that counts."""
BAR = re.compile(r"[▰▱]{10} (\d+) · ")
SPLIT = re.compile(r"(Telegram|Discord) (\d+)")
VOID = re.compile(r"(\d+) suara tidak dihitung")
RESULT = re.compile(r"menang: dipilih|Seri: |tidak ada yang memilih")


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says of how a poll stands. `split`: people by platform, where it names more than one."""

    counts: tuple[int, ...]
    split: Mapping[str, int]
    void: int

    @classmethod
    def of(cls, text: str) -> Told:
        counts = tuple(map(int, BAR.findall(text)))
        split = {platform.casefold(): int(count) for platform, count in SPLIT.findall(text)}
        return cls(counts, split, sum(map(int, VOID.findall(text))))


@dataclass
class Count:
    """The truth, kept by the test: one ballot a person, the last one, those of people who are gone left out."""

    chosen: dict[Hashable, tuple[str, str]] = field(default_factory=dict)  # person → platform, option
    gone: set[Hashable] = field(default_factory=set)

    def votes(self, person: Hashable, platform: str, option: str) -> None:
        """The same once more changes nothing, wherever it is said."""
        if person not in self.chosen or self.chosen[person][1] != option:
            self.chosen[person] = platform, option

    def leaves(self, person: Hashable) -> None:
        self.gone.add(person)

    def told(self, *, everyone: bool = False) -> Told:
        """`everyone`: those who are gone as well, as live bars count them."""
        left = set() if everyone else self.gone & self.chosen.keys()
        counted = [vote for person, vote in self.chosen.items() if person not in left]
        options, platforms = Counter(option for _, option in counted), Counter(platform for platform, _ in counted)
        split = dict(platforms) if len(platforms) > 1 else {}
        return Told(tuple(options[option] for option in OPTIONS), split, len(left))


async def put_up(town: Town, question: str, **how: object) -> None:
    """A manager asks on Discord if the community is there, else on Telegram; returns when the poll stands everywhere.

    `how`: further options, as Discord's command names them.
    """
    how = {"closes": "2h", **how}
    if "discord" in town.sides:
        discord = town.discord
        await discord.world.eventually(discord.world.commands, within=20)
        options = {"question": question, "options": " | ".join(OPTIONS), **how}
        act = await discord.guild.owner.slash(discord.guild["general"], "poll new", **options)
        answer = await act.answer(within=15)
        assert answer.state == "answered", answer
    else:
        manager = await _telegram_manager(town)
        flags = " ".join(f"--{name.replace('_', '-')} {'' if value is True else value}" for name, value in how.items())
        await manager.says(f'/poll "{question}" {" | ".join(OPTIONS)} {flags}', town.telegram.group)
    for side in town.sides.values():
        await eventually(partial(post_of, side, question), within=15, what=f"up on {side.name}")
    await eventually(partial(_is_noted, town, question), within=5)


async def _is_noted(town: Town, question: str) -> bool:
    """The program knows its messages by now."""
    query = "SELECT message_id FROM poll_posts JOIN polls ON poll = polls.id WHERE question = ?"
    posts = town.rows(query, question)
    return len(posts) == len(town.sides) and all(message_id for (message_id,) in posts)


async def _telegram_manager(town: Town) -> Person:
    manager = await town.telegram.person("Bu Rini")
    await manager.is_promoted(town.telegram.group)
    return manager


async def close(town: Town, question: str) -> None:
    """A manager closes it, by its number."""
    [(number,)] = town.rows("SELECT number FROM polls WHERE question = ?", question)
    if "discord" in town.sides:
        general = town.discord.guild["general"]
        act = await town.discord.guild.owner.slash(general, "poll close", number=number)
        answer = await act.answer(within=30)
        assert answer.state == "answered", answer
    else:
        await (await _telegram_manager(town)).says(f"/poll close {number}", town.telegram.group)


async def post_of(side: Side, question: str) -> Said | None:
    """The message in which the poll stands."""
    posts = [said for said in await side.said() if question in said.text and not RESULT.search(said.text)]
    assert len(posts) <= 1, posts
    return posts[0] if posts else None


async def results_of(side: Side, question: str) -> list[Said]:
    """All the bot ever announced of it."""
    return [said for said in await side.said() if question in said.text and RESULT.search(said.text)]


async def result_of(side: Side, question: str, within: float = 30.0) -> Told:
    """The result, which is announced once."""
    results = await eventually(lambda: results_of(side, question), within=within, what=f"result on {side.name}")
    assert len(results) == 1, results
    return Told.of(results[0].text)


async def shows(side: Side, question: str, truth: Told, within: float = 30.0) -> None:
    """Wait until the bars of the poll's own message say so."""

    async def is_so() -> bool:
        post = await post_of(side, question)
        return post is not None and Told.of(post.text).counts == truth.counts

    await eventually(is_so, within=within, what=f"bars on {side.name}")
