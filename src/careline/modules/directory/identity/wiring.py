"""Puts identity together."""

from collections.abc import Callable
from functools import partial

import msgspec
from fastapi import APIRouter
from starlette.requests import HTTPConnection

from careline.infra.database.database import Database
from careline.infra.http import UserSession
from careline.infra.jobs.jobs import Jobs
from careline.infra.realtime.live import Live
from careline.infra.sealing import Sealing
from careline.kernel.clock import Clock
from careline.modules.directory.identity import live as identity_live
from careline.modules.directory.identity import tasks
from careline.modules.directory.identity.endpoints.account import build_account_router
from careline.modules.directory.identity.endpoints.audit import build_audit_router
from careline.modules.directory.identity.endpoints.external import build_external_router
from careline.modules.directory.identity.endpoints.factors import build_factor_router, build_factor_rules_router
from careline.modules.directory.identity.endpoints.invitations import build_invitation_router
from careline.modules.directory.identity.endpoints.organisation import build_organisation_router
from careline.modules.directory.identity.endpoints.roles import build_roles_router
from careline.modules.directory.identity.endpoints.service_accounts import build_service_account_router
from careline.modules.directory.identity.endpoints.session import build_session_router, signed_in_of, user_session
from careline.modules.directory.identity.endpoints.users import build_users_router
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.ports import AgentDirectory, External
from careline.modules.directory.identity.services.denials import Denials
from careline.modules.directory.identity.views import PasswordCost, SignedIn


class IdentityModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of identity."""

    facade: Identity
    denials: Denials

    async def start(self) -> None:
        """Give everybody the roles of this version, and begin to write down what is denied."""
        await self.facade.refresh_built_in_roles()
        await self.denials.start()

    async def user_session(self, request: HTTPConnection) -> UserSession:
        """Who sent a request, for ``careline.infra.http``. Raises ``NotSignedIn``."""
        return await user_session(self.facade, request)

    async def signed_in(self, request: HTTPConnection) -> SignedIn:
        """The same with everything that is known, for realtime and for the way of browsers' calls."""
        return await signed_in_of(self.facade, request)

    def routers(self, agents: AgentDirectory, *, secure: bool) -> list[Callable[[], APIRouter]]:
        """The routes, once it is known who can say which agent a user is."""
        return [
            partial(build_session_router, self.facade, agents, secure=secure),
            partial(build_external_router, self.facade, secure=secure),
            partial(build_account_router, self.facade),
            partial(build_factor_router, self.facade),
            partial(build_factor_rules_router, self.facade),
            partial(build_invitation_router, self.facade),
            partial(build_service_account_router, self.facade),
            partial(build_users_router, self.facade),
            partial(build_roles_router, self.facade),
            partial(build_organisation_router, self.facade),
            partial(build_audit_router, self.facade),
        ]


def build(
    database: Database,
    clock: Clock,
    live: Live,
    jobs: Jobs,
    cost: PasswordCost,
    sealing: Sealing,
    external: External | None = None,
) -> IdentityModule:
    """Make identity. ``cost`` is what each password costs; tests take less."""
    facade = Identity(database, clock, cost, sealing, external=external)
    identity_live.register(live)
    tasks.register(jobs, facade)
    denials = Denials(database, clock, facade.trail)
    live.hub.on_refused(denials.note)
    return IdentityModule(facade, denials)
