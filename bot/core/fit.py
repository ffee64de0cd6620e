"""Turns a message into one that a platform can show. The only place that degrades; it never widens the audience."""

from __future__ import annotations

from dataclasses import replace

from bot.core.chat import ButtonLimits, Capabilities, PollLimits
from bot.core.messages import Button, ButtonRows, Message, Poll, Span, Style, Text, lines


def fit(message: Message, capabilities: Capabilities) -> Message:
    """Cut what is too long, turn what can't be pressed or voted on into text."""
    if message.poll and takes_poll(message.poll, capabilities.polls):
        return replace(message, text=(), buttons=())
    if message.poll:
        message = _without_own_poll(message)
    if message.buttons:
        message = _fit_buttons(message, capabilities.buttons)
    return replace(message, text=shorten(message.text, capabilities.max_text, capabilities.utf16))


def takes_poll(poll: Poll, limits: PollLimits | None) -> bool:
    """Whether the platform's own poll can be had just so: nothing cut, nothing left out, open as long as it should."""
    if limits is None:
        return False
    words = len(poll.question) <= limits.question and all(len(option) <= limits.option for option in poll.options)
    manners = (poll.revote or limits.fixed_votes) and (limits.hides_results or not poll.hides_results)
    return words and manners and 2 <= len(poll.options) <= limits.options and _lasts(poll, limits)


def _lasts(poll: Poll, limits: PollLimits) -> bool:
    if poll.open_for is None:
        return True
    whole = not poll.open_for % limits.granularity
    return whole and limits.shortest <= poll.open_for <= limits.longest


def length(words: str, utf16: bool) -> int:
    return len(words) + sum(char > "\uffff" for char in words) if utf16 else len(words)


def shorten(spans: Text, limit: int, utf16: bool) -> Text:
    """At most `limit` units, ending in … when something had to go."""
    if sum(length(span.text, utf16) for span in spans) <= limit:
        return spans
    room = limit - 1
    kept: list[Span] = []
    for span in spans:
        part = _cut(span.text, room, utf16)
        room -= length(part, utf16)
        if part:
            kept.append(replace(span, text=part))
        if part != span.text:
            break
    return (*kept, Span("…"))


def _cut(words: str, limit: int, utf16: bool) -> str:
    cut = words[: max(limit, 0)]
    over = length(cut, utf16) - limit
    while over > 0:
        over -= length(cut[-1], utf16)
        cut = cut[:-1]
    return cut


def _fit_buttons(message: Message, limits: ButtonLimits | None) -> Message:
    if limits is None:
        return replace(message, buttons=(), text=lines(message.text, *_buttons_as_text(message.buttons)))
    rows: list[tuple[Button, ...]] = []
    for row in message.buttons:
        for start in range(0, len(row), limits.per_row):
            rows.append(tuple(_label(button, limits.label) for button in row[start : start + limits.per_row]))
    if len(rows) > limits.rows:  # one under another does not fit: fill the rows
        flat = [button for row in rows for button in row]
        rows = [tuple(flat[n : n + limits.per_row]) for n in range(0, len(flat), limits.per_row)][: limits.rows]
    return replace(message, buttons=tuple(rows))


def _label(button: Button, longest: int) -> Button:
    return button if len(button.label) <= longest else replace(button, label=button.label[: longest - 1] + "…")


def _buttons_as_text(rows: ButtonRows) -> list[Text]:
    """Links as links, the others by the command that does the same; one for which there is none goes."""
    buttons = [button for row in rows for button in row if button.url or button.typed]
    return [_button_as_text(button) for button in buttons]


def _button_as_text(button: Button) -> Text:
    if button.url:
        return (Span(button.label, link=button.url),)
    return (Span(f"{button.label}: "), Span(button.typed, Style.CODE))


def _without_own_poll(message: Message) -> Message:
    """Its text and buttons say the same; where there are none, the question and its options do."""
    assert message.poll is not None
    if message.text or message.buttons:
        return replace(message, poll=None)
    numbered = "".join(f"\n{n}. {option}" for n, option in enumerate(message.poll.options, 1))
    return replace(message, poll=None, text=(Span(message.poll.question + numbered),))
