"""Control side: people vote in the bot's polls, one by one or in crowds, and press its buttons in crowds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from tests.servers.telegram import ballots
from tests.servers.telegram.ballots import Voter
from tests.servers.telegram.model import CHANNEL_BOT, Chat, Json, Member
from tests.servers.telegram.refusals import Misused
from tests.servers.telegram.talking import press
from tests.servers.telegram.world import World


def vote(world: World, given: Json) -> None:
    """For `options` by text or number, in the newest poll that has them (or `message`); none takes the vote back.

    `as` is anonymous or channel (`channel`); `elsewhere`: in a copy of the poll that was forwarded, so by anybody.
    """
    chat = world.chat(given["chat"])
    found = _poll(world, chat, given["options"], given.get("message"))
    voter = _voter(world, chat, given)
    texts = [option["text"] for option in found["options"]]
    chosen = [option if isinstance(option, int) else texts.index(option) for option in given["options"]]
    ballots.vote(world, found, voter, chosen)


def _poll(world: World, chat: Chat, wanted: list[str | int], number: int | None) -> Json:
    for stored in reversed(chat.messages.values()):
        found = world.polls.get(stored.message.get("poll", {}).get("id", ""))
        if found is None or stored.deleted or number not in (None, stored.message["message_id"]):
            continue
        texts = [option["text"] for option in found["options"]]
        if all(option in (range(len(texts)) if isinstance(option, int) else texts) for option in wanted):
            return found
    raise Misused(f"no poll with {wanted} in {chat.title or 'the private chat'}")


def _voter(world: World, chat: Chat, given: Json) -> Voter:
    if given.get("as") == "anonymous":
        return Voter(CHANNEL_BOT, chat.shown())
    if given.get("as") == "channel":
        return Voter(CHANNEL_BOT, world.chat(given["channel"]).shown())
    user = world.user(given["user"])
    if given.get("elsewhere") or chat.is_private:
        return Voter(user)
    # Somebody never heard of was always there.
    if not chat.members.setdefault(user["id"], Member(user, "member")).present:
        raise Misused(f"{user['first_name']} is not in {chat.title}")
    return Voter(user)


def poll(world: World, given: Json) -> Json:
    """The newest poll (or that of `message`), with everybody's vote."""
    ballots.close_due(world)
    return ballots.record(_poll(world, world.chat(given["chat"]), [], given.get("message")))


def crowd_votes(world: World, given: Json) -> list[Json]:
    """`votes`: [{user, options}, …], each as in `vote`; with `per_second` in the background, else all at once.

    Returns those that Telegram refused, with the reason; in the background none. `wait` with what="fed" for its end.
    """
    common = {"chat": given["chat"], "message": given.get("message")}
    return _crowd(world, [common | one for one in given["votes"]], vote, given.get("per_second"))


def crowd_presses(world: World, given: Json) -> list[Json]:
    """`presses`: [{user, label}, …], each as in `press`; further as in `crowd_votes`."""
    common = {"chat": given["chat"], "message": given.get("message")}
    return _crowd(world, [common | one for one in given["presses"]], press, given.get("per_second"))


def _crowd(world: World, acts: list[Json], act: Callable[[World, Json], Any], per_second: float | None) -> list[Json]:
    if not per_second:
        return [refused for one in acts if (refused := _tried(world, one, act))]
    feed = asyncio.get_running_loop().create_task(_fed(world, acts, act, float(per_second)))
    world.feeds.append(feed)
    return []


def _tried(world: World, given: Json, act: Callable[[World, Json], Any]) -> Json | None:
    try:
        act(world, given)
    except Misused as refused:
        return given | {"refused": str(refused)}
    return None


async def _fed(world: World, acts: list[Json], act: Callable[[World, Json], Any], per_second: float) -> None:
    begun, done = time.monotonic(), 0
    while done < len(acts):
        due = min(len(acts), int((time.monotonic() - begun) * per_second) + 1)
        for one in acts[done:due]:
            _tried(world, one, act)
        done = due
        await asyncio.sleep(min(0.01, 1 / per_second))
    world.feeds.remove(asyncio.current_task())  # type: ignore[arg-type]
    world.changed()


ACTIONS: dict[str, Callable[[World, Json], Any]] = {
    "vote": vote,
    "poll": poll,
    "crowd_votes": crowd_votes,
    "crowd_presses": crowd_presses,
}
