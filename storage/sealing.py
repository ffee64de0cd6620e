"""Sealing one poll's ballots: a pseudonym for whose it is, and a ciphertext of one length for all of it."""

from __future__ import annotations

import hmac
import json
import os
from datetime import UTC, datetime, timedelta

from bot.core.stores import Identity
from bot.features.polls.model import Ballot

SIZE = 256
"""Bytes of a ballot before it is sealed: the ids that platforms have, all options and a name of 140 bytes fit."""
_NONCE = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Seal:
    """Of one poll: its two keys are derived from the key of all.

    What seals is loaded with the first one: it takes 7 MiB, and most programs never have a secret poll.
    """

    def __init__(self, key: bytes, poll: int) -> None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._wrong: tuple[type[Exception], ...] = (InvalidTag, ValueError)
        self._poll = poll
        self._pseudonyms = _derived(key, f"guyub poll {poll}: who")
        self._cipher = AESGCM(_derived(key, f"guyub poll {poll}: what"))

    def pseudonym(self, account: Identity) -> bytes:
        return hmac.digest(self._pseudonyms, f"{account.platform}\0{account.account}".encode(), "sha256")

    def close(self, ballot: Ballot) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, _written(ballot), self._bound_to(self.pseudonym(ballot.identity)))

    def open(self, pseudonym: bytes, sealed: bytes) -> Ballot | None:
        """None when it was sealed with another key, for another poll or person, or was tampered with."""
        try:
            return _read(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._bound_to(pseudonym)))
        except self._wrong:
            return None

    def _bound_to(self, pseudonym: bytes) -> bytes:
        return b"%d:%b" % (self._poll, pseudonym)


def _derived(key: bytes, purpose: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, None, purpose.encode()).derive(key)


def _written(ballot: Ballot) -> bytes:
    """A name that is too long is cut. Ids that are take twice the size, or more: no platform of today has any."""
    name = ballot.name
    at = (ballot.at - _EPOCH) // _MICROSECOND
    while True:
        values = (ballot.platform, ballot.group, ballot.account, name, ballot.options, at, ballot.order)
        written = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        if len(written) <= SIZE or not name:
            return written.ljust(-(-len(written) // SIZE) * SIZE, b"\0")
        name = name[: len(name) * 3 // 4]


def _read(written: bytes) -> Ballot:
    platform, group, account, name, options, at, order = json.loads(written.rstrip(b"\0").decode())
    return Ballot(platform, group, account, name, tuple(options), _EPOCH + timedelta(microseconds=at), order)
