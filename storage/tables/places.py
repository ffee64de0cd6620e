"""Groups and communities."""

from __future__ import annotations

from sqlmodel import Field

from storage.tables.row import Placed, Row


class GroupRow(Row, table=True):
    __tablename__ = "groups"

    platform: str = Field(primary_key=True)
    group_id: str = Field(primary_key=True)
    community: str = Field(index=True)
    title: str
    state: str
    main: str
    announced: bool
    problems: str


class MovedGroupRow(Row, table=True):
    """A group that goes on under another id; `new_id` is always the newest."""

    __tablename__ = "moved_groups"

    platform: str = Field(primary_key=True)
    old_id: str = Field(primary_key=True)
    new_id: str


class CommunityRow(Row, table=True):
    __tablename__ = "communities"

    slug: str = Field(primary_key=True)
    name: str
    language: str
    timezone: str


class ManagersPlaceRow(Placed, table=True):
    """Where a community's managers are told things; `label` is what the place is kept under."""

    __tablename__ = "managers_places"

    community: str = Field(primary_key=True)
    label: str = Field(primary_key=True)


groups = GroupRow.__table__
moved_groups = MovedGroupRow.__table__
communities = CommunityRow.__table__
managers_places = ManagersPlaceRow.__table__
