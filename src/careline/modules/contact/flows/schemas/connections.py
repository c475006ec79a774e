"""What the endpoints of connections take and give."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.contact.flows.views import ConnectionChange


class Connection(BaseModel):
    """A business system that flows may ask. Its secret is shown to nobody."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    url: str
    header: str
    has_secret: bool
    let_through: bool
    version: int


class ConnectionList(BaseModel):
    """All connections of the tenant."""

    items: list[Connection]


class ConnectionWanted(BaseModel):
    """What a connection is to be. Without ``secret`` it keeps the one it has; an empty one takes it away."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: Annotated[str, Field(min_length=1, max_length=60)]
    url: Annotated[str, Field(min_length=1, max_length=500)]
    header: Annotated[str, Field(max_length=64)] = "Authorization"
    secret: Annotated[str | None, Field(max_length=2000, repr=False)] = None
    let_through: bool = Field(default=False, description="When the system fails, customers go on as if it had agreed")

    def change(self) -> ConnectionChange:
        """As flows take it."""
        return ConnectionChange(
            name=self.name, url=self.url, header=self.header, secret=self.secret, let_through=self.let_through
        )


class NewConnection(ConnectionWanted):
    """A connection to be made."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class ConnectionChanged(ConnectionWanted):
    """What a connection is to be that is still at ``version``."""

    version: int
