"""Named places in the program's own steps, where the fault tests may end it with SIGKILL.

`GUYUB_KILL_AT="sent:3"` kills the process when the step "sent" is reached for the third time. Nothing else looks at it.
"""

from __future__ import annotations

import os
import signal

STEPS = (
    "received",  # an event is about to be handled
    "before commit",  # everything of a batch is done but the commit
    "committed",  # a batch is committed, its platform isn't told yet
    "claimed",  # an outbox row is marked as being sent
    "sent",  # the platform has answered, which isn't written down yet
    "settled",  # it is written down
)

_name, _, _count = os.environ.get("GUYUB_KILL_AT", "").partition(":")
_left = int(_count or "1") if _name else 0


def step(name: str) -> None:
    """This step of the program is reached."""
    global _left  # noqa: PLW0603 - counts down to the one kill
    if name != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
