"""What one person sees of the playground, for the page in the browser."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapters.playground.history import Kind, Person, Posted
from adapters.playground.limits import CAPABILITIES, DISCORD
from adapters.web.stage import Chat, CommandHint, Line, LineKind, Press, Quote, Tally, Window
from bot.core.commands import Command, Who, usage
from bot.core.community import Group
from bot.core.events import Where
from bot.core.messages import Button, plain
from bot.locale import _, translate
from bot.play.chronicle import Chronicle, Entry
from bot.play.stage import Stage

LABELS = {"telegram": "Telegram", "discord": "Discord"}
TITLES = {"welcome": _("Welcome"), "private": _("Private"), "managers": _("Managers")}
KINDS = {
    Kind.POSTED: LineKind.SAID,
    Kind.JOINED: LineKind.JOINED,
    Kind.WAITING: LineKind.WAITING,
    Kind.LEFT: LineKind.LEFT,
    Kind.BANNED: LineKind.BANNED,
    Kind.OPENED: LineKind.OPENED,
    Kind.BLOCKED: LineKind.BLOCKED,
}
QUOTED = 80  # characters


class Viewer:
    """Looks at a stage through the eyes of `account` on one face; empty: somebody who is nowhere."""

    def __init__(self, stage: Stage, chronicle: Chronicle, home: Group, language: str, account: str, manager: bool):
        self._stage = stage
        self._chronicle = chronicle
        self._home = home
        self._language = language
        self._account = account
        self._manager = manager

    def window(self) -> Window:
        face, world = self._home.platform, self._stage.world
        group = world.groups.get(face, self._home.id)
        assert group is not None, "the community's groups are there from the start"
        member = group.members.get(self._account)
        return Window(
            face,
            LABELS.get(face, face),
            group.title,
            group.member_count,
            tuple(self._chat(key, where) for key, where in self.places().items()),
            joined=member is not None and member.present,
            bot_present=group.bot_present,
        )

    def places(self) -> Mapping[str, Where]:
        """The chats of this window by their keys."""
        home, managers = self._home, self._stage.scene.community.managers.get(self._home.platform)
        places = {"group": home.main_place}
        if home.welcome_place != home.main_place:
            places["welcome"] = home.welcome_place
        places["private"] = Where(home.platform, "", self._account)
        if managers is not None:
            places["managers"] = managers
        return places

    def _chat(self, key: str, where: Where) -> Chat:
        title = translate(self._language, TITLES[key]) if key in TITLES else "#"
        if (key == "managers" and not self._manager) or (key == "private" and not self._account):
            return Chat(key, title, closed=True)
        places = {where, Where(where.platform, where.group, "")} if key == "group" else {where}
        return Chat(key, title, tuple(self._lines(self._chronicle.of(places))))

    def _lines(self, entries: Iterable[Entry]) -> Iterable[Line]:
        return (self._line(entry) for entry in entries if self._sees(entry.posted))

    def _sees(self, posted: Posted | None) -> bool:
        """Commands are not said aloud where they are filled in rather than typed."""
        if posted is None or posted.author.id == self._account:
            return True
        command = posted.where.platform == DISCORD and plain(posted.message.text).startswith("/")
        return posted.only in ("", self._account) and (posted.author.bot or not command)

    def _line(self, entry: Entry) -> Line:
        posted, who = entry.posted, entry.who
        if posted is None:
            return Line(str(entry.number), KINDS[entry.kind], entry.at, who.name, who.bot)
        return Line(
            str(entry.number),
            LineKind.SAID,
            entry.at,
            who.name,
            who.bot,
            posted.id,
            posted.message,
            tuple(tuple(self._press(button) for button in row) for row in posted.message.buttons),
            self._quote(posted.reply_to),
            only_me=bool(posted.only),
            note=posted.note,
            edited=posted.edited,
            deleted=posted.deleted,
            pinned=posted.pinned,
            reactions={emoji: self._names(accounts) for emoji, accounts in posted.reactions.items()},
            tally=self._tally(posted),
        )

    def _tally(self, posted: Posted) -> Tally:
        counts = () if posted.hides_results else posted.counts()
        mine = posted.votes.get(self._account, ())
        return Tally(counts, len(posted.votes), mine, posted.closes_at, posted.closed)

    def _press(self, button: Button) -> Press:
        begin, _, end = CAPABILITIES[self._home.platform].private_link.partition("{payload}")
        opens = bool(begin) and button.url.startswith(begin)
        payload = button.url.removeprefix(begin).removesuffix(end) if opens else None
        return Press(button.label, button.token, button.url, payload)

    def _quote(self, id: str) -> Quote | None:
        posted = self._chronicle.posted(id)
        if posted is None or not self._sees(posted):
            return None
        words = " ".join(plain(posted.message.text).split())
        return Quote(posted.author.name, words if len(words) <= QUOTED else words[: QUOTED - 1] + "…")

    def _names(self, accounts: Iterable[str]) -> frozenset[str]:
        people = (self._stage.world.people.by_id(self._home.platform, account) for account in accounts)
        return frozenset(person.name for person in people if isinstance(person, Person))


def command_hints(commands: Iterable[Command], language: str) -> tuple[CommandHint, ...]:
    """What can be typed, in that language."""
    return tuple(
        CommandHint(
            name=(name := command.aliases.get(language, command.name)),
            usage=f"/{name}{usage(command).removeprefix(f'/{command.name}')}",
            help=translate(language, command.help),
            managers=command.who is Who.MANAGERS,
        )
        for command in commands
        if not command.hidden
    )
