"""Whether the process lives and whether its parts can work."""

from fastapi import APIRouter, Response

from careline.bootstrap import Careline
from careline.infra.http import public


def build_router(careline: Careline) -> APIRouter:
    """``/healthz`` for who restarts processes, ``/readyz`` for who sends them work and for people."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", dependencies=[public()])
    async def healthz() -> dict[str, str]:
        """The process lives and its event loop turns."""
        return {"status": "alive"}

    @router.get("/readyz", dependencies=[public()], responses={503: {"description": "a part is not ready"}})
    async def readyz(response: Response) -> dict[str, object]:
        """Each part with its reason; 503 when one that is needed is not ready."""
        states = await careline.states()
        ready = all(state.ready for state in states.values())
        if not ready:
            response.status_code = 503
        parts = [
            {"name": name, "ready": state.ready, "reason": state.reason, "params": state.params}
            for name, state in states.items()
        ]
        return {"ready": ready, "parts": parts}

    return router
