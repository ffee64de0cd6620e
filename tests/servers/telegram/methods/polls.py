"""sendPoll and stopPoll."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram import ballots
from tests.servers.telegram.access import Call, may_send
from tests.servers.telegram.keyboards import inline, read_markup
from tests.servers.telegram.markup_text import utf16
from tests.servers.telegram.model import Json
from tests.servers.telegram.posting import send
from tests.servers.telegram.refusals import bad

MAX_OPTIONS = 12
OPEN_FOR = (5, 2_628_000)  # seconds


def _options(call: Call) -> list[Json]:
    given = call.args.structure("options")
    if not isinstance(given, list):
        raise bad("can't parse options JSON object")
    if not given:
        raise bad("poll must have at least 1 option")
    if len(given) > MAX_OPTIONS:
        raise bad(f"poll can't have more than {MAX_OPTIONS} options")
    options = []
    for number, option in enumerate(given):
        text = (option.get("text", "") if isinstance(option, dict) else str(option)).strip()
        if not text:
            raise bad("poll options must be non-empty")
        if utf16(text) > 100:
            raise bad("poll options length must not exceed 100")
        options.append({"persistent_id": f"o{number}", "text": text, "voter_count": 0})
    return options


def _times(call: Call) -> Json:
    now = call.world.now()
    period, until = call.args.integer("open_period"), call.args.integer("close_date")
    if period and not OPEN_FOR[0] <= period <= OPEN_FOR[1]:
        raise bad("POLL_OPEN_PERIOD_INVALID" if period > OPEN_FOR[1] else "open period must be at least 5 seconds")
    if until and not OPEN_FOR[0] - 1 <= until - now <= OPEN_FOR[1]:
        raise bad("wrong poll close date specified")
    if period:
        return {"open_period": period, "close_date": int(now) + period}
    return {"close_date": until} if until else {}


def _poll(call: Call) -> Json:
    args = call.args
    question = args.text("question").strip()
    if not question:
        raise bad("poll question must be non-empty")
    if utf16(question) > 300:
        raise bad("poll question length must not exceed 300")
    return {
        "id": str(5_000_000_000_000_000_000 + next(call.world.ids)),
        "question": question,
        "options": _options(call),
        "total_voter_count": 0,
        "is_closed": args.flag("is_closed"),
        "is_anonymous": args.flag("is_anonymous", default=True),
        "type": args.text("type") or "regular",
        "allows_multiple_answers": args.flag("allows_multiple_answers"),
        "allows_revoting": args.flag("allows_revoting", default=args.text("type") != "quiz"),
        "members_only": args.flag("members_only"),
        **_times(call),
    }


def send_poll(call: Call) -> Json:
    poll, chat = _poll(call), call.chat()
    may_send(call, chat, "can_send_polls", "polls")
    message = send(call, chat, {"poll": dict(poll)})
    poll |= {"_chat": chat, "_message": message["message_id"], "_bot": call.bot.id, "_votes": {}}
    call.world.polls[poll["id"]] = poll
    return message


def stop_poll(call: Call) -> Json:
    ballots.close_due(call.world)
    stored = call.message(call.chat(), "message with poll to stop not found")
    if "poll" not in stored.message:
        raise bad("message with poll to stop not found")
    if stored.by_bot != call.bot.id:
        raise bad("poll can't be stopped")
    poll = call.world.polls[stored.message["poll"]["id"]]
    if poll["is_closed"]:
        raise bad("poll has already been closed")
    stored.markup = read_markup(call.args)
    stored.message.pop("reply_markup", None)
    if inline(stored.markup):
        stored.message["reply_markup"] = inline(stored.markup)
    return ballots.close(call.world, poll)


METHODS: dict[str, Callable[[Call], Any]] = {"sendPoll": send_poll, "stopPoll": stop_poll}
