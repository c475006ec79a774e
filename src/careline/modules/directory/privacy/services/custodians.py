"""Everybody who keeps personal data, as one."""

from collections.abc import Sequence
from uuid import UUID

from careline.infra.database.transaction import Reading
from careline.modules.directory.privacy.ports import Contacts, Custodian, Subjects
from careline.modules.directory.privacy.views import Category, Hindrance, Person


class Custodians:
    """Filled by bootstrap, from the bottom up; asked by all use cases."""

    def __init__(self) -> None:
        self._named: list[Custodian] = []
        self.subjects: Subjects
        self.contacts: Contacts

    def add(self, custodian: Custodian) -> None:
        """Name one more, above all that were named."""
        if custodian.code in {one.code for one in self._named}:
            raise ValueError(f"{custodian.code} is named already")
        self._named.append(custodian)

    @property
    def upwards(self) -> Sequence[Custodian]:
        """Those who know somebody by what lies below come later."""
        return tuple(self._named)

    @property
    def downwards(self) -> Sequence[Custodian]:
        """The order of erasing: who knows somebody's ids forgets them last."""
        return tuple(reversed(self._named))

    def categories(self) -> dict[str, list[Category]]:
        """What is kept, by custodian."""
        return {one.code: list(one.categories) for one in self._named}

    async def trace(self, reading: Reading, customer_id: UUID) -> Person:
        """By which ids a customer is known everywhere."""
        person = Person(customer_ids=(customer_id,))
        for custodian in self.upwards:
            person = await custodian.trace(reading, person)
        return person

    async def hindrances(self, reading: Reading, person: Person) -> list[Hindrance]:
        """What stands against erasing somebody now, what blocks first."""
        found = [one for custodian in self.upwards for one in await custodian.hindrances(reading, person)]
        return sorted(found, key=lambda one: not one.blocks)
