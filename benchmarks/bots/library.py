"""python-telegram-bot as its documentation shows it: Application, polling, one command. {"telegram": …, "answer"}."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

from benchmarks.bots.ending import lines


async def main(given: dict[str, Any]) -> None:
    logging.basicConfig(level=logging.CRITICAL)
    on, answer = given["telegram"], given["answer"]
    app = Application.builder().token(on["token"]).base_url(f"{on['url']}/bot").concurrent_updates(True).build()

    async def take(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message:
            await update.message.reply_text(answer, do_quote=True)

    app.add_handler(CommandHandler("help", take))
    async with app:
        assert app.updater is not None
        await app.updater.start_polling()
        await app.start()
        print("ready", flush=True)
        async for _ in lines():
            pass
        await app.updater.stop()
        await app.stop()


asyncio.run(main(json.loads(sys.argv[1])))
