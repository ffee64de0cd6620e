"""Rate limits: the headers on every answer, 429 bodies, and the ban after too many invalid requests.

Unless strict limits are switched on, every bucket says that plenty is left and nothing is refused.
Windows are fixed and start with their first request, as Discord's buckets do.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import deque
from dataclasses import dataclass, field
from functools import cache

VIA = "1.1 google"
INVALID_WINDOW = 600.0
PLENTY = 1000


@dataclass(slots=True)
class Window:
    """`used` of a limit since `ends - length` (monotonic seconds)."""

    ends: float = 0.0
    used: int = 0

    def take(self, limit: int, length: float, now: float) -> float:
        """Count one; returns 0, or the seconds to wait when the window is used up (then nothing is counted)."""
        if now >= self.ends:
            self.ends, self.used = now + length, 0
        if self.used >= limit:
            return self.ends - now
        self.used += 1
        return 0.0


@dataclass(slots=True)
class Refusal:
    retry_after: float
    scope: str

    @property
    def body(self) -> dict[str, object]:
        text = "The resource is being rate limited." if self.scope == "shared" else "You are being rate limited."
        return {"message": text, "retry_after": round(self.retry_after, 3), "global": self.scope == "global"}

    @property
    def headers(self) -> dict[str, str]:
        found = {"Retry-After": str(math.ceil(self.retry_after)), "X-RateLimit-Scope": self.scope}
        if self.scope == "global":
            found["X-RateLimit-Global"] = "true"
        return found


@dataclass(slots=True)
class Limits:
    """Strict limits are off until `per_second` and `per_channel` (messages, seconds) are set."""

    per_second: int | None = None
    per_channel: tuple[int, float] | None = None
    ban_after: int = 10_000
    ban_seconds: float = 3600.0
    banned_until: float = 0.0
    refused: int = 0
    refused_by_scope: dict[str, int] = field(default_factory=dict)
    invalid: deque[float] = field(default_factory=deque)
    invalid_total: int = 0
    _global: Window = field(default_factory=Window)
    _buckets: dict[str, Window] = field(default_factory=dict)

    def check(self, bucket: str, major: str, posting: bool, counts_globally: bool) -> Refusal | None:
        """Count a call against the strict limits; a refusal if one is used up."""
        now = time.monotonic()
        if self.per_second is not None and counts_globally:
            wait = self._global.take(self.per_second, 1.0, now)
            if wait:
                return Refusal(wait, "global")
        if self.per_channel is not None and posting:
            window = self._buckets.setdefault(f"{bucket}:{major}", Window())
            wait = window.take(*self.per_channel, now)
            if wait:
                return Refusal(wait, "user")
        return None

    def headers(self, bucket: str, major: str, posting: bool) -> dict[str, str]:
        """The rate-limit headers of an answer."""
        left, limit, after = PLENTY - 1, PLENTY, 1.0
        if self.per_channel is not None and posting:
            limit, after = self.per_channel
            window = self._buckets.get(f"{bucket}:{major}")
            if window is not None:
                left, after = limit - window.used, max(0.0, window.ends - time.monotonic())
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": bucket_hash(bucket),
            "Via": VIA,
        }

    def count_answer(self, status: int, scope: str | None) -> None:
        """401, 403 and 429 (but not a shared one) are invalid requests; 10,000 in 10 minutes ban the address."""
        if status == 429:
            self.refused += 1
            self.refused_by_scope[scope or "user"] = self.refused_by_scope.get(scope or "user", 0) + 1
        if status not in (401, 403, 429) or scope == "shared":
            return
        now = time.monotonic()
        self.invalid_total += 1
        self.invalid.append(now)
        while self.invalid[0] < now - INVALID_WINDOW:
            self.invalid.popleft()
        if len(self.invalid) >= self.ban_after:
            self.banned_until = now + self.ban_seconds
            self.invalid.clear()

    @property
    def banned(self) -> bool:
        return time.monotonic() < self.banned_until


@cache
def bucket_hash(bucket: str) -> str:
    return hashlib.md5(bucket.encode(), usedforsecurity=False).hexdigest()
