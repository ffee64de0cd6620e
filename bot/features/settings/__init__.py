"""What holds here, where it comes from, and changing it in the chat."""

from __future__ import annotations

from bot.core.commands import Answers, Command, Kind, Option, Who
from bot.core.feature import ButtonAction, Feature
from bot.features.settings import handlers
from bot.locale import _

KEY = Option("key", _("which setting, like welcome.window"), required=True)

feature = Feature(
    name="settings",
    commands=(
        Command(
            name="settings show",
            help=_("See every setting and where its value comes from"),
            handler=handlers.show,
            who=Who.MANAGERS,
            answers=Answers.PRIVATE,
            options=(Option("feature", _("only those of one feature, like welcome")),),
            aliases={"id": "pengaturan lihat"},
            usual=True,
        ),
        Command(
            name="settings set",
            help=_("Change a setting"),
            handler=handlers.set_value,
            who=Who.MANAGERS,
            options=(KEY, Option("value", _("the new value, like 45s"), Kind.TEXT, required=True)),
            aliases={"id": "pengaturan ubah"},
            example="/settings set welcome.window 45s",
        ),
        Command(
            name="settings reset",
            help=_("Forget what managers set, so that the admin's value holds again"),
            handler=handlers.reset,
            who=Who.MANAGERS,
            options=(KEY,),
            aliases={"id": "pengaturan asal"},
            example="/settings reset welcome.window",
        ),
    ),
    buttons={"undo": ButtonAction(handlers.undo, who=Who.MANAGERS)},
)
