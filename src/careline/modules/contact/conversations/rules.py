"""What may be said, and which numbers and names a visitor may give. Pure."""

import re
import unicodedata
from uuid import UUID

from careline.kernel.errors import Invalid
from careline.kernel.text import without_directions

MAX_TEXT = 4000
"""Characters (code points) of one message."""

MAX_SEQ = 2**31 - 1
"""The largest number that a message can have; what is asked beyond it would not even fit the column."""

CONVERSATION_TOPIC = "conversation"
AGENT_TOPIC = "agent"

MAX_NAME = 40
MAX_NOTE = 2000

MAX_TITLE = 40
MAX_GROUP = 30
MAX_REPLY = 2000
MAX_CODE = 64

_NUMBER = re.compile(r"^\+?[0-9]{3,15}$")
_CODE = re.compile(r"^[a-z0-9]+([-.][a-z0-9]+)*$")
_LOCALE = re.compile(r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}$")
_KEPT_CONTROLS = "\n\t"


def message_text(text: str) -> str:
    """The text as it is stored: line ends as ``\\n``, other control characters stripped.

    Refused when it is empty, longer than 4000 characters, or holds NUL or half a surrogate pair.
    """
    cleaned = _clean(text, field="text", longest=MAX_TEXT)
    if not cleaned.strip():
        raise Invalid("message-empty", field="text")
    return cleaned


def note_text(text: str) -> str:
    """The note of after-contact work; may be empty."""
    return _clean(text, field="note", longest=MAX_NOTE).strip()


def visitor_name(name: str | None) -> str | None:
    """What a visitor calls itself, on one line; None when nothing is left of it."""
    if name is None:
        return None
    cleaned = " ".join(without_directions(_clean(name, field="name", longest=MAX_NAME)).split())
    return cleaned or None


def one_line(text: str, *, field: str, longest: int) -> str:
    """A title or name on one line; refused when nothing is left of it."""
    cleaned = " ".join(without_directions(_clean(text, field=field, longest=longest)).split())
    if not cleaned:
        raise Invalid("text-empty", field=field)
    return cleaned


def reply_text(text: str) -> str:
    """What a quick reply says; shorter than a message, since its variables are still to be filled."""
    cleaned = message_text(text)
    if len(cleaned) > MAX_REPLY:
        raise Invalid("text-too-long", field="text", max=MAX_REPLY)
    return cleaned


def disposition_code(code: str) -> str:
    """A code that reports may rely on: small letters, digits, and single dashes or dots between them."""
    if len(code) > MAX_CODE or not _CODE.match(code):
        raise Invalid("disposition-code-not-a-code", field="code", max=MAX_CODE)
    return code


def claimed_number(number: str | None) -> str | None:
    """The number a visitor claims to have, without spaces and dashes. It proves nothing."""
    if number is None or not number.strip():
        return None
    digits = number.replace(" ", "").replace("-", "")
    if not (digits.isascii() and _NUMBER.match(digits)):
        raise Invalid("number-not-a-number", field="msisdn", min=3, max=15)
    return digits


def visitor_locale(locale: str) -> str:
    """A language tag (RFC 5646), as far as we tell them apart."""
    if not _LOCALE.match(locale):
        raise Invalid("locale-unknown", field="locale")
    return locale


def _clean(text: str, *, field: str, longest: int) -> str:
    if len(text) > longest * 2:
        # Do not look through a novel only to say that it is too long.
        raise Invalid("text-too-long", field=field, max=longest)
    if "\x00" in text:
        raise Invalid("text-holds-nul", field=field)
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise Invalid("text-not-unicode", field=field)
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(c for c in text if c in _KEPT_CONTROLS or unicodedata.category(c) != "Cc")
    if len(text) > longest:
        raise Invalid("text-too-long", field=field, max=longest)
    return text


def conversation_topic(conversation_id: UUID) -> str:
    """The realtime topic of a conversation, written in the one way in which it is published."""
    return f"{CONVERSATION_TOPIC}:{conversation_id}"


def agent_topic(agent_id: UUID) -> str:
    """The realtime topic of an agent's desk."""
    return f"{AGENT_TOPIC}:{agent_id}"


def topic_id(topic: str) -> UUID | None:
    """The id in a topic's name; None when it is not written as it is published, and so would never be heard."""
    prefix, _, text = topic.partition(":")
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if topic == f"{prefix}:{found}" else None
