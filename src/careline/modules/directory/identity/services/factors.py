"""Second factors: enrolling one's own, proving it, and what happens when it is lost."""

import logging
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.sealing import SealBroken, Sealing
from careline.kernel.clock import Clock
from careline.kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from careline.modules.directory.identity.engine import one_time
from careline.modules.directory.identity.engine.one_time import Fit
from careline.modules.directory.identity.engine.pending import FactorNeed
from careline.modules.directory.identity.repository import factors as rows
from careline.modules.directory.identity.repository import users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.services.sessions import Sessions
from careline.modules.directory.identity.services.throttle import Throttle, of_code
from careline.modules.directory.identity.services.users import Users
from careline.modules.directory.identity.views import Enrolment, FactorView, SignedIn, SignInPolicyView

logger = logging.getLogger(__name__)

PURPOSE = "second-factor"
RECOVERY = "recovery-code"

_REFUSED = {
    Fit.USED: "code-used",
    Fit.PAST: "code-expired",
    # Who guesses is not told which code will be good in a minute.
    Fit.EARLY: "code-wrong",
    Fit.WRONG: "code-wrong",
}
REFUSALS = frozenset({*_REFUSED.values(), "code-early", "recovery-code-wrong"})
"""What may be wrong with a code."""


class Factors:
    """Keeps second factors. A secret leaves once, to its owner, when it is made; a code works once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sealing: Sealing,
        audit: AuditTrail,
        throttle: Throttle,
        kept: Sessions,
        known: Users,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sealing = sealing
        self._audit = audit
        self._throttle = throttle
        self._sessions = kept
        self._users = known

    async def state(self, who: SignedIn) -> FactorView:
        """The caller's own second factor."""
        async with self._database.reading(who.tenant.id) as reading:
            known = await rows.factor(reading, who.user.id)
            left = await rows.codes_left(reading, who.user.id)
        since = None if known is None else known.confirmed_at
        return FactorView(since=since, codes_left=left, needed=who.standing.second_factor_needed)

    async def enrol(self, who: SignedIn) -> Enrolment:
        """Make a secret, which is in use when a code of it was given. The caller's password was just confirmed."""
        secret = one_time.new_secret()
        sealed = self._sealing.seal(secret, purpose=PURPOSE, bound_to=str(who.user.id))
        async with self._database.transaction(who.tenant.id, actor=who.actor.ref) as tx:
            await users.hold(tx, who.user.id)
            known = await rows.factor(tx, who.user.id)
            if known is not None and known.confirmed_at is not None:
                raise Conflict("second-factor-on")
            await rows.begin_factor(tx, who.user.id, sealed)
        issuer = f"Careline {who.tenant.name}"
        return Enrolment(
            secret=one_time.shown_secret(secret),
            uri=one_time.enrolment_uri(secret, issuer=issuer, account=f"{who.user.login}@{who.tenant.code}"),
        )

    async def confirm(self, who: SignedIn, code: str) -> list[str]:
        """Take the secret into use; the recovery codes, shown this once. Other sessions of the user end.

        Raises ``Forbidden`` ("code-wrong", "code-used", "code-expired", "code-early"), ``Conflict``
        ("second-factor-not-begun", "second-factor-on").
        """
        await self._throttle.count(of_code(who.user.id))
        async with self._database.reading(who.tenant.id) as reading:
            known = await rows.factor(reading, who.user.id)
        if known is None or known.confirmed_at is not None:
            raise Conflict("second-factor-not-begun" if known is None else "second-factor-on")
        fit, step = self._judged(who.user.id, known, code)
        if fit is not Fit.GOOD:
            # Whose phone this is has just typed the password: a clock that is ahead may be told, too.
            raise Forbidden("code-early" if fit is Fit.EARLY else _REFUSED[fit], field="code")
        codes, marks = self._new_codes(who.user.id)
        async with self._database.transaction(who.tenant.id, actor=who.actor.ref) as tx:
            await users.hold(tx, who.user.id)
            current = await rows.factor(tx, who.user.id)
            if current is None or current.sealed_secret != known.sealed_secret or current.confirmed_at is not None:
                raise Conflict("second-factor-not-begun")
            await rows.use_step(tx, who.user.id, step)
            await rows.confirm_factor(tx, who.user.id)
            await rows.replace_codes(tx, who.user.id, marks)
            await self._throttle.forget(tx, of_code(who.user.id))
            await self._sessions.end_all(tx, who.actor, who.user.id, "second-factor-on", but=who.session_id)
            self._audit.record(tx, who.actor, "second-factor.enrolled", who.user.id, {})
        return codes

    async def renew_codes(self, who: SignedIn, code: str) -> list[str]:
        """New recovery codes instead of the old ones, shown this once. Raises ``Forbidden`` as ``refusal`` says."""
        await self._prove(who, code)
        codes, marks = self._new_codes(who.user.id)
        async with self._database.transaction(who.tenant.id, actor=who.actor.ref) as tx:
            await users.hold(tx, who.user.id)
            if await rows.factor(tx, who.user.id) is None:
                raise Conflict("second-factor-off")
            await rows.replace_codes(tx, who.user.id, marks)
            self._audit.record(tx, who.actor, "second-factor.codes-renewed", who.user.id, {})
        return codes

    async def turn_off(self, who: SignedIn, code: str) -> None:
        """Forget the caller's second factor, whose password was confirmed. Raises ``Forbidden`` as ``refusal`` says."""
        await self._prove(who, code)
        async with self._database.transaction(who.tenant.id, actor=who.actor.ref) as tx:
            await users.hold(tx, who.user.id)
            await rows.remove_factor(tx, who.user.id)
            self._audit.record(tx, who.actor, "second-factor.turned-off", who.user.id, {})

    async def reset(self, actor: Actor, user_id: UUID) -> None:
        """Forget a lost second factor of a user within the actor's reach; all sessions of the user end.

        Raises ``NotFound`` ("user-not-found", "second-factor-off") or ``Forbidden``.
        """
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await self._users.within_reach(tx, actor, user_id)
            if not await rows.remove_factor(tx, user_id):
                raise NotFound("second-factor-off")
            await self._throttle.forget(tx, of_code(user_id))
            await self._sessions.end_all(tx, actor, user_id, "second-factor-reset", but=None)
            self._audit.record(tx, actor, "second-factor.reset", user_id, {})

    async def refusal(self, tenant_id: TenantId, user_id: UUID, code: str | None) -> str | None:
        """Why a user may not come in with this code; None when they may, and it is used by it.

        "code-wrong", "code-used", "code-expired" or "recovery-code-wrong". Without a second factor everybody may.

        Raises ``NotSignedIn`` ("second-factor-needed") when a code is needed and none was given, ``TooMany``.
        """
        async with self._database.glance(tenant_id) as reading:
            known = await rows.factor(reading, user_id)
        if known is None or known.confirmed_at is None:
            return None
        if code is None:
            raise NotSignedIn("second-factor-needed", field="code")
        await self._throttle.count(of_code(user_id))
        fit, step = self._judged(user_id, known, code)
        actor = Actor(tenant_id=tenant_id, kind=ActorKind.USER, id=user_id)
        async with self._database.transaction(tenant_id, actor=actor.ref) as tx:
            why: str | None
            if fit is Fit.GOOD:
                # Two at once may have come with it.
                why = None if await rows.use_step(tx, user_id, step) else _REFUSED[Fit.USED]
            elif (recovery := one_time.recovery_code(code)) is not None:
                why = "recovery-code-wrong"
                if await rows.use_code(tx, user_id, self._mark(user_id, recovery)):
                    why = None
                    self._audit.record(tx, actor, "second-factor.recovery-code-used", user_id, {})
            else:
                why = _REFUSED[fit]
            if why is None:
                await self._throttle.forget(tx, of_code(user_id))
        return why

    async def policy(self, tenant_id: TenantId) -> SignInPolicyView:
        """What a tenant asks of those who sign in."""
        async with self._database.reading(tenant_id) as reading:
            return await rows.policy(reading, tenant_id)

    async def set_policy(self, actor: Actor, need: FactorNeed, *, version: int) -> SignInPolicyView:
        """Ask for a second factor or stop asking. Raises ``Conflict`` ("sign-in-policy-changed") at another version."""
        wanted = SignInPolicyView(second_factor=need, version=version + 1)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if not await rows.put_policy(tx, wanted):
                raise Conflict("sign-in-policy-changed", field="version")
            self._audit.record(tx, actor, "sign-in-policy.changed", None, {"second_factor": need.value})
        return wanted

    async def _prove(self, who: SignedIn, code: str) -> None:
        if who.standing.second_factor is False:
            raise Conflict("second-factor-off")
        if (why := await self.refusal(who.tenant.id, who.user.id, code)) is not None:
            raise Forbidden(why, field="code")

    def _judged(self, user_id: UUID, known: rows.StoredFactor, code: str) -> tuple[Fit, int]:
        try:
            secret = self._sealing.open(known.sealed_secret, purpose=PURPOSE, bound_to=str(user_id))
        except SealBroken as broken:
            logger.error("the second factor of user %s cannot be opened: %s", user_id, broken)
            return Fit.WRONG, 0
        return one_time.judged(secret, code, self._clock.now(), after=known.last_step)

    def _new_codes(self, user_id: UUID) -> tuple[list[str], list[str]]:
        codes = one_time.new_recovery_codes()
        return codes, [self._mark(user_id, one_time.recovery_code(code) or code) for code in codes]

    def _mark(self, user_id: UUID, code: str) -> str:
        return self._sealing.mark(f"{user_id} {code}", purpose=RECOVERY)
