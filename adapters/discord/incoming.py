"""What Discord's gateway tells → events. Pure: JSON in, an event out, or None where nothing could use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.discord.limits import NAME
from bot.core.events import (
    NOBODY,
    Actor,
    ActorKind,
    ButtonPressed,
    CommandInvoked,
    GroupChange,
    GroupChanged,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    PollTallied,
    PollVoted,
    ReactionChanged,
    Standing,
    Where,
)

Json = Mapping[str, Any]
ParentOf = Callable[[str, str], str]
"""The channel of a thread, by guild and thread; empty for what is no thread."""

SAID, REPLIED = 0, 19  # types of messages that people write; all others are Discord's own lines
THREADS = (10, 11, 12)
ADMINISTRATOR, MANAGE_GUILD = 1 << 3, 1 << 5
EPOCH_MS = 1_420_070_400_000


def made_at(snowflake: str) -> datetime:
    """When an id was made."""
    return datetime.fromtimestamp(((int(snowflake) >> 22) + EPOCH_MS) / 1000, UTC)


def time(text: str) -> datetime:
    """A time as Discord writes it: aware, UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def message(data: Json, parent_of: ParentOf) -> MessagePosted | None:
    """Only what people say: bots, webhooks and Discord's own lines are no event."""
    author = data["author"]
    if author.get("bot") or data.get("webhook_id") or data.get("type", SAID) not in (SAID, REPLIED):
        return None
    replied = data.get("referenced_message") if data.get("type") == REPLIED else None
    name = (data.get("member") or {}).get("nick") or author.get("global_name") or author["username"]
    guild = data.get("guild_id")
    if guild:
        where = _place(guild, data["channel_id"], parent_of(guild, data["channel_id"]))
    else:
        where = Where(NAME, "", author["id"])
    return MessagePosted(
        event_id=data["id"],
        at=time(data["timestamp"]),
        where=where,
        actor=Actor(author["id"], name),
        message_id=data["id"],
        text=data.get("content", ""),
        reply_to=_replied_to(data),
        reply_to_actor=replied["author"]["id"] if replied else "",
    )


def _replied_to(data: Json) -> str:
    reference = data.get("message_reference") if data.get("type") == REPLIED else None
    return str(reference.get("message_id") or "") if reference else ""


def _place(guild: str, channel: str, parent: str) -> Where:
    return Where(NAME, guild, parent, channel) if parent else Where(NAME, guild, channel)


def actor(user: Json, member: Json | None = None, standing: Standing | None = None) -> Actor:
    name = (member or {}).get("nick") or user.get("global_name") or user.get("username") or ""
    kind = ActorKind.BOT if user.get("bot") else ActorKind.PERSON
    return Actor(str(user["id"]), name, kind, standing)


def joined(guild: str, member: Json, *, pending: bool, at: datetime | None = None) -> MemberJoined:
    """`member` as the gateway and REST show it. The id is the same whoever tells of it, and however often."""
    user, came = member["user"], time(member["joined_at"])
    state = "pending" if pending else "in"
    event_id = f"{guild}:{user['id']}:{int(came.timestamp() * 1000)}:{state}"
    return MemberJoined(event_id, at or came, Where(NAME, guild, ""), actor(user, member), pending)


def left(data: Json, *, mark: str, at: datetime, banned: bool = False) -> MemberLeft:
    """`mark` is unique to this telling: the gateway gives no id and no time."""
    guild, user = data["guild_id"], data["user"]
    return MemberLeft(f"{guild}:{user['id']}:{mark}", at, Where(NAME, guild, ""), actor(user), banned)


def group_changed(guild: str, change: GroupChange, *, mark: str, at: datetime, title: str = "") -> GroupChanged:
    return GroupChanged(f"{guild}:{change}:{mark}", at, Where(NAME, guild, ""), NOBODY, change, title)


def reaction(data: Json, parent_of: ParentOf, *, mark: str, at: datetime, present: bool) -> ReactionChanged | None:
    """A custom emoji is `name:id`."""
    member, guild = data.get("member"), data.get("guild_id")
    user = (member or {}).get("user") or {"id": data["user_id"]}
    if user.get("bot"):
        return None
    emoji = data["emoji"]
    name = f"{emoji.get('name')}:{emoji['id']}" if emoji.get("id") else emoji.get("name") or ""
    channel = data["channel_id"]
    where = _place(guild, channel, parent_of(guild, channel)) if guild else Where(NAME, "", data["user_id"])
    event_id = f"{data['message_id']}:{user['id']}:{mark}"
    return ReactionChanged(event_id, at, where, actor(user, member), data["message_id"], name, present)


# ---------------------------------------------------------------- polls


def answers(message: Json) -> list[int]:
    """The ids of a poll's answers, in their order; none where there is no poll."""
    return [int(answer["answer_id"]) for answer in (message.get("poll") or {}).get("answers") or ()]


def voted(data: Json, parent_of: ParentOf, *, mark: str, at: datetime, chosen: bool) -> PollVoted:
    """Each answer is told by itself and counted from 1; who votes is told by id alone."""
    guild, channel, user = data.get("guild_id"), data["channel_id"], str(data["user_id"])
    where = _place(guild, channel, parent_of(guild, channel)) if guild else Where(NAME, "", user)
    poll, answer = str(data["message_id"]), int(data["answer_id"])
    event_id = f"{poll}:{user}:{answer}:{mark}"
    return PollVoted(event_id, at, where, Actor(user, ""), poll, (answer - 1,), chosen)


def tallied(data: Json, parent_of: ParentOf, *, me: str, at: datetime) -> PollTallied | None:
    """A poll of ours that is closed and counted for good: until then Discord's counts are not exact."""
    results = (data.get("poll") or {}).get("results") or {}
    guild, channel = data.get("guild_id"), data["channel_id"]
    if not results.get("is_finalized") or not guild or str((data.get("author") or {}).get("id")) != me:
        return None
    counted = {int(answer["id"]): int(answer["count"]) for answer in results.get("answer_counts") or ()}
    counts = tuple(counted.get(answer, 0) for answer in answers(data))
    where = _place(guild, channel, parent_of(guild, channel))
    return PollTallied(f"{data['id']}:final", at, where, NOBODY, str(data["id"]), counts, True)


# ---------------------------------------------------------------- interactions


def place_of(act: Json) -> Where:
    """Where somebody used a command, a button or a form."""
    guild, channel = act.get("guild_id"), act.get("channel") or {}
    if not guild:
        return Where(NAME, "", str(person_of(act)["id"]))
    parent = channel.get("parent_id") if channel.get("type") in THREADS else ""
    return _place(guild, act.get("channel_id") or channel["id"], parent or "")


def person_of(act: Json) -> Json:
    user: Json = (act.get("member") or act)["user"]
    return user


def invoker(act: Json) -> Actor:
    """Discord tells their rights with every interaction."""
    member = act.get("member")
    if not member:
        return actor(act["user"])
    may = int(member.get("permissions") or 0)
    standing = Standing(True, bool(may & (ADMINISTRATOR | MANAGE_GUILD)), frozenset(member.get("roles") or ()))
    return actor(member["user"], member, standing)


def command(act: Json, name: str, options: Mapping[str, Any], handle: str) -> CommandInvoked:
    return CommandInvoked(
        act["id"], made_at(act["id"]), place_of(act), invoker(act), name=name, options=dict(options), handle=handle
    )


def pressed(act: Json, handle: str) -> ButtonPressed:
    return ButtonPressed(
        act["id"],
        made_at(act["id"]),
        place_of(act),
        invoker(act),
        token=act["data"]["custom_id"],
        message_id=(act.get("message") or {}).get("id", ""),
        handle=handle,
    )


def filled_in(data: Json) -> tuple[str, dict[str, Any], str]:
    """A command's whole name, its options, and which of them is being typed (autocomplete)."""
    names, options = [data["name"]], data.get("options") or []
    while options and options[0].get("type") in (1, 2):  # a verb, or a group of verbs
        names.append(options[0]["name"])
        options = options[0].get("options") or []
    focused = next((option["name"] for option in options if option.get("focused")), "")
    return " ".join(names), {option["name"]: option.get("value") for option in options}, focused


def form_text(data: Json) -> str:
    """What was written into a form's one field."""
    for row in data.get("components") or ():
        for field in (row.get("component"), *(row.get("components") or ())):
            if field and "value" in field:
                return str(field["value"])
    return ""
