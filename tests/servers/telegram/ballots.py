"""Polls as the server counts them."""

from __future__ import annotations

from tests.servers.telegram.model import Json
from tests.servers.telegram.refusals import Misused
from tests.servers.telegram.world import World


def shown(poll: Json) -> Json:
    """The Bot API's Poll: without who voted for what."""
    return {k: v for k, v in poll.items() if not k.startswith("_")}


def publish(world: World, poll: Json) -> None:
    """Writes the new totals into the message and tells the bot that sent it."""
    chat, number = poll["_chat"], poll["_message"]
    chat.messages[number].message["poll"] = shown(poll)
    bot = world.bot_by_id(poll["_bot"])
    if bot is not None:
        world.tell_bot(bot, "poll", shown(poll))


def vote(world: World, poll: Json, user: Json, chosen: list[int]) -> None:
    """Sets a person's votes; an empty list takes them back."""
    close_due(world)
    votes: dict[int, list[int]] = poll["_votes"]
    if poll["is_closed"]:
        raise Misused("the poll is closed")
    if votes.get(user["id"]) and chosen and not poll.get("allows_revoting", True):
        raise Misused("this poll allows no second vote")
    if len(chosen) > 1 and not poll["allows_multiple_answers"]:
        raise Misused("this poll takes one answer")
    votes[user["id"]] = chosen
    for number, option in enumerate(poll["options"]):
        option["voter_count"] = sum(number in ballot for ballot in votes.values())
    poll["total_voter_count"] = sum(bool(ballot) for ballot in votes.values())
    bot = world.bot_by_id(poll["_bot"])
    if bot is not None and not poll["is_anonymous"]:
        ids = [poll["options"][n]["persistent_id"] for n in chosen]
        answer = {"poll_id": poll["id"], "user": user, "option_ids": chosen, "option_persistent_ids": ids}
        world.tell_bot(bot, "poll_answer", answer)
    publish(world, poll)


def close(world: World, poll: Json) -> Json:
    """Ends the poll; returns its final state."""
    poll["is_closed"] = True
    publish(world, poll)
    return shown(poll)


def close_due(world: World) -> None:
    """Ends the polls whose time has come."""
    now = world.now()
    for poll in world.polls.values():
        if not poll["is_closed"] and poll.get("close_date", now + 1) <= now:
            close(world, poll)
