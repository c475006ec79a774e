"""Puts people together."""

import msgspec

from careline.infra.database.database import Database
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.people.facade import People


class PeopleModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of people."""

    facade: People


def build(database: Database, identity: Identity) -> PeopleModule:
    """Make people."""
    return PeopleModule(People(database, identity))
