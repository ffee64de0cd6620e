"""Who the bot is, and how it wants to hear of updates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram.access import Call
from tests.servers.telegram.model import Json
from tests.servers.telegram.refusals import bad


def get_me(call: Call) -> Json:
    features = (
        "supports_inline_queries",
        "can_connect_to_business",
        "has_main_web_app",
        "has_topics_enabled",
        "allows_users_to_create_topics",
    )
    return (
        call.bot.user
        | {"can_join_groups": True, "can_read_all_group_messages": call.bot.sees_all}
        | dict.fromkeys(features, False)
    )


def set_webhook(call: Call) -> bool:
    """An empty url takes the webhook away. Loopback addresses may use http."""
    url = call.args.text("url")
    if not url:
        return delete_webhook(call)
    if not url.startswith(("https://", "http://127.0.0.1")):
        raise bad("bad webhook: HTTPS URL must be provided for webhook")
    call.bot.queue.remember_allowed(call.args.structure("allowed_updates"))
    if call.args.flag("drop_pending_updates"):
        call.bot.queue.waiting.clear()
    call.bot.webhook = {
        "url": url,
        "secret_token": call.args.text("secret_token"),
        "max_connections": call.args.integer("max_connections", 40),
    }
    call.bot.queue.interrupt()
    call.world.changed()
    return True


def delete_webhook(call: Call) -> bool:
    if call.args.flag("drop_pending_updates"):
        call.bot.queue.waiting.clear()
    call.bot.webhook = {}
    call.world.changed()
    return True


def webhook_info(call: Call) -> Json:
    hook, queue = call.bot.webhook, call.bot.queue
    info: Json = {
        "url": hook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(queue.waiting),
    }
    for name in ("max_connections", "last_error_date", "last_error_message"):
        if name in hook:
            info[name] = hook[name]
    if queue.allowed:
        info["allowed_updates"] = queue.allowed
    return info


METHODS: dict[str, Callable[[Call], Any]] = {
    "getMe": get_me,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": webhook_info,
}
