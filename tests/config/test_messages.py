"""What an admin reads for each mistake, word for word."""

import pytest

from bot.config.load import ConfigError, loads
from tests.config.features import FEATURES


def said(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        loads(text, FEATURES)
    return [str(problem) for problem in caught.value.problems]


def in_community(lines: str) -> str:
    """The lines stand from line 3 on."""
    return f'[communities.kopi]\nname = "Kopi"\n{lines}'


def in_group(platform: str, lines: str) -> str:
    """The lines stand from line 5 on."""
    return in_community(f'[[communities.kopi.groups]]\nplatform = "{platform}"\n{lines}')


TELEGRAM = "-1001234567890"

SYNTAX = {
    "[defaults]\nlanguage = id": '2:12: not valid TOML: invalid value; put texts in quotes: language = "id"',
    "window = 30s": "1:12: not valid TOML: expected newline or end of document after a statement; "
    'put texts in quotes: window = "30s"',
    "[defaults]\ntimezone: UTC": "2:9: not valid TOML: expected '=' after a key in a key/value pair; "
    "write timezone = … with an equals sign",
    "a = “x”": '1:5: not valid TOML: invalid value; use straight quotes: "…"',
    'a = "x\n': "1:7: not valid TOML: the line ends inside a text; a closing quote is missing",
    'a = "C:\\qx"\n': "1:8: not valid TOML: unescaped '\\' in a string; write \\\\ for a backslash",
    "[defaults\n": "1:10: not valid TOML: expected ']' at the end of a table declaration",
    "b = 1\na = [1,\n2": "2:1: not valid TOML: something that begins here has no end; a quote or a bracket is missing",
    "é = 1": "1:1: not valid TOML: invalid statement",
    "a = 99999999999999999999": "1:5: a: this number is too large",
    "a = " + "[" * 30 + "]" * 30: f"1:28: a{'[1]' * 23}: nested too deeply",
    "a = " + "[" * 3000 + "]" * 3000: "1:1: nested too deeply",
    "[admin]\n[defaults]\n[admin]\n": "3:1: admin: is written twice; the first is on line 1",
    '[defaults]\nlanguage = "id"\nlanguage = "en"': "3:1: defaults.language: is written twice; the first is on line 2",
}
KEYS = {
    "[default]\n": 'default: unknown key; did you mean "defaults"?',
    "zz = 1": "zz: unknown key; known here: admin, communities, defaults",
    "admin = 3": "admin: 3 is not a table; write its keys below [admin]",
}
DEFAULTS = {
    'language = "fr"': '12: defaults.language: unknown language "fr"; choose "id" or "en"',
    "language = 3": '12: defaults.language: unknown language 3; choose "id" or "en"',
    'timezone = "Asia/Jakrta"': '12: defaults.timezone: unknown time zone "Asia/Jakrta"; did you mean "Asia/Jakarta"?',
    'timezone = "WITA"': '12: defaults.timezone: unknown time zone "WITA"; did you mean "Asia/Makassar"?',
    'timezone = "qqqqq"': '12: defaults.timezone: unknown time zone "qqqqq"; write it like "Asia/Jakarta"',
    'unlisted = "leaf"': '12: defaults.unlisted: "leaf" is not one of the choices; did you mean "leave"?',
    'unlisted = "zzz"': '12: defaults.unlisted: "zzz" is not one of the choices; choose "ask", "serve" or "leave"',
    "sapaan = 1": "10: defaults.sapaan: 1 is not a text; put texts in quotes",
    'langauge = "id"': '1: defaults.langauge: unknown key; did you mean "language"?',
    "welcme = {}": '1: defaults.welcme: unknown key; did you mean "welcome"?',
    "welcome = 5": "11: defaults.welcome: 5 is not a table; write its settings below [defaults.welcome]",
    'telegram_token = "1:x"': "1: defaults.telegram_token: unknown key; tokens belong in the file .env",
}
COMMUNITY = {
    'kind = "organik"': '8: communities.kopi.kind: "organik" is not one of the choices; did you mean "organic"?',
    'interests = "tea"': '13: communities.kopi.interests: "tea" is not a list; write it like ["one", "two"]',
    'interests = ["tea", 3]': "21: communities.kopi.interests[2]: 3 is not a text; put texts in quotes",
    "rules = 5": '9: communities.kopi.rules: 5 is not a text; write "…" or { id = "…", en = "…" }',
    'rules = { fr = "x" }': '9: communities.kopi.rules: unknown language "fr"; choose "id" or "en"',
    "slug = 1": "1: communities.kopi.slug: unknown key; known here: groups, interests, kind, language, managers, name, "
    "quiet, rules, sapaan, timezone, welcome",
    'groups = { platform = "telegram" }': "10: communities.kopi.groups: one group is not a list; "
    "write [[communities.kopi.groups]] with two brackets",
    "managers = { telegam = '-1001234567890' }": "14: communities.kopi.managers.telegam: unknown key; "
    'did you mean "telegram"?',
    "managers = { discord = 5 }": '24: communities.kopi.managers.discord: 5 is a number; put ids in quotes: "5"',
    "managers = { telegram = '1001234567890' }": '25: communities.kopi.managers.telegram: "1001234567890" is not '
    'the id of a Telegram group; did you mean "-1001234567890"?',
}
GROUP = {
    ("telegram", "id = -1001234567890"): '6: communities.kopi.groups[1].id: -1001234567890 is a number; '
    'put ids in quotes: "-1001234567890"',
    ("telegram", 'id = "1234567890"'): '6: communities.kopi.groups[1].id: "1234567890" is not the id of a Telegram '
    'group; did you mean "-1001234567890"?',
    ("telegram", 'id = "@kopi"'): '6: communities.kopi.groups[1].id: "@kopi" is not the id of a Telegram group; write '
    'it like "-1001234567890"; Guyub tells it when the group is set up with /setup (guyub invite)',
    ("discord", 'id = "kopi"'): '6: communities.kopi.groups[1].id: "kopi" is not the id of a Discord server; '
    'it has 17 to 20 digits: in Discord, turn on developer mode and right-click to "Copy ID"',
    ("discrod", 'id = "1"'): '4:12: communities.kopi.groups[1].platform: "discrod" is not one of the choices; '
    'did you mean "discord"?',
}  # fmt: skip
PLACES = {
    ("telegram", 'main = "42"'): '8: communities.kopi.groups[1].main: "42" is not a topic of the group; '
    'write it like "topic:42", or leave it out for the group itself',
    ("telegram", 'manager_roles = ["x"]'): "18: communities.kopi.groups[1].manager_roles[1]: only Discord has roles; "
    "on Telegram the group's admins are managers; leave this line out",
    ("discord", 'welcome = "#halo"'): '11: communities.kopi.groups[1].welcome: "#halo" is not the id of a Discord '
    'channel; it has 17 to 20 digits: in Discord, turn on developer mode and right-click to "Copy ID"',
    ("discord", "manager_roles = [334455667788990011]"): "18: communities.kopi.groups[1].manager_roles[1]: "
    '334455667788990011 is a number; put ids in quotes: "334455667788990011"',
    ("discord", 'timezone = "UTC"'): "1: communities.kopi.groups[1].timezone: unknown key; "
    "it belongs directly below [communities.kopi]",
}
FEATURE = {
    ("welcome", 'windw = "30s"'): '1: communities.kopi.welcome.windw: unknown key; did you mean "window"?',
    ("welcome", "window = 30"): '10: communities.kopi.welcome.window: 30 has no unit; '
    'write "30s", "30m", "30h" or "30d"',
    ("welcome", 'window = "60"'): '10: communities.kopi.welcome.window: "60" has no unit; '
    'write "60s", "60m", "60h" or "60d"',
    ("welcome", 'window = "soon"'): '10: communities.kopi.welcome.window: "soon" is not a duration; '
    'write it like "30s", "45m", "2h" or "3 hari"',
    ("welcome", 'window = "1s"'): '10: communities.kopi.welcome.window: "1s" is too small; the least is 5s',
    ("welcome", 'window = "2h"'): "1: communities.kopi.welcome: window is longer than max_age",
    ("welcome", 'private = "yes"'): '11: communities.kopi.welcome.private: "yes" is neither true nor false; '
    "write true or false, without quotes",
    ("welcome", 'texts = ["x", "Halo {nama}"]'): "15: communities.kopi.welcome.texts[2]: "
    "unknown placeholder {nama}; did you mean {name}?",
    ("welcome", "texts = []"): "9: communities.kopi.welcome.texts: [] is too short; the least is 1",
    ("welcome", 'language = "id"'): "1: communities.kopi.welcome.language: unknown key; "
    "it belongs directly below [communities.kopi]",
    ("welcome", 'locked = ["windw"]'): '11: communities.kopi.welcome.locked[1]: "windw" is no setting of welcome; '
    'did you mean "window"?',
    ("welcome", 'locked = "window"'): '10: communities.kopi.welcome.locked: "window" is not a list; '
    'write it like ["one", "two"]',
    ("welcome", "locked = [3]"): "11: communities.kopi.welcome.locked[1]: 3 is not a text; put texts in quotes",
    ("quiet", 'quiet_hours = "21:30"'): '15: communities.kopi.quiet.quiet_hours: "21:30" is not a span of hours; '
    'write it like "21:30-08:00"',
    ("quiet", 'quiet_hours = "9-9"'): '15: communities.kopi.quiet.quiet_hours: "9-9" begins and ends at the same '
    'time; write it like "21:30-08:00"',
    ("quiet", "quiet_hours = 21:30:00"): '15: communities.kopi.quiet.quiet_hours: "21:30:00" is not a span of hours; '
    'write it like "21:30-08:00"',
    ("quiet", "prompts_per_week = -1"): "20: communities.kopi.quiet.prompts_per_week: -1 is too small; the least is 0",
    ("quiet", "prompts_per_week = nan"): "20: communities.kopi.quiet.prompts_per_week: NaN is not a number; "
    "write it like 3 or 1.5, without quotes",
    ("quiet", 'prompts_per_week = "2"'): '20: communities.kopi.quiet.prompts_per_week: "2" is not a number; '
    "write it like 3 or 1.5, without quotes",
    ("quiet", "most = true"): "8: communities.kopi.quiet.most: true is not a whole number; "
    "write it like 3, without quotes",
    ("quiet", "most = 0"): "8: communities.kopi.quiet.most: 0 is too small; it must be more than 0",
    ("quiet", 'tone = "worm"'): '8: communities.kopi.quiet.tone: "worm" is not one of the choices; '
    'did you mean "warm"?',
    ("quiet", 'zone = "Jakarta"'): '8: communities.kopi.quiet.zone: unknown time zone "Jakarta"; '
    'did you mean "Asia/Jakarta"?',
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), SYNTAX.items())
def test_text_that_is_not_toml(text: str, message: str) -> None:
    assert said(text) == [f"community.toml:{message}"]


@pytest.mark.parametrize(("text", "message"), KEYS.items())
def test_a_wrong_part_of_the_file(text: str, message: str) -> None:
    (problem,) = said(text)
    assert problem.partition(": ")[2] == message


@pytest.mark.parametrize(("line", "message"), DEFAULTS.items())
def test_a_wrong_default(line: str, message: str) -> None:
    assert said(f"[defaults]\n{line}") == [f"community.toml:2:{message}"]


@pytest.mark.parametrize(("line", "message"), COMMUNITY.items())
def test_a_wrong_line_about_a_community(line: str, message: str) -> None:
    assert said(in_community(line)) == [f"community.toml:3:{message}"]


@pytest.mark.parametrize(("line", "message"), GROUP.items())
def test_a_wrong_group(line: tuple[str, str], message: str) -> None:
    where = message if message.startswith("4:") else f"5:{message}"
    assert said(in_group(*line)) == [f"community.toml:{where}"]


@pytest.mark.parametrize(("line", "message"), PLACES.items())
def test_a_wrong_line_about_a_group(line: tuple[str, str], message: str) -> None:
    group = TELEGRAM if line[0] == "telegram" else "112233445566778899"
    assert said(in_group(line[0], f'id = "{group}"\n{line[1]}')) == [f"community.toml:6:{message}"]


@pytest.mark.parametrize(("line", "message"), FEATURE.items())
def test_a_wrong_setting_of_a_feature(line: tuple[str, str], message: str) -> None:
    at = 3 if ": communities.kopi.welcome: " in message else 4
    assert said(in_community(f"[communities.kopi.{line[0]}]\n{line[1]}")) == [f"community.toml:{at}:{message}"]


def test_a_community_needs_a_name() -> None:
    assert said("[communities.kopi]") == [
        'community.toml:1:1: communities.kopi.name: is missing; write name = "Kopi Nusantara"'
    ]


def test_a_key_of_a_community_is_plain() -> None:
    assert said('[communities."Kopi Ku"]\nname = "Kopi Ku"') == [
        (
            'community.toml:1:14: communities."Kopi Ku": "Kopi Ku" can\'t be a community\'s key: small letters, '
            "digits, - and _, at most 40; write [communities.kopi-ku]; its name may be anything"
        )
    ]


def test_a_group_belongs_to_one_community() -> None:
    teh = f'\n[communities.teh]\nname = "Teh"\ngroups = [{{ platform = "telegram", id = "{TELEGRAM}" }}]'
    assert said(in_group("telegram", f'id = "{TELEGRAM}"') + teh) == [
        (
            f'community.toml:8:41: communities.teh.groups[1].id: "{TELEGRAM}" is already a group of communities.kopi '
            "(line 5); name it once"
        )
    ]


def test_managers_are_not_told_things_where_members_read() -> None:
    group = in_group("telegram", f'id = "{TELEGRAM}"')
    assert said(f'{group}\n[communities.kopi.managers]\ntelegram = "{TELEGRAM}"') == [
        (
            f'community.toml:7:12: communities.kopi.managers.telegram: "{TELEGRAM}" is where members are; '
            "managers need a chat of their own"
        )
    ]


def test_a_contact_is_a_person() -> None:
    assert said('[admin]\ncontact = { telegram = "@rina" }') == [
        (
            'community.toml:2:24: admin.contact.telegram: "@rina" is not the id of somebody on Telegram; '
            'write it like "123456789", digits rather than a name'
        )
    ]


def test_all_problems_are_told_in_the_order_of_the_file() -> None:
    text = (
        '[communities.kopi]\nkind = "x"\n[communities.kopi.welcome]\nwindw = 1\nwindow = 2\n[defaults]\nlanguage = "fr"'
    )
    text += "\n[zz]"
    lines = [message.split(":")[1] for message in said(text)]
    assert lines == ["1", "2", "4", "5", "7", "8"]


def test_a_wrong_default_is_told_once_and_where_it_stands() -> None:
    text = '[defaults.welcome]\nwindow = "1s"\n' + in_community('[communities.kopi.welcome]\nmax_age = "5m"')
    assert said(text) == ['community.toml:2:10: defaults.welcome.window: "1s" is too small; the least is 5s']


def test_a_community_that_conflicts_with_the_defaults_is_told_at_the_community() -> None:
    text = '[defaults.welcome]\nmax_age = "10m"\n' + in_community('[communities.kopi.welcome]\nwindow = "20m"')
    assert said(text) == ["community.toml:5:1: communities.kopi.welcome: window is longer than max_age"]


def test_what_is_wrong_is_shown_short_and_harmless() -> None:
    (message,) = said('[defaults]\ntimezone = "\\u202E\\u0007' + "x" * 500 + '"')
    assert message == (
        'community.toml:2:12: defaults.timezone: unknown time zone "\\u202e\\u0007'
        + "x" * 46
        + '…; write it like "Asia/Jakarta"'
    )


def test_columns_count_characters() -> None:
    assert said('defaults = { sapaan = "Kakak ☕é", language = "fr" }') == [
        'community.toml:1:46: defaults.language: unknown language "fr"; choose "id" or "en"'
    ]
