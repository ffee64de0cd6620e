"""What the library raises → the port's error tree. The one place where vendor errors are read.

TelegramError
├── NotConnected               NotSent          (ours: never written)
├── FloodWait, RetryAfter      RateLimited
├── TimedOut, NetworkError     Uncertain        (time-out, reset, 5xx)
├── BadRequest, Forbidden      Refusal          (by what their text says: Telegram mixes 400 and 403)
├── ChatMigrated               Refusal(MIGRATED)
├── InvalidToken               Unauthorised     (401, and 404: "no such bot")
├── Conflict                   NotSent
├── EndPointNotFound, PassportDecryptionError   Refusal(BAD_MESSAGE)
└── anything else              Uncertain
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    RetryAfter,
    TelegramError,
)

from adapters.telegram.transport import FloodWait, NotConnected
from bot.core.chat import ChatError, NotSent, RateLimited, Reason, Refusal, Unauthorised, Uncertain

# Found anywhere in the lower-cased text; the first that fits wins.
_TEXTS: tuple[tuple[str, Reason], ...] = (
    ("query is too old", Reason.TOO_LATE),
    ("query id is invalid", Reason.TOO_LATE),
    ("query_id_invalid", Reason.TOO_LATE),
    ("topic_closed", Reason.CLOSED),
    ("topic_deleted", Reason.CLOSED),
    ("topic_id_invalid", Reason.CLOSED),
    ("thread not found", Reason.CLOSED),
    ("in the message to edit", Reason.BAD_MESSAGE),  # no text, or no caption
    ("poll to stop", Reason.MESSAGE_GONE),
    ("message to edit", Reason.MESSAGE_GONE),
    ("message to delete", Reason.MESSAGE_GONE),
    ("message to react", Reason.MESSAGE_GONE),
    ("message to pin", Reason.MESSAGE_GONE),
    ("message to be replied", Reason.MESSAGE_GONE),
    ("message_id_invalid", Reason.MESSAGE_GONE),
    ("message can't be edited", Reason.MESSAGE_GONE),
    ("message can't be deleted", Reason.MESSAGE_GONE),  # older than 48 hours
    ("blocked by the user", Reason.UNREACHABLE),
    ("user is deactivated", Reason.UNREACHABLE),
    ("can't initiate conversation", Reason.UNREACHABLE),
    ("can't send messages to", Reason.UNREACHABLE),  # bots, the user
    ("user_is_blocked", Reason.UNREACHABLE),
    ("was kicked", Reason.GONE),
    ("not a member", Reason.GONE),
    ("chat was deleted", Reason.GONE),
    ("chat was deactivated", Reason.GONE),
    ("chat not found", Reason.GONE),
    ("peer_id_invalid", Reason.GONE),
    ("channel_private", Reason.GONE),
    ("channel_invalid", Reason.GONE),
    ("chat_id_invalid", Reason.GONE),
    ("upgraded to a supergroup", Reason.MIGRATED),
    ("not enough rights to send polls", Reason.BAD_MESSAGE),  # all else may be said there
    ("send_polls_forbidden", Reason.BAD_MESSAGE),
    ("not enough rights", Reason.NO_RIGHT),
    ("have no rights", Reason.NO_RIGHT),
    ("need administrator rights", Reason.NO_RIGHT),
    ("write_forbidden", Reason.NO_RIGHT),
    ("_forbidden", Reason.NO_RIGHT),  # CHAT_SEND_PLAIN_FORBIDDEN and its kin
    ("chat_restricted", Reason.NO_RIGHT),
    ("chat_admin_required", Reason.NO_RIGHT),
    ("user_banned_in_channel", Reason.NO_RIGHT),
)
_SLOW_MODE = re.compile(r"slowmode_wait_(\d+)")
NOTHING_CHANGED = ("message is not modified", "chat_not_modified", "poll has already been closed")


@contextmanager
def translated(private: bool = False) -> Iterator[None]:
    """Errors of the library that leave this block are the port's. `private`: the target is a person."""
    try:
        yield
    except TelegramError as error:
        raise translate(error, private) from None


def translate(error: TelegramError, private: bool = False) -> ChatError:
    """The port's error for one of the library's. Its text is Telegram's own, never ours or a person's."""
    if isinstance(error, FloodWait):
        return RateLimited(error.seconds)
    if isinstance(error, RetryAfter):
        return RateLimited(_seconds(error))
    if isinstance(error, ChatMigrated):
        return Refusal(Reason.MIGRATED, new_group=str(error.new_chat_id))
    if isinstance(error, InvalidToken):
        return Unauthorised("the token is not accepted")
    if isinstance(error, NotConnected | Conflict):
        return NotSent(error.message)
    if isinstance(error, BadRequest | Forbidden):
        return _refusal(error, private)
    if isinstance(error, EndPointNotFound | PassportDecryptionError):
        return Refusal(Reason.BAD_MESSAGE, type(error).__name__)
    if isinstance(error, NetworkError):
        return Uncertain(error.message.partition(". Parsing")[0])
    return Uncertain(type(error).__name__)


def nothing_changed(error: TelegramError) -> bool:
    """The state asked for is there already."""
    return isinstance(error, BadRequest) and any(text in error.message.casefold() for text in NOTHING_CHANGED)


def has_no_text(error: TelegramError) -> bool:
    """What was to be edited is a picture (or something else that has no text of its own)."""
    return isinstance(error, BadRequest) and "no text in the message" in error.message.casefold()


def takes_no_pictures(error: TelegramError) -> bool:
    """Pictures are not allowed there; words may be."""
    words = error.message.casefold()
    return isinstance(error, BadRequest) and ("to send photos" in words or "send_photos_forbidden" in words)


def knows_no_times(error: TelegramError) -> bool:
    """The server is older than the entity for times."""
    return isinstance(error, BadRequest) and "can't parse messageentity" in error.message.casefold()


def _refusal(error: BadRequest | Forbidden, private: bool) -> ChatError:
    words = error.message.casefold()
    if slow := _SLOW_MODE.search(words):
        return RateLimited(float(slow[1]))
    otherwise = Reason.NO_RIGHT if isinstance(error, Forbidden) else Reason.BAD_MESSAGE
    reason = next((reason for text, reason in _TEXTS if text in words), otherwise)
    if private and reason in (Reason.GONE, Reason.NO_RIGHT):
        reason = Reason.UNREACHABLE
    return Refusal(reason, error.message)


def _seconds(error: RetryAfter) -> float:
    with warnings.catch_warnings():  # reading it warns that its type will change; both types are read here
        warnings.simplefilter("ignore")
        wait = error.retry_after
    return wait.total_seconds() if not isinstance(wait, int | float) else float(wait)
