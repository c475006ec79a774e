"""Invitations to choose a password."""

from typing import Annotated

from pydantic import Field

from careline.modules.directory.identity.schemas.shared import Password, Sent, Shown

Token = Annotated[str, Field(max_length=100)]


class InvitationWanted(Sent):
    """The token of a link."""

    token: Token


class InvitedShown(Shown):
    """Whom a link is for."""

    tenant_code: str
    tenant_name: str
    login: str
    display_name: str


class FirstPasswordWanted(Sent):
    """The token of a link, and the password that its owner chose."""

    token: Token
    password: Password
