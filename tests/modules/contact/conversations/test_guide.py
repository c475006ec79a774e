"""The guide to the protocol names everything that the server can send; and what is unknown is met as it says."""

import json
import re
from pathlib import Path

from careline.infra.realtime import frames
from careline.infra.realtime.frames import CloseCode
from careline.modules.contact.conversations.views import Author, MessageKind

ROOT = Path(__file__).parents[4]
GUIDE = (ROOT / "docs/guides/chat-protocol.md").read_text(encoding="utf-8")
SOURCES = ROOT / "src/careline/modules/contact/conversations"

FOR_STAFF = {
    "agent_state.changed",
    "inbox.changed",
    "mentioned",
    "note.stored",
    "participants.changed",
    "transfer.ended",
}
"""Events of topics that a customer may not follow. A new event is put here on purpose, or into the guide."""


def named(text: str) -> bool:
    return f"`{text}`" in GUIDE


def test_every_kind_of_frame_is_in_the_guide() -> None:
    source = Path(frames.__file__).read_text(encoding="utf-8")
    sent = set(re.findall(r'"t": ?"([a-z]+)"', source)) | {"ev", "pong"}
    assert sent >= {"welcome", "subbed", "reset", "ok", "err"}
    assert [one for one in sorted(sent) if f'{{"t":"{one}"' not in GUIDE] == []


def test_every_close_code_is_in_the_guide() -> None:
    assert [code for code in CloseCode if not re.search(rf"\b{code.value}\b", GUIDE)] == []


def test_every_event_is_in_the_guide() -> None:
    found: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        found |= set(
            re.findall(r'\.publish\([^()]*(?:\([^()]*\)[^()]*)*?"([a-z_.]+)"', path.read_text(encoding="utf-8"))
        )
    assert found >= {"message.stored", "typing", "read", "conversation.state", "queue.position"}
    assert [name for name in sorted(found - FOR_STAFF) if not named(name)] == []


def test_every_kind_of_message_and_author_is_in_the_guide() -> None:
    assert [one.value for one in (*MessageKind, *Author) if not named(one.value)] == []


def test_the_guide_has_exactly_the_notices_that_our_own_screens_put_into_words() -> None:
    words = json.loads((ROOT / "ui/src/shared/visitor/locale/zh-CN.json").read_text(encoding="utf-8"))
    ours = {key.removeprefix("notice.") for key in words if key.startswith("notice.")}
    table = GUIDE.partition("| `code` | `params` | |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
    assert {code for row in rows for code in re.findall(r"`([a-z-]+)`", row)} == ours


def test_every_notice_that_is_written_is_in_the_guide() -> None:
    found: set[str] = set()
    for path in (ROOT / "src/careline/modules").rglob("*.py"):
        lines = path.read_text(encoding="utf-8")
        for written in re.findall(r"\bnotice ?= ?([^,\n]*)", lines):
            found |= set(re.findall(r'"([a-z]+-[a-z-]+)"', written))
        found |= set(re.findall(r'notice\([^()]*"([a-z]+-[a-z-]+)"', lines))
    assert found >= {"agent-left", "customer-left", "message-asked-for", "message-left"}
    assert [code for code in sorted(found) if not named(code)] == []
