"""HTTP of the simulator."""

from typing import Annotated

from fastapi import APIRouter

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.contact.flows.schemas.simulating import Simulation, SimulationWanted
from careline.modules.contact.flows.services.simulator import Simulator


def add_simulator(router: APIRouter, simulator: Simulator) -> None:
    """For whoever writes flows."""

    @router.post("/flow-simulations")
    async def simulate(wanted: SimulationWanted, actor: Annotated[Actor, requires("flow:read")]) -> Simulation:
        """Try a flow out as text, as far as the scene reaches. Nothing leaves the house, nothing is stored."""
        return Simulation.of(
            await simulator.play(
                actor.tenant_id,
                wanted.scene.scene(),
                code=wanted.code,
                version=wanted.version,
                definition=wanted.definition,
            )
        )
