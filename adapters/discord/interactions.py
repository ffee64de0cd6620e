"""Commands, presses and forms: acknowledged at once, decoded, and later answered by their handle."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.discord import commands, forms, incoming, markdown, outgoing
from adapters.discord.errors import AnsweredAlready
from adapters.discord.limits import MAX_TEXT
from adapters.discord.rest import Json, Straight
from bot.core.chat import ChatError, NotSent, RateLimited, Reason, Refusal, Uncertain
from bot.core.clock import Clock
from bot.core.commands import Answers, Command
from bot.core.events import ButtonPressed, CommandInvoked, Where
from bot.core.messages import Message
from bot.locale import _, translate

log = logging.getLogger(__name__)

COMMAND, PRESS, TYPING, FORM = 2, 3, 4, 5  # kinds of interaction
MESSAGE, DEFER, DEFER_UPDATE, CHOICES, MODAL = 4, 5, 6, 8, 9  # kinds of first answer
BUTTON = 2
REMEMBERED = 2048
RETRIES = (0.1, 0.4)
"""Seconds before each further try to acknowledge: all of it has to happen within three."""
FORGOTTEN = _(
    "Nothing has happened yet: I no longer know what this form belongs to. Please give the command again. "
    "This is what you wrote:"
)


@dataclass(frozen=True, slots=True)
class Handle:
    """By what an interaction is answered. `deferred`: a message of ours waits to be filled in."""

    application: str
    interaction: str
    token: str
    deferred: bool

    def __str__(self) -> str:
        return ":".join(("i", self.application, self.interaction, self.token, "d" if self.deferred else "p"))

    @classmethod
    def of(cls, act: Mapping[str, Any], deferred: bool) -> Handle:
        return cls(str(act["application_id"]), str(act["id"]), str(act["token"]), deferred)

    @classmethod
    def read(cls, text: str) -> Handle:
        """Raises Refusal."""
        match text.split(":"):
            case ["i", application, interaction, token, kind]:
                return cls(application, interaction, token, kind == "d")
        raise Refusal(Reason.BAD_MESSAGE, "not a handle of an interaction")

    @property
    def webhook(self) -> str:
        return f"/webhooks/{self.application}/{self.token}"


class Interactions:
    """`language` tells, from memory, what a place speaks; forms and nothing else need it."""

    def __init__(self, api: Straight, clock: Clock, language: Callable[[Where], str] | None = None) -> None:
        self._api = api
        self._language = language
        self._given = forms.Given(clock)
        self._commands: dict[str, Command] = {}
        self._answered: OrderedDict[str, str] = OrderedDict()  # handle → nonce of what filled in the first answer
        self._doubtful: OrderedDict[str, None] = OrderedDict()  # nonces of follow-ups that may have arrived

    def offer(self, offered: Sequence[Command]) -> None:
        self._commands = {command.name: command for command in offered}

    # ------------------------------------------------------------------ in

    async def take(self, act: Json) -> CommandInvoked | ButtonPressed | None:
        """Acknowledge, and say what happened; None where nothing did that matters, or it came too late."""
        kind, data = act["type"], act.get("data") or {}
        if kind == COMMAND:
            return await self._command(act, data)
        if kind == FORM:
            return await self._form_sent(act, data)
        if kind == PRESS:
            told = await self._acknowledge(act, {"type": DEFER_UPDATE})
            is_button = data.get("component_type") == BUTTON
            return incoming.pressed(act, str(Handle.of(act, False))) if told and is_button else None
        if kind == TYPING:
            await self._suggest(act, data)
        return None

    async def _command(self, act: Json, data: Json) -> CommandInvoked | None:
        name, options, _ = incoming.filled_in(data)
        command = self._commands.get(name)
        if command and command.form and not options.get(command.form.option):
            id = self._given.note(name, _account(act), options)
            form = forms.shown(command.form, id, self._spoken(act), options)
            await self._acknowledge(act, {"type": MODAL, "data": form})
            return None
        return await self._invoked(act, name, command, options)

    async def _form_sent(self, act: Json, data: Json) -> CommandInvoked | None:
        name, given = self._given.read(str(data["custom_id"]), _account(act))
        command, words = self._commands.get(name), incoming.form_text(data)
        if command is None or command.form is None or given is None:
            log.info("a form was sent after what it belongs to was forgotten")
            await self._give_back(act, words)
            return None
        return await self._invoked(act, name, command, {**given, command.form.option: words})

    async def _give_back(self, act: Json, words: str) -> None:
        """What was written is not lost: they can copy it and send it again."""
        said = translate(self._spoken(act), FORGOTTEN)
        first, *others = markdown.blocks(words, MAX_TEXT - len(said) - 1) or [""]
        if not await self._acknowledge(act, {"type": MESSAGE, "data": outgoing.private(f"{said}\n{first}")}):
            return
        try:
            for block in others:
                await self._api.call("POST", Handle.of(act, False).webhook, outgoing.private(block))
        except ChatError as error:
            log.warning("a form could not be given back whole: %s", error)

    async def _invoked(
        self, act: Json, name: str, command: Command | None, options: Mapping[str, Any]
    ) -> CommandInvoked | None:
        public = command is not None and command.answers is Answers.PUBLIC or not act.get("guild_id")
        first = {"type": DEFER, "data": {"flags": 0 if public else outgoing.EPHEMERAL}}
        if not await self._acknowledge(act, first):
            return None
        return incoming.command(act, name, options, str(Handle.of(act, True)))

    async def _acknowledge(self, act: Json, first: Json) -> bool:
        """Whether Discord took it, or may have. It is repeated at once when it failed: that can't double anything."""
        path = f"/interactions/{act['id']}/{act['token']}/callback"
        for delay in (*RETRIES, None):
            try:
                await self._api.call("POST", path, first)
            except AnsweredAlready:  # an earlier try had arrived, or Discord told of it twice
                return True
            except Refusal as refusal:
                log.warning("interaction %s could not be acknowledged: %s", act["id"], refusal)
                return False
            except ChatError as error:
                if delay is None:
                    log.warning("interaction %s could not be acknowledged: %s", act["id"], type(error).__name__)
                    return not isinstance(error, NotSent)
                wait = error.retry_after if isinstance(error, RateLimited) else delay
                await asyncio.sleep(min(wait, 1.0))
            else:
                return True
        return False

    async def _suggest(self, act: Json, data: Json) -> None:
        name, options, focused = incoming.filled_in(data)
        command = self._commands.get(name)
        option = next((o for o in command.options if o.name == focused), None) if command else None
        try:
            typed = str(options.get(focused) or "")
            choices = commands.suggestions(option, typed, self._spoken(act)) if option else []
        except Exception:
            log.exception("suggesting words for /%s failed", name)
            choices = []
        await self._acknowledge(act, {"type": CHOICES, "data": {"choices": choices}})

    def _spoken(self, act: Json) -> str:
        if self._language is not None:
            return self._language(incoming.place_of(act))
        return str(act.get("guild_locale") or act.get("locale") or "")[:2]

    # ------------------------------------------------------------------ out

    async def answer(self, handle: Handle, message: Message, nonce: str) -> str:
        """Fill in what was deferred, which may be repeated; or say a further thing. Returns the message's id."""
        png = message.picture.data if message.picture else None
        first = self._answered.get(str(handle), nonce if handle.deferred else "")
        if first == nonce:
            path = f"{handle.webhook}/messages/@original"
            answer = await self._api.call("PATCH", path, outgoing.body(message), png=png)
            _remember(self._answered, str(handle), nonce)
        else:
            answer = await self._follow_up(handle, message, nonce, png)
        return str((answer or {}).get("id", ""))

    async def replace(self, handle: Handle, message: Message) -> str:
        """Show it in place of the message whose button was pressed, also one that only the presser sees."""
        png = message.picture.data if message.picture else None
        path = f"{handle.webhook}/messages/@original"
        answer = await self._api.call("PATCH", path, outgoing.body(message), png=png)
        return str((answer or {}).get("id", ""))

    async def _follow_up(self, handle: Handle, message: Message, nonce: str, png: bytes | None) -> Any:
        """These know no nonce: one that may have arrived is never repeated."""
        if nonce in self._doubtful:
            raise Refusal(Reason.TOO_LATE, "it may have been said already")
        try:
            return await self._api.call("POST", f"{handle.webhook}?wait=true", outgoing.follow_up(message), png=png)
        except Uncertain:
            _remember(self._doubtful, nonce, None)
            raise

    async def withdraw(self, handle: Handle) -> None:
        """Take "thinking…" away; after a press there is nothing to do."""
        if handle.deferred and str(handle) not in self._answered:
            await self._api.call("DELETE", f"{handle.webhook}/messages/@original")


def _account(act: Json) -> str:
    return str(incoming.person_of(act)["id"])


def _remember(memory: OrderedDict[str, Any], key: str, value: Any) -> None:
    memory[key] = value
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
