"""`python -m tests.servers.discord --port 0`: tell the addresses in one JSON line, serve until ended."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal

from .server import start


async def serve(port: int, token: str, until_stdin_closes: bool) -> None:
    _, runner, port = await start(token, port)
    addresses = {"api_url": f"http://127.0.0.1:{port}/api/v10", "gateway_url": f"ws://127.0.0.1:{port}/gateway"}
    print(json.dumps({**addresses, "token": token}), flush=True)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    if until_stdin_closes:  # the test that started us is gone: so are we
        loop.add_reader(0, lambda: None if os.read(0, 4096) else ended.set())
    await ended.wait()
    await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.servers.discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default="loopback.discord.token", help="the bot token that is right")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with whoever holds our standard input")
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.token, options.until_stdin_closes))


if __name__ == "__main__":
    main()
