"""Polls as the server counts them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.servers.telegram.model import CHANNEL_BOT, Json
from tests.servers.telegram.refusals import Misused
from tests.servers.telegram.world import World


@dataclass(frozen=True, slots=True)
class Voter:
    """A person, or a chat in whose name somebody votes."""

    user: Json
    chat: Json | None = None

    @property
    def id(self) -> int:
        return int((self.chat or self.user)["id"])

    def named(self) -> Json:
        """As a PollAnswer names them: old programs are to see that it is no person."""
        return {"user": self.user} if self.chat is None else {"voter_chat": self.chat, "user": CHANNEL_BOT}


def shown(poll: Json) -> Json:
    """The Bot API's Poll: without who voted for what."""
    return {k: v for k, v in poll.items() if not k.startswith("_")}


def record(poll: Json) -> Json:
    """For the control side: also who votes for what now (by id), and how the poll is meant."""
    votes = {str(voter): chosen for voter, chosen in poll["_votes"].items() if chosen}
    return shown(poll) | {"votes": votes, "hides_results": poll["_hides_results"], "message": poll["_message"]}


def publish(world: World, poll: Json) -> None:
    """Writes the new totals into the message and tells the bot that sent it."""
    chat, number = poll["_chat"], poll["_message"]
    chat.messages[number].message["poll"] = shown(poll)
    bot = world.bot_by_id(poll["_bot"])
    if bot is not None:
        world.tell_bot(bot, "poll", shown(poll))


def vote(world: World, poll: Json, voter: Voter, chosen: list[int]) -> None:
    """All that they choose from now on; an empty list takes the vote back."""
    close_due(world)
    _check(poll, voter, chosen)
    votes: dict[int, list[int]] = poll["_votes"]
    before = votes.get(voter.id, [])
    if sorted(before) == sorted(chosen):
        return
    votes[voter.id] = chosen
    for number, option in enumerate(poll["options"]):
        option["voter_count"] += (number in chosen) - (number in before)
    poll["total_voter_count"] += bool(chosen) - bool(before)
    bot = world.bot_by_id(poll["_bot"])
    if bot is not None and not poll["is_anonymous"]:
        ids = [poll["options"][n]["persistent_id"] for n in chosen]
        answer = {"poll_id": poll["id"], "option_ids": chosen, "option_persistent_ids": ids, **voter.named()}
        world.tell_bot(bot, "poll_answer", answer)
    publish(world, poll)


def _check(poll: Json, voter: Voter, chosen: list[int]) -> None:
    if poll["is_closed"]:
        raise Misused("the poll is closed")
    if poll["_votes"].get(voter.id) and not poll["allows_revoting"]:
        raise Misused("in this poll a vote stands")
    if len(chosen) > 1 and not poll["allows_multiple_answers"]:
        raise Misused("this poll takes one answer")
    if len(set(chosen)) != len(chosen) or not set(chosen) <= set(range(len(poll["options"]))):
        raise Misused(f"this poll has no options {chosen}")


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
