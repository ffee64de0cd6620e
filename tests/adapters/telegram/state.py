"""What the program keeps over restarts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class State:
    """Short texts by key."""

    kept: dict[str, str] = field(default_factory=dict)

    async def load(self, key: str) -> str | None:
        return self.kept.get(key)

    async def save(self, key: str, value: str) -> None:
        self.kept[key] = value
