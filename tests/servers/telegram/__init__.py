"""A loopback Telegram: the Bot API on 127.0.0.1, in a process of its own that outlives the bot and keeps the truth.

In a test (asynchronous, like everything here)::

    from tests.servers.telegram import TelegramWorld

    async with TelegramWorld.start() as tg:
        # the bot under test: TELEGRAM_TOKEN=tg.token TELEGRAM_API_URL=tg.url
        # or directly:        Bot(tg.token, base_url=tg.base_url)
        kopi = await tg.add_group("Kopi", kind="supergroup", bot="admin")
        ayu = await tg.person("Ayu", language_code="id")
        await ayu.joins(kopi, via=["service", "chat_member"])
        await ayu.says("halo", kopi)
        greeting = await kopi.hears("…Ayu…")            # waits for a message of the bot; … matches anything
        await ayu.presses("Setuju", kopi)
        assert await tg.duplicates() == []

Things go wrong to order (`when="after"`: the call took effect, but the bot is not told so)::

    await tg.fault("sendMessage", status=502, when="after", times=2)
    await tg.fault("sendMessage", retry_after=3)          # 429
    await tg.fault("sendMessage", kind="stall", seconds=5)   # 0 seconds: until tg.release()
    await tg.fault(kind="reset", when="after")            # any method
    await tg.limits(per_second=30, per_chat_second=1, per_group_minute=20)

What happened: `group.messages()`, `tg.requests("sendMessage")`, `tg.stats()`, `tg.duplicates()`, `tg.menus()`.
Every verb is one POST of JSON to `/_/<action>`; `tg.ask(action, **words)` reaches those without a method of their own,
and `curl URL/_/nonsense` lists them. By hand: `python -m tests.servers.telegram --port 8081`.

It refuses what Telegram refuses, in Telegram's words. Not built: MarkdownV2, inline mode, media other than photos and
documents, downloads. A method it does not know is answered 404, as Telegram answers it.
"""

from tests.servers.telegram.client import TelegramWorld, WorldError
from tests.servers.telegram.handles import Group, Person

__all__ = ["Group", "Person", "TelegramWorld", "WorldError"]
