"""The HTTP application: what bootstrap put together, at its addresses."""

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Mount

from careline import __version__
from careline.bootstrap import Careline
from careline.entrypoints.demo import callers
from careline.entrypoints.web import health
from careline.entrypoints.web.pages import user_interface
from careline.infra.web.app import prepare
from careline.infra.web.joined import by_first_word

API = "/api/v1"


class Problem(BaseModel):
    """A refusal as problem details (RFC 9457); ``code`` is the translation key ``errors.<code>``."""

    type: str
    title: str
    status: int
    code: str
    params: dict[str, str | int | float | bool | None]
    field: str | None


def create_app(careline: Careline) -> FastAPI:
    """The application with every module's routes below ``/api/v1``, realtime at ``/rt/v1``, and the pages."""
    app = FastAPI(
        title="Careline",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        generate_unique_id_function=_operation_id,
    )
    prepare(
        app,
        careline.callers,
        denied=careline.identity.denials.note,
        frameable=("/widget",),
        secure=careline.settings.tls_certificate is not None,
        shared=f"{API}/visitor",
        origins=careline.sites,
        file_paths=rf"{API}/(visitor|conversations/[0-9a-f-]{{36}})/files",
    )
    routers = [make_router() for make_router in careline.routers]
    if careline.demo_messages is not None:
        routers.append(callers.build_router(careline.demo_messages))
    for router in by_first_word(routers, API):
        app.include_router(
            router, prefix=API, responses={"4XX": {"model": Problem, "description": "Refused, with the reason"}}
        )
    app.include_router(health.build_router(careline))
    app.router.routes.extend(careline.sockets)
    app.router.routes.append(Mount("/", user_interface(careline.settings.ui), name="pages"))
    return app


def _operation_id(route: APIRoute) -> str:
    """``identity_sign_in``: what generated clients call it."""
    tag = str(route.tags[0]) if route.tags else "careline"
    return f"{tag}_{route.name}"
