"""What went wrong, in the port's words. The one place that knows Discord's codes and the libraries' exceptions."""

from __future__ import annotations

import aiohttp
import discord

from bot.core.chat import ChatError, NotSent, Operation, RateLimited, Reason, Refusal, Unauthorised, Uncertain

REASONS = {
    10003: Reason.CLOSED,  # unknown channel: the server goes on
    10004: Reason.GONE,  # unknown guild
    10007: Reason.UNREACHABLE,  # unknown member
    10008: Reason.MESSAGE_GONE,
    10013: Reason.UNREACHABLE,  # unknown user
    10015: Reason.TOO_LATE,  # unknown webhook: the interaction's token is over
    10062: Reason.TOO_LATE,  # unknown interaction
    50027: Reason.TOO_LATE,  # invalid webhook token
    50001: Reason.NO_RIGHT,  # missing access
    50008: Reason.NO_RIGHT,  # not a channel one can write in
    50013: Reason.NO_RIGHT,  # missing permissions
    50024: Reason.NO_RIGHT,  # not possible in this kind of channel
    50007: Reason.UNREACHABLE,  # they take no messages from us
    50278: Reason.UNREACHABLE,  # no server in common any more
    50083: Reason.CLOSED,  # thread archived
    160005: Reason.CLOSED,  # thread locked
}
"""Discord's error codes that mean more than their status."""

ANSWERED_ALREADY = 40060
POLL_OVER = 520001


class AnsweredAlready(Refusal):
    """The interaction has its first answer."""


class PollOver(Refusal):
    """The poll takes no more votes."""


CONNECTING = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.ClientProxyConnectionError,
    ConnectionRefusedError,
)
"""The request was never written."""


def from_answer(
    status: int, code: int = 0, text: str = "", retry_after: float | None = None, everywhere: bool = False
) -> ChatError:
    """`code` and `text` are those of the JSON body, 0 and empty where there is none."""
    detail = f"{text} ({code or status})".strip()
    if status == 429:
        return RateLimited(retry_after if retry_after is not None else 5.0, everywhere)
    if code == ANSWERED_ALREADY:
        return AnsweredAlready(Reason.TOO_LATE, detail)
    if code == POLL_OVER:
        return PollOver(Reason.TOO_LATE, detail)
    if reason := REASONS.get(code):
        return Refusal(reason, detail)
    if status == 401:
        return Unauthorised(detail)
    if status == 403:
        return Refusal(Reason.NO_RIGHT, detail)
    if status == 404 or status >= 500:  # a 404 without a code is a proxy's: seen for seconds while Discord deploys
        return Uncertain(f"answered {status}")
    return Refusal(Reason.BAD_MESSAGE, detail)


def from_exception(error: BaseException) -> ChatError:
    """Never quotes an address: those of interactions hold a token."""
    if isinstance(error, ChatError):
        return error
    if isinstance(error, discord.RateLimited):
        return RateLimited(error.retry_after)
    if isinstance(error, discord.LoginFailure):
        return Unauthorised("the token is refused")
    if isinstance(error, discord.HTTPException):
        return _from_http(error)
    name = type(error).__name__
    if isinstance(error, (*CONNECTING, discord.GatewayNotFound)):
        return NotSent(name)
    if isinstance(error, RuntimeError) and "closed" in str(error):  # aiohttp's session, while we reconnect
        return NotSent("not connected")
    return Uncertain(name)


def _from_http(error: discord.HTTPException) -> ChatError:
    retry_after: float | None = None
    everywhere = False
    if error.status == 429:
        headers = error.response.headers
        retry_after = _seconds(headers.get("Retry-After"))
        everywhere = "Via" not in headers or "X-RateLimit-Global" in headers  # without Via the address is banned
    return from_answer(error.status, error.code, error.text[:200], retry_after, everywhere)


def _seconds(header: str | None) -> float | None:
    try:
        return float(header) if header else None
    except ValueError:
        return None


def of_operation(error: ChatError, operation: Operation) -> ChatError:
    """A right that is missing to pin or react is no reason to fall silent in the channel."""
    writes = operation in (Operation.SEND, Operation.EDIT)
    if isinstance(error, Refusal) and error.reason is Reason.NO_RIGHT and not writes:
        return Refusal(Reason.BAD_MESSAGE, f"may not {operation} here: {error.detail}")
    return error
