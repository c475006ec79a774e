"""Second factors."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from careline.modules.directory.identity.engine.pending import FactorNeed
from careline.modules.directory.identity.schemas.shared import Code, Password, Sent, Shown


class FactorShown(Shown):
    """My second factor; ``since`` is null while there is none, ``needed`` when the centre asks me for one."""

    since: datetime | None
    codes_left: int
    needed: bool


class EnrolmentWanted(Sent):
    """My password, as proof."""

    password: Password


class EnrolmentShown(Shown):
    """For an authenticator app: ``uri`` as a QR code, or ``secret`` typed."""

    secret: str
    uri: str


class CodeWanted(Sent):
    """A code of the authenticator app."""

    code: Code


class FactorOffWanted(Sent):
    """Password and code, as proof."""

    password: Password
    code: Code


class RecoveryCodes(BaseModel):
    """Codes for the day the phone is lost, each good once."""

    codes: list[str]


class SignInPolicy(Shown, Sent):
    """Who is asked for a second factor. ``version`` counts the changes, 0 before the first."""

    second_factor: FactorNeed
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
