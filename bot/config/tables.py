"""The tables of `community.toml` as they are written; their descriptions are what editors show."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema

from bot.config.ids import SHAPES, Kind, Platform, check_id
from bot.core.durations import Language, Localised, ZoneName

Sapaan = Annotated[str, Field(min_length=1, max_length=20)]
Interest = Annotated[str, Field(min_length=1, max_length=50)]
Unlisted = Literal["ask", "serve", "leave"]
CommunityKind = Literal["sponsored", "organic"]

_LANGUAGE = "The language the bot speaks: id or en."
_ZONE = "The time zone, such as Asia/Jakarta."
_SAPAAN = "How members are addressed, such as Kak, kamu or Anda."


class Table(BaseModel):
    """A table of the file: no other keys, never changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _id_of(platform: Platform, kind: Kind) -> tuple[BeforeValidator, WithJsonSchema]:
    schema = {"type": "string", "pattern": f"^{SHAPES[platform, kind].pattern}$"}
    return BeforeValidator(lambda value: check_id(value, platform, kind)), WithJsonSchema(schema)


def _id_here(kind: Kind) -> BeforeValidator:
    """An id whose shape depends on the platform that the same table names above it."""

    def check(value: object, info: ValidationInfo) -> object:
        return check_id(value, info.data.get("platform"), kind)

    return BeforeValidator(check)


class ContactTable(Table):
    """Who is told what only an admin can mend, by platform."""

    telegram: Annotated[str | None, *_id_of("telegram", "contact")] = Field(default=None, description="A person's id.")
    discord: Annotated[str | None, *_id_of("discord", "contact")] = Field(default=None, description="A person's id.")


class ManagersTable(Table):
    """Where managers are told things, by platform."""

    telegram: Annotated[str | None, *_id_of("telegram", "managers")] = Field(
        default=None, description="The id of a Telegram group; its members are managers too."
    )
    discord: Annotated[str | None, *_id_of("discord", "managers")] = Field(
        default=None, description="The id of a Discord text channel."
    )


class AdminTable(Table):
    """About whoever runs the bot."""

    contact: ContactTable = Field(default=ContactTable(), description="Who is told what only an admin can mend.")


class DefaultsTable(Table):
    """What applies to every community; features' tables may stand here too, such as [defaults.quiet]."""

    language: Language = Field(default="en", description=_LANGUAGE)
    timezone: ZoneName = Field(default="UTC", description=_ZONE)
    unlisted: Unlisted = Field(
        default="ask", description="What to do in a group that this file does not name: ask, serve or leave."
    )
    sapaan: Sapaan = Field(default="Kak", description=_SAPAAN)


class GroupConfig(Table):
    """A Telegram group or Discord server where the community meets."""

    platform: Platform = Field(description="telegram or discord.", examples=["telegram"])
    id: Annotated[str, _id_here("group")] = Field(
        description='The group\'s id, in quotes: "-100…" or 17 to 20 digits.', examples=["-1001234567890"]
    )
    main: Annotated[str | None, _id_here("place")] = Field(
        default=None,
        description="Where the bot speaks: a channel's id; on Telegram topic:42, or nothing for the group itself.",
    )
    welcome: Annotated[str | None, _id_here("place")] = Field(
        default=None, description="Where newcomers are greeted, if elsewhere than in main."
    )
    manager_roles: tuple[Annotated[str, _id_here("role")], ...] = Field(
        default=(), description="Ids of the Discord roles whose members are managers."
    )


class CommunityTable(Table):
    """People around a shared interest; they may meet in several groups on both platforms."""

    name: str = Field(
        description="The community's name as people read it.",
        examples=["Kopi Nusantara"],
        min_length=1,
        max_length=100,
    )
    kind: CommunityKind = Field(default="organic", description="sponsored (by a brand) or organic (by its members).")
    sapaan: Sapaan | None = Field(default=None, description=_SAPAAN)
    interests: tuple[Interest, ...] = Field(default=(), description="What members may say they are interested in.")
    rules: Localised | None = Field(default=None, description="The rules: a text, or { id = …, en = … }.")
    language: Language | None = Field(default=None, description=_LANGUAGE)
    timezone: ZoneName | None = Field(default=None, description=_ZONE)
    groups: tuple[GroupConfig, ...] = Field(default=(), description="One [[communities.….groups]] for each group.")
    managers: ManagersTable = Field(default=ManagersTable(), description="Where managers are told things.")
