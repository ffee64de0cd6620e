"""What is said unasked: why it was, how much of it there may be, and how all of it stops when it would be out of place.

How much is decided in bot/core/interruptions.py, which every feature passes through.
"""

from __future__ import annotations

from bot.core.commands import Answers, Command, Form, Kind, Option, Who
from bot.core.events import Delivered, Refused
from bot.core.feature import ButtonAction, Feature, Job
from bot.core.interruptions import NAME, PostsSettings
from bot.features.posts import announcing, explaining, fates, holding
from bot.features.posts.wording import LONGEST, read_announcement
from bot.locale import _

TEXT = Option("text", _("what everybody shall read"), Kind.TEXT, required=True)

feature = Feature(
    name=NAME,
    settings=PostsSettings,
    commands=(
        Command(
            name="why",
            help=_("See why I posted something: reply to it with /why"),
            handler=explaining.why,
            answers=Answers.DISCREET,
            options=(
                Option("post", _("its number in the list, or a link to it; without it, the last few"), Kind.TEXT),
            ),
            aliases={"id": "kenapa"},
            checks_rights=True,
        ),
        Command(
            name="hold state",
            help=_("See whether cheerful posts are on hold"),
            handler=holding.state,
            who=Who.MANAGERS,
            answers=Answers.PRIVATE,
            aliases={"id": "jeda status"},
            usual=True,
        ),
        Command(
            name="hold on",
            help=_("Stop all cheerful posts on every platform, and post a statement if you like"),
            handler=holding.begin,
            who=Who.MANAGERS,
            answers=Answers.PRIVATE,
            options=(Option("statement", _("a few words that everybody shall read"), Kind.TEXT),),
            aliases={"id": "jeda mulai"},
            example="/hold on",
            live=True,
        ),
        Command(
            name="hold statement",
            help=_("Post a statement while cheerful posts are on hold"),
            handler=holding.statement,
            who=Who.MANAGERS,
            answers=Answers.PRIVATE,
            options=(TEXT,),
            form=Form("text", _("Your statement"), _("What shall everybody read? You'll see it first."), LONGEST),
            aliases={"id": "jeda pernyataan"},
            allows=holding.check_is_on,
            live=True,
        ),
        Command(
            name="hold off",
            help=_("Let cheerful posts come again; what was held back stays unsaid"),
            handler=holding.end,
            who=Who.MANAGERS,
            answers=Answers.PRIVATE,
            aliases={"id": "jeda selesai"},
            live=True,
        ),
        Command(
            name="announce",
            help=_("Tell everybody something, in every group"),
            handler=announcing.announce,
            who=Who.MANAGERS,
            answers=Answers.PRIVATE,
            options=(TEXT, Option("promo", _("it is a promotion, and labelled as one"), Kind.FLAG)),
            form=Form("text", _("Your announcement"), _("What shall everybody read? You'll see it first."), LONGEST),
            aliases={"id": "umumkan"},
            example="/announce Saturday we meet at Kemang, 16:00",
            reads=read_announcement,
            allows=announcing.check_before_form,
            live=True,
        ),
    ),
    on={Delivered: fates.on_delivered, Refused: fates.on_refused},
    jobs={"remind": Job(holding.remind)},
    buttons={
        "state": ButtonAction(holding.post_statement, who=Who.MANAGERS, live=True),
        "announce": ButtonAction(announcing.post, who=Who.MANAGERS, live=True),
        "cancel": ButtonAction(announcing.cancel, who=Who.MANAGERS),
        "release": ButtonAction(holding.release, who=Who.MANAGERS, live=True),
        "resume": ButtonAction(holding.resume, who=Who.MANAGERS, live=True),
    },
)
