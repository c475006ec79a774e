"""The modules that cases stand on."""

import msgspec

from careline.modules.contact.conversations.facade import Conversations
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.people.facade import People


class Below(msgspec.Struct, frozen=True):
    """The modules below that cases call."""

    identity: Identity
    customers: Customers
    people: People
    conversations: Conversations
