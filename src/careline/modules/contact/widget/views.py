"""Frozen records that the widget hands out."""

import enum
from datetime import datetime
from uuid import UUID

import msgspec


class Side(enum.StrEnum):
    """The corner of the page in which the widget stands."""

    RIGHT = "right"
    LEFT = "left"


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How the widget and the customer page look. ``color`` is ``#rrggbb``; ``sites`` are origins that may carry it.

    ``avatar`` is one or two letters, ``picture`` the id of a picture that stands in their place; both may be missing.
    """

    color: str = "#2459d6"
    greeting_zh: str = "您好，请问有什么可以帮您？"
    greeting_en: str = "Hello, how can we help you?"
    side: Side = Side.RIGHT
    avatar: str = ""
    picture: UUID | None = None
    sites: list[str] = []


class LookVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A look with its number. ``published_at`` is None while it is the draft, whose changes ``revision`` counts."""

    number: int
    revision: int
    look: Look
    made_by: UUID | None
    changed_at: datetime
    published_at: datetime | None


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """All looks of a tenant: the draft, if there is one, what customers see, and what they saw, newest first.

    ``ours`` is what they see while nothing was published.
    """

    ours: Look = Look()
    draft: LookVersion | None
    published: LookVersion | None
    past: list[LookVersion]
