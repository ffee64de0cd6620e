"""`/settings show | set | reset`: managers change what the admin did not lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.community import Community
from bot.core.events import ButtonPressed, CommandInvoked
from bot.core.feature import Context, Instead, Mistake, settle
from bot.core.messages import Message, lines
from bot.core.settings import FeatureSettings, SettingError, parse_value
from bot.core.stores import Overrides
from bot.features.settings import views
from bot.locale import _


def _models(ctx: Context) -> dict[str, type[FeatureSettings]]:
    return {feature.name: feature.settings for feature in ctx.service.features if feature.settings}


def show(event: CommandInvoked, ctx: Context, feature: str = "") -> Message:
    models = _models(ctx)
    if feature and feature not in models:
        raise Mistake(views.unknown_key(feature, models, ctx.say))
    parts = [
        views.table(name, ctx.served.resolved(name, model), ctx.served.locked.get(name, ()), ctx.say)
        for name, model in models.items()
        if feature in ("", name)
    ]
    return Message(lines(*parts, gap="\n\n"))


def set_value(event: CommandInvoked, ctx: Context, key: str, value: str) -> Message:
    name, field, model = _find(key, ctx)
    _refuse_locked(name, field, ctx)
    try:
        parsed = parse_value(model, field, value)
    except SettingError as error:
        raise Mistake(views.wrong_value(f"{name}.{field}", value, error, ctx.say)) from None
    change = ctx.unit.store(Overrides).set(ctx.served.slug, name, field, parsed, event.actor.id, ctx.now)
    community = _with(name, field, parsed, ctx)
    settle(ctx.unit, ctx.service.features, community)
    resolved = community.resolved(name, model)
    return views.changed(f"{name}.{field}", getattr(resolved.value, field), change, ctx.say)


def reset(event: CommandInvoked, ctx: Context, key: str) -> Message:
    name, field, model = _find(key, ctx)
    _refuse_locked(name, field, ctx)
    change = ctx.unit.store(Overrides).reset(ctx.served.slug, name, field, event.actor.id, ctx.now)
    if not change:
        raise Mistake(ctx.say(_("No manager has set `{key}`, so there is nothing to reset."), key=f"{name}.{field}"))
    community = ctx.served
    overrides = {f: {k: v for k, v in t.items() if (f, k) != (name, field)} for f, t in community.overrides.items()}
    community = community.with_overrides(overrides)
    settle(ctx.unit, ctx.service.features, community)
    resolved = community.resolved(name, model)
    return views.reset(f"{name}.{field}", getattr(resolved.value, field), resolved.sources[field], change, ctx.say)


def _with(name: str, field: str, value: Any, ctx: Context) -> Community:
    """The community with this value of a manager."""
    overrides = {**ctx.served.overrides, name: {**ctx.served.overrides.get(name, {}), field: value}}
    return ctx.served.with_overrides(overrides)


def undo(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    if ctx.unit.store(Overrides).undo(ctx.served.slug, data["change"], event.actor.id, ctx.now):
        return Instead(ctx.say.message(_("Taken back. It is as it was before.")))
    return Instead(ctx.say.message(_("It was changed again since, so there is nothing to take back.")))


def _find(key: str, ctx: Context) -> tuple[str, str, type[FeatureSettings]]:
    models = _models(ctx)
    name, _dot, field = key.casefold().partition(".")
    if name not in models or field not in models[name].model_fields:
        known = [f"{feature}.{field}" for feature, model in models.items() for field in model.model_fields]
        raise Mistake(views.unknown_key(key[:60], known, ctx.say))
    return name, field, models[name]


def _refuse_locked(name: str, field: str, ctx: Context) -> None:
    if field in ctx.served.locked.get(name, frozenset()):
        raise Mistake(ctx.say(_("`{key}` is locked by the admin."), key=f"{name}.{field}"))
