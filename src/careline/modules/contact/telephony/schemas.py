"""What telephony's endpoints take and give."""

from pydantic import BaseModel, ConfigDict, Field


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
