"""What a newcomer reads. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.community import Community
from bot.core.feature import Instead
from bot.core.messages import Button, ButtonRows, Message, Span, Text, lines, text
from bot.core.speech import Speaker
from bot.core.templates import Template
from bot.features.welcome.model import PLACEHOLDERS, Newcomer, WelcomeSettings, shown_name
from bot.locale import _, _n

VARIANTS = (
    _("Welcome to {community}, {name}! So nice that you're here."),
    _("Hello {name}, welcome to {community}! Make yourself at home."),
    _("Look who's here: {name}! Welcome to {community}."),
)
RETURNING = _("Welcome back, {name}! Good to see you again.")
FRIEND = _("new friend")


def greeting(
    newcomers: Sequence[Newcomer],
    community: Community,
    settings: WelcomeSettings,
    say: Speaker,
    *,
    variant: int,
    members: int,
    private_link: str = "",
) -> Message:
    """One message for all of them, those who return named apart."""
    new = [newcomer for newcomer in newcomers if not newcomer.came_back]
    back = [newcomer for newcomer in newcomers if newcomer.came_back]
    parts: list[Text] = []
    rules = rules_of(community, settings)
    if new:
        names = _names(new, community, settings, say, linked=False)
        mentions = _names(new, community, settings, say, linked=True)
        parts += _welcome(names, mentions, community, settings, say, variant, members, rules)
    if back:
        parts.append(say(RETURNING, name=_names(back, community, settings, say, linked=False)))
    return Message(lines(*parts, gap="\n"), buttons=_buttons(private_link, say))


def _welcome(
    names: Text,
    mentions: Text,
    community: Community,
    settings: WelcomeSettings,
    say: Speaker,
    variant: int,
    members: int,
    rules: str,
) -> list[Text]:
    values = {"name": names, "mention": mentions, "community": community.name, "count": members, "rules": rules}
    template = None
    if settings.texts:
        template = Template.parse(settings.texts[variant % len(settings.texts)], PLACEHOLDERS)
        words = template.fill(values)
    else:
        words = say(VARIANTS[variant % len(VARIANTS)], **values)
    parts = [words]
    if rules and (template is None or "rules" not in template.names):
        parts.append(say(_("Our rules: {rules}"), rules=rules))
    if steps := in_language(settings.first_steps, say.language):
        parts.append(text(steps))
    return parts


def rules_of(community: Community, settings: WelcomeSettings) -> str:
    return in_language(settings.rules, community.language) or community.rules_in(community.language)


def in_language(words: object, language: str) -> str:
    """A text that may be given in several languages."""
    if isinstance(words, dict):
        return str(words.get(language) or next(iter(words.values()), ""))
    return str(words)


def _names(
    newcomers: Sequence[Newcomer], community: Community, settings: WelcomeSettings, say: Speaker, *, linked: bool
) -> Text:
    """`Ayu, Budi and Citra`, at most `settings.names` of them, "and 37 others" behind."""
    named = [_name(newcomer, community, settings, say, linked) for newcomer in newcomers[: settings.names]]
    friend = Span(say.words(FRIEND))
    shown = [span for span in named if span != friend]
    if hidden := len(named) - len(shown):  # names that advertise: behind the others, and once
        shown.append(_friends(hidden, alone=not shown, say=say))
    others = max(0, len(newcomers) - settings.names)
    if others:
        return say.counted(OTHERS, others, names=_joined(shown, Span(", ")))
    if len(shown) == 1:
        return (shown[0],)
    return say(_("{list} and {last}"), list=_joined(shown[:-1], Span(", ")), last=(shown[-1],))


def _friends(count: int, *, alone: bool, say: Speaker) -> Span:
    if count > 1:
        return Span(say.words(_("new friends")))
    return Span(say.words(FRIEND if alone else _("a new friend")))


OTHERS = _n("{names} and {n} other", "{names} and {n} others")


def _joined(spans: Sequence[Span], between: Span) -> Text:
    return tuple(part for span in spans for part in (between, span))[1:]


def _name(newcomer: Newcomer, community: Community, settings: WelcomeSettings, say: Speaker, linked: bool) -> Span:
    friend = say.words(FRIEND)
    name = shown_name(newcomer.name, friend, settings.blocked_words)
    if name != friend and not settings.texts and say.language == "id":
        name = addressed(name, community.sapaan)
    return Span(name, mention=newcomer.account) if linked and name != friend else Span(name)


PRONOUNS = frozenset({"", "kamu", "anda", "kalian", "saudara", "aku"})


def addressed(name: str, sapaan: str) -> str:
    """ "Kak Ayu"; a sapaan that is a pronoun (kamu, Anda) doesn't stand before names."""
    return name if sapaan.casefold() in PRONOUNS else f"{sapaan} {name}"


def _buttons(private_link: str, say: Speaker) -> ButtonRows:
    if not private_link:
        return ()
    return ((Button(say.words(_("Open a private chat")), url=private_link.format(payload="hello")),),)


# ---------------------------------------------------------------- for managers


def proposal(key: str, value: object, shown: Message, say: Speaker) -> Message:
    """A change as it would look, to be saved or not."""
    head = say(_("This is how it would look:"))
    save = Button(say.words(_("Save")), action="welcome.save", data={"key": key, "value": value})
    cancel = Button(say.words(_("Cancel")), action="welcome.cancel")
    return Message(lines(head, shown.text, gap="\n\n"), buttons=((save, cancel),))


def saved(change: int, say: Speaker) -> Instead:
    undo = Button(say.words(_("Undo")), action="welcome.undo", data={"change": change})
    return Instead(Message(say(_("Saved. Newcomers will see it from now on.")), buttons=((undo,),)))


def interests_line(interests: Sequence[str], say: Speaker) -> Message:
    return Message(say(_("Members can choose from: {interests}"), interests=", ".join(interests)))


def wrong_placeholder(placeholder: str, nearest: str, say: Speaker) -> Text:
    known = " ".join(sorted(f"{{{name}}}" for name in PLACEHOLDERS))
    if nearest:
        return say(
            _("I don't know {found}. Did you mean {nearest}? Known: {known}"),
            found=placeholder,
            nearest=f"{{{nearest}}}",
            known=known,
        )
    return say(_("I don't know {found}. Known: {known}"), found=placeholder, known=known)
