"""Messages, buttons, polls and menus are answered as the real Bot API answers python-telegram-bot."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.error import BadRequest, InvalidToken
from telegram.request import HTTPXRequest

from tests.servers.telegram import TelegramWorld
from tests.servers.telegram.calling import raw, told

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_unknown_token_or_method_is_refused(tg: TelegramWorld) -> None:
    async with HTTPXRequest() as request:
        with pytest.raises(InvalidToken):
            await Bot("1:wrong", base_url=tg.base_url, request=request, get_updates_request=request).get_me()
    answer = await raw(tg, "danceWithMe")
    assert answer == {"ok": False, "error_code": 404, "description": "Not Found: method not found", "http": 404}


async def test_arguments_come_as_json_form_or_query_and_methods_in_any_case(tg: TelegramWorld) -> None:
    group = await tg.add_group("Kopi")
    address = f"{tg.url}/bot{tg.token}"
    async with aiohttp.ClientSession() as http:
        await http.get(f"{address}/SENDMESSAGE", params={"chat_id": group.id, "text": "query"})
        await http.post(f"{address}/sendmessage", data={"chat_id": str(group.id), "text": "form"})
        await http.post(f"{address}/sendMessage", json={"chat_id": group.id, "text": "json"})
        with aiohttp.MultipartWriter("form-data") as parts:
            for name, value in {"chat_id": str(group.id), "text": "multipart"}.items():
                parts.append(value).set_content_disposition("form-data", name=name)
            await http.post(f"{address}/sendMessage", data=parts)
    assert [message["text"] for message in await group.messages()] == ["query", "form", "json", "multipart"]


async def test_a_message_keeps_entities_buttons_reply_and_silence(tg: TelegramWorld, bot: Bot) -> None:
    group, ayu = await tg.add_group("Kopi"), await tg.person("Ayu <3")
    asked = await ayu.says("halo?", group)
    sent = await bot.send_message(
        group.id,
        f'😀 <b>tebal</b> &lt;<a href="tg://user?id={ayu.id}">Ayu</a>&gt; /start',
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Ya", callback_data="y")]]),
        disable_notification=True,
        reply_parameters=ReplyParameters(asked["message_id"]),
    )
    assert sent.text == "😀 tebal <Ayu> /start"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [
        (MessageEntity.BOLD, 3, 5),
        (MessageEntity.TEXT_MENTION, 10, 3),
        (MessageEntity.BOT_COMMAND, 15, 6),
    ]
    [kept] = await group.messages()
    assert kept["plain"] == "😀 tebal <Ayu> /start [Ya]"
    assert (kept["reply_to"], kept["silent"]) == (asked["message_id"], True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é <blink>x</blink>", 'Unsupported start tag "blink" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<{offset}>", 'Unsupported start tag "{offset}" at byte offset 0'),
        ('<span class="x">a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_broken_html_is_refused(tg: TelegramWorld, text: str, words: str) -> None:
    group = await tg.add_group("Kopi")
    answer = await raw(tg, "sendMessage", chat_id=group.id, text=text, parse_mode="HTML")
    assert (answer["http"], answer["description"]) == (400, f"Bad Request: can't parse entities: {words}")
    assert await group.messages() == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\u202e "}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "chat_id": 4}, "chat not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "x", "message_thread_id": 999}, "message thread not found"),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
    ],
)
async def test_what_can_not_be_sent_is_refused(tg: TelegramWorld, arguments: dict[str, Any], words: str) -> None:
    group = await tg.add_group("Kopi")
    answer = await raw(tg, "sendMessage", **{"chat_id": group.id, **arguments})
    assert (answer["http"], answer["description"]) == (400, f"Bad Request: {words}")
    assert await group.messages() == []


async def test_a_text_may_be_4096_units_after_its_entities(tg: TelegramWorld, bot: Bot) -> None:
    group = await tg.add_group("Kopi")
    sent = await bot.send_message(group.id, f"<b>{'😀' * 2048}</b>", parse_mode="HTML")
    assert sent.entities[0].length == 4096


async def test_what_telegram_does_not_show_is_taken_out_and_entities_move_along(tg: TelegramWorld, bot: Bot) -> None:
    group = await tg.add_group("Kopi")
    sent = await bot.send_message(group.id, "\n a\u202eb <b>tebal \u2028</b>\n", parse_mode="HTML")
    assert sent.text == "ab tebal"
    assert [(e.offset, e.length) for e in sent.entities] == [(3, 5)]


async def test_photos_and_documents_are_uploaded(tg: TelegramWorld, bot: Bot) -> None:
    group = await tg.add_group("Kopi")
    photo = await bot.send_photo(group.id, b"\x89PNG....", caption="<i>grafik</i>", parse_mode="HTML")
    document = await bot.send_document(group.id, b"a;b", filename="votes.csv")
    assert photo.photo[-1].file_size == 8
    assert photo.caption_entities[0].type == "italic"
    assert document.document is not None
    assert document.document.file_name == "votes.csv"
    assert [message["file"]["size"] for message in await group.messages()] == [8, 3]


async def test_editing(tg: TelegramWorld, bot: Bot) -> None:
    group, ayu = await tg.add_group("Kopi"), await tg.person("Ayu")
    sent = await bot.send_message(group.id, "satu")
    await bot.edit_message_text("dua", group.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("dua", group.id, sent.message_id)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Ya", callback_data="y")]])
    await bot.edit_message_reply_markup(group.id, sent.message_id, reply_markup=keyboard)
    [kept] = await group.messages()
    assert kept["plain"] == "dua [Ya]"
    assert [edit["was"]["text"] for edit in kept["edits"]] == ["satu", "dua"]
    theirs = await ayu.says("punyaku", group)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", group.id, theirs["message_id"])


async def test_deleting(tg: TelegramWorld, bot: Bot) -> None:
    group, ayu = await tg.add_group("Kopi"), await tg.person("Ayu")
    sent, theirs = await bot.send_message(group.id, "satu"), await ayu.says("punyaku", group)
    await bot.delete_message(group.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(group.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", group.id, sent.message_id)
    await group.bot_becomes("member")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, theirs["message_id"])
    assert [message["text"] for message in await group.messages(by=None)] == ["punyaku"]
    assert [message["text"] for message in await group.messages(deleted=True)] == ["satu"]


async def test_reactions_and_pins(tg: TelegramWorld, bot: Bot) -> None:
    group, ayu = await tg.add_group("Kopi"), await tg.person("Ayu")
    said = await ayu.says("hari pertama", group)
    await bot.set_message_reaction(group.id, said["message_id"], [ReactionTypeEmoji("🎉")])
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(group.id, said["message_id"], [ReactionTypeEmoji("🥕")])
    await bot.pin_chat_message(group.id, said["message_id"])
    [kept] = await group.messages(by="people")
    assert kept["reactions"] == {str(tg.bot_id): [{"type": "emoji", "emoji": "🎉"}]}
    assert kept["pinned"]
    await bot.unpin_chat_message(group.id, said["message_id"])
    await group.bot_becomes("admin", rights=[])
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages in the chat"):
        await bot.pin_chat_message(group.id, said["message_id"])


async def test_presses_are_answered_once_and_in_time(tg: TelegramWorld, bot: Bot) -> None:
    group, ayu = await tg.add_group("Kopi"), await tg.person("Ayu")
    buttons = [InlineKeyboardButton("Ikut", callback_data="join"), InlineKeyboardButton("Situs", url="https://a.id/x")]
    await bot.send_message(group.id, "Acara", reply_markup=InlineKeyboardMarkup([buttons]))
    pressed = await ayu.presses("Ikut", group)
    [update] = await told(bot)
    assert update.callback_query is not None
    assert (update.callback_query.data, update.callback_query.from_user.id) == ("join", ayu.id)
    await update.callback_query.answer("Sip!")
    assert (await ayu.sees_answer(pressed))["text"] == "Sip!"
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await update.callback_query.answer("lagi")
    assert (await ayu.presses("Situs", group))["url"] == "https://a.id/x"
    late = await ayu.presses("Ikut", group)
    await tg.advance(151)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(late["query"])
    assert await told(bot) == []


async def test_polls(tg: TelegramWorld, bot: Bot) -> None:
    group, ayu, budi = await tg.add_group("Kopi"), await tg.person("Ayu"), await tg.person("Budi")
    sent = await bot.send_poll(group.id, "Ngopi di mana?", ["Senopati", "Kemang"], is_anonymous=False)
    await ayu.votes(group, "Kemang")
    await budi.votes(group, "Kemang")
    await budi.votes(group)
    closed = await bot.stop_poll(group.id, sent.message_id)
    assert [(option.text, option.voter_count) for option in closed.options] == [("Senopati", 0), ("Kemang", 1)]
    with pytest.raises(BadRequest, match="Poll has already been closed"):
        await bot.stop_poll(group.id, sent.message_id)
    updates = await bot.get_updates(allowed_updates=["poll", "poll_answer"])
    answers = [(update.poll_answer.user, update.poll_answer.option_ids) for update in updates if update.poll_answer]
    assert [(user.first_name, ids) for user, ids in answers if user] == [("Ayu", (1,)), ("Budi", (1,)), ("Budi", ())]
    await bot.send_poll(group.id, "Lagi?", ["Ya", "Tidak"], open_period=60)
    assert not (await group.messages())[-1]["poll"]["is_closed"]
    await tg.advance(61)
    assert (await group.messages())[-1]["poll"]["is_closed"]


async def test_menus_by_scope_and_language(tg: TelegramWorld, bot: Bot) -> None:
    scope = BotCommandScopeAllGroupChats()
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("help", "Bantuan")], scope=scope, language_code="id")
    assert [c.description for c in await bot.get_my_commands(scope=scope, language_code="id")] == ["Bantuan"]
    assert await bot.get_my_commands(scope=scope) == ()
    await bot.delete_my_commands(scope=scope, language_code="id")
    kept = {"scope": "default", "language": "", "commands": [{"command": "help", "description": "Help"}]}
    assert await tg.menus() == [kept]
    answer = await raw(tg, "setMyCommands", commands=[{"command": "Bad-Name", "description": "x"}])
    assert answer["description"] == "Bad Request: BOT_COMMAND_INVALID"
