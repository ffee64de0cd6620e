"""Which function answers which call: a trie over path segments, filled by the `@route` decorator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import errors
from ..state import Json
from ..world import World


@dataclass(slots=True)
class Call:
    """One REST call: the path's variable segments in order, the query, the JSON body, uploaded files."""

    world: World
    path: list[str]
    query: Mapping[str, str]
    body: Any = None
    uploads: list[Json] = field(default_factory=list)
    host: str = ""

    def id(self, index: int) -> int:
        """A variable segment as a snowflake; 50035 if it is none."""
        return snowflake(self.path[index])

    def form(self) -> Json:
        """The body, which must be a JSON object."""
        if not isinstance(self.body, dict):
            raise errors.ApiError(400, 50109, "The request body contains invalid JSON.")
        return self.body

    def limit(self, default: int, highest: int) -> int:
        """The query's `limit`, checked."""
        limit = int(self.query.get("limit", default))
        if not 1 <= limit <= highest:
            message = f"int value should be between 1 and {highest}."
            raise errors.invalid_form("limit", "NUMBER_TYPE_MAX", message)
        return limit


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """`bucket` is its rate limit's name. `public` routes carry their own token and are outside the global limit."""

    method: str
    template: str
    handler: Handler
    public: bool
    posting: bool

    @property
    def bucket(self) -> str:
        return f"{self.method} {self.template}"


ROUTES: list[Route] = []


def route(method: str, template: str, *, public: bool = False, posting: bool = False) -> Callable[[Handler], Handler]:
    """Register a handler: it returns JSON, or None for 204. `posting` routes fall under the strict channel limit."""

    def register(handler: Handler) -> Handler:
        ROUTES.append(Route(method, template, handler, public, posting))
        return handler

    return register


class Router:
    """Finds a route and its variable segments; a literal segment wins over a variable one."""

    def __init__(self, routes: list[Route]) -> None:
        self._root: dict[str, Any] = {}
        for item in routes:
            node = self._root
            for part in item.template.strip("/").split("/"):
                node = node.setdefault("{}" if part.startswith("{") else part, {})
            node[f" {item.method}"] = item

    def find(self, method: str, path: str) -> tuple[Route, list[str]] | None:
        """`path` is below /api/v10, without a leading slash."""
        node = self._root
        variables: list[str] = []
        for part in path.split("/"):
            literal = node.get(part)
            if literal is None:
                literal = node.get("{}")
                variables.append(part)
            if literal is None:
                return None
            node = literal
        found = node.get(f" {method}")
        return None if found is None else (found, variables)


def snowflake(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        message = f'Value "{value}" is not snowflake.'
        raise errors.invalid_form("id", "NUMBER_TYPE_COERCE", message) from None
