"""A poll as it stands in a chat, open or closed, and its result. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.day_words import CLOCKS, zone_name
from bot.core.messages import Bar, Button, ButtonRows, Chart, Message, Span, Style, Text, lines, text
from bot.core.messages import Poll as OwnPoll
from bot.core.moments import moment_span, moment_text
from bot.core.names import is_advertisement
from bot.core.speech import Speaker
from bot.core.stores import Outage
from bot.features.polls.ballots import Tally, Void
from bot.features.polls.model import Poll, State
from bot.locale import _, _n

WIDTH = 10  # squares of a bar
FULL, EMPTY = "▰", "▱"
VOTE, TAKE_BACK, HOW_TO_ADD = "polls.vote", "polls.take_back", "polls.how_to_add"
SHORT_LABEL = 12  # characters; two such buttons stand side by side
LONGEST_LABEL = 60  # characters; longer options are numbered, with the words in the text alone

HIDDEN = _("Results come when it closes.")
VOTES = _n("{n} vote", "{n} votes")
VOTERS = _n("{n} person voted", "{n} people voted")


def open_poll(poll: Poll, tally: Tally, now: datetime, zone: ZoneInfo, say: Speaker) -> Message:
    """With live bars, unless results are hidden until the close."""
    if poll.native:
        return Message(poll=own_poll(poll, now, zone, say))
    options = _options(poll, tally, say, shown=not poll.rules.hide_results)
    count = say.counted(VOTERS if poll.rules.multiple else VOTES, tally.voters)
    foot = lines(_join(" · ", count, _split(tally)), _how(poll, now, zone, say))
    return Message(lines(_head(poll), options, foot, gap="\n\n"), buttons=_buttons(poll, say))


def own_poll(poll: Poll, now: datetime, zone: ZoneInfo, say: Speaker) -> OwnPoll:
    """As the platform's own."""
    return OwnPoll(
        poll.question,
        poll.options,
        poll.rules.multiple,
        open_for=poll.closes_at - poll.created_at,
        closes_at=poll.closes_at,
        revote=poll.rules.revote,
        hides_results=poll.rules.hide_results,
        note=lines(_how(poll, now, zone, say), say(HIDDEN) if poll.rules.hide_results else ()),
    )


def ended(poll: Poll, tally: Tally, say: Speaker) -> Message:
    """What becomes of the poll's own message; the result is told in another."""
    if poll.state is State.CANCELLED:
        return Message(lines(_head(poll), say(_("This poll was called off.")), gap="\n\n"))
    count = _join(" · ", say.counted(VOTERS if poll.rules.multiple else VOTES, tally.voters), _split(tally))
    foot = lines(count, say(_("Poll {number} · closed"), number=poll.number))
    return Message(lines(_head(poll), _options(poll, tally, say, shown=True), foot, gap="\n\n"))


def result(
    poll: Poll, tally: Tally, say: Speaker, *, members: int = 0, notes: Sequence[Text] = (), reply_to: str = ""
) -> Message:
    """Who won, with how many votes, and how many took part."""
    head = lines(_head(poll), _verdict(poll, tally, say))
    turnout = _turnout(tally, members, say) if tally.voters else ()
    foot = lines(turnout, *_void(tally, say), *notes)
    return Message(lines(head, _options(poll, tally, say, shown=True), foot, gap="\n\n"), reply_to=reply_to)


def _verdict(poll: Poll, tally: Tally, say: Speaker) -> Text:
    leaders = [poll.options[n] for n in tally.leaders]
    if not leaders:
        return say(
            _("It's closed, and nobody's vote counts.") if tally.void else _("It's closed, and nobody has voted.")
        )
    most = max(tally.counts)
    if len(leaders) == 1:
        return say.counted(WINS, most, option=leaders[0], voters=tally.voters)
    return say.counted(TIE, most, options=_named(leaders, say))


def _named(several: Sequence[str], say: Speaker) -> Text:
    """ "A, B and C" """
    *first, last = several
    return say(_("{list} and {last}"), list=", ".join(first), last=last) if first else text(last)


WINS = _n("*{option}* wins: {n} of {voters} voted for it.", "*{option}* wins: {n} of {voters} voted for it.")
TIE = _n("It's a tie: *{options}* have {n} vote each.", "It's a tie: *{options}* have {n} votes each.")


def _turnout(tally: Tally, members: int, say: Speaker) -> Text:
    if members > 1 and members >= tally.voters > 0:
        count = say.counted(TURNOUT, tally.voters, members=members, percent=_percent(tally.voters, members))
    else:
        count = say.counted(VOTERS, tally.voters)
    return _join(" · ", count, _split(tally))


TURNOUT = _n("{n} of {members} members voted ({percent})", "{n} of {members} members voted ({percent})")
VOID = {
    Void.LEFT: _n("{n} vote doesn't count: they left.", "{n} votes don't count: they left."),
    Void.BANNED: _n("{n} vote doesn't count: they were banned.", "{n} votes don't count: they were banned."),
    Void.TOO_NEW: _n("{n} vote doesn't count: too new here.", "{n} votes don't count: too new here."),
}


def _void(tally: Tally, say: Speaker) -> list[Text]:
    return [say.counted(words, tally.void[reason]) for reason, words in VOID.items() if tally.void.get(reason)]


def gaps(outages: Sequence[Outage], now: datetime, zone: ZoneInfo, say: Speaker) -> list[Text]:
    """Times in which nothing was heard: the longest ones, and how many more; several platforms at once in one line."""
    platforms: dict[tuple[str, str], list[str]] = {}
    spans: dict[tuple[str, str], Outage] = {}
    for outage in sorted(outages, key=lambda outage: outage.start):
        key = (moment_text(outage.start, now, zone, "en"), moment_text(outage.end, now, zone, "en"))
        spans.setdefault(key, outage)
        platforms.setdefault(key, []).append(outage.platform.capitalize())
    longest = sorted(spans, key=lambda key: spans[key].start - spans[key].end)[:MOST_GAPS]
    words = _("From {start} to {end} I could not hear {platform}; votes given then are missing.")
    told = [
        say(
            words,
            start=moment_span(outage.start, now, zone, say.language),
            end=_same_day(outage, zone, say.language) or moment_span(outage.end, now, zone, say.language),
            platform=_named(sorted(set(platforms[key])), say),
        )
        for key, outage in spans.items()
        if key in longest
    ]
    more = len(spans) - len(longest)
    return [*told, say.counted(SHORTER_GAPS, more)] if more else told


def _same_day(outage: Outage, zone: ZoneInfo, language: str) -> Text:
    """The clock alone says when it ended, unless that was on another day than it began."""
    start, end = outage.start.astimezone(zone), outage.end.astimezone(zone)
    clock = CLOCKS.get(language, CLOCKS["en"]).format(end)
    return (Span(f"{clock} {zone_name(end)}", moment=outage.end),) if start.date() == end.date() else ()


SHORTER_GAPS = _n("There was {n} shorter gap, too.", "There were {n} shorter gaps, too.")
MOST_GAPS = 3


def chart(poll: Poll, tally: Tally, say: Speaker) -> Chart:
    bars = tuple(
        Bar(option, count, f"{count} ({_percent(count, tally.voters)})")
        for option, count in zip(poll.options, tally.counts, strict=True)
    )
    count = say.counted(VOTERS, tally.voters)
    words = ", ".join(f"{bar.label}: {bar.note}" for bar in bars)
    return Chart(poll.question, bars, "".join(span.text for span in count), f"{poll.question} – {words}")


# ---------------------------------------------------------------- parts


def _head(poll: Poll) -> Text:
    return (Span("📊 "), Span(poll.question, Style.BOLD))


def _options(poll: Poll, tally: Tally, say: Speaker, *, shown: bool) -> Text:
    numbered = has_long_options(poll)
    rows: list[Text] = []
    for n, option in enumerate(poll.options):
        label = f"{n + 1}. {option}" if numbered else option
        if shown:
            leads = poll.state is State.CLOSED and n in tally.leaders
            rows.append(
                lines((Span(label, Style.BOLD if leads else Style.PLAIN),), text(bar(tally.counts[n], tally.voters)))
            )
        else:
            rows.append(text(label if numbered else f"• {label}"))
    if not shown:
        rows.append(say(HIDDEN))
    return lines(*rows)


def bar(count: int, voters: int) -> str:
    """ "▰▰▰▱▱▱▱▱▱▱ 3 · 30%" """
    full = round(WIDTH * count / voters) if voters else 0
    return f"{FULL * full}{EMPTY * (WIDTH - full)} {count} · {_percent(count, voters)}"


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else "0%"


def _split(tally: Tally) -> Text:
    """How many voted on each platform; nothing where there is one, or nobody voted."""
    platforms = sorted({*tally.platforms, *tally.by_platform})
    if len(platforms) < 2 or not tally.voters:
        return ()
    return text(", ".join(f"{platform.capitalize()} {tally.by_platform.get(platform, 0)}" for platform in platforms))


def _how(poll: Poll, now: datetime, zone: ZoneInfo, say: Speaker) -> Text:
    until = say(_("open until {moment}"), moment=_lasting(poll.closes_at, now, zone, say.language))
    manners = [say(_("Your choice is secret.") if poll.rules.secret else _("Your choice is visible."))]
    if poll.rules.multiple:
        limited = poll.most < len(poll.options)
        manners.append(
            say(_("Choose up to {most}."), most=poll.most) if limited else say(_("Choose as many as you like."))
        )
    if not poll.rules.revote:
        manners.append(say(_("A vote is final.")))
    number = say(_("Poll {number}"), number=poll.number)
    return lines(_join(" · ", number, until), _join(" ", *manners))


def _lasting(moment: datetime, now: datetime, zone: ZoneInfo, language: str) -> Text:
    """A time in words that are still right when they are read on another day: "Tuesday" rather than "tomorrow"."""
    is_today = moment.astimezone(zone).date() == now.astimezone(zone).date()
    return moment_span(moment, now if is_today else moment - timedelta(days=2), zone, language)


def _join(between: str, *parts: Text) -> Text:
    spans: list[Span] = []
    for part in parts:
        if part:
            spans += [Span(between)] if spans else []
            spans += part
    return tuple(spans)


def has_long_options(poll: Poll) -> bool:
    return any(len(option) > LONGEST_LABEL for option in poll.options)


def _buttons(poll: Poll, say: Speaker) -> ButtonRows:
    options = [_option_button(poll, n) for n in range(len(poll.options))]
    per_row = 2 if all(len(option) <= SHORT_LABEL for option in poll.options) else 1
    rows = [tuple(options[n : n + per_row]) for n in range(0, len(options), per_row)]
    last: list[Button] = []
    if poll.rules.revote:
        last.append(Button(say.words(_("Take back my vote")), action=TAKE_BACK, data={"poll": poll.id}))
    if poll.rules.add_options:
        last.append(Button(say.words(_("Add an option")), action=HOW_TO_ADD, data={"poll": poll.id}))
    return (*rows, tuple(last)) if last else tuple(rows)


def _option_button(poll: Poll, n: int) -> Button:
    option = poll.options[n]
    label = f"{n + 1}. {option}" if has_long_options(poll) else option
    if len(label) > LONGEST_LABEL + 4:
        label = label[: LONGEST_LABEL + 3] + "…"
    data = {"poll": poll.id, "option": n, "revision": poll.revision}
    return Button(label, action=VOTE, data=data, typed=f"/vote {n + 1} --poll {poll.number}")


def who_voted(poll: Poll, tally: Tally, say: Speaker, most: int = 20) -> Text:
    """Names by option, of a poll whose choices are visible; who voted in the platform's own may have none yet."""
    rows: list[Text] = []
    for option, names in zip(poll.options, tally.names, strict=True):
        named = [name for name in names if name][:most]
        fit_to_be_read = [say.words(SOMEBODY) if is_advertisement(name) else name for name in named]
        shown: Mapping[str, object] = {"option": option, "names": ", ".join(fit_to_be_read)}
        if named and len(names) > len(named):
            rows.append(say.counted(WHO_MORE, len(names) - len(named), **shown))
        elif named:
            rows.append(say(_("{option}: {names}"), **shown))
    return lines(*rows)


SOMEBODY = _("somebody")
WHO_MORE = _n("{option}: {names} and {n} other", "{option}: {names} and {n} others")


def standing(poll: Poll, tally: Tally, until: Text, say: Speaker) -> Message:
    """How an open poll stands just now."""
    count = _join(" · ", say.counted(VOTERS, tally.voters), _split(tally))
    return Message(lines(_head(poll), _options(poll, tally, say, shown=True), lines(count, until), gap="\n\n"))
