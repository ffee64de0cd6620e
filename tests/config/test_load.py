"""Whole files: the sample, empty ones, and those that can't be read."""

from pathlib import Path

import pytest

from bot.config.load import ConfigError, load, loads
from bot.config.model import Config
from tests.config.features import FEATURES

SAMPLE = Path(__file__).with_name("sample.toml")


def refused(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, FEATURES)
    return str(caught.value).replace(str(path.parent) + "/", "")


def test_the_sample_says_what_it_says() -> None:
    config = load(SAMPLE, FEATURES)
    kopi = config.communities["kopi"]
    telegram, discord = kopi.groups
    assert config.admin.contact == {"telegram": "123456789"}
    assert (config.defaults.language, config.defaults.timezone, config.defaults.unlisted) == (
        "id",
        "Asia/Jakarta",
        "ask",
    )
    assert (kopi.slug, kopi.name, kopi.kind, kopi.sapaan) == ("kopi", "Kopi Nusantara", "sponsored", "Kak")
    assert kopi.interests == ("espresso", "latte art", "roasting")
    assert kopi.rules == "Saling bantu, jangan jualan."
    assert (telegram.platform, telegram.id, telegram.main) == ("telegram", "-1001234567890", "topic:42")
    assert (discord.main, discord.manager_roles) == ("223344556677889900", ("334455667788990011",))
    assert kopi.managers == {"telegram": "-1009876543210", "discord": "445566778899001122"}
    assert kopi.features["quiet"] == {"quiet_hours": "21:30-08:00", "prompts_per_week": 1.5}
    assert kopi.locked == {"quiet": frozenset({"quiet_hours"})}


def test_a_community_has_what_the_defaults_say_unless_it_says_otherwise() -> None:
    text = '[defaults]\nlanguage = "id"\ntimezone = "Asia/Jakarta"\nsapaan = "kamu"\n'
    text += (
        '[communities.a]\nname = "A"\n[communities.b]\nname = "B"\nlanguage = "en"\ntimezone = "UTC"\nsapaan = "Anda"'
    )
    a, b = loads(text, FEATURES).communities.values()
    assert (a.language, a.timezone, a.sapaan) == ("id", "Asia/Jakarta", "kamu")
    assert (b.language, b.timezone, b.sapaan) == ("en", "UTC", "Anda")


def test_what_the_defaults_lock_is_locked_everywhere() -> None:
    text = '[defaults.quiet]\nmost = 2\nlocked = ["most"]\n[communities.a]\nname = "A"\nquiet = { locked = ["tone"] }'
    config = loads(text, FEATURES)
    assert config.communities["a"].locked == {"quiet": frozenset({"most", "tone"})}
    assert config.defaults.features == {"quiet": {"most": 2}}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing", "[admin]\n[defaults]\n[communities]"])
def test_a_file_that_says_nothing_is_all_defaults(text: str) -> None:
    assert loads(text, FEATURES) == Config()


def test_line_endings_and_a_byte_order_mark_make_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "community.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SAMPLE.read_bytes().replace(b"\n", b"\r\n"))
    assert load(path, FEATURES) == load(SAMPLE, FEATURES)
    path.write_bytes(b'\xef\xbb\xbf[defaults]\r\nsapaan = "Kak"\r\nlanguage = "fr"\r\n')
    assert refused(path) == 'community.toml:3:12: defaults.language: unknown language "fr"; choose "id" or "en"'


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "c.toml") == 'c.toml: there is no such file; make one with "guyub init"'


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "c.toml").mkdir()
    assert refused(tmp_path / "c.toml") == "c.toml: this is a folder; name the file in it"


def test_a_device_is_not_read() -> None:
    assert refused(Path("/dev/zero")).endswith("zero: this is not a file")


def test_a_file_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "c.toml").touch()
    assert refused(tmp_path / "c.toml" / "d.toml") == "d.toml: can't be read: Not a directory"


def test_a_path_that_can_not_be(tmp_path: Path) -> None:
    assert "can't be read" in refused(tmp_path / "a\0b")


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes('[defaults]\nsapaan = "é\xe9'.encode() + b"\xe9")
    assert refused(path) == "c.toml:2:13: byte 0xe9 is not UTF-8; save the file as UTF-8"
    path.write_text("[defaults]", encoding="utf-16")
    assert refused(path) == "c.toml:1:1: this is UTF-16; save the file as UTF-8"


def test_a_file_that_is_far_too_large(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes(b"#" * 8_000_001)
    assert refused(path) == "c.toml: larger than 8 MB; groups can also be set up in the chat, without this file"
