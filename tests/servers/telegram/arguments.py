"""A method's arguments, whether they came as JSON, as a form, or in the query."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.servers.telegram.refusals import bad

TRUE = frozenset({"true", "1", "yes", "True"})


@dataclass(slots=True)
class Args:
    """Values are strings, or what JSON says they are; files are {filename, size, type}."""

    values: dict[str, Any]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The argument as text; absent is empty."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """The argument as a number; what is none counts as `default`, as Telegram does it."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str, default: bool = False) -> bool:
        """The argument as a yes or no."""
        value = self.values.get(name)
        if value is None:
            return default
        return value is True or str(value) in TRUE

    def structure(self, name: str) -> Any:
        """The argument as an object or list, also when it came as JSON in a string; absent is None."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None


async def read_arguments(request: web.BaseRequest) -> Args:
    """Query and body together; raises 400 for a body that is not what it says."""
    values: dict[str, Any] = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if kind == "multipart/form-data":
        return await _multipart(request, values)
    body = await request.read()
    if not body:
        return Args(values)
    if kind == "application/json":
        try:
            given = json.loads(body)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise bad("Can't parse request body as JSON object: Expected an object")
        values |= {name: value for name, value in given.items() if value is not None}
    else:
        values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Args(values)


async def _multipart(request: web.BaseRequest, values: dict[str, Any]) -> Args:
    args = Args(values)
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            size = part.file.seek(0, 2)
            part.file.close()
            args.files[name] = {"filename": part.filename, "size": size, "type": part.content_type}
        else:
            args.values[name] = part if isinstance(part, str) else bytes(part).decode()
    return args
