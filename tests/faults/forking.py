"""Starts the program quickly: everything is imported once, each start is a fork that runs `guyub` itself.

Run as `python -m tests.faults.forking` by `processes.py`, which sends one JSON object a line and reads one: an order
to start the program (`argv`, `cwd`, `env`, `log`, `extra`) is answered by its pid, {"wait": pid} by its exit code.
When standard input ends, everything that was started is killed.

`extra` is what no command line can ask for: `feature` ("module:name") joins the program's own, `send_silence` replaces
the seconds after which an unanswered Telegram send counts as uncertain, `hasty` sends without the platforms' pace.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from functools import partial
from typing import Any

import adapters.discord.adapter
import adapters.telegram.adapter
import adapters.web.server
import bot.bootstrap
import bot.cli
import bot.core.steps
import bot.running
import storage.database
import storage.schema  # noqa: F401 – so that no start has to import it
from adapters.telegram.line import Timing
from bot.core.chat import Pace
from bot.features import ALL

Order = dict[str, Any]


def main() -> None:
    gc.freeze()
    running: set[int] = set()
    for line in sys.stdin:
        order: Order = json.loads(line)
        if "wait" in order:
            running.discard(order["wait"])
            _answer({"code": os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1])})
            continue
        pid = os.fork()
        if pid == 0:
            _become(order)
        running.add(pid)
        _answer({"pid": pid})
    for pid in running:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _answer(words: Order) -> None:
    print(json.dumps(words), flush=True)


def _become(order: Order) -> None:
    """The rest of this process is `guyub`. Never returns."""
    code = 1
    try:
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(order["cwd"])
        os.environ.update(order["env"])
        sys.argv = ["guyub", *order["argv"]]
        importlib.reload(bot.core.steps)  # it reads the environment when it is imported
        _prepare(order.get("extra") or {})
        bot.cli.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 – told in the log, as the interpreter would
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _prepare(extra: Order) -> None:
    if extra.get("feature"):
        module, _, name = extra["feature"].partition(":")
        feature = getattr(importlib.import_module(module), name)
        vars(bot.running)["Program"] = partial(bot.bootstrap.Program, features=(*ALL, feature))
    if extra.get("send_silence"):
        vars(adapters.telegram.adapter)["Timing"] = partial(Timing, send_silence=extra["send_silence"])
    if extra.get("hasty"):
        for adapter in (adapters.telegram.adapter.TelegramChat, adapters.discord.adapter.DiscordChat):
            setattr(adapter, "pace", Pace(0.0, 0.0))  # noqa: B010


if __name__ == "__main__":
    main()
