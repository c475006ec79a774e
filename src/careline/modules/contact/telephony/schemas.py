"""What telephony's endpoints take and give."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from careline.modules.contact.telephony.engine.entries import overlaps
from careline.modules.contact.telephony.services.numbers import Leading
from careline.modules.contact.telephony.views import FlowChoice, NumberView, OverlapKind, When
from careline.modules.core.hours.views import CalendarView


class Softphone(BaseModel):
    """What a browser needs to register its phone. The realm is the host of ``sip_uri``."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(description="User part of the SIP address, and user name for digest authentication")
    secret: str
    sip_uri: str
    sip_path: str = Field(description="Path of the WebSocket that carries SIP (RFC 7118)")


class DemoPhoneWanted(BaseModel):
    """The number to call as."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(pattern=r"^[0-9]{3,15}$", examples=["13800006021"])


class DemoPhone(Softphone):
    """A demo phone and the numbers that it may dial."""

    numbers: list[str]


Flow = Annotated[str, Field(min_length=1, max_length=80)]
"""The code of a flow."""


class EntryRuleShown(BaseModel):
    """A rule of a number. All that is set of it has to fit; what is left empty asks for nothing."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    flow: Flow
    calendar_id: UUID | None = None
    when: When = When.OPEN
    prefixes: list[Annotated[str, Field(max_length=20)]] = Field(default=[], max_length=200)
    levels: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=50)


class NumberLeading(BaseModel):
    """What a number is called, and where it leads: by the first rule that fits, or to its entry flow."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=400)]
    entry_flow: Flow
    rules: Annotated[list[EntryRuleShown], Field(max_length=100)] = []

    def leading(self) -> Leading:
        """As telephony takes it."""
        return msgspec.convert(self.model_dump(mode="json", include={"name", "entry_flow", "rules"}), Leading)


class NumberWanted(NumberLeading):
    """A number that shall lead to us."""

    number: Annotated[str, Field(min_length=1, max_length=40, examples=["4008800123", "+861012345678"])]


class NumberChangeWanted(NumberLeading):
    """Where a number shall lead, and the version that was looked at."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class OverlapShown(BaseModel):
    """Two rules, counted from 0, that some caller fits both of; the earlier one has them. With ``never`` nobody
    comes to the later one."""

    model_config = ConfigDict(from_attributes=True)

    kind: OverlapKind
    earlier: int
    later: int


class NumberShown(NumberLeading):
    """A number, where it leads, what is odd about that, and who changed it last (null for the system).

    ``not_published`` names flows that it leads to and that are not in force: their callers reach the safe way out.
    """

    id: UUID
    number: str
    version: int
    changed_at: datetime | None
    changed_by: str | None
    overlaps: list[OverlapShown]
    not_published: list[str]

    @classmethod
    def of(cls, view: NumberView, flows: Collection[str], names: Mapping[UUID, str]) -> "NumberShown":
        """From the record of telephony."""
        wanted = [view.entry_flow, *(rule.flow for rule in view.rules)]
        return cls(
            id=view.id,
            number=view.number,
            name=view.name,
            entry_flow=view.entry_flow,
            rules=[EntryRuleShown.model_validate(rule) for rule in view.rules],
            version=view.version,
            changed_at=view.changed_at,
            changed_by=None if view.changed_by is None else names.get(view.changed_by),
            overlaps=[OverlapShown.model_validate(one) for one in overlaps(view.rules)],
            not_published=[code for code in dict.fromkeys(wanted) if code not in flows],
        )


class NumberList(BaseModel):
    """Numbers, in order; all on one page."""

    items: list[NumberShown]
    next: str | None = None


class FlowChoiceShown(BaseModel):
    """A flow that is in force."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str


class CalendarChoiceShown(BaseModel):
    """A calendar by its name."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str


class NumberChoices(BaseModel):
    """What a number may lead to, and the calendars that its rules may ask."""

    flows: list[FlowChoiceShown]
    calendars: list[CalendarChoiceShown]

    @classmethod
    def of(cls, flows: Sequence[FlowChoice], calendars: Sequence[CalendarView]) -> "NumberChoices":
        """From the records of telephony and hours."""
        return cls(
            flows=[FlowChoiceShown.model_validate(flow) for flow in flows],
            calendars=[CalendarChoiceShown.model_validate(calendar) for calendar in calendars],
        )
