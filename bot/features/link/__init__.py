"""One person's accounts on several platforms, joined with a one-time code."""

from __future__ import annotations

from bot.core.commands import Answers, Command, Kind, Option
from bot.core.feature import Feature, Job
from bot.features.link import handlers
from bot.locale import _

feature = Feature(
    name="link",
    commands=(
        Command(
            name="link",
            help=_("Join your accounts on two platforms, so that I know they're one person"),
            handler=handlers.link,
            answers=Answers.PRIVATE,
            options=(Option("code", _("the code that I gave your other account"), Kind.TEXT),),
            aliases={"id": "tautan"},
            everywhere=True,
            personal=True,
        ),
        Command(
            name="unlink",
            help=_("Part this account from your others again"),
            handler=handlers.unlink,
            answers=Answers.PRIVATE,
            aliases={"id": "lepas"},
            everywhere=True,
            personal=True,
        ),
    ),
    jobs={"sweep": Job(handlers.sweep)},
)
