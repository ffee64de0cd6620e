"""Why the database can't be used, in words for whoever runs Guyub.

StorageUnavailable (bot.core.unit)   not now; may pass by itself or once it is mended
CannotOpen                           not by this program, as things are
├── AlreadyInUse                     another Guyub runs on the same database
└── TooNew                           a newer Guyub has changed its tables
"""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from bot.core.unit import StorageUnavailable


class CannotOpen(Exception):
    """The database can't be opened; the message says why and what to do."""


class AlreadyInUse(CannotOpen):
    pass


class TooNew(CannotOpen):
    pass


_REASONS = {
    sqlite3.SQLITE_BUSY: "is locked by another program. Close what else uses it (a database browser, a backup)",
    sqlite3.SQLITE_LOCKED: "is locked by another program. Close what else uses it (a database browser, a backup)",
    sqlite3.SQLITE_FULL: "can't grow: the disk is full. Free some space",
    sqlite3.SQLITE_READONLY: "can't be written to. Let the user who runs Guyub write the file and its folder",
    sqlite3.SQLITE_PERM: "can't be accessed. Let the user who runs Guyub read and write the file and its folder",
    sqlite3.SQLITE_IOERR: "can't be read or written: the disk reports an error. Check the disk and free space on it",
    sqlite3.SQLITE_CANTOPEN: "can't be opened. Check that its folder exists and who may use it",
    sqlite3.SQLITE_CORRUPT: "is damaged. Stop Guyub and restore a backup",
    sqlite3.SQLITE_NOTADB: "is not a database. Move the file away, or restore a backup",
    sqlite3.SQLITE_NOMEM: "can't be used: no memory is left",
}


def unavailable(error: BaseException, place: str) -> StorageUnavailable | None:
    """What an error of the driver means for the database at `place`; None when it is a fault of the program."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        reason = _sqlite_reason(cause)
    elif isinstance(error, DBAPIError) and _is_disconnect(error):
        reason = "doesn't answer. Check that the database server runs and can be reached"
    else:
        return None
    return StorageUnavailable(f"The database {place} {reason}.") if reason else None


def unusable_folder(error: OSError, place: str) -> StorageUnavailable:
    return StorageUnavailable(
        f"The database {place} can't be used: {error.strerror or error}. "
        "Check that the user who runs Guyub may use its folder."
    )


def moved(place: str) -> StorageUnavailable:
    return StorageUnavailable(
        f"The database {place} was moved or deleted while it was in use. Put the file back, or restart Guyub."
    )


def is_lock(error: BaseException) -> bool:
    """Whether the connection is fine, and only somebody else was writing."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return _code(cause) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _sqlite_reason(cause: sqlite3.Error) -> str | None:
    return _REASONS.get(_code(cause) & 0xFF)


def _code(cause: BaseException | None) -> int:
    return int(getattr(cause, "sqlite_errorcode", 0) or 0)  # extended result codes keep the plain one in the low byte


def _is_disconnect(error: DBAPIError) -> bool:
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
