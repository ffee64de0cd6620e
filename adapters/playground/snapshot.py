"""The world as plain dicts and lists, ready for JSON. Pure."""

from __future__ import annotations

import base64
from typing import Any

from adapters.playground.board import Board
from adapters.playground.groups import Group, Groups
from adapters.playground.history import Change, History, Person, Posted
from adapters.playground.limits import FACES
from adapters.playground.outgoing import plain_text
from adapters.playground.people import People
from bot.core.events import Where
from bot.core.messages import Button, Message, Span, plain

Json = dict[str, Any]


def world(history: History, people: People, groups: Groups, board: Board, viewer: str = "") -> Json:
    return {
        "number": history.last,
        "groups": [group_json(group) for face in FACES for group in groups.all(face)],
        "people": [
            {**person_json(person), "private_chat": people.private_chat(face, person.id)}
            for face in FACES
            for person in (people.bot(face), *people.all(face))
        ],
        "messages": [posted_json(posted) for posted in board.all() if posted.only in ("", viewer)],
    }


def change_json(change: Change) -> Json:
    return {
        "number": change.number,
        "kind": change.kind,
        "at": change.at.isoformat(),
        "where": where_json(change.where),
        "who": person_json(change.who) if change.who else None,
        "message": posted_json(change.message) if change.message else None,
        "detail": change.detail,
    }


def where_json(where: Where) -> Json:
    return {"face": where.platform, "group": where.group, "channel": where.channel, "thread": where.thread}


def person_json(person: Person) -> Json:
    return {"face": person.face, "id": person.id, "name": person.name, "bot": person.bot}


def group_json(group: Group) -> Json:
    return {
        "face": group.face,
        "id": group.id,
        "name": group.name,
        "title": group.title,
        "main": group.main,
        "bot_present": group.bot_present,
        "member_count": group.member_count,
        "channels": [
            {"id": channel.id, "name": channel.name, "writable": channel.writable}
            for channel in group.channels.values()
        ],
        "members": [
            {
                **person_json(member.person),
                "present": member.present,
                "pending": member.pending,
                "manager": member.administrator,
                "banned": member.banned,
            }
            for member in group.members.values()
        ],
    }


def posted_json(posted: Posted) -> Json:
    message = posted.message
    return {
        "id": posted.id,
        "where": where_json(posted.where),
        "author": person_json(posted.author),
        "at": posted.at.isoformat(),
        "plain": plain_text(message, posted.counts(), closed=posted.closed),
        "spans": [_span(span) for span in message.text],
        "buttons": [[_button(button) for button in row] for row in message.buttons],
        "poll": _poll(posted),
        "picture": _picture(message),
        "reply_to": posted.reply_to,
        "only": posted.only,
        "note": posted.note,
        "edited": posted.edited,
        "deleted": posted.deleted,
        "pinned": posted.pinned,
        "ask_reply": message.ask_reply,
        "reactions": {emoji: sorted(accounts) for emoji, accounts in posted.reactions.items()},
    }


def _span(span: Span) -> Json:
    moment = span.moment.isoformat() if span.moment else None
    return {"text": span.text, "style": span.style, "link": span.link, "mention": span.mention, "moment": moment}


def _button(button: Button) -> Json:
    return {"label": button.label, "token": button.token, "url": button.url}


def _poll(posted: Posted) -> Json | None:
    poll = posted.message.poll
    if poll is None:
        return None
    counts = (None,) * len(poll.options) if posted.hides_results else posted.counts()
    return {
        "question": poll.question,
        "options": [{"text": text, "votes": votes} for text, votes in zip(poll.options, counts, strict=True)],
        "multiple": poll.multiple,
        "revote": poll.revote,
        "note": plain(poll.note),
        "closes_at": posted.closes_at.isoformat() if posted.closes_at else None,
        "closed": posted.closed,
    }


def _picture(message: Message) -> Json | None:
    if message.picture is None:
        return None
    data = base64.b64encode(message.picture.data).decode()
    return {"description": message.picture.description, "url": f"data:image/png;base64,{data}" if data else ""}
