"""Servers that leave out what the library requires: older Bot API servers, proxies."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import ChatFullInfo, ChatMember, User

from adapters.telegram.lenient import completed_answer, read_update

CHAT = {"id": -1001, "type": "supergroup", "title": "Kopi"}
AYU = {"id": 7, "first_name": "Ayu"}


def member(status: str, **fields: Any) -> dict[str, Any]:
    return {"status": status, "user": AYU, **fields}


@pytest.mark.parametrize("status", ["creator", "administrator", "member", "restricted", "left", "kicked"])
def test_a_member_with_the_least_of_fields_is_read(status: str) -> None:
    change = {
        "chat": CHAT,
        "from": AYU,
        "date": 1,
        "old_chat_member": member("left"),
        "new_chat_member": member(status),
    }
    update = read_update({"update_id": 1, "chat_member": change})
    assert update.chat_member is not None
    assert update.chat_member.new_chat_member.status == status


def test_a_right_that_is_not_told_is_not_there() -> None:
    change = {"chat": CHAT, "from": AYU, "date": 1, "old_chat_member": member("left")}
    change["new_chat_member"] = member("restricted")
    update = read_update({"update_id": 1, "chat_member": change})
    assert update.chat_member is not None
    restricted = update.chat_member.new_chat_member
    assert (restricted.is_member, restricted.can_send_messages) == (True, False)  # type: ignore[attr-defined]


def test_a_press_without_chat_instance_is_read() -> None:
    update = read_update({"update_id": 2, "callback_query": {"id": "5", "from": AYU, "data": "x"}})
    assert update.callback_query is not None
    assert update.callback_query.from_user == User(7, "Ayu", False)


def test_a_vote_is_read() -> None:
    answer = {"poll_id": "5", "user": AYU, "option_ids": [1]}
    update = read_update({"update_id": 3, "poll_answer": answer})
    assert update.poll_answer is not None
    assert update.poll_answer.option_ids == (1,)


def test_a_poll_is_read_by_itself_and_in_a_message() -> None:
    poll = {
        "id": "5", "question": "Kopi?", "options": [{"text": "Ya", "voter_count": 2}], "total_voter_count": 2,
        "is_closed": True, "is_anonymous": False, "type": "regular", "allows_multiple_answers": False,
    }  # fmt: skip
    by_itself = read_update({"update_id": 4, "poll": poll})
    assert by_itself.poll is not None
    assert [option.voter_count for option in by_itself.poll.options] == [2]
    said = read_update(
        {"update_id": 5, "message": {"message_id": 1, "date": 1, "chat": CHAT, "from": AYU, "poll": poll}}
    )
    assert said.message is not None
    assert said.message.poll is not None


def test_look_ups_are_read() -> None:
    assert (
        ChatMember.de_json(completed_answer("getChatMember", member("administrator")), None).status == "administrator"
    )
    assert ChatFullInfo.de_json(completed_answer("getChat", CHAT), None).title == "Kopi"
    assert User.de_json(completed_answer("getMe", {"id": 1, "username": "guyub"}), None).username == "guyub"


def test_what_is_no_update_is_still_refused() -> None:
    with pytest.raises(KeyError):
        read_update({"update_id": 1, "message": {"text": "neither chat nor date"}})
