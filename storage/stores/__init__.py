"""What implements the Protocols of bot/core/stores.py."""

from __future__ import annotations

from bot.core import stores as core
from bot.core.activity import Activity
from storage.stores.activity import SqlActivity
from storage.stores.buttons import SqlButtons
from storage.stores.events import SqlSeen, SqlSetAside
from storage.stores.identities import SqlPeople
from storage.stores.jobs import SqlJobs
from storage.stores.outages import SqlOutages
from storage.stores.outbox import SqlOutbox
from storage.stores.overrides import SqlOverrides
from storage.stores.people import SqlAccounts, SqlMembers
from storage.stores.places import SqlPlaces
from storage.stores.program import SqlForms, SqlInvites, SqlNotices, SqlPauses, SqlState
from storage.unit import StoreFactories

CORE_STORES: StoreFactories = {
    core.Seen: SqlSeen,
    core.SetAside: SqlSetAside,
    core.Members: SqlMembers,
    core.Accounts: SqlAccounts,
    core.Buttons: SqlButtons,
    core.Places: SqlPlaces,
    core.Overrides: SqlOverrides,
    core.Jobs: SqlJobs,
    core.Outbox: SqlOutbox,
    core.Pauses: SqlPauses,
    core.Forms: SqlForms,
    core.Notices: SqlNotices,
    core.State: SqlState,
    core.Invites: SqlInvites,
    core.People: SqlPeople,
    core.Outages: SqlOutages,
    Activity: SqlActivity,
}
