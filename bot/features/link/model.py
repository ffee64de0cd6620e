"""One-time codes: what they look like, how long they work, and who may use which. Pure."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.stores import Identity

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
LENGTH = 8  # of 32 characters: 40 bits
LIVES = timedelta(minutes=10)
REMEMBERED = timedelta(days=1)
"""So long a code that no longer works is told from one that never did; whose it was is forgotten at once."""
WRONG_CODES = 5
WRONG_WITHIN = timedelta(hours=1)
"""Who sent so many wrong codes within that time is not listened to, until the first of them is older."""


class Fate(StrEnum):
    OPEN = "open"
    USED = "used"
    REPLACED = "replaced"  # the account asked for a newer one
    SHOWN = "shown"  # said where others could read it


@dataclass(frozen=True, slots=True)
class Code:
    """`account` and `name` are empty once the code can't be used any more."""

    digest: str
    account: Identity
    name: str
    expires: datetime
    fate: Fate = Fate.OPEN


class Codes(Protocol):
    def add(self, code: Code) -> None:
        """It takes the place of the account's older one."""
        ...

    def find(self, digest: str) -> Code | None: ...
    def end(self, digest: str, fate: Fate) -> None:
        """It can't be used any more; whose it was is forgotten."""
        ...

    def count_wrong(self, account: Identity, at: datetime) -> None:
        """The account sent a code that isn't one."""
        ...

    def wrong_since(self, account: Identity, since: datetime) -> int:
        """How many wrong codes it sent after that time."""
        ...

    def sweep(self, now: datetime) -> bool:
        """Forget what is too old: whose an expired code was, codes of long ago, wrong ones; whether codes are left."""
        ...


class Refused(StrEnum):
    """Why a code can't be used by an account."""

    UNKNOWN = "unknown"
    USED = "used"
    REPLACED = "replaced"
    SHOWN = "shown"
    EXPIRED = "expired"
    OWN = "own"  # its own code
    SAME_PLATFORM = "same platform"  # the code of another account on this platform
    ALREADY = "already"  # both are one person already
    TAKEN_HERE = "taken here"  # this account has another one there
    TAKEN_THERE = "taken there"  # that account has another one here


_ENDED = {Fate.USED: Refused.USED, Fate.REPLACED: Refused.REPLACED, Fate.SHOWN: Refused.SHOWN}


def refusal(code: Code, by: Identity, now: datetime) -> Refused | None:
    """What the code itself says about being used by an account."""
    if code.fate in _ENDED:
        return _ENDED[code.fate]
    if code.expires <= now:
        return Refused.EXPIRED
    if code.account == by:
        return Refused.OWN
    return Refused.SAME_PLATFORM if code.account.platform == by.platform else None


def conflict(mine: Collection[Identity], theirs: Collection[Identity]) -> tuple[Refused, str] | None:
    """Why two people's accounts can't become one person's, and on which platform: one account a platform.

    The first of each is the account that acts.
    """
    here, there = next(iter(mine)), next(iter(theirs))
    if there in mine:
        return Refused.ALREADY, there.platform
    twice = {account.platform for account in mine} & {account.platform for account in theirs}
    if not twice:
        return None
    if here.platform in twice and there.platform not in twice:
        return Refused.TAKEN_THERE, here.platform
    return Refused.TAKEN_HERE, there.platform if there.platform in twice else min(twice)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """As people read it: K7QM-2XRT."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def read_code(words: str) -> str:
    """The code that somebody wrote, whatever the case, spaces and dashes; empty for what can't be one."""
    kept = re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", words[:100])).upper()
    return kept if _CODE.fullmatch(kept) else ""


def digest(code: str) -> str:
    return hashlib.sha256(f"link:{code}".encode()).hexdigest()
