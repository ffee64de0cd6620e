"""What the REST side refuses, with the codes and texts that Discord uses."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal: an HTTP status and the JSON body `{code, message}` (with `errors` for an invalid form)."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"message": message, "code": code}
        if errors is not None:
            self.body["errors"] = errors


class ControlError(Exception):
    """A test asked for something that people could not do: press a button that is not there, say."""


_UNKNOWN = {
    "account": 10001,
    "application": 10002,
    "channel": 10003,
    "guild": 10004,
    "member": 10007,
    "message": 10008,
    "role": 10011,
    "user": 10013,
    "emoji": 10014,
    "webhook": 10015,
    "interaction": 10062,
    "application command": 10063,
    "guild scheduled event": 10070,
}


def unknown(what: str) -> ApiError:
    """404: `unknown("message")` is 10008 Unknown Message."""
    name = what if what in ("interaction", "application command") else what.title()
    return ApiError(404, _UNKNOWN[what], f"Unknown {name}")


def unauthorized() -> ApiError:
    """What a wrong or missing token gets. Discord sends code 0 here, not 40001."""
    return ApiError(401, 0, "401: Unauthorized")


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")


def closed_dms() -> ApiError:
    return ApiError(403, 50007, "Cannot send messages to this user")


def empty_message() -> ApiError:
    return ApiError(400, 50006, "Cannot send an empty message")


def poll_message() -> ApiError:
    return ApiError(400, 520003, "Cannot edit a poll message")


def not_a_poll() -> ApiError:
    return ApiError(400, 520006, "Cannot expire a non-poll message")


def already_acknowledged() -> ApiError:
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def invalid_form(path: str, code: str, message: str) -> ApiError:
    """50035, with the complaint at `path` (`embeds.0.title`) as Discord nests it."""
    errors: dict[str, Any] = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(path.split(".")):
        errors = {part: errors}
    return ApiError(400, 50035, "Invalid Form Body", errors)


def too_long(path: str, limit: int) -> ApiError:
    return invalid_form(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length.")


def bad_length(path: str, low: int, high: int) -> ApiError:
    return invalid_form(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")


def required(path: str) -> ApiError:
    return invalid_form(path, "BASE_TYPE_REQUIRED", "This field is required")
