"""What a form on the playground's page asks for → acts on the stage."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from adapters.web.stage import CannotAct, Spot, Stage, Stride
from adapters.web.view import Choice
from bot.locale import LANGUAGES, _

LONGEST_TEXT = 4096
LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Form:
    """Fields of a form, who sent it, and what their page shows."""

    fields: Mapping[str, str]
    person: str
    choice: Choice

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def spot(self) -> Spot:
        return Spot(self["face"], self["chat"] or "group", self.person)

    @property
    def on(self) -> tuple[str, str]:
        """Buttons at a message say "message-id what"."""
        message_id, _, what = self["on"].partition(" ")
        return message_id, what


@dataclass(frozen=True, slots=True)
class Effect:
    """What the browser is to remember, and what it shows next if not the same as before."""

    cookies: Mapping[str, str] = field(default_factory=dict)
    choice: Choice | None = None


NOTHING = Effect()


async def be(stage: Stage, form: Form) -> Effect:
    """Act as somebody else from now on."""
    return Effect({"person": form["person"]})


async def invite(stage: Stage, form: Form) -> Effect:
    name = " ".join(form["name"].split())[:LONGEST_NAME]
    if not name:
        raise CannotAct(_("Everybody needs a name."))
    return Effect({"person": await stage.invite(name, manager=bool(form["manager"]))})


async def appoint(stage: Stage, form: Form) -> Effect:
    await stage.appoint(form.person, manager=form["manager"] == "yes")
    return NOTHING


async def newcomer(stage: Stage, form: Form) -> Effect:
    await stage.newcomer(form["face"])
    return NOTHING


async def join(stage: Stage, form: Form) -> Effect:
    await stage.join(form.spot)
    return NOTHING


async def leave(stage: Stage, form: Form) -> Effect:
    await stage.leave(form.spot)
    return NOTHING


async def say(stage: Stage, form: Form) -> Effect:
    text = form["text"].replace("\r\n", "\n").strip()[:LONGEST_TEXT]
    if text:
        await stage.say(form.spot, text, form["reply_to"])
    return Effect(choice=form.choice.without_reply(form["face"]))


async def press(stage: Stage, form: Form) -> Effect:
    await stage.press(form.spot, *form.on)
    return NOTHING


async def vote(stage: Stage, form: Form) -> Effect:
    message_id, option = form.on
    if option.isascii() and option.isdigit():
        await stage.vote(form.spot, message_id, int(option[:3]))
    return NOTHING


async def ballot(stage: Stage, form: Form) -> Effect:
    """The boxes that are ticked at a poll are called "vote-message-id-option"."""
    message_id, _rest = form.on
    begin = f"vote-{message_id}-"
    ticked = [name.removeprefix(begin) for name in form.fields if name.startswith(begin)]
    options = {int(option[:3]) for option in ticked if option.isascii() and option.isdigit()}
    if not options:
        raise CannotAct(_("Choose something first."))
    await stage.ballot(form.spot, message_id, options)
    return NOTHING


async def react(stage: Stage, form: Form) -> Effect:
    message_id, emoji = form.on
    if 0 < len(emoji) <= 16:
        await stage.react(form.spot, message_id, emoji)
    return NOTHING


async def start(stage: Stage, form: Form) -> Effect:
    """Open the private chat, and show it."""
    await stage.open_private(form.spot, form["on"])
    return Effect(choice=form.choice.with_chat(form["face"], "private"))


async def time(stage: Stage, form: Form) -> Effect:
    try:
        stride = Stride(form["stride"])
    except ValueError:
        raise CannotAct(_("Time runs by the minute, by the hour, or until the morning.")) from None
    await stage.pass_time(stride)
    return NOTHING


async def language(stage: Stage, form: Form) -> Effect:
    if form["language"] in LANGUAGES:
        await stage.speak(form["language"])
    return NOTHING


async def hint(stage: Stage, form: Form) -> Effect:
    return Effect({"hint": "seen"})


async def reset(stage: Stage, form: Form) -> Effect:
    await stage.reset()
    return Effect(choice=Choice.of({}))


ACTS: Mapping[str, Callable[[Stage, Form], Awaitable[Effect]]] = {
    act.__name__: act
    for act in (
        be,
        invite,
        appoint,
        newcomer,
        join,
        leave,
        say,
        press,
        vote,
        ballot,
        react,
        start,
        time,
        language,
        hint,
        reset,
    )
}
