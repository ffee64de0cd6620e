"""Coming into a group: set-up by buttons, a check of the bot's own rights, and two lines on what it records."""

from __future__ import annotations

from bot.core.commands import Answers, Command, Option, Who
from bot.core.events import GroupChanged
from bot.core.feature import ButtonAction, Feature, Job
from bot.features.arrival import handlers, setup
from bot.locale import _

FACTS = frozenset({"facts"})

feature = Feature(
    name="arrival",
    commands=(
        Command(
            name="setup",
            help=_("Set this group up, with a code from the admin"),
            handler=setup.begin,
            who=Who.MANAGERS,
            answers=Answers.PUBLIC,
            options=(Option("code", _("the code from the admin"), required=True),),
            aliases={"id": "siapkan"},
            example="/setup 7KQ2MXR4TB",
            everywhere=True,
            hidden=True,
            live=True,
            needs=FACTS,
        ),
        Command(
            name="start",
            help=_("Open our private chat"),
            handler=handlers.start,
            answers=Answers.PUBLIC,
            options=(Option("payload", _("what the link carries")),),
            everywhere=True,
            hidden=True,
            by_link=True,
            checks_rights=True,
            needs=FACTS,
        ),
    ),
    on={GroupChanged: handlers.on_group_changed},
    jobs={"check": Job(handlers.check, needs=FACTS)},
    buttons={
        "community": ButtonAction(setup.choose_community, who=Who.MANAGERS, everywhere=True, live=True),
        "language": ButtonAction(setup.choose_language, who=Who.MANAGERS, everywhere=True, live=True),
        "zone": ButtonAction(setup.choose_zone, who=Who.MANAGERS, everywhere=True, live=True),
    },
    everywhere=True,
)
