"""What a script's acts are on the playground: which message, poll or button is meant."""

from __future__ import annotations

from collections.abc import Callable

from adapters.playground import acts
from adapters.playground.adapter import PlaygroundChat
from adapters.playground.doing import Impossible
from adapters.playground.history import Person, Posted
from adapters.playground.outgoing import plain_text
from bot.core.events import Where
from bot.core.messages import Button
from bot.play.choosing import offering, taking_back
from bot.play.patterns import matches
from bot.play.script import (
    Action,
    DeleteLast,
    Join,
    Leave,
    Place,
    Press,
    React,
    Reply,
    Say,
    Start,
    TakeBackVote,
    Vote,
)
from bot.play.stage import Stage


async def act(stage: Stage, action: Action) -> None:
    """Do it and wait until the bot has said what it has to say. Raise Impossible."""
    actor = Actor(stage, action.place, action.who)
    await actor.arrive(manager=action.manager, joins=isinstance(action.act, Join))
    await actor.do(action)
    await stage.settle()


class Actor:
    """Somebody in a place."""

    def __init__(self, stage: Stage, place: Place, who: str) -> None:
        self._stage = stage
        self._place = place
        self._world = stage.world
        self.person: Person = stage.world.people.named(place.platform, who)
        self.where: Where = stage.places.where(place)
        self.chat: PlaygroundChat = stage.chats[place.platform]

    async def arrive(self, *, manager: bool, joins: bool) -> None:
        """Make the group if it is new, which the bot then joins; who doesn't join it has been in it all along."""
        now = self._stage.clock.now()
        if self._place.private and not manager:
            return
        group, new = self._stage.places.group(Place(self._place.platform, self._place.group, self._place.channel), now)
        if not joins:
            self._world.groups.member(group, self.person)
        if manager:
            self._world.groups.set_administrator(group, self.person, now)
        if new:
            await self.chat.act(acts.AddsBot(self.where, self.person.id))

    async def do(self, action: Action) -> None:
        where, id = self.where, self.person.id
        match action.act:
            case Join():
                await self.chat.act(acts.Joins(where, id))
            case Leave(banned):
                await self.chat.act(acts.Leaves(where, id, banned))
            case Start():
                await self.chat.act(acts.Starts(where, id))
            case Say(text):
                await self.chat.act(acts.Says(where, id, text))
            case Reply(to, text, saying):
                answered = self._newest_by(to, saying)
                if answered is None:
                    raise Impossible(f"there is no message by {to} that could be replied to")
                await self.chat.act(acts.Says(where, id, text, answered.id))
            case Press(label):
                await self._press(label)
            case _:
                await self._may_be_nothing(action)

    async def _may_be_nothing(self, action: Action) -> None:
        """Acts that do nothing when there is nothing to do them on."""
        where, id = self.where, self.person.id
        match action.act:
            case Vote(option):
                await self._vote(option)
            case TakeBackVote():
                await self._take_back()
            case React(emoji, to):
                if posted := self._newest_by(to):
                    await self.chat.act(acts.Reacts(where, id, posted.id, emoji))
            case DeleteLast():
                if posted := self._newest_by(self.person.name):
                    await self.chat.act(acts.Deletes(where, id, posted.id))

    async def _press(self, label: str) -> None:
        def has(posted: Posted) -> bool:
            return any(button.label == label for button in _buttons(posted))

        found = self._newest(has)
        if found is None:
            raise Impossible(f"there is no button [{label}] that {self.person.name} could press; {self._offered()}")
        await self._press_on(found, next(button for button in _buttons(found) if button.label == label))

    def _offered(self) -> str:
        newest = self._newest(lambda posted: bool(posted.message.buttons))
        labels = " ".join(f"[{button.label}]" for button in _buttons(newest)) if newest else ""
        return f"the newest ones are {labels}" if labels else "there are no buttons at all"

    async def _press_on(self, posted: Posted, button: Button) -> None:
        if button.url:
            await self._follow(button.url)
        else:
            await self.chat.act(acts.Presses(posted.where, self.person.id, posted.id, button.token))

    async def _follow(self, url: str) -> None:
        """A link into the private chat opens it; others lead out of the playground."""
        begin, _, payload = self.chat.capabilities(self.where).private_link.partition("{payload}")
        if begin and url.startswith(begin):
            await self.chat.act(acts.Starts(self.where, self.person.id, url.removeprefix(begin).removesuffix(payload)))

    async def _vote(self, option: str) -> None:
        """On the newest poll or button with that option; a poll with several choices gets one more."""

        def offers(posted: Posted) -> bool:
            return _is_choice(posted, option) or offering(_buttons(posted), option) is not None

        found = self._newest(offers)
        if found is None:
            return
        if _is_choice(found, option):
            await self._choose(found, option)
        elif button := offering(_buttons(found), option):
            await self._press_on(found, button)

    async def _choose(self, found: Posted, option: str) -> None:
        poll = found.message.poll
        assert poll is not None
        before = found.votes.get(self.person.id, ()) if poll.multiple else ()
        options = (*before, poll.options.index(option))
        await self.chat.act(acts.Votes(found.where, self.person.id, found.id, options))

    async def _take_back(self) -> None:
        """On the newest poll that they voted on, or that has a button for it."""

        def allows(posted: Posted) -> bool:
            return self.person.id in posted.votes or taking_back(_buttons(posted)) is not None

        found = self._newest(allows)
        if found is None:
            return
        if button := taking_back(_buttons(found)):
            await self._press_on(found, button)
        else:
            await self.chat.act(acts.Votes(found.where, self.person.id, found.id, ()))

    # ------------------------------------------------------------------ which one

    def _newest(self, fits: Callable[[Posted], bool]) -> Posted | None:
        """The newest message in this place that this person can see."""

        def here(posted: Posted) -> bool:
            seen = posted.visible_to(self.person.id) and not posted.note
            return seen and self._stage.places.holds(self._place, posted.where) and fits(posted)

        return self._world.board.newest(here)

    def _newest_by(self, who: str, saying: str = "…") -> Posted | None:
        def says(posted: Posted) -> bool:
            words = plain_text(posted.message, posted.counts(), closed=posted.closed)
            return posted.author.name == who and matches(saying, words)

        return self._newest(says)


def _buttons(posted: Posted) -> list[Button]:
    return [button for row in posted.message.buttons for button in row]


def _is_choice(posted: Posted, option: str) -> bool:
    """Whether it is the platform's own poll with that option."""
    return posted.message.poll is not None and option in posted.message.poll.options
