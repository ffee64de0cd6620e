"""SQLite's own ways: the file and who may read it, the lock against a second Guyub, how a connection is set up."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, StaticPool

from storage.errors import AlreadyInUse

FOLDER_MODE, FILE_MODE = 0o700, 0o600
_BESIDES = ("-wal", "-shm", "-journal")  # what SQLite puts next to the file


def file_of(url: URL) -> Path | None:
    """The database's file, None for one in memory."""
    if not url.database or url.database == ":memory:":
        return None
    return Path(url.database).expanduser().absolute()


def make_private(file: Path) -> None:
    """Make folder and file if they are missing, for their owner only whatever the umask says."""
    missing = [folder for folder in (file.parent, *file.parent.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(FOLDER_MODE)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))
    for path in (file, *(file.with_name(file.name + ending) for ending in _BESIDES)):
        with suppress(FileNotFoundError, PermissionError):  # someone else's file: opening it will tell
            path.chmod(FILE_MODE)


def identity(file: Path) -> tuple[int, int] | None:
    """Tells a file from another one that is found in its place; None when there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class InstanceLock:
    """Held as long as a Guyub uses the file; the system releases it when the process ends, however it ends."""

    def __init__(self, file: Path) -> None:
        self._database = file
        self._path = file.with_name(file.name + ".lock")
        self._held: int | None = None

    def acquire(self) -> None:
        """Raises AlreadyInUse. Once is enough."""
        if self._held is not None:
            return
        held = os.open(self._path, os.O_CREAT | os.O_RDWR, FILE_MODE)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(held, 20, 0).decode(errors="replace").strip()
            os.close(held)
            raise AlreadyInUse(
                f"Another Guyub{f' (process {holder})' if holder else ''} is using the database {self._database}. "
                "Stop it first, or give this one its own database with DATABASE_URL."
            ) from None
        except BaseException:
            os.close(held)
            raise
        os.ftruncate(held, 0)
        os.pwrite(held, str(os.getpid()).encode(), 0)
        self._held = held

    def release(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None


def sqlite_engine(file: Path | None, *, durable: bool, patience: float) -> Engine:
    """An engine whose transactions begin by taking the write lock, waiting `patience` seconds for it at most."""
    address = f"file:{quote(str(file))}?mode=rw" if file else ":memory:"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address,
            uri=file is not None,  # mode=rw: a file that went away is an error, not a new empty database
            timeout=patience,
            isolation_level=None,  # BEGIN is ours to say
            check_same_thread=False,  # one thread at a time uses it, and close() may come from another
        )
        try:
            _configure(connection, durable)
        except BaseException:
            connection.close()
            raise
        return connection

    pool = NullPool if file else StaticPool
    engine = create_engine("sqlite://", creator=connect, poolclass=pool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _configure(connection: sqlite3.Connection, durable: bool) -> None:
    # A database that can't be written to can't change its mode either, and is told about when it is written to.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")  # nothing of ours in the system's folder for temporary files
    connection.execute(
        "PRAGMA secure_delete = ON"
    )  # what was removed is overwritten, also where that is not the default
    connection.execute("PRAGMA trusted_schema = OFF")
