"""What runs on the event loop finds its rows by an index: a call costs the same after a year as on the first day.

SQLite says for each statement how it would look for the rows. One that goes through a table would hold up everybody.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import update

from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.models import ConversationRow
from careline.modules.contact.conversations.repository import custody, messages
from careline.modules.contact.conversations.views import Author, MessageKind, MessageView
from tests.support.contacts import Contacts
from tests.support.plans import planned, running

SMALL = frozenset({"tenant", "routing_shard", "routing_queue", "disposition_code", "skill", "job"})
"""Tables that hold some rows a tenant, however many contacts there were."""


def listen(database: Database) -> set[str]:
    """The statements of the writer and of glances, from now on, with their values."""
    heard: set[str] = set()
    assert database._writer is not None
    assert database._glances is not None
    on_loop = [database._writer._connection, *database._glances._free]
    for connection in on_loop:
        assert connection is not None
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.set_trace_callback(heard.add)
    return heard


def searches(statements: set[str], file: str) -> dict[str, list[str]]:
    """By statement, how SQLite would go through a whole table or an index without a condition."""
    found = {}
    with sqlite3.connect(file) as connection:
        for statement in statements:
            if not statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
                continue
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
            scans = [step for step in plan if step.startswith("SCAN") and "CONSTANT ROW" not in step]
            # Found by nothing but the tenant is everything that the tenant ever had.
            scans += [step for step in plan if re.search(r"\(tenant_id=\?\)$", step)]
            bad = [step for step in scans if step.split()[1] not in SMALL]
            if bad:
                found[statement] = bad
    connection.close()
    return found


async def a_call_and_a_chat(contacts: Contacts, agent: Actor) -> None:
    caller, _, interaction = await contacts.talk(agent)
    await caller.hang_up()
    await contacts.settled()
    assert (await contacts.wraps_up(agent, interaction)).status_code == 204
    chat = await contacts.chat(agent, await contacts.visitor())
    assert (await contacts.replies(agent, chat.conversation_id, "您好")).status_code == 201
    await contacts.settled()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_call_and_a_chat_find_their_rows_by_an_index(contacts: Contacts) -> None:
    agent = await contacts.agent()
    heard = listen(contacts.database)

    await a_call_and_a_chat(contacts, agent)

    assert sum("INSERT INTO event_log" in statement for statement in heard) > 15
    assert any("FROM interaction " in statement for statement in heard)
    file = contacts.database.engine.url.database
    assert file is not None
    assert searches(heard, file) == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_kept_of_a_customer_is_found_by_an_index(contacts: Contacts) -> None:
    """While somebody is erased nobody else writes: it must not go through all that anybody ever said."""
    agent = await contacts.agent()
    chat = await contacts.chat(agent, await contacts.visitor())
    mine, threads, who = [chat.id, new_id()], [chat.conversation_id, new_id()], [new_id(), new_id()]
    heard = listen(contacts.database)

    async with contacts.database.transaction(chat.tenant_id) as tx:
        await custody.contacts_of(tx, who)
        await custody.contacts(tx, mine)
        await custody.messages(tx, chat.conversation_id, after=0, limit=10)
        await custody.files(tx, chat.conversation_id)
        await custody.notes(tx, chat.id)
        await custody.visitors(tx, who, threads)
        await custody.silence(tx, mine)
        await custody.let_go(tx, who, mine, threads)

    assert sum(" message " in statement for statement in heard) >= 2
    assert any("DELETE FROM internal_note" in statement for statement in heard)
    file = contacts.database.engine.url.database
    assert file is not None
    assert searches(heard, file) == {}


def gone_through(plans: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[str]]:
    """By statement, the tables that PostgreSQL would go through, or an index of which without a condition.

    Which of several indexes it takes says nothing here: in small tables all cost the same.
    """
    found = {}
    for statement, plan in plans.items():
        scans = [step for step in plan if step["Node Type"].endswith("Scan") and step["Relation Name"] not in SMALL]
        bad = [f"{step['Relation Name']}: {step['Node Type']}" for step in scans if "Index Cond" not in step]
        if bad:
            found[statement] = bad
    return found


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_postgresql_goes_through_no_table_for_a_call_and_a_chat(contacts: Contacts) -> None:
    agent = await contacts.agent()
    with running(contacts.database) as runs:
        await a_call_and_a_chat(contacts, agent)
    plans = await planned(contacts.database, runs)

    assert sum("conversation" in statement for statement in plans) > 5
    assert gone_through(plans) == {}
    searched = [("SELECT id FROM message WHERE text = 'x'", ()), ("SELECT id FROM interaction WHERE number = '1'", ())]
    assert len(gone_through(await planned(contacts.database, searched))) == 2, "it would have been seen"


def steps(statements: set[str], file: str) -> int:
    """How many steps SQLite's machine takes for these statements together."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    connection = sqlite3.connect(file)
    connection.set_progress_handler(count, 1)
    for statement in statements:
        if statement.startswith("SELECT"):
            connection.execute(statement).fetchall()
    connection.close()
    return counted


async def inbox_steps(contacts: Contacts, agent: Actor, file: str) -> int:
    heard = listen(contacts.database)
    assert len((await contacts.doors.get(agent, "/inbox")).json()["mine"]) == 1
    assert any("FROM conversation" in statement for statement in heard)
    return steps(heard, file)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("answered", [True, False])
async def test_an_inbox_costs_the_same_however_long_the_conversation_is(contacts: Contacts, answered: bool) -> None:
    """Answered by an agent all the time, or never: by the bot alone."""
    agent, guest = await contacts.agent(), await contacts.visitor()
    chat = await contacts.chat(agent, guest)
    file = contacts.database.engine.url.database
    assert file is not None
    few = await inbox_steps(contacts, agent, file)
    authors = [Author.CUSTOMER, Author.AGENT if answered else Author.BOT] * 2000
    async with contacts.database.transaction(chat.tenant_id) as tx:
        for seq, author in enumerate(authors, start=100):
            said = MessageView(
                id=new_id(),
                conversation_id=chat.conversation_id,
                interaction_id=chat.id,
                seq=seq,
                author=author,
                kind=MessageKind.TEXT,
                text=str(seq),
                at=tx.now,
            )
            await messages.insert_message(tx, said)
        read = update(ConversationRow).values(last_seq=4099, agent_read=4099)
        await tx.execute(
            read.where(ConversationRow.tenant_id == chat.tenant_id, ConversationRow.id == chat.conversation_id)
        )

    assert await inbox_steps(contacts, agent, file) < few + 100


def test_a_search_through_a_table_is_seen(sqlite_template: object) -> None:
    statements = {
        "SELECT id FROM interaction WHERE number = '1'",
        "SELECT id FROM interaction WHERE tenant_id = 'x' AND number = '1'",
        "SELECT id FROM interaction WHERE tenant_id = 'x' AND id = 'y'",
    }
    assert len(searches(statements, str(sqlite_template))) == 2
