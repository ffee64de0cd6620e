"""Nobody stays a stranger: newcomers are greeted by name, together, once, and only while it is still a welcome."""

from __future__ import annotations

from bot.core.commands import Answers, Command, Form, Kind, Option, Who
from bot.core.events import Delivered, MemberJoined, MemberLeft, Refused
from bot.core.feature import ButtonAction, Feature, Job
from bot.features.welcome import commands, handlers
from bot.features.welcome.model import WelcomeSettings
from bot.locale import _

FACTS = frozenset({"facts"})
HOME_FACTS = frozenset({"home facts"})


def _change(verb: str, alias: str, help: str, handler: object, prompt: str) -> Command:
    return Command(
        name=f"welcome {verb}",
        help=help,
        handler=handler,  # type: ignore[arg-type]
        who=Who.MANAGERS,
        options=(Option("text", _("the new text"), Kind.TEXT, required=True),),
        form=Form("text", help, prompt),
        aliases={"id": f"sambutan {alias}"},
        needs=HOME_FACTS,
    )


feature = Feature(
    name="welcome",
    settings=WelcomeSettings,
    commands=(
        Command(
            name="welcome preview",
            help=_("See what a newcomer would see"),
            handler=commands.preview,
            who=Who.MANAGERS,
            answers=Answers.PRIVATE,
            aliases={"id": "sambutan contoh"},
            usual=True,
            needs=HOME_FACTS,
        ),
        _change(
            "text",
            "teks",
            _("Change the greeting"),
            commands.change_text,
            _("How shall I greet newcomers? You may use {name} {mention} {community} {count} {rules}."),
        ),
        _change(
            "rules",
            "aturan",
            _("Change the rules that newcomers read"),
            commands.change_rules,
            _("Which rules shall newcomers read?"),
        ),
        _change(
            "interests",
            "minat",
            _("Change the interests to choose from"),
            commands.change_interests,
            _("Which interests can members choose from? Separate them by | or commas."),
        ),
    ),
    on={
        MemberJoined: handlers.on_joined,
        MemberLeft: handlers.on_left,
        Delivered: handlers.on_delivered,
        Refused: handlers.on_refused,
    },
    jobs={
        "greet": Job(handlers.greet, needs=FACTS, presence=handlers.waiting_since),
        "lapse": Job(handlers.lapse),
        "remove": Job(handlers.remove),
    },
    buttons={
        "save": ButtonAction(commands.save, who=Who.MANAGERS),
        "cancel": ButtonAction(commands.cancel, who=Who.MANAGERS),
        "undo": ButtonAction(commands.undo, who=Who.MANAGERS),
    },
)
