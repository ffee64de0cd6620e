"""Charts of messages, drawn once before they are sent."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.core.messages import Chart, Message, Picture, text
from bot.core.stores import OutboxRow

log = logging.getLogger(__name__)

Draw = Callable[[Chart], Awaitable[Picture]]


class Pictures:
    """What was drawn for outbox rows on their way. A chart that can't be drawn is left out: the words go all the same.

    Without `draw` nothing is drawn, and the description stands for a message that is nothing but a chart.
    """

    def __init__(self, draw: Draw | None) -> None:
        self._draw = draw
        self._drawn: dict[int, tuple[Chart, Picture | None]] = {}

    def lacks(self, row: OutboxRow) -> bool:
        """Whether something has to be drawn first."""
        chart = row.message.chart
        return self._draw is not None and chart is not None and self._drawn.get(row.id, (None, None))[0] != chart

    async def draw(self, row: OutboxRow) -> None:
        chart = row.message.chart
        assert self._draw is not None
        assert chart is not None
        picture = None
        try:
            picture = await self._draw(chart)
        except Exception as problem:  # noqa: BLE001 - whatever the drawer's troubles are, the words are to be sent
            log.warning("the chart of outbox row %d can't be drawn: %s %s", row.id, type(problem).__name__, problem)
        self._drawn[row.id] = (chart, picture)

    def in_place(self, row: OutboxRow) -> Message:
        """The row's message with a picture instead of a chart."""
        message = row.message
        if message.chart is None:
            return message
        _, picture = self._drawn.get(row.id, (None, None))
        if picture is not None:
            return replace(message, chart=None, picture=picture)
        return without_chart(message)

    def forget(self, row: int) -> None:
        self._drawn.pop(row, None)


def without_chart(message: Message) -> Message:
    assert message.chart is not None
    words = message.chart.description or message.chart.title
    return replace(message, chart=None, text=message.text or text(words))
