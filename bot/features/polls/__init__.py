"""The community decides: one poll across all its groups, one ballot a person, closed on time."""

from __future__ import annotations

from dataclasses import replace

from bot.core.commands import Answers, Command, Form, Kind, Option
from bot.core.events import Delivered, GroupChanged, MemberLeft, PollTallied, PollVoted, Refused
from bot.core.feature import ButtonAction, Feature, Job
from bot.core.moments import suggest_moments, suggest_weekly
from bot.features.polls import closing, commands, posting, reading, repeating, starting, telling, voting, wizard
from bot.features.polls.model import PollSettings
from bot.locale import _

NUMBER = Option("number", _("which poll; without it, the only one or the one you reply to"), Kind.INTEGER)
HOW = (
    Option("closes", _("when it closes: 45m, 2h, friday 18:00, tomorrow"), suggest=suggest_moments),
    Option("multiple", _("people may choose several options"), Kind.FLAG),
    Option("secret", _("nobody learns who chose what"), Kind.FLAG),
    Option("revote", _("whether a vote may be changed; yes unless you say no"), Kind.FLAG),
    Option("hide_results", _("results are shown at the close only"), Kind.FLAG),
    Option("add_options", _("members may add options"), Kind.FLAG),
    Option("max_per_person", _("how many options one person may choose"), Kind.INTEGER),
    Option("every", _("comes again: friday 17:00, daily 09:00"), suggest=suggest_weekly),
)
QUESTION = Option("question", _("what you ask"), Kind.TEXT)
OPTIONS = Option("options", _("what can be chosen: A | B | C; leave it out to write them in a form"), Kind.TEXT)
EXAMPLE = '/poll "Where shall we meet?" Senopati | Kemang --closes 2h'


def _of_one(verb: str, alias: str, help: str, handler: object, **more: object) -> Command:
    """A command about one poll, by its number or as a reply to it."""
    command = Command(
        name=f"poll {verb}",
        help=help,
        handler=handler,  # type: ignore[arg-type]
        answers=Answers.DISCREET,
        options=(NUMBER,),
        aliases={"id": f"poling {alias}"},
        checks_rights=True,
        example=f"/poll {verb} 3",
        reads=reading.read_number,
        offered=starting.offers,
    )
    return replace(command, **more)  # type: ignore[arg-type]


feature = Feature(
    name="polls",
    settings=PollSettings,
    commands=(
        Command(
            name="poll new",
            help=_("Ask the community"),
            handler=commands.new,
            answers=Answers.DISCREET,
            options=(QUESTION, OPTIONS, *HOW),
            form=Form(
                "options",
                _("Your poll"),
                _("Write the question on the first line and each option on a line of its own."),
                prompts={"question": _("Write each option on a line of its own.")},
            ),
            aliases={"id": "poling baru"},
            usual=True,
            checks_rights=True,
            example=EXAMPLE,
            reads=reading.read,
            allows=commands.check_before_form,
            offered=starting.offers,
        ),
        Command(
            name="poll help",
            help=_("See how to ask"),
            handler=commands.show_how,
            answers=Answers.DISCREET,
            aliases={"id": "poling bantuan"},
            hidden=True,
            by_link=True,  # for those who write it; the platforms' own menus say as much
        ),
        Command(
            name="poll list",
            help=_("See which polls are open"),
            handler=commands.show_list,
            answers=Answers.DISCREET,
            aliases={"id": "poling daftar"},
        ),
        _of_one(
            "close",
            "tutup",
            _("Close a poll now and tell the result"),
            commands.close,
            live=True,
            needs=frozenset({"all facts"}),
        ),
        _of_one("cancel", "batal", _("Call off a poll, or one that comes each week"), commands.cancel, live=True),
        _of_one(
            "results",
            "hasil",
            _("See how a poll stands or ended"),
            commands.results,
            options=(NUMBER, Option("chart", _("as a picture, too"), Kind.FLAG)),
            checks_rights=False,
            offered=None,
        ),
        _of_one("clone", "ulang", _("Ask the same once more"), commands.clone, options=(NUMBER, *HOW)),
        _of_one(
            "fix",
            "perbaiki",
            _("Mend the text of your poll, before anybody has voted"),
            commands.fix,
            options=(NUMBER, QUESTION, OPTIONS),
            reads=reading.read_about,
            example='/poll fix 3 "Where shall we meet?" Senopati | Kemang',
        ),
        _of_one(
            "add",
            "tambah",
            _("Add your idea to a poll that takes them"),
            commands.add,
            options=(NUMBER, Option("option", _("your idea"), Kind.TEXT)),
            reads=reading.read_added,
            example="/poll add 3 Blok M",
            checks_rights=False,
            offered=None,
        ),
        Command(
            name="vote",
            help=_("Vote by writing, where you can't press a button"),
            handler=voting.vote,
            answers=Answers.DISCREET,
            options=(
                Option("choice", _("the number of the option, or its words"), Kind.TEXT, required=True),
                Option("poll", _("which poll; without it, the only one that is open"), Kind.INTEGER),
            ),
            aliases={"id": "pilih"},
            example="/vote 2",
            reads=reading.read_choice,
        ),
    ),
    on={
        PollVoted: voting.on_voted,
        PollTallied: closing.on_tallied,
        MemberLeft: closing.on_left,
        GroupChanged: posting.on_group_changed,
        Delivered: posting.on_delivered,
        Refused: posting.on_refused,
    },
    jobs={
        "close": Job(closing.due, needs=frozenset({"all facts"}), presence=closing.voters, own_poll=closing.own_poll),
        "refresh": Job(posting.refresh),
        "forget": Job(closing.forget),
        "compare": Job(closing.compare),
        "repeat": Job(repeating.due),
    },
    buttons={
        "vote": ButtonAction(voting.press),
        "take_back": ButtonAction(voting.take_back),
        "how_to_add": ButtonAction(voting.how_to_add),
        "resume": ButtonAction(commands.resume, checks_rights=True),
        "post_now": ButtonAction(telling.post_now, checks_rights=True),
        "again": ButtonAction(telling.again, checks_rights=True),
        "wizard_set": ButtonAction(wizard.turn),
        "wizard_start": ButtonAction(wizard.start, checks_rights=True),
        "wizard_drop": ButtonAction(wizard.drop),
    },
)
