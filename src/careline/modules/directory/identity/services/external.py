"""Signing in through another provider: begun here, proven there, and finished here by the same browser."""

import hmac
import logging
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.sealing import SealBroken, Sealing
from careline.kernel.clock import Clock
from careline.kernel.errors import AdapterFailure, DomainError, NotSignedIn, Unavailable
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.engine.handshake import GOOD_FOR, START, Handshake, new_handshake
from careline.modules.directory.identity.ports import External
from careline.modules.directory.identity.repository import external as bindings
from careline.modules.directory.identity.repository import roles, tenants, users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.services.sessions import Sessions
from careline.modules.directory.identity.services.sign_in import SignIn
from careline.modules.directory.identity.services.throttle import Throttle, of_secret
from careline.modules.directory.identity.services.users import Users
from careline.modules.directory.identity.views import (
    ExternalBeginning,
    ExternalPerson,
    ExternalSettings,
    NewUser,
    Opened,
    TenantView,
)

logger = logging.getLogger(__name__)

PURPOSE = "external-sign-in"
ANYBODY = "browser"


class Bindings:
    """Who of a provider's people is which user is learnt at the first sign-in, and forgotten here."""

    def __init__(self, database: Database, audit: AuditTrail, kept: Sessions) -> None:
        self._database = database
        self._audit = audit
        self._sessions = kept

    async def forget(self, actor: Actor, user_id: UUID) -> None:
        """The user's next sign-in through a provider binds anew; every session of the user ends."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await users.hold(tx, user_id)
            await bindings.unbind(tx, user_id)
            await self._sessions.end_all(tx, actor, user_id, "unbound", but=None)
            self._audit.record(tx, actor, "user.unbound", user_id, {})


class ExternalSignIn:
    """Opens sessions for whom a provider vouches. Who is not known here gets in only when settings say so."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sealing: Sealing,
        throttle: Throttle,
        sign_in: SignIn,
        known: Users,
        external: External,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sealing = sealing
        self._throttle = throttle
        self._sign_in = sign_in
        self._users = known
        self._provider = external.provider
        self._settings = external.settings
        self._used: dict[str, float] = {}

    @property
    def settings(self) -> ExternalSettings:
        """How it is called and whose it is."""
        return self._settings

    async def begin(self, wanted: str | None) -> ExternalBeginning:
        """Where to send the browser, and what it has to bring back.

        Raises ``Unavailable`` ("provider-not-answering").
        """
        shaken = new_handshake(wanted, self._clock.now())
        try:
            address = await self._provider.address(
                state=shaken.state,
                nonce=shaken.nonce,
                challenge=shaken.challenge,
                redirect_uri=self._settings.redirect_uri,
            )
        except AdapterFailure as failure:
            logger.warning("signing in elsewhere could not begin: %s", failure.reason)
            raise Unavailable("provider-not-answering") from None
        sealed = self._sealing.seal(msgspec.json.encode(shaken), purpose=PURPOSE, bound_to=ANYBODY)
        return ExternalBeginning(address=address, kept=sealed)

    async def finish(
        self, *, kept: str, state: str, code: str, address: str, user_agent: str, replaces: str | None
    ) -> tuple[Opened, str]:
        """The session, and the path to go to.

        Raises ``NotSignedIn`` ("external-sign-in-stale", "external-sign-in-failed", "external-person-unknown"),
        ``TooMany`` ("too-many-attempts").
        """
        shaken = self._shaken(kept, state)
        # Whoever begins anew each time could have us ask the provider, and fail there, as often as they like.
        tries = of_secret("external", address)
        await self._throttle.count(tries)
        try:
            person = await self._provider.person(
                code=code, verifier=shaken.verifier, nonce=shaken.nonce, redirect_uri=self._settings.redirect_uri
            )
        except AdapterFailure as failure:
            logger.warning("signing in elsewhere failed: %s", failure.reason)
            raise NotSignedIn("external-sign-in-failed") from None
        tenant, user_id = await self._matched(person)
        opened = await self._sign_in.vouched(
            tenant, person, user_id, address=address, user_agent=user_agent, replaces=replaces
        )
        await self._throttle.take_back(tries)
        return opened, shaken.next

    def wanted(self, kept: str) -> str:
        """The path to which what was begun in this browser should have led; ``/`` when nothing tells."""
        try:
            return self._opened(kept).next
        except NotSignedIn:
            return START

    def _opened(self, kept: str) -> Handshake:
        try:
            raw = self._sealing.open(kept, purpose=PURPOSE, bound_to=ANYBODY)
            return msgspec.json.decode(raw, type=Handshake)
        except (SealBroken, msgspec.DecodeError):
            raise NotSignedIn("external-sign-in-stale") from None

    def _shaken(self, kept: str, state: str) -> Handshake:
        """What was begun in this browser; each is finished once."""
        shaken = self._opened(kept)
        now = self._clock.monotonic()
        self._used = {one: at for one, at in self._used.items() if now - at < GOOD_FOR.total_seconds()}
        same = hmac.compare_digest(shaken.state.encode(), state.encode("utf-8", "surrogatepass"))
        if not same or shaken.is_over(self._clock.now()) or shaken.state in self._used:
            raise NotSignedIn("external-sign-in-stale")
        self._used[shaken.state] = now
        return shaken

    async def _matched(self, person: ExternalPerson) -> tuple[TenantView, UUID]:
        """Who it is here: whom they came in as before, else the user with their login, else somebody new."""
        async with self._database.system_glance() as reading:
            tenant = await tenants.tenant_by_code(reading, self._settings.tenant)
        if tenant is None:
            logger.error("CARELINE_OIDC_TENANT names no tenant")
            raise NotSignedIn("external-sign-in-failed")
        async with self._database.glance(tenant.id) as reading:
            bound = await bindings.bound_user(reading, person.issuer, person.subject)
        if bound is not None:
            return tenant, bound
        try:
            login = rules.checked_login(person.login)
        except DomainError:
            raise NotSignedIn("external-person-unknown") from None
        async with self._database.glance(tenant.id) as reading:
            user = await users.user_by_login(reading, login)
        if user is None:
            await self._check_created(tenant)
            role = self._settings.create_role
            wanted = NewUser(login=login, display_name=person.display_name, roles=() if role is None else (role,))
            user = await self._users.create(system_actor(tenant.id), wanted)
        return tenant, user.id

    async def _check_created(self, tenant: TenantView) -> None:
        """Pass when somebody who is not known yet gets a role, which is no administrator's: nobody chose them."""
        if self._settings.create_role is None:
            raise NotSignedIn("external-person-unknown")
        async with self._database.reading(tenant.id) as reading:
            role = next((one for one in await roles.roles(reading) if one.code == self._settings.create_role), None)
        if role is None or role.administrator is not None:
            logger.error("CARELINE_OIDC_CREATE_ROLE names %s", "no role" if role is None else "an administrator's role")
            raise NotSignedIn("external-sign-in-failed")
