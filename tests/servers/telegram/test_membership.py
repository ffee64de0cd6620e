"""Who is where, who may what, and what bots are told of it."""

from __future__ import annotations

import time

import pytest
from telegram import Bot, ForceReply
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.servers.telegram import TelegramWorld, WorldError
from tests.servers.telegram.calling import EVERYTHING, raw, told

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_bot_speaks_only_where_it_may(tg: TelegramWorld, bot: Bot) -> None:
    group = await tg.add_group("Kopi", bot="member", permissions={"can_send_messages": False})
    refusals = []
    for status in ("member", "left", "kicked", "restricted"):
        await group.bot_becomes(status)
        answer = await raw(tg, "sendMessage", chat_id=group.id, text="x")
        refusals.append((answer["http"], answer["description"]))
    assert refusals == [
        (400, "Bad Request: not enough rights to send text messages to the chat"),
        (403, "Forbidden: bot is not a member of the supergroup chat"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
        (400, "Bad Request: not enough rights to send text messages to the chat"),
    ]
    await group.bot_becomes("admin")
    await bot.send_message(group.id, "x")


async def test_private_chats_open_by_start_and_close_by_block(tg: TelegramWorld, bot: Bot) -> None:
    ayu = await tg.person("Ayu", language_code="id")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(ayu.id, "halo")
    await ayu.starts("from-kopi")
    await bot.send_message(ayu.id, "halo", reply_markup=ForceReply(input_field_placeholder="…"))
    assert (await ayu.hears("halo"))["markup"]["force_reply"] is True
    await ayu.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ayu.id, "halo")
    start, block = await told(bot)
    assert start.message is not None
    assert start.message.text == "/start from-kopi"
    assert start.message.from_user is not None
    assert start.message.from_user.language_code == "id"
    assert block.my_chat_member is not None
    assert block.my_chat_member.new_chat_member.status == "kicked"


async def test_joins_are_seen_as_the_test_says(tg: TelegramWorld, bot: Bot) -> None:
    group = await tg.add_group("Kopi")
    await told(bot)
    people = [await tg.person(name) for name in ("Ayu", "Budi", "Citra")]
    await people[0].joins(group, via=["chat_member", "service"])
    await people[1].joins(group, via=["service", "chat_member"])
    await people[2].joins(group, via=["service"])
    kinds = ["service" if update.message else "chat_member" for update in await told(bot)]
    assert kinds == ["chat_member", "service", "service", "chat_member", "service"]
    assert await bot.get_chat_member_count(group.id) == 5  # with the owner and the bot


async def test_several_join_with_one_service_message(tg: TelegramWorld, bot: Bot) -> None:
    group, people = await tg.add_group("Kopi"), [await tg.person(name) for name in ("Ayu", "Budi")]
    await told(bot)
    await tg.ask("join_together", chat=group.id, users=[one.id for one in people])
    service, *changes = await told(bot)
    assert service.message is not None
    assert [user.first_name for user in service.message.new_chat_members] == ["Ayu", "Budi"]
    assert [c.chat_member.new_chat_member.user.first_name for c in changes if c.chat_member] == ["Ayu", "Budi"]


async def test_a_newcomer_is_held_back_by_another_bot_and_then_freed(tg: TelegramWorld, bot: Bot) -> None:
    group, ayu, captcha = await tg.add_group("Kopi"), await tg.person("Ayu"), await tg.person("Captcha", is_bot=True)
    await told(bot)
    await ayu.joins(group, via=["chat_member"])
    await ayu.is_restricted(group, by=captcha)
    with pytest.raises(WorldError, match="is in Kopi already"):
        await ayu.joins(group)
    with pytest.raises(WorldError, match="may not write in Kopi yet"):
        await ayu.says("halo", group)
    await ayu.is_free(group, by=captcha)
    await ayu.is_banned(group)
    changes = [update.chat_member for update in await told(bot) if update.chat_member]
    statuses = [(change.old_chat_member.status, change.new_chat_member.status) for change in changes]
    assert statuses == [("left", "member"), ("member", "restricted"), ("restricted", "member"), ("member", "kicked")]
    assert [change.from_user.first_name for change in changes] == ["Ayu", "Captcha", "Captcha", "Ayu"]
    assert (await bot.get_chat_member(group.id, ayu.id)).status == "kicked"


async def test_join_requests(tg: TelegramWorld, bot: Bot) -> None:
    group, ayu, budi = await tg.add_group("Kopi", join_by_request=True), await tg.person("Ayu"), await tg.person("Budi")
    await told(bot)
    await ayu.asks_to_join(group)
    await budi.asks_to_join(group)
    await bot.send_message(ayu.id, "Halo, kenapa mau ikut?")
    await bot.approve_chat_join_request(group.id, ayu.id)
    await bot.decline_chat_join_request(group.id, budi.id)
    with pytest.raises(BadRequest, match="Hide_requester_missing"):
        await bot.approve_chat_join_request(group.id, budi.id)
    requests = [update.chat_join_request for update in await told(bot) if update.chat_join_request]
    assert [request.from_user.first_name for request in requests] == ["Ayu", "Budi"]
    assert (await bot.get_chat_member(group.id, ayu.id)).status == "member"


async def test_joins_by_a_link_name_it(tg: TelegramWorld, bot: Bot) -> None:
    group, ayu = await tg.add_group("Kopi"), await tg.person("Ayu")
    await told(bot)
    await bot.create_chat_invite_link(group.id, name="packaging")
    await ayu.joins(group, via=["chat_member"], link="packaging")
    [update] = await told(bot)
    assert update.chat_member is not None
    assert update.chat_member.invite_link is not None
    assert update.chat_member.invite_link.name == "packaging"


async def test_administrators_and_standings(tg: TelegramWorld, bot: Bot) -> None:
    group, rina = await tg.add_group("Kopi", bot="admin", rights=["can_pin_messages"]), await tg.person("Rina")
    await told(bot)
    await rina.joins(group)
    await rina.is_promoted(group, rights=["can_delete_messages"], anonymous=True)
    admins = {admin.user.first_name: admin for admin in await bot.get_chat_administrators(group.id)}
    assert set(admins) == {"Owner", "Guyub", "Rina"}
    assert admins["Rina"].to_dict()["can_delete_messages"] is True
    assert (await bot.get_chat(group.id)).title == "Kopi"
    await group.bot_becomes("kicked")
    assert (await told(bot))[-1].my_chat_member is not None
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.get_chat(group.id)


async def test_nobodys_identities_speak(tg: TelegramWorld, bot: Bot) -> None:
    channel = await tg.add_group("Kabar", kind="channel", bot="absent")
    group = await tg.add_group("Kopi", linked=channel.id)
    await told(bot)
    await group.says("/settings", "anonymous")
    await group.says("halo", "channel", channel)
    await group.says("pengumuman", "linked", channel)
    messages = [update.message for update in await told(bot) if update.message]
    senders = [(m.from_user.id, m.sender_chat.id) for m in messages if m.from_user and m.sender_chat]
    assert senders == [(1087968824, group.id), (136817688, channel.id), (777000, channel.id)]
    assert messages[2].is_automatic_forward


async def test_privacy_mode_hides_what_is_not_for_the_bot(tg: TelegramWorld, bot: Bot) -> None:
    group, ayu = await tg.add_group("Kopi", bot="member"), await tg.person("Ayu")
    await told(bot)
    asked = await bot.send_message(group.id, "Siapa ikut?")
    await ayu.says("rahasia", group)
    await ayu.says("/help", group)
    await ayu.says("/help@other_bot", group)
    await ayu.says("aku!", group, reply_to=asked.message_id)
    assert [update.message.text for update in await told(bot) if update.message] == ["/help", "aku!"]
    await tg.set_privacy(False)
    await ayu.says("terbuka", group)
    assert [update.message.text for update in await told(bot) if update.message] == ["terbuka"]


async def test_topics(tg: TelegramWorld, bot: Bot) -> None:
    forum, ayu = await tg.add_group("Forum", kind="forum", rights=["can_pin_messages"]), await tg.person("Ayu")
    topic = await forum.opens_topic("Kenalan")
    sent = await bot.send_message(forum.id, "halo", message_thread_id=topic)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic, True)
    await told(bot)
    await ayu.says("hai", forum, topic=topic)
    [update] = await told(bot)
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.forum_topic_created is not None
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.id, "halo", message_thread_id=1)
    await forum.sets_topic(topic, "closed")
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(forum.id, "halo", message_thread_id=topic)


async def test_a_bot_opens_topics_where_it_may(tg: TelegramWorld, bot: Bot) -> None:
    forum = await tg.add_group("Forum", kind="forum", rights=[])
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        await bot.create_forum_topic(forum.id, "Baru")
    await forum.bot_becomes("admin", rights=["can_manage_topics"])
    made = await bot.create_forum_topic(forum.id, "Baru")
    await bot.send_message(forum.id, "halo", message_thread_id=made.message_thread_id)
    assert (await forum.hears("halo"))["topic"] == made.message_thread_id


async def test_a_group_becomes_a_supergroup(tg: TelegramWorld, bot: Bot) -> None:
    group = await tg.add_group("Kopi", kind="group")
    await told(bot)
    moved = await group.migrates(seen=["from", "to"])
    with pytest.raises(ChatMigrated) as refused:
        await bot.send_message(group.id, "halo")
    assert refused.value.new_chat_id == moved.id
    await bot.send_message(moved.id, "halo")
    messages = [update.message for update in await told(bot) if update.message]
    assert [(m.migrate_from_chat_id, m.migrate_to_chat_id) for m in messages] == [(group.id, None), (None, moved.id)]


async def test_badges_and_leaving(tg: TelegramWorld, bot: Bot) -> None:
    group, ayu = await tg.add_group("Kopi"), await tg.person("Ayu")
    await ayu.joins(group)
    await bot.set_chat_member_tag(group.id, ayu.id, "Tuan rumah")
    assert (await group.truth())["members"][str(ayu.id)]["tag"] == "Tuan rumah"
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "x")


async def test_a_crowd_joins_quickly_and_is_read_in_batches(tg: TelegramWorld, bot: Bot) -> None:
    group = await tg.add_group("Kopi", unseen_members=20_000)
    await raw(tg, "getUpdates", allowed_updates=EVERYTHING)
    begun = time.monotonic()
    await group.crowd_joins(10_000)
    seen, offset = 0, 0
    while batch := (await raw(tg, "getUpdates", offset=offset))["result"]:
        seen, offset = seen + len(batch), batch[-1]["update_id"] + 1
    assert seen == 10_000
    assert time.monotonic() - begun < 10
    assert (await bot.get_chat_member_count(group.id)) == 30_002
