"""The year of year.py through the whole program: messages, storage and jobs under a virtual clock, answers and all.

`python -m benchmarks.real_year CHANNEL` tells whether both post at the same moments. All categories are then liked
alike, as chance chooses them anew.
"""

from __future__ import annotations

import asyncio
import heapq
import sys
from datetime import datetime
from typing import Final

from benchmarks.lives import Community, Said, founded, read, usable
from benchmarks.year import guyub
from bot.config.load import loads
from bot.core.activity import Spoken
from bot.core.events import Delivered, Event, MessagePosted
from bot.core.unit import Unit
from bot.features.quiet.model import Prompted
from bot.features.quiet.outcomes import PREFIX
from bot.play.community import SETTINGS, scene_of
from bot.play.stage import Stage
from bot.rehearse.replay import TOGETHER, heard

CONFIG: Final = """
[communities.year]
name = "Year"
timezone = "UTC"
[[communities.year.groups]]
platform = "telegram"
id = "-1001"
[communities.year.quiet]
holidays = "none"
"""


class Lived:
    """The program among people who answer it. `posts`: when it asked."""

    def __init__(self, community: Community) -> None:
        self.posts: list[datetime] = []
        self._community, self._waiting = community, list(community.said)
        self._last = community.said[0][0]
        self._delivered: list[Delivered] = []
        self._stage = Stage(scene_of(loads(CONFIG, SETTINGS, file="year")), community.said[0][0], community.seed)
        self._stage.watch = self._watch

    def _watch(self, event: Event) -> None:
        if isinstance(event, Delivered) and event.post_key.startswith(PREFIX):
            self._delivered.append(event)

    async def run(self) -> list[datetime]:
        async with self._stage as stage:
            together: list[MessagePosted] = []
            due, where, number = await stage.next_due(), stage.scene.community.groups[0].main_place, 0
            while self._waiting:
                at, author = self._waiting[0]
                falls_due = due is not None and due <= at
                if together and (falls_due or at >= together[0].at + TOGETHER):
                    await stage.hear(together)
                    together, due = [], await stage.next_due()
                elif due is not None and falls_due:
                    await stage.advance(due)
                    await self._answer()
                    due = await stage.next_due()
                else:
                    heapq.heappop(self._waiting)
                    number, self._last = number + 1, at
                    together.append(heard(Spoken(where, str(number), author, at), number))
        return self.posts

    async def _answer(self) -> None:
        for post in self._delivered:
            category = await self._category(post)
            self.posts.append(post.at)
            for said in self._community.answers(post.at, post.at - self._last, category):
                heapq.heappush(self._waiting, said)
        self._delivered.clear()

    async def _category(self, post: Delivered) -> str:
        def work(unit: Unit) -> str:
            asked = unit.store(Prompted).get(int(post.post_key.removeprefix(PREFIX)))
            return asked.arm if asked else ""

        return await self._stage.program.database.run(work, post.at)


async def both(said: list[Said], kind: str) -> tuple[list[datetime], list[datetime]]:
    """When the rules alone and when the program ask."""
    community = founded(said, kind, 1)
    community.taste = dict.fromkeys(community.taste, 1.0)
    return guyub(community).posts, await Lived(community).run()


def main() -> None:
    channel = next(one for one in usable() if one["channel"] == sys.argv[1])
    for kind in sys.argv[2:] or ["dying"]:
        alone, program = asyncio.run(both(read(channel), kind))
        same = len(set(alone) & set(program))
        print(f"{kind}: {len(alone)} by the rules alone, {len(program)} by the program, {same} at the same moment")
        print("only the rules", [f"{at:%m-%d %H:%M}" for at in alone if at not in program])
        print("only the program", [f"{at:%m-%d %H:%M}" for at in program if at not in alone])


if __name__ == "__main__":
    main()
