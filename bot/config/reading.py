"""Reads a text file that people edit, and says kindly why it can't."""

import codecs
import stat
from pathlib import Path

from bot.config.calling import typed
from bot.config.problems import ConfigError, Problem

_LARGEST = 8_000_000
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path) -> str:
    """The file's text without a byte order mark. Raises ConfigError, nothing else."""
    try:
        if path.is_dir():
            raise _refused(path, "this is a folder", "name the file in it")
        if not stat.S_ISREG(path.stat().st_mode):
            raise _refused(path, "this is not a file")
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise _refused(path, "there is no such file", f'make one with "{typed()} init"') from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(path, f"can't be read: {reason}") from None
    if len(data) > _LARGEST:
        raise _refused(path, "larger than 8 MB", "groups can also be set up in the chat, without this file")
    return _decoded(path, data)


def _refused(path: Path, message: str, hint: str = "") -> ConfigError:
    return ConfigError([Problem(str(path), 0, 0, "", message, None, hint)])


def _decoded(path: Path, data: bytes) -> str:
    hint = "save the file as UTF-8"
    if data.startswith(_UTF16):
        raise ConfigError([Problem(str(path), 1, 1, "", "this is UTF-16", None, hint)])
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        value = f"byte 0x{data[error.start]:02x}"
        raise ConfigError([Problem(str(path), line, column, "", f"{value} is not UTF-8", None, hint)]) from None
