"""`python -m tests.servers.telegram --port 0`: prints one JSON line with its url and tokens when it is ready."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import os
import signal
import sys

from tests.servers.telegram import webhook
from tests.servers.telegram.serving import keep_time, serve
from tests.servers.telegram.world import World

TOKEN = "123456789:loopback-AAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.servers.telegram", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=TOKEN, help="<bot id>:<secret>")
    parser.add_argument("--username", default="guyub_bot")
    parser.add_argument("--no-log", action="store_true", help="count requests, but don't keep them")
    parser.add_argument("--with-stdin", action="store_true", help="end when standard input ends")
    return parser.parse_args()


async def main(given: argparse.Namespace) -> None:
    """Serves until SIGTERM, SIGINT, or the end of standard input."""
    world = World()
    world.journal.keeps = not given.no_log
    bot = world.add_bot(given.token, given.username)
    runner, port = await serve(world, given.host, given.port)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if given.with_stdin:
        loop.add_reader(sys.stdin.fileno(), lambda: None if os.read(sys.stdin.fileno(), 4096) else stop.set())
    url = f"http://{given.host}:{port}"
    ready = {"url": url, "base_url": f"{url}/bot", "token": bot.token, "bot_id": bot.id, "username": given.username}
    print(json.dumps(ready), flush=True)
    tasks = [asyncio.create_task(webhook.deliver(world)), asyncio.create_task(keep_time(world))]
    await stop.wait()
    world.faults.clear()
    for task in (*tasks, *world.feeds):
        task.cancel()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(runner.cleanup(), 1)


if __name__ == "__main__":
    # Everything is kept on purpose: collecting it over and over only costs time.
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    asyncio.run(main(options()))
