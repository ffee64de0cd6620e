"""The database: one connection, on one thread, on which one unit of work runs after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection, Engine, make_url

from bot.core.unit import StorageUnavailable, Unit
from storage.ballot_key import BallotKey
from storage.errors import CannotOpen, is_lock, moved, unavailable, unusable_folder
from storage.registry import all_stores
from storage.schema import bring_up_to_date, is_up_to_date
from storage.sqlite import InstanceLock, file_of, identity, make_private, sqlite_engine
from storage.unit import PlacesVersion, SqlUnit, StoreFactories

R = TypeVar("R")
PATIENCE = 5.0


class SqlDatabase:
    """Implements bot.core.unit.Database.

    `url`: as SQLAlchemy writes it, such as sqlite:///data/guyub.db. `durable` False: what was committed may be lost
    with the power; for conversations that are played and forgotten. `patience`: seconds to wait for another writer.
    `exclusive` False: a short visit beside a running bot; it finds the tables up to date, or nobody else there.
    """

    def __init__(
        self,
        url: str,
        stores: StoreFactories | None = None,
        durable: bool = True,
        patience: float = PATIENCE,
        exclusive: bool = True,
    ) -> None:
        address = make_url(url)
        if address.get_backend_name() != "sqlite":
            raise CannotOpen("DATABASE_URL: this version keeps its data in SQLite only; write sqlite:///data/guyub.db")
        self._file = file_of(address)
        self.place = str(self._file or address.render_as_string(hide_password=True))
        self._stores = all_stores() if stores is None else stores
        self._places = PlacesVersion()
        self._ballot_key = BallotKey(self._file, durable=durable)
        self._durable = durable
        self._exclusive = exclusive
        self._engine: Engine = sqlite_engine(self._file, durable=durable, patience=patience)
        self._lock = InstanceLock(self._file) if self._file else None
        self._connection: Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._writer: ThreadPoolExecutor | None = None

    async def open(self) -> None:
        """Make or migrate the database. Raises StorageUnavailable, or storage.errors.CannotOpen; may be tried again."""
        assert self._writer is None, "open already"
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="storage")
        try:
            await self._on_writer(self._open)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish what was begun, then let go of the database."""
        writer, self._writer = self._writer, None
        if writer is not None:
            closed = asyncio.wrap_future(writer.submit(self._close))
            writer.shutdown(wait=False)
            await asyncio.shield(closed)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def run(self, work: Callable[[Unit], R], now: datetime) -> R:
        """See bot.core.unit.Database. A caller that is cancelled stops waiting; the transaction goes on."""
        return await self._on_writer(lambda: self._transaction(work, now))

    async def _on_writer(self, work: Callable[[], R]) -> R:
        if self._writer is None:
            raise StorageUnavailable(f"The database {self.place} is closed.")
        return await asyncio.shield(asyncio.wrap_future(self._writer.submit(work)))

    def _open(self) -> None:
        try:
            if self._file and self._lock:
                make_private(self._file)
                if self._exclusive:
                    self._lock.acquire()
        except OSError as error:
            raise unusable_folder(error, self.place) from error
        try:
            self._connected()
        except Exception as error:
            explained = self._explained(error)
            if explained is None:
                raise
            raise explained from error

    def _transaction(self, work: Callable[[Unit], R], now: datetime) -> R:
        try:
            connection = self._connected()
            with connection.begin():
                unit = SqlUnit(connection, self._stores, now, self._places, self._ballot_key)
                done = work(unit)
                unit.finish()
                return done
        except Exception as error:
            self._places.grow()  # what this unit wrote, and what was read after it, never was
            explained = self._explained(error)
            if explained is None:
                raise
            raise explained from error

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._connect()
        elif self._file and identity(self._file) != self._identity:
            # SQLite would go on writing into a file that nobody will find after the next start.
            self._disconnect()
            raise moved(self.place)
        return self._connection

    def _connect(self) -> Connection:
        connection = self._engine.connect()
        try:
            with connection.begin():
                if self._lock and not is_up_to_date(connection):
                    self._lock.acquire()  # nobody's tables are changed while they are in use
                bring_up_to_date(connection, self.place, quickly=not self._durable)
        except BaseException:
            connection.close()
            raise
        self._identity = identity(self._file) if self._file else None
        return connection

    def _explained(self, error: Exception) -> StorageUnavailable | None:
        explained = unavailable(error, self.place)
        if explained and not is_lock(error):
            self._disconnect()
        return explained

    def _disconnect(self) -> None:
        """The next unit of work starts on a new connection: this one may be broken, or have been opened read-only."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()
        if self._lock:
            self._lock.release()
