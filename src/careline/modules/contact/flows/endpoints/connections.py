"""HTTP of connections to business systems."""

from typing import Annotated

from fastapi import APIRouter, Query

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.contact.flows.schemas.connections import (
    Connection,
    ConnectionChanged,
    ConnectionList,
    NewConnection,
)
from careline.modules.contact.flows.services.connections import Connections

Reader = Annotated[Actor, requires("flow:read")]
Manager = Annotated[Actor, requires("flow:connect")]


def add_connections(router: APIRouter, connections: Connections) -> None:
    """For administrators. Who may write flows does not set with it where they lead."""

    @router.get("/flow-connections")
    async def all_connections(actor: Reader) -> ConnectionList:
        """All connections, by code."""
        found = await connections.all(actor.tenant_id)
        return ConnectionList(items=[Connection.model_validate(one) for one in found])

    @router.post("/flow-connections", status_code=201)
    async def make_connection(new: NewConnection, actor: Manager) -> Connection:
        """Make a connection. Its host must be among those that whoever runs the installation has named."""
        return Connection.model_validate(await connections.make(actor, new.code, new.change()))

    @router.put("/flow-connections/{code}")
    async def change_connection(code: str, wanted: ConnectionChanged, actor: Manager) -> Connection:
        """Change a connection. Led to another system it needs its secret anew."""
        return Connection.model_validate(await connections.change(actor, code, wanted.version, wanted.change()))

    @router.delete("/flow-connections/{code}", status_code=204)
    async def remove_connection(code: str, actor: Manager, version: Annotated[int, Query(ge=1)]) -> None:
        """Remove a connection; flows that ask it take their way for a failure from then on."""
        await connections.remove(actor, code, version)
