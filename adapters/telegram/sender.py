"""Does what the outbox asks for: one request to Telegram for one thing to do."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator

from telegram.error import BadRequest

from adapters.telegram import outgoing
from adapters.telegram.api import Api
from adapters.telegram.errors import nothing_changed
from adapters.telegram.incoming import SentPoll
from adapters.telegram.limits import MAX_TOAST
from adapters.telegram.places import Handle, Target, target
from adapters.telegram.polls import SentPolls
from adapters.telegram.presses import Presses
from adapters.telegram.showing import Showing
from bot.core.chat import ChatError, Operation, Outgoing, Reason, Refusal
from bot.core.clock import Clock
from bot.core.events import Where
from bot.core.fit import length
from bot.core.messages import AudienceKind, Message, plain

log = logging.getLogger(__name__)

_EMOJI_STYLE = "\ufe0f"  # "shown as emoji": Telegram's list of reactions goes without


class Sender:
    """Raises the library's errors, and ChatError where we know better."""

    def __init__(self, api: Api, polls: SentPolls, clock: Clock) -> None:
        self._api = api
        self._polls = polls
        self._showing = Showing(api, clock)
        self._presses = Presses(api)
        self._acknowledgements: set[asyncio.Task[None]] = set()
        self._operations: dict[Operation, Callable[[Outgoing], Awaitable[str]]] = {
            Operation.SEND: self._send,
            Operation.EDIT: self._edit,
            Operation.DELETE: self._delete,
            Operation.REACT: self._react,
            Operation.PIN: self._pin,
            Operation.LEAVE: self._leave,
            Operation.CLOSE_POLL: self._close_poll,
        }

    async def perform(self, task: Outgoing) -> str:
        """The message's id; empty where there is none."""
        try:
            return await self._operations[task.operation](task)
        except (ValueError, TypeError, KeyError) as error:
            log.exception("%s to %s could not be made into a request", task.operation, task.where)
            raise Refusal(Reason.BAD_MESSAGE, type(error).__name__) from error

    async def acknowledge(self, handle: str) -> None:
        press = Handle.read(handle)
        if press is not None and press.query:
            await self._presses.acknowledge(press.query)

    async def finish(self) -> None:
        """Wait for acknowledgements that nobody waited for."""
        if self._acknowledgements:
            await asyncio.wait(self._acknowledgements)

    async def _send(self, task: Outgoing) -> str:
        message, handle, where = task.message, Handle.read(task.handle), target(task.where)
        if handle is not None and handle.query:
            if _is_note(message):
                await self._presses.tell(handle.query, plain(message.text))
                return ""
            self._acknowledge_meanwhile(task.handle)
        if message.audience.kind is AudienceKind.PERSON and task.where != _alone_with(task):
            raise Refusal(Reason.BAD_MESSAGE, "in a group nobody can be written to alone")
        sent = await self._showing.post(message, where.parameters() | _reply(message, handle, where))
        message_id = str(sent["message_id"])
        if "poll" in sent:
            await self._polls.add(str(sent["poll"]["id"]), SentPoll(task.where, message_id))
        return message_id

    def _acknowledge_meanwhile(self, handle: str) -> None:
        async def quietly() -> None:
            with contextlib.suppress(ChatError):
                await self.acknowledge(handle)

        acknowledgement = asyncio.create_task(quietly())
        self._acknowledgements.add(acknowledgement)
        acknowledgement.add_done_callback(self._acknowledgements.discard)

    async def _edit(self, task: Outgoing) -> str:
        """Also as the answer to a press, which is taken note of meanwhile."""
        if task.handle:
            self._acknowledge_meanwhile(task.handle)
        with _so_already():
            await self._showing.change(task.message, _which(task))
        return task.message_id

    async def _close_poll(self, task: Outgoing) -> str:
        return await self._to_message("stopPoll", task)

    async def _delete(self, task: Outgoing) -> str:
        return await self._to_message("deleteMessage", task)

    async def _react(self, task: Outgoing) -> str:
        emoji = task.emoji.replace(_EMOJI_STYLE, "")
        return await self._to_message(
            "setMessageReaction", task, reaction=[{"type": "emoji", "emoji": emoji}] if emoji else []
        )

    async def _pin(self, task: Outgoing) -> str:
        return await self._to_message("pinChatMessage", task, disable_notification=True)

    async def _leave(self, task: Outgoing) -> str:
        await self._api.call("leaveChat", {"chat_id": target(task.where).chat})
        return ""

    async def _to_message(self, method: str, task: Outgoing, **parameters: object) -> str:
        with _so_already():
            await self._api.call(method, _which(task) | parameters)
        return task.message_id


@contextlib.contextmanager
def _so_already() -> Iterator[None]:
    """What is done to a message is a state: it is no failure that it is there already."""
    try:
        yield
    except BadRequest as error:
        if not nothing_changed(error):
            raise


def _which(task: Outgoing) -> outgoing.Parameters:
    return {"chat_id": target(task.where).chat, "message_id": int(task.message_id)}


def _alone_with(task: Outgoing) -> Where:
    """The private chat with the one for whom it is."""
    return Where(task.where.platform, "", task.message.audience.account)


def _is_note(message: Message) -> bool:
    """Whether it is shown to the presser of a button alone, above the chat."""
    if message.audience.kind is not AudienceKind.PERSON or message.buttons or message.poll or message.picture:
        return False
    return 0 < length(plain(message.text), utf16=True) <= MAX_TOAST


def _reply(message: Message, handle: Handle | None, where: Target) -> outgoing.Parameters:
    """In reply to what the message names, else to the command that it answers."""
    if message.reply_to:
        return outgoing.reply_parameters(message.reply_to)
    if handle is not None and not handle.query and handle.chat == str(where.chat):
        return outgoing.reply_parameters(handle.message)
    return {}
