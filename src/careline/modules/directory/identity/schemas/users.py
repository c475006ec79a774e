"""Shapes of users and of what is granted to them."""

from typing import Annotated
from uuid import UUID

import msgspec
from pydantic import BaseModel, Field

from careline.modules.directory.identity.permissions import Scope
from careline.modules.directory.identity.schemas.shared import Name, Sent, Shown
from careline.modules.directory.identity.views import GrantView, NewUser, UserChange, UserView

RoleCode = Annotated[str, Field(min_length=1, max_length=64)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class GrantShown(Shown):
    """A role that somebody holds, by its code; ``scope`` narrows what it permits, null leaves it as the role says."""

    role: str
    scope: Scope | None


class UserShown(BaseModel):
    """A user. ``password_issued``: whoever signs in must first choose a password. ``version`` goes back with
    changes."""

    id: UUID
    login: str
    display_name: str
    org_unit_id: UUID
    post_id: UUID | None
    active: bool
    locale: str
    password_issued: bool
    grants: list[GrantShown]
    version: int

    @classmethod
    def of(cls, user: UserView, grants: list[GrantView]) -> "UserShown":
        """A user with what was granted."""
        return cls(**msgspec.structs.asdict(user), grants=[GrantShown.model_validate(grant) for grant in grants])


class UserDetail(UserShown):
    """A user; ``sessions`` says in how many browsers the user is signed in now."""

    sessions: int


class UserList(BaseModel):
    """Users by login; ``next`` goes into ``after``."""

    items: list[UserShown]
    next: str | None


class UserWanted(Sent):
    """A user to be made, in the root department without ``org_unit_id``; roles are granted by who may."""

    login: Name
    display_name: Name
    org_unit_id: UUID | None = None
    post_id: UUID | None = None
    locale: Name = "zh-CN"

    def new(self, password: str) -> NewUser:
        """The same with a password that must be changed."""
        return NewUser(**self.model_dump(), password=password, password_issued=True)


class UserMade(BaseModel):
    """The new user, and the password for the first sign-in, which is told this once."""

    user: UserShown
    password: str


class PasswordMade(BaseModel):
    """A password that is told this once and must be changed at the next sign-in."""

    password: str


class UserChangeWanted(Sent):
    """What to change of a user; what is missing stays. ``post_id`` null takes the post away."""

    display_name: Name | None = None
    org_unit_id: UUID | None = None
    post_id: UUID | None = None
    active: bool | None = None
    locale: Name | None = None
    version: Version

    def change(self) -> UserChange:
        """The same as the services take it."""
        return UserChange(
            display_name=self.display_name,
            org_unit_id=self.org_unit_id,
            post_id=self.post_id if "post_id" in self.model_fields_set else msgspec.UNSET,
            active=self.active,
            locale=self.locale,
        )


class GrantWanted(Sent):
    """A role that somebody shall hold; ``scope`` narrows what it permits."""

    role: RoleCode
    scope: Scope | None = None


class GrantsWanted(Sent):
    """All roles that the user shall hold."""

    grants: Annotated[list[GrantWanted], Field(max_length=50)]
    version: Version
