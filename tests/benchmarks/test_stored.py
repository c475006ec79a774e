"""What is measured is whole: a conversation that misses a part is not counted as one."""

from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks import stored
from benchmarks.harness import Figure


@pytest.mark.slow
@pytest.mark.postgres
def test_both_databases_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"BEFORE": 2, "CONVERSATIONS": 6, "MESSAGES": 4}.items():
        monkeypatch.setattr(stored, name, value)
    said: list[Figure] = []
    stored.run(said.append)
    assert [figure.name for figure in said] == [
        "stored.bytes_a_conversation.sqlite.messages_4",
        "stored.bytes_a_conversation.postgresql.messages_4",
    ]
    assert all(2_000 < figure.value < 200_000 for figure in said)


async def test_a_conversation_is_stored_from_its_first_word_to_its_disposition(tmp_path: Path) -> None:
    file = tmp_path / "stored.db"
    async with stored.centre(f"sqlite+aiosqlite:///{file}", tmp_path) as contacts:
        before = stored.size_of_file(file)
        agent = await contacts.agent()
        for number in range(3):
            await stored.conversation(contacts, agent, f"访客 {number}")
        async with contacts.database.reading(contacts.office.tenant.id) as reading:
            (messages,) = (await reading.execute(text("SELECT count(*) FROM message WHERE kind = 'text'"))).one()
            (done,) = (await reading.execute(text("SELECT count(*) FROM work_item WHERE state = 'done'"))).one()
        assert (messages, done) == (3 * stored.MESSAGES, 3)
        assert stored.size_of_file(file) > before
