"""sendPoll and stopPoll."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram import ballots
from tests.servers.telegram.access import Call, may_send
from tests.servers.telegram.keyboards import inline, read_markup
from tests.servers.telegram.model import Chat, Json
from tests.servers.telegram.posting import send
from tests.servers.telegram.refusals import bad
from tests.servers.telegram.text import formatted

MAX_QUESTION, MAX_OPTIONS, MAX_OPTION, MAX_DESCRIPTION = 300, 12, 100, 1024  # all but the second in code points
OPEN_FOR = (5, 2_628_000)  # seconds
KINDS = ("regular", "quiz")
FOR_CHANNELS = ("members_only", "country_codes")


def _options(call: Call) -> list[Json]:
    given = call.args.structure("options")
    if not isinstance(given, list):
        raise bad("can't parse options JSON object")
    if not given:
        raise bad("poll must have at least one answer option")
    if len(given) > MAX_OPTIONS:
        raise bad(f"poll can't have more than {MAX_OPTIONS} options")
    options = []
    for number, option in enumerate(given):
        text = (option.get("text", "") if isinstance(option, dict) else str(option)).strip()
        if not text:
            raise bad("text must be non-empty")
        if len(text) > MAX_OPTION:
            raise bad(f"poll options length must not exceed {MAX_OPTION}")
        options.append({"persistent_id": f"o{number}", "text": text, "voter_count": 0})
    return options


def _times(call: Call) -> Json:
    now = call.world.now()
    period, until = call.args.integer("open_period"), call.args.integer("close_date")
    if period and until:
        raise bad("can't use both open_period and close_date")
    if period and not OPEN_FOR[0] <= period <= OPEN_FOR[1]:
        raise bad("POLL_OPEN_PERIOD_INVALID" if period > OPEN_FOR[1] else "open period must be at least 5 seconds")
    if until and not OPEN_FOR[0] - 1 <= until - now <= OPEN_FOR[1]:
        raise bad("wrong poll close date specified")
    if period:
        return {"open_period": period, "close_date": int(now) + period}
    return {"close_date": until} if until else {}


def _described(call: Call) -> Json:
    text, entities = formatted(call.args, "description", "description_entities", call.world.users)
    if len(text) > MAX_DESCRIPTION:
        raise bad("poll description is too long")
    return ({"description": text} if text else {}) | ({"description_entities": entities} if entities else {})


def _kind(call: Call, chat: Chat) -> Json:
    """What goes together and what doesn't."""
    args = call.args
    kind, anonymous = args.text("type") or "regular", args.flag("is_anonymous", default=True)
    if kind not in KINDS:
        raise bad("unsupported poll type specified")
    if kind == "quiz" and args.structure("correct_option_ids") is None and not args.text("correct_option_id"):
        raise bad("quiz must have a correct option")
    if args.flag("allow_adding_options") and (anonymous or kind == "quiz"):
        raise bad("invalid sendPoll parameters")
    if chat.type != "channel" and any(args.text(name) for name in FOR_CHANNELS):
        raise bad("invalid sendPoll parameters")
    return {
        "is_anonymous": anonymous,
        "type": kind,
        "allows_multiple_answers": args.flag("allows_multiple_answers"),
        "allows_revoting": args.flag("allows_revoting", default=kind != "quiz"),
        "members_only": args.flag("members_only"),
    }


def _poll(call: Call, chat: Chat) -> Json:
    question = call.args.text("question").strip()
    if not question:
        raise bad("text must be non-empty")
    if len(question) > MAX_QUESTION:
        raise bad(f"poll question length must not exceed {MAX_QUESTION}")
    return {
        "id": str(5_000_000_000_000_000_000 + next(call.world.ids)),
        "question": question,
        "options": _options(call),
        "total_voter_count": 0,
        "is_closed": call.args.flag("is_closed"),
        **_kind(call, chat),
        **_described(call),
        **_times(call),
    }


def send_poll(call: Call) -> Json:
    chat = call.chat()
    poll = _poll(call, chat)
    may_send(call, chat, "can_send_polls", "polls")
    message = send(call, chat, {"poll": dict(poll)})
    poll |= {"_chat": chat, "_message": message["message_id"], "_bot": call.bot.id, "_votes": {}}
    poll["_hides_results"] = call.args.flag("hide_results_until_closes")
    call.world.polls[poll["id"]] = poll
    return message


def stop_poll(call: Call) -> Json:
    ballots.close_due(call.world)
    chat = call.chat()
    stored = call.message(chat, "message with poll to stop not found")
    if "poll" not in stored.message:
        raise bad("message is not a poll")
    if stored.by_bot != call.bot.id:
        raise bad("poll can't be stopped")
    poll = call.world.polls[stored.message["poll"]["id"]]
    if poll["is_closed"]:
        raise bad("poll has already been closed")
    markup = read_markup(call.args)
    call.world.limits.pass_or_refuse(chat.id)
    stored.markup = markup
    stored.message.pop("reply_markup", None)
    if inline(markup):
        stored.message["reply_markup"] = inline(markup)
    return ballots.close(call.world, poll)


METHODS: dict[str, Callable[[Call], Any]] = {"sendPoll": send_poll, "stopPoll": stop_poll}
