"""Second factors: enrolled, asked for, used once, lost, and demanded."""

import asyncio
import base64
from datetime import datetime

import pytest
from sqlalchemy import select, text

from careline.infra.database.database import Database
from careline.infra.sealing import Sealing
from careline.kernel.errors import Conflict, DomainError, Forbidden, NotFound, NotSignedIn, TooMany
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.engine import one_time
from careline.modules.directory.identity.engine.pending import FactorNeed
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.models import RecoveryCodeRow, SecondFactorRow
from careline.modules.directory.identity.views import NewUser, Opened, TenantView, UserChange, UserView
from tests.support.clock import FakeClock
from tests.support.house import CHEAP, PASSWORD

HERE = "192.0.2.1"
ELSEWHERE = "198.51.100.7"


async def sign_in(identity: Identity, code: str | None = None, *, login: str = "8021", address: str = HERE) -> Opened:
    return await identity.sign_in("demo", login, PASSWORD, address=address, user_agent="test", code=code)


def code_at(secret: str, now: datetime, *, steps: int = 0) -> str:
    raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return one_time.hotp(raw, one_time.step_of(now) + steps)


async def enrol(identity: Identity, opened: Opened, clock: FakeClock) -> tuple[str, list[str]]:
    """The secret and the recovery codes; a step later, so that the next code is another."""
    made = await identity.begin_second_factor(opened.signed_in, PASSWORD, address=HERE)
    codes = await identity.factors.confirm(opened.signed_in, code_at(made.secret, clock.now()))
    clock.advance(one_time.STEP_S)
    return made.secret, codes


async def refused(identity: Identity, code: str | None, **more: str) -> str:
    with pytest.raises(DomainError) as refusal:
        await sign_in(identity, code, **more)
    return refusal.value.code


async def test_a_code_is_asked_for_and_opens_a_session(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    secret, _ = await enrol(identity, await sign_in(identity), clock)

    assert await refused(identity, None) == "second-factor-needed"
    assert await refused(identity, "000000") == "code-wrong"
    opened = await sign_in(identity, code_at(secret, clock.now()))
    assert (await identity.authenticate(opened.token)).standing.second_factor


async def test_without_the_password_nobody_learns_of_the_second_factor(
    identity: Identity, agent: UserView, clock: FakeClock
) -> None:
    secret, codes = await enrol(identity, await sign_in(identity), clock)
    for code in (None, code_at(secret, clock.now()), codes[0]):
        with pytest.raises(NotSignedIn) as refusal:
            await identity.sign_in("demo", "8021", "wrong password 1", address=HERE, user_agent="x", code=code)
        assert refusal.value.code == "sign-in-failed"
    assert (await identity.factors.state((await sign_in(identity, codes[0])).signed_in)).codes_left == 9


async def test_a_code_works_once_also_for_two_at_once(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    secret, codes = await enrol(identity, await sign_in(identity), clock)
    for code, why in ((code_at(secret, clock.now()), "code-used"), (codes[3], "recovery-code-wrong")):
        tries = await asyncio.gather(*(sign_in(identity, code) for _ in range(3)), return_exceptions=True)
        assert sum(isinstance(one, Opened) for one in tries) == 1, code
        assert await refused(identity, code) == why


async def test_a_phone_may_be_a_step_behind_or_ahead(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    secret, _ = await enrol(identity, await sign_in(identity), clock)
    clock.advance(minutes=5)
    for steps, fits in ((-2, False), (-1, True), (2, False), (1, True)):
        if fits:
            await sign_in(identity, code_at(secret, clock.now(), steps=steps))
        else:
            # Nobody who guesses learns of a code that it will be good in a moment.
            why = "code-expired" if steps < 0 else "code-wrong"
            assert await refused(identity, code_at(secret, clock.now(), steps=steps)) == why


async def test_who_enrols_a_phone_whose_clock_is_wrong_is_told_so(
    identity: Identity, agent: UserView, clock: FakeClock
) -> None:
    who = (await sign_in(identity)).signed_in
    made = await identity.begin_second_factor(who, PASSWORD, address=HERE)
    for steps, why in ((-9, "code-expired"), (9, "code-early"), (99, "code-wrong")):
        with pytest.raises(Forbidden, match=f"^{why}$") as refusal:
            await identity.factors.confirm(who, code_at(made.secret, clock.now(), steps=steps))
        assert refusal.value.field == "code"
    assert (await identity.factors.state(who)).since is None
    await identity.factors.confirm(who, code_at(made.secret, clock.now()))


async def test_the_secret_is_stored_sealed_and_said_nowhere(
    identity: Identity, agent: UserView, clock: FakeClock, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    secret, codes = await enrol(identity, await sign_in(identity), clock)
    await sign_in(identity, codes[0])
    async with database.system_reading() as reading:
        (sealed,) = (await reading.execute(select(SecondFactorRow.sealed_secret))).scalars().all()
        marks = (await reading.execute(select(RecoveryCodeRow.mark))).scalars().all()
        told = str((await reading.execute(text("SELECT * FROM audit_entry"))).all())
        told += str((await reading.execute(text("SELECT * FROM event_log"))).all())
    assert sealed.startswith("aes-256-gcm:")
    assert len(marks) == 9
    for kept in (sealed, *marks, told, caplog.text):
        assert secret not in kept
        assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


async def test_a_lost_key_opens_nothing_and_crashes_nothing(
    identity: Identity, agent: UserView, clock: FakeClock, database: Database, sealing: Sealing
) -> None:
    secret, codes = await enrol(identity, await sign_in(identity), clock)
    sealing._file.unlink()
    after = Identity(database, clock, CHEAP, Sealing(sealing._file))
    assert await refused(after, code_at(secret, clock.now())) == "code-wrong"
    assert await refused(after, codes[0]) == "recovery-code-wrong"
    after.close()


async def test_guessing_codes_gets_slow_from_whatever_address(
    identity: Identity, agent: UserView, clock: FakeClock
) -> None:
    secret, _ = await enrol(identity, await sign_in(identity), clock)
    told = [await refused(identity, "000000", address=f"203.0.113.{number}") for number in range(15)]
    assert told == ["code-wrong"] * rules.FREE_TRIES_CODE + ["too-many-attempts"] * 5

    clock.advance(rules.LONGEST_WAIT_CODE.total_seconds())
    await sign_in(identity, code_at(secret, clock.now()))
    assert await refused(identity, "000000") == "code-wrong"


async def test_who_does_not_know_the_password_slows_no_codes(
    identity: Identity, agent: UserView, clock: FakeClock
) -> None:
    secret, _ = await enrol(identity, await sign_in(identity), clock)
    for number in range(60):
        with pytest.raises((NotSignedIn, TooMany)):
            await identity.sign_in(
                "demo", "8021", "wrong", address=f"203.0.113.{number % 200}", user_agent="x", code="000000"
            )

    await sign_in(identity, code_at(secret, clock.now()))


async def test_enrolling_takes_password_and_code(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    opened = await sign_in(identity)
    with pytest.raises(Conflict, match="second-factor-not-begun"):
        await identity.factors.confirm(opened.signed_in, "123456")
    with pytest.raises(Forbidden, match="password-wrong"):
        await identity.begin_second_factor(opened.signed_in, "wrong password 1", address=HERE)
    made = await identity.begin_second_factor(opened.signed_in, PASSWORD, address=HERE)
    with pytest.raises(Forbidden, match="code-wrong"):
        await identity.factors.confirm(opened.signed_in, "000000")
    await sign_in(identity)  # not in use yet
    again = await identity.begin_second_factor(opened.signed_in, PASSWORD, address=HERE)
    with pytest.raises(Forbidden, match="code-wrong"):
        await identity.factors.confirm(opened.signed_in, code_at(made.secret, clock.now()))
    await identity.factors.confirm(opened.signed_in, code_at(again.secret, clock.now()))
    with pytest.raises(Conflict, match="second-factor-on"):
        await identity.begin_second_factor((await identity.authenticate(opened.token)), PASSWORD, address=HERE)


async def test_enrolling_ends_the_other_sessions(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    other, mine = await sign_in(identity), await sign_in(identity)
    await enrol(identity, mine, clock)

    await identity.authenticate(mine.token)
    with pytest.raises(NotSignedIn):
        await identity.authenticate(other.token)


async def test_turning_off_takes_password_and_code(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    mine = await sign_in(identity)
    secret, _ = await enrol(identity, mine, clock)
    who = await identity.authenticate(mine.token)
    with pytest.raises(Forbidden, match="password-wrong"):
        await identity.turn_off_second_factor(who, "wrong", code_at(secret, clock.now()), address=HERE)
    with pytest.raises(Forbidden, match="code-wrong"):
        await identity.turn_off_second_factor(who, PASSWORD, "000000", address=HERE)
    assert await refused(identity, None) == "second-factor-needed"

    await identity.turn_off_second_factor(who, PASSWORD, code_at(secret, clock.now()), address=HERE)
    await sign_in(identity)


async def test_new_recovery_codes_replace_those_before(identity: Identity, agent: UserView, clock: FakeClock) -> None:
    mine = await sign_in(identity)
    secret, old = await enrol(identity, mine, clock)
    new = await identity.factors.renew_codes(await identity.authenticate(mine.token), code_at(secret, clock.now()))

    assert await refused(identity, old[0]) == "recovery-code-wrong"
    await sign_in(identity, new[0])


async def test_a_lost_factor_is_reset_by_who_may(
    identity: Identity, agent: UserView, system: Actor, clock: FakeClock, other_tenant: TenantView
) -> None:
    keeper = await identity.create_user(
        system,
        NewUser(login="keeper", display_name="管理员", password=PASSWORD, roles=("system_administrator",)),
    )
    opened = await sign_in(identity, login="keeper")
    by = opened.signed_in.actor
    with pytest.raises(NotFound, match="second-factor-off"):
        await identity.factors.reset(by, agent.id)
    mine = await sign_in(identity)
    await enrol(identity, mine, clock)
    with pytest.raises(Forbidden):
        await identity.factors.reset(mine.signed_in.actor, keeper.id)
    await identity.factors.reset(by, agent.id)

    with pytest.raises(NotSignedIn):
        await identity.authenticate(mine.token)
    await sign_in(identity)
    (latest, *_) = [
        one for one in (await identity.audit_page(system, before=None, limit=9)).items if "reset" in one.action
    ]
    assert (latest.actor, latest.subject) == (f"user:{keeper.id}", str(agent.id))


async def test_who_is_asked_for_a_second_factor_may_do_nothing_before(
    identity: Identity, agent: UserView, system: Actor, clock: FakeClock
) -> None:
    await identity.create_user(
        system,
        NewUser(login="keeper", display_name="管理员", password=PASSWORD, roles=("system_administrator",)),
    )
    policy = await identity.factors.set_policy(system, FactorNeed.ADMINISTRATORS, version=0)
    with pytest.raises(Conflict, match="sign-in-policy-changed"):
        await identity.factors.set_policy(system, FactorNeed.NOBODY, version=0)
    opened = await sign_in(identity, login="keeper")
    assert opened.signed_in.standing.pending == "second-factor-missing"
    assert opened.signed_in.actor.permissions == frozenset()
    assert (await sign_in(identity)).signed_in.actor.permissions

    await enrol(identity, opened, clock)
    assert "user:manage" in (await identity.authenticate(opened.token)).actor.permissions

    await identity.factors.set_policy(system, FactorNeed.EVERYBODY, version=policy.version)
    assert (await sign_in(identity)).signed_in.standing.pending == "second-factor-missing"


async def test_an_issued_password_is_good_for_choosing_another(
    identity: Identity, agent: UserView, system: Actor
) -> None:
    await identity.change_user(system, agent.id, UserChange(password=PASSWORD, password_issued=True))
    opened = await sign_in(identity)
    assert opened.signed_in.standing.pending == "password-change-needed"
    assert opened.signed_in.scopes == {}

    await identity.change_own_password(opened.signed_in, PASSWORD, "a wholly different one", address=HERE)
    who = await identity.authenticate(opened.token)
    assert who.standing.pending is None
    assert "desk:use" in who.actor.permissions
