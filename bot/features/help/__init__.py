"""What I may do here, in my language."""

from __future__ import annotations

from bot.core.commands import Answers, Command, Option
from bot.core.feature import ButtonAction, Feature
from bot.features.help import handlers
from bot.locale import LANGUAGES, _

feature = Feature(
    name="help",
    commands=(
        Command(
            name="help",
            help=_("See what you can do here"),
            handler=handlers.show,
            answers=Answers.DISCREET,
            options=(Option("about", _("a command to be told more about, like poll")),),
            aliases={"id": "bantuan"},
            everywhere=True,
            checks_rights=True,
        ),
        Command(
            name="language",
            help=_("Choose the language in which I answer you"),
            handler=handlers.choose_language,
            answers=Answers.DISCREET,
            options=(Option("language", _("en or id"), choices=LANGUAGES),),
            aliases={"id": "bahasa"},
            everywhere=True,
        ),
    ),
    buttons={"language": ButtonAction(handlers.language_pressed, everywhere=True)},
)
