"""Is everything connected, and what needs fixing?"""

from __future__ import annotations

from bot.core.commands import Answers, Command, Who
from bot.core.feature import Feature
from bot.features.ping import handlers
from bot.locale import _

feature = Feature(
    name="ping",
    commands=(
        Command(
            name="ping",
            help=_("See whether everything is connected and what needs fixing"),
            handler=handlers.ping,
            who=Who.MANAGERS,
            answers=Answers.PRIVATE,
            needs=frozenset({"facts"}),
        ),
    ),
)
