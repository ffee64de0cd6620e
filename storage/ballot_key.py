"""The key under which secret ballots are sealed: in a file of its own beside the database, never in it.

See docs/decisions/0012-secret-ballots.md.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.core.unit import StorageUnavailable
from storage.sealing import Seal

BYTES = 32


class BallotKey:
    """`beside`: the database's file; None for one in memory, whose key is in memory only.

    `durable` False: the file need not outlive a power cut.
    """

    def __init__(self, beside: Path | None, *, durable: bool = True) -> None:
        self.file = beside.with_name(f"ballots-{beside.name}.key") if beside else None
        self._durable = durable
        self._key: bytes | None = None
        self._seals: dict[int, Seal] = {}
        self._told_of: set[int] = set()

    def seal(self, poll: int) -> Seal | None:
        """That of a poll; None when there is no key, or no usable one."""
        known = self._seals.get(poll)
        if known is not None:
            return known
        self._key = self._key or self._read()
        if self._key is None:
            return None
        seal = self._seals[poll] = Seal(self._key, poll)
        return seal

    def renew(self) -> None:
        """Replace the key: what was sealed under the old one can't be opened by anybody from now on."""
        key = secrets.token_bytes(BYTES)
        if self.file:
            try:
                self._write(self.file, key)
            except OSError as error:
                raise self._unusable(error) from error
        self._key, self._seals = key, {}

    def forget(self, poll: int) -> None:
        self._seals.pop(poll, None)
        self._told_of.discard(poll)

    def first_told(self, poll: int) -> bool:
        """Whether it is the first time that something has to be said about that poll."""
        if poll in self._told_of:
            return False
        self._told_of.add(poll)
        return True

    def _read(self) -> bytes | None:
        if self.file is None:
            return None
        try:
            with suppress(PermissionError):  # somebody else's file: reading it will tell
                self.file.chmod(0o600)
            written = self.file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error) from error
        return written if len(written) == BYTES else None

    def _write(self, file: Path, key: bytes) -> None:
        """At once or not at all."""
        new = file.with_name(file.name + ".new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
            os.write(descriptor, key)
            if self._durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(file)
        if self._durable:
            folder = os.open(file.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _unusable(self, error: OSError) -> StorageUnavailable:
        return StorageUnavailable(
            f"The key of secret ballots {self.file} can't be used: {error.strerror or error}. "
            "Check that the user who runs Guyub may read and write it and its folder."
        )
