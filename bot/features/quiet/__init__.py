"""The group never falls silent: a lull is told from a calm hour, and a good conversation started, seldom and kindly."""

from __future__ import annotations

from bot.core.commands import Answers, Command, Form, Kind, Option, Who
from bot.core.events import Delivered, MemberLeft, MessagePosted, Refused
from bot.core.feature import ButtonAction, Feature, Job
from bot.core.moments import suggest_moments
from bot.features.quiet import commands, ideas, looking, offering, outcomes, weekly_asking
from bot.features.quiet.settings import LONGEST, NAME, QuietSettings
from bot.locale import _

NUMBER = Option("number", _("its number in `/prompt list`; without it, the only one that waits"), Kind.INTEGER)
TEXT = Option("text", _("the prompt, a question that is easy to answer"), Kind.TEXT, required=True)
FORM = Form("text", _("Your prompt"), _("What could I ask everybody? A short question, easy to answer."), LONGEST)


def _managers(verb: str, alias: str, help: str, handler: object, **more: object) -> Command:
    return Command(
        name=f"prompt {verb}",
        help=help,
        handler=handler,  # type: ignore[arg-type]
        who=Who.MANAGERS,
        answers=Answers.PRIVATE,
        aliases={"id": f"topik {alias}"},
        **more,  # type: ignore[arg-type]
    )


feature = Feature(
    name=NAME,
    settings=QuietSettings,
    commands=(
        _managers(
            "next", "berikutnya", _("See when I would start a conversation, where and why"), commands.next_, usual=True
        ),
        _managers("now", "sekarang", _("Have me start a conversation now"), commands.now),
        _managers("history", "riwayat", _("See what I asked and how many people answered"), commands.history),
        _managers("list", "daftar", _("See your own prompts and members' suggestions"), ideas.show),
        _managers(
            "add",
            "tambah",
            _("Add a prompt of your own"),
            ideas.add,
            options=(TEXT,),
            form=FORM,
            example="/prompt add What did you brew this morning?",
        ),
        _managers(
            "approve",
            "setujui",
            _("Let a member's suggestion in"),
            ideas.approve,
            options=(NUMBER,),
            example="/prompt approve 3",
        ),
        _managers(
            "reject",
            "tolak",
            _("Turn a suggestion down, or take out a prompt of your own"),
            ideas.reject,
            options=(NUMBER,),
            example="/prompt reject 3",
        ),
        _managers(
            "pause",
            "jeda",
            _("Have no prompts for a while"),
            commands.pause,
            options=(Option("until", _("how long: 3d, until friday"), Kind.TEXT, suggest=suggest_moments),),
            example="/prompt pause 3d",
        ),
        _managers("resume", "lanjut", _("Let prompts come again"), commands.resume),
        Command(
            name="suggest",
            help=_("Suggest what I could ask everybody one day"),
            handler=ideas.suggest,
            answers=Answers.DISCREET,
            options=(TEXT,),
            form=FORM,
            aliases={"id": "usul"},
            example="/suggest What did you brew this morning?",
        ),
    ),
    on={
        MessagePosted: looking.on_message,
        MemberLeft: ideas.on_left,
        Delivered: outcomes.on_delivered,
        Refused: outcomes.on_refused,
    },
    jobs={
        "look": Job(looking.look),
        "ask": Job(looking.ask),
        "outcome": Job(outcomes.outcome),
        "lapse": Job(offering.lapse),
        "weekly": Job(weekly_asking.due),
    },
    buttons={
        "send": ButtonAction(offering.send, who=Who.MANAGERS),
        "another": ButtonAction(offering.another, who=Who.MANAGERS),
        "skip": ButtonAction(offering.skip, who=Who.MANAGERS),
        "take_back": ButtonAction(commands.take_back, who=Who.MANAGERS),
        "unpause": ButtonAction(commands.unpause, who=Who.MANAGERS),
        "approve": ButtonAction(ideas.press_approve, who=Who.MANAGERS),
        "reject": ButtonAction(ideas.press_reject, who=Who.MANAGERS),
        "undecide": ButtonAction(ideas.undecide, who=Who.MANAGERS),
    },
    settle=weekly_asking.schedule,
)
