"""One bot's queue of updates, with getUpdates' semantics."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.servers.telegram.refusals import Refused

# What a bot gets unless it names update types: these three must be named.
MUST_BE_NAMED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_KINDS = (
    "message edited_message channel_post edited_channel_post business_connection business_message "
    "edited_business_message deleted_business_messages message_reaction message_reaction_count inline_query "
    "chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll poll_answer "
    "my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot guest_message"
)
KINDS = frozenset(_KINDS.split())
ANSWER_WITHIN = 150.0  # seconds that a query which expects an answer is kept
KEPT = 86_400.0  # seconds that any other update is kept
GATHER = 0.001  # seconds a waiting poll goes on gathering after the first update
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(slots=True)
class UpdateQueue:
    """Updates wait here, already serialised, until an offset above them confirms them."""

    waiting: deque[tuple[int, float, str]] = field(default_factory=deque)  # id, time of expiry, JSON
    last_id: int = 100_000_000
    allowed: list[str] = field(default_factory=list)  # empty: the default
    confirmed: int = 0  # the highest offset asked for
    offsets: list[tuple[float, int]] = field(default_factory=list)  # when each higher offset was first asked
    handed_out: int = 0
    _poll: asyncio.Future[bool] | None = None

    def takes(self, kind: str) -> bool:
        """Would the bot be told of this kind."""
        return kind in self.allowed if self.allowed else kind not in MUST_BE_NAMED

    def add(self, kind: str, payload: Any, now: float) -> int | None:
        """Queues an update unless the bot did not ask for its kind; returns its id."""
        if not self.takes(kind):
            return None
        update_id = self.last_id + 1
        text = json.dumps({"update_id": update_id, kind: payload})
        life = ANSWER_WITHIN if kind.endswith("_query") else KEPT
        self.add_raw(text, now + life)
        return update_id

    def add_raw(self, text: str, expires: float) -> int:
        """Queues literal text under the next id, whatever it says."""
        self.last_id += 1
        self.waiting.append((self.last_id, expires, text))
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(True)
        return self.last_id

    def remember_allowed(self, named: list[str] | None) -> None:
        """None leaves what was asked before; an empty list goes back to the default."""
        if named is not None:
            known = [kind for kind in named if kind in KINDS]
            # Naming exactly nothing, or nothing known, means the default.
            self.allowed = known

    def confirm(self, offset: int) -> None:
        """Forgets everything below a positive offset, or all but the last -offset for a negative one."""
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
            return
        while self.waiting and self.waiting[0][0] < offset:
            self.waiting.popleft()
        if offset > self.confirmed:
            self.confirmed = offset
            self.offsets.append((time.time(), offset))

    def batch(self, limit: int, now: float) -> str:
        """The oldest updates as a JSON array."""
        while self.waiting and self.waiting[0][1] < now:
            self.waiting.popleft()
        chosen = [self.waiting[i] for i in range(min(limit, len(self.waiting)))]
        fresh = [text for _, expires, text in chosen if expires >= now]
        self.handed_out += len(fresh)
        return "[" + ",".join(fresh) + "]"

    @property
    def polled(self) -> bool:
        """Does a getUpdates stand waiting now."""
        return self._poll is not None and not self._poll.done()

    def interrupt(self) -> None:
        """Another getUpdates (or a webhook) ends the one that waits."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(False)

    async def wait(self, seconds: float) -> None:
        """Waits for an update; raises 409 when another getUpdates takes over."""
        self.interrupt()
        if self.waiting or seconds <= 0:
            return
        poll: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._poll = poll
        done, _ = await asyncio.wait([poll], timeout=seconds)
        if self._poll is poll:
            self._poll = None
        if done and not poll.result():
            raise Refused(409, CONFLICT)
        if done:
            await asyncio.sleep(GATHER)
