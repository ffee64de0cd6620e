"""A loopback Discord: REST v10 and gateway in a process of its own that outlives the bot and keeps the truth.

By hand: `python -m tests.servers.discord --port 0` prints `{"api_url": …, "gateway_url": …, "token": …}` when ready.

In a test:

    async with DiscordWorld.start() as dc:
        kopi = await dc.add_guild("Kopi", channels=["general"], screening=True)
        ayu = await dc.person("Ayu", locale="id")
        ...start the bot with dc.api_url, dc.gateway_url, dc.token...
        await dc.connected()
        await ayu.joins(kopi)                       # pending, as the guild screens
        await ayu.passes_screening(kopi)
        asked = await ayu.slash(kopi["general"], "help")
        assert (await asked.answer()).ephemeral
        await dc.trouble.resets("POST /channels/*/messages", when="after")
        [greeting] = await dc.eventually(lambda: dc.posts(kopi))
        assert greeting.pings == ()

Crowds, in one call each:

    people = await kopi.crowd_joins(1000)
    await kopi["general"].crowd_votes((who, "Tea") for who in people)             # a native poll
    acts = await kopi["general"].crowd_presses(((who, "Tea") for who in people), per_second=17)
    answers = await dc.answers(acts)                                              # acknowledged_ms, shown_ms, …
    async with dc.gateway_away():                                                 # or resumable=True
        await kopi["general"].crowd_votes(((who, "Tea") for who in people[:9]), present=False)

Starting takes about 0.4 s; `dc.begin_anew()` empties a running one instead (see `conftest.py`).

`handles.py` is what people do, `trouble.py` what goes wrong, `seen.py` what a test reads, `control/` every verb behind
them (`await dc.order("verb", …)` reaches those without a method).

What a bot must know: discord.py's `Client` never asks `/gateway/bot` but uses `DiscordWebSocket.DEFAULT_GATEWAY` (only
the sharded client asks), so set that and `Route.BASE`. The gateway speaks zlib-stream when asked and else plain text,
also to a client that asks for zstd. Rate limits are generous until `trouble.strict_limits()`; then the follow-ups of
one interaction are limited like a channel, and interactions don't count against the 50 a second. Not there: voice,
emoji and stickers, invites, audit log, automod, other people's webhooks.
"""

from .client import DiscordWorld, OrderRefused, ServerBroken
from .handles import Act, Channel, Guild, Person
from .seen import Answer, Posted

__all__ = [
    "Act",
    "Answer",
    "Channel",
    "DiscordWorld",
    "Guild",
    "OrderRefused",
    "Person",
    "Posted",
    "ServerBroken",
]
