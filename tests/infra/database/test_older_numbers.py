"""An older database's numbers lead where they led, and are called by what they are."""

from sqlalchemy import Text, Uuid, column, insert, table, text

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony import repository
from tests.infra.database.test_migrations import empty as empty
from tests.infra.database.test_migrations import empty_url as empty_url
from tests.infra.database.test_older_messages import at_revision

NUMBERS = table("phone_number", column("number", Text()), column("tenant_id", Uuid()), column("entry_flow", Text()))


async def test_numbers_of_two_centres_get_ids_and_names(empty: Database) -> None:
    first, second = TenantId(new_id()), TenantId(new_id())
    await at_revision(empty, "0031")
    rows = [
        {"number": number, "tenant_id": owner, "entry_flow": "hotline"}
        for number, owner in (("10086", first), ("4008800123", second))
    ]
    async with empty.engine.begin() as connection:
        if empty.dialect == "postgresql":
            await connection.execute(text("SELECT set_config('careline.tenant', '*', true)"))
        await connection.execute(insert(NUMBERS), rows)
    assert await schema.migrate(empty) == ("0031", schema.newest())
    found = []
    for owner in (first, second):
        async with empty.reading(owner) as reading:
            found += await repository.numbers(reading)
    led = [(one.number, one.name, one.entry_flow, list(one.rules), one.version, one.changed_by) for one in found]
    assert led == [
        ("10086", "10086", "hotline", [], 1, None),
        ("4008800123", "4008800123", "hotline", [], 1, None),
    ]
    assert len({one.id for one in found}) == 2
