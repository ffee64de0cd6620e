"""Messages come into being, change and go, whoever does it; each step is stored and told to the gateway."""

from __future__ import annotations

from . import errors, forms, intents, payloads, permissions, pings
from .snowflakes import iso
from .state import EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS, Channel, Json, Message, User
from .world import World

REPLY = 19
KEPT_FLAGS = EPHEMERAL | LOADING | SUPPRESS_NOTIFICATIONS | 1 << 2 | 1 << 15
MAX_FILE = 10 * 1024 * 1024


def post(
    world: World,
    channel: Channel,
    author: User,
    body: Json,
    *,
    uploads: list[Json] | None = None,
    seen_by: int | None = None,
    extra: Json | None = None,
) -> Message:
    """Put a checked body into the channel and tell the gateway (an ephemeral one, with `seen_by`, stays untold)."""
    original = _referenced(world, channel, body)
    pinged = pings.of(body, channel, _allowed(world, channel, author), original.author.id if original else None)
    id, at = world.new_id(), world.now()
    payload = {
        "id": str(id),
        "channel_id": str(channel.id),
        "author": payloads.user(author),
        "timestamp": iso(at),
        **_said(body),
        **_mentions(world, pinged),
        "attachments": _attachments(world, channel, body, uploads or []),
    }
    if original is not None:
        payload |= {"type": REPLY, "message_reference": _reference(channel, original)}
        payload["referenced_message"] = {**original.payload}
    payload |= extra or {}
    message = Message(id, channel, author, at, payload, payload.get("nonce"), pinged, seen_by=seen_by)
    channel.messages[id] = message
    if seen_by is None:
        channel.last_message_id = id
        if channel.thread is not None:
            _wake_thread(world, channel, author)
        tell(world, "MESSAGE_CREATE", message)
    return message


def _said(body: Json) -> Json:
    """What a new message takes from the body as it is."""
    nonce = {} if body.get("nonce") is None else {"nonce": body["nonce"]}
    return {
        "type": 0,
        "content": body.get("content") or "",
        "embeds": [{"type": "rich", **embed} for embed in body.get("embeds") or ()],
        "components": body.get("components") or [],
        "flags": (body.get("flags") or 0) & KEPT_FLAGS,
        "edited_timestamp": None,
        "tts": False,
        "pinned": False,
        **nonce,
    }


def edit(world: World, message: Message, body: Json, uploads: list[Json] | None = None) -> None:
    """Change what the body names; what it does not name stays. Edits notify nobody."""
    payload = message.payload
    message.edits.append(
        {
            "at": message.at,
            "content": payload["content"],
            "embeds": payload["embeds"],
            "components": payload["components"],
        }
    )
    for key in ("content", "embeds", "components"):
        if key in body:
            payload[key] = body[key] or ("" if key == "content" else [])
    if "embeds" in body:
        payload["embeds"] = [{"type": "rich", **embed} for embed in body["embeds"] or ()]
    if body.get("attachments") is not None or uploads:
        kept = {str(a.get("id")) for a in body.get("attachments") or ()}
        payload["attachments"] = [a for a in payload["attachments"] if a["id"] in kept]
        payload["attachments"] += _attachments(world, message.channel, body, uploads or [])
    if body.get("flags") is not None:
        fixed = payload["flags"] & (EPHEMERAL | LOADING)
        payload["flags"] = fixed | body["flags"] & KEPT_FLAGS & ~(EPHEMERAL | LOADING)
    message.at = world.now()
    payload["edited_timestamp"] = iso(message.at)
    if message.seen_by is None:
        tell(world, "MESSAGE_UPDATE", message)


def delete(world: World, message: Message) -> None:
    """The message is gone for everybody; the truth keeps it."""
    message.deleted_at = world.now()
    world.open_polls.pop(message.id, None)
    if message.seen_by is None:
        data = {"id": str(message.id), "channel_id": str(message.channel.id)}
        world.emit_in(message.channel, "MESSAGE_DELETE", data, intents.GUILD_MESSAGES, intents.DIRECT_MESSAGES)


def find(channel: Channel, message_id: int) -> Message:
    """A message that the API shows: neither deleted nor ephemeral."""
    message = channel.messages.get(message_id)
    if message is None or message.deleted_at is not None or message.seen_by is not None:
        raise errors.unknown("message")
    return message


def tell(world: World, event: str, message: Message) -> None:
    """Send MESSAGE_CREATE or MESSAGE_UPDATE, without content to those who may not read it."""
    channel = message.channel
    data = message.payload
    hide = False
    if channel.guild is not None:
        member = channel.guild.members.get(message.author.id)
        if member is not None and "webhook_id" not in data:
            data = {**data, "member": payloads.partial_member(member)}
        hide = message.author is not world.bot and f"user:{world.bot.id}" not in message.pings
    else:
        data = {**data, "channel_type": 1}
    world.emit_in(channel, event, data, intents.GUILD_MESSAGES, intents.DIRECT_MESSAGES, hide=hide)


def pinged(world: World, message: Message, body: Json) -> list[str]:
    """Whom a deferred answer notifies once it has its text."""
    return pings.of(body, message.channel, _allowed(world, message.channel, message.author), None)


def _allowed(world: World, channel: Channel, author: User) -> int:
    if channel.guild is None:
        return permissions.DM
    member = channel.guild.members.get(author.id)
    return 0 if member is None else permissions.in_channel(channel, member)


def _referenced(world: World, channel: Channel, body: Json) -> Message | None:
    reference = body.get("message_reference")
    if not reference:
        return None
    original = channel.messages.get(int(reference["message_id"]))
    if original is not None and original.deleted_at is None and original.seen_by is None:
        return original
    if reference.get("fail_if_not_exists", True):
        raise errors.invalid_form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    return None


def _reference(channel: Channel, original: Message) -> Json:
    found: Json = {"type": 0, "channel_id": str(channel.id), "message_id": str(original.id)}
    if channel.guild is not None:
        found["guild_id"] = str(channel.guild.id)
    return found


def _mentions(world: World, pinged: list[str]) -> Json:
    users = [world.users.get(int(p[5:])) for p in pinged if p.startswith("user:")]
    return {
        "mentions": [payloads.user(u) for u in users if u is not None],
        "mention_roles": [p[5:] for p in pinged if p.startswith("role:")],
        "mention_everyone": "everyone" in pinged or "here" in pinged,
    }


def _attachments(world: World, channel: Channel, body: Json, uploads: list[Json]) -> list[Json]:
    """The uploaded files, with what the body says of them by their number."""
    described = {str(a.get("id")): a.get("description") for a in body.get("attachments") or ()}
    found = []
    for number, upload in enumerate(uploads):
        if upload["size"] > MAX_FILE:
            raise errors.ApiError(413, 40005, "Request entity too large")
        id = str(world.new_id())
        url = f"https://cdn.discordapp.com/attachments/{channel.id}/{id}/{upload['filename']}"
        found.append({**upload, "id": id, "url": url, "proxy_url": url, "description": described.get(str(number))})
    return found


def _wake_thread(world: World, channel: Channel, author: User) -> None:
    thread = channel.thread
    assert thread is not None
    assert channel.guild is not None
    thread.message_count += 1
    if author.id not in thread.members:
        thread.members.append(author.id)
    if thread.archived:
        thread.archived, thread.archived_at = False, world.now()
        world.emit("THREAD_UPDATE", payloads.channel(channel), guild=channel.guild, needs=intents.GUILDS)


def check_sendable(world: World, channel: Channel, body: Json, uploads: int) -> None:
    """May the bot send this here? 50007, 50013, 50008, 50083, then the form itself."""
    if channel.guild is None:
        assert channel.recipient is not None
        shared = any(channel.recipient.id in g.members and world.bot.id in g.members for g in world.guilds.values())
        if not channel.recipient.dms_open or not shared or channel.recipient.bot:
            raise errors.closed_dms()
    else:
        _check_guild_channel(world, channel, body, uploads)
    forms.check_message(body, files=uploads)


def _check_guild_channel(world: World, channel: Channel, body: Json, uploads: int) -> None:
    if channel.kind not in (0, 2, 5, 10, 11, 12, 13):
        raise errors.ApiError(400, 50008, "Cannot send messages in a non-text channel")
    in_thread = channel.thread is not None
    may = world.allowed(channel)
    needed = permissions.SEND_MESSAGES_IN_THREADS if in_thread else permissions.SEND_MESSAGES
    if not may & needed:
        raise errors.missing_permissions()
    if channel.thread is not None and channel.thread.locked and not may & permissions.MANAGE_THREADS:
        raise errors.ApiError(400, 50083, "Thread is archived")
    wants = ((body.get("embeds"), permissions.EMBED_LINKS), (uploads, permissions.ATTACH_FILES))
    for present, permission in (*wants, (body.get("poll"), permissions.SEND_POLLS)):
        if present and not may & permission:
            raise errors.missing_permissions()
    if body.get("message_reference") and not may & permissions.READ_MESSAGE_HISTORY:
        raise errors.ApiError(400, 160002, "Cannot reply without permission to read message history")
