"""Every error of the library is one of the port's."""

from __future__ import annotations

import inspect
import traceback
import warnings
from datetime import timedelta

import aiohttp
import pytest
import telegram.error
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from adapters.telegram import transport
from adapters.telegram.errors import translate, translated
from adapters.telegram.transport import FloodWait, NotConnected, UnreadableAnswer
from bot.core.chat import ChatError, NotSent, RateLimited, Reason, Refusal, Unauthorised, Uncertain

EXPECTED: dict[str, type[ChatError]] = {
    "BadRequest": Refusal,
    "ChatMigrated": Refusal,
    "Conflict": NotSent,
    "EndPointNotFound": Refusal,
    "Forbidden": Refusal,
    "InvalidToken": Unauthorised,
    "NetworkError": Uncertain,
    "PassportDecryptionError": Refusal,
    "RetryAfter": RateLimited,
    "TelegramError": Uncertain,
    "TimedOut": Uncertain,
    "NotConnected": NotSent,
    "FloodWait": RateLimited,
    "UnreadableAnswer": Uncertain,
}
ARGUMENTS: dict[str, object] = {"ChatMigrated": -100, "RetryAfter": 3, "FloodWait": 3.0, "UnreadableAnswer": b"?"}


def classes() -> list[type[TelegramError]]:
    found = [*vars(telegram.error).values(), *vars(transport).values()]
    kinds = {c.__name__: c for c in found if inspect.isclass(c) and issubclass(c, TelegramError)}
    return [kinds[name] for name in sorted(kinds)]


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_every_class_has_its_place(kind: type[TelegramError]) -> None:
    """Fails when the library adds one: say in EXPECTED what it means."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        error = kind(ARGUMENTS.get(kind.__name__, "words"))  # type: ignore[arg-type]
    assert type(translate(error)) is EXPECTED[kind.__name__]


@pytest.mark.parametrize("wait", [7, timedelta(seconds=7)])
def test_how_long_to_wait_is_kept(wait: int | timedelta) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        error = RetryAfter(wait)
    for told in (translate(error), translate(FloodWait(7))):
        assert isinstance(told, RateLimited)
        assert told.retry_after == 7


@pytest.mark.promise("R10")
def test_a_migration_names_the_new_group() -> None:
    told = translate(ChatMigrated(-1009))
    assert isinstance(told, Refusal)
    assert (told.reason, told.new_group) == (Reason.MIGRATED, "-1009")


@pytest.mark.promise("R23")
@pytest.mark.parametrize(
    ("error", "reason", "in_private"),
    [
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Reason.GONE, Reason.UNREACHABLE),
        (Forbidden("Forbidden: bot is not a member of the channel chat"), Reason.GONE, Reason.UNREACHABLE),
        (Forbidden("Forbidden: the group chat was deleted"), Reason.GONE, Reason.UNREACHABLE),
        (BadRequest("Bad Request: chat not found"), Reason.GONE, Reason.UNREACHABLE),
        (BadRequest("Bad Request: PEER_ID_INVALID"), Reason.GONE, Reason.UNREACHABLE),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), Reason.NO_RIGHT, None),
        (BadRequest("Bad Request: CHAT_WRITE_FORBIDDEN"), Reason.NO_RIGHT, None),
        (BadRequest("Bad Request: CHAT_SEND_PLAIN_FORBIDDEN"), Reason.NO_RIGHT, None),
        (BadRequest("Bad Request: have no rights to send a message"), Reason.NO_RIGHT, None),
        (BadRequest("Bad Request: TOPIC_CLOSED"), Reason.CLOSED, None),
        (BadRequest("Bad Request: TOPIC_DELETED"), Reason.CLOSED, None),
        (BadRequest("Bad Request: message thread not found"), Reason.CLOSED, None),
        (Forbidden("Forbidden: bot was blocked by the user"), Reason.UNREACHABLE, Reason.UNREACHABLE),
        (Forbidden("Forbidden: user is deactivated"), Reason.UNREACHABLE, Reason.UNREACHABLE),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Reason.UNREACHABLE, None),
        (BadRequest("Bad Request: message to edit not found"), Reason.MESSAGE_GONE, None),
        (BadRequest("Bad Request: message to delete not found"), Reason.MESSAGE_GONE, None),
        (BadRequest("Bad Request: message can't be deleted for everyone"), Reason.MESSAGE_GONE, None),
        (BadRequest("Bad Request: query is too old and response timeout expired or …"), Reason.TOO_LATE, None),
        (BadRequest("Bad Request: message is too long"), Reason.BAD_MESSAGE, Reason.BAD_MESSAGE),
        (BadRequest("Bad Request: REACTION_INVALID"), Reason.BAD_MESSAGE, None),
        (Forbidden("Forbidden: something new"), Reason.NO_RIGHT, Reason.UNREACHABLE),
    ],
    ids=str,
)
def test_why_telegram_refuses(error: TelegramError, reason: Reason, in_private: Reason | None) -> None:
    told = translate(error)
    assert isinstance(told, Refusal)
    assert told.reason is reason
    if in_private is not None:
        private = translate(error, private=True)
        assert isinstance(private, Refusal)
        assert private.reason is in_private


def test_slow_mode_is_a_wait() -> None:
    told = translate(BadRequest("Bad Request: SLOWMODE_WAIT_42"))
    assert isinstance(told, RateLimited)
    assert told.retry_after == 42


@pytest.mark.promise("S10")
def test_what_could_not_be_read_is_not_told() -> None:
    with pytest.raises(Uncertain) as caught, translated():
        raise UnreadableAnswer(b"what somebody said")
    assert "somebody" not in "".join(traceback.format_exception(caught.value))


def network_errors() -> list[type[BaseException]]:
    return [c for c in vars(aiohttp).values() if inspect.isclass(c) and issubclass(c, aiohttp.ClientError)]


@pytest.mark.promise("R5")
@pytest.mark.parametrize("kind", network_errors(), ids=lambda kind: kind.__name__)
def test_only_what_was_never_written_may_be_repeated(kind: type[BaseException]) -> None:
    never_written = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
    told = translate(transport.told(kind.__new__(kind)))
    assert isinstance(told, NotSent) == issubclass(kind, never_written)
    assert isinstance(told, NotSent | Uncertain)


@pytest.mark.promise("R5")
@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError(), BrokenPipeError(), OSError()], ids=repr)
def test_a_line_that_breaks_off_leaves_it_uncertain(error: OSError) -> None:
    assert type(translate(transport.told(error))) is Uncertain


def test_no_connection_is_not_sent() -> None:
    assert type(translate(NotConnected("no connection"))) is NotSent
