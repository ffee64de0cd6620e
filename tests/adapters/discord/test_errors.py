"""Whatever the libraries raise becomes an error of the port, and the right one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from yarl import URL

from adapters.discord.errors import REASONS, AnsweredAlready, from_answer, from_exception, of_operation
from bot.core.chat import ChatError, NotSent, Operation, RateLimited, Reason, Refusal, Unauthorised, Uncertain

SECRET = "https://discord.example/api/v10/webhooks/1/CANARY"
KEY: Any = SimpleNamespace(host="discord.example", port=443, ssl=True, is_ssl=True)
INFO: Any = aiohttp.RequestInfo(URL(SECRET), "POST", {}, URL(SECRET))  # type: ignore[arg-type]


def answered(status: int, code: int = 0, headers: dict[str, str] | None = None) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="", headers=headers if headers is not None else {"Via": "1"})
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    return kind(response, {"code": code, "message": "words"})


def every_subclass(kind: type[Any]) -> set[type[Any]]:
    return {kind}.union(*(every_subclass(child) for child in kind.__subclasses__()))


def test_every_exception_of_the_libraries_becomes_one_of_the_port() -> None:
    kinds = every_subclass(discord.DiscordException) | every_subclass(aiohttp.ClientError)
    assert len(kinds) > 40
    for kind in kinds:
        make: Any = kind.__new__
        error = make(kind)
        error.__dict__.update(status=500, code=0, text="", retry_after=1.0)
        assert isinstance(from_exception(error), ChatError), kind


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientConnectorError(KEY, OSError(111, "refused")),
        aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "unknown")),
        aiohttp.ConnectionTimeoutError(),
        RuntimeError("Session is closed"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_was_surely_not_sent(error: Exception) -> None:
    assert type(from_exception(error)) is NotSent


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.SocketTimeoutError(),
        aiohttp.ClientOSError(104, "reset"),
        aiohttp.ClientPayloadError(),
        ConnectionResetError(104, "reset"),
        answered(500),
        answered(502),
        answered(404),
        ValueError("ours"),
    ],
    ids=lambda error: f"{type(error).__name__}",
)
def test_what_may_have_arrived(error: Exception) -> None:
    assert type(from_exception(error)) is Uncertain


@pytest.mark.parametrize(
    ("code", "reason"), [*REASONS.items(), (50035, Reason.BAD_MESSAGE), (50006, Reason.BAD_MESSAGE)]
)
def test_what_discord_refuses(code: int, reason: Reason) -> None:
    refusal = from_exception(answered(400, code))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is reason


def test_the_rest() -> None:
    assert isinstance(from_exception(answered(400, 40060)), AnsweredAlready)
    assert isinstance(from_exception(answered(401)), Unauthorised)
    assert isinstance(from_exception(discord.LoginFailure("no")), Unauthorised)
    assert from_answer(403).reason is Reason.NO_RIGHT  # type: ignore[attr-defined]


def test_waits() -> None:
    banned = from_exception(answered(429, headers={"Retry-After": "3600"}))  # no Via: the address is shut out
    assert isinstance(banned, RateLimited)
    assert (banned.retry_after, banned.everywhere) == (3600, True)
    here = from_exception(discord.RateLimited(45.0))
    assert isinstance(here, RateLimited)
    assert (here.retry_after, here.everywhere) == (45, False)


def test_a_right_that_is_missing_for_something_else_does_not_stop_posts() -> None:
    missing = from_answer(403, 50013)
    assert of_operation(missing, Operation.SEND) is missing
    for operation in (Operation.PIN, Operation.REACT, Operation.DELETE):
        refusal = of_operation(missing, operation)
        assert isinstance(refusal, Refusal)
        assert not refusal.reason.pauses


@pytest.mark.promise("S10")
def test_no_address_is_quoted() -> None:
    for error in (
        aiohttp.ContentTypeError(INFO, ()),
        aiohttp.ClientResponseError(INFO, (), status=500, message=SECRET),
        aiohttp.InvalidURL(SECRET),
        aiohttp.ServerDisconnectedError(SECRET),
        ValueError(SECRET),
    ):
        assert "CANARY" not in str(from_exception(error))
