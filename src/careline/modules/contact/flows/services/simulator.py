"""Flows tried out: a draft, a version, or a definition that is being written."""

from typing import Any

from careline.kernel.errors import Invalid
from careline.kernel.tenancy import TenantId
from careline.modules.contact.flows.engine.checking import called, problems
from careline.modules.contact.flows.engine.flow import Flow
from careline.modules.contact.flows.engine.interpreter import Called
from careline.modules.contact.flows.engine.simulating import Played, Scene, play
from careline.modules.contact.flows.services.studio import Studio
from careline.modules.contact.flows.services.versions import Versions

_CANNOT_BE_RUN = frozenset({"step-missing", "way-leads-nowhere"})


class Simulator:
    """Plays a flow with a customer and a house that are made up."""

    def __init__(self, studio: Studio, versions: Versions) -> None:
        self._studio = studio
        self._versions = versions

    async def play(
        self,
        tenant_id: TenantId,
        scene: Scene,
        *,
        code: str = "",
        version: int | None = None,
        definition: dict[str, Any] | None = None,
    ) -> Played:
        """How it goes. Raises ``Invalid`` for what cannot be read or leads nowhere, ``flow-not-found``."""
        if definition is None:
            definition = (
                (await self._studio.flow(tenant_id, code)).definition
                if version is None
                else (await self._versions.one(tenant_id, code, version)).definition
            )
        flow = self._studio.read_definition(definition)
        for problem in problems(flow, code=code):
            if problem.code in _CANNOT_BE_RUN:
                raise Invalid(
                    "flow-has-problems",
                    field=f"steps/{problem.step}",
                    problem=problem.code,
                    detail=problem.detail,
                    count=1,
                )
        return await play(
            flow,
            scene,
            library=await self._library(tenant_id, flow),
            speaks=self._studio.speaks,
            zone=await self._studio.time_zone(tenant_id),
        )

    async def _library(self, tenant_id: TenantId, flow: Flow) -> dict[str, Called]:
        """What it calls, in the versions in force."""
        known = await self._studio.flows_below(tenant_id, called(flow))
        return {one.code: Called(version=one.version, flow=self._studio.read(one)) for one in known}
