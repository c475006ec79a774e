"""Slower for who fails: failures are counted before anything is looked at, and one's own success takes them away.

No wait belongs to a login alone, so nobody can lock another one out from elsewhere. The one counter that belongs to an
account, that of wrong one-time codes, is reached with the right password only, and its wait is short.
"""

import hashlib
from datetime import timedelta
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.infra.web.addresses import network_of
from careline.kernel.errors import TooMany
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.repository import sessions as rows


class ThrottleKeys(msgspec.Struct, frozen=True):
    """Under what failures are counted: this login from this address, and this address."""

    login: str
    address: str


class Limit(msgspec.Struct, frozen=True):
    """How many failures under a key are free, and how long the wait grows after them."""

    key: str
    free: int
    longest: timedelta


def throttle_keys(tenant_code: str, login: str, address: str) -> ThrottleKeys:
    """Hashes, so that the table holds no addresses."""
    network = network_of(address)
    folded = login.strip().lower()[:100]
    return ThrottleKeys(_key("login", tenant_code[:100], folded, network), _key("address", network))


def of_sign_in(keys: ThrottleKeys) -> tuple[Limit, ...]:
    """The limits of a try to sign in."""
    return (
        Limit(keys.login, rules.FREE_TRIES_LOGIN, rules.LONGEST_WAIT_LOGIN),
        Limit(keys.address, rules.FREE_TRIES_ADDRESS, rules.LONGEST_WAIT_ADDRESS),
    )


def of_code(user_id: UUID) -> Limit:
    """The limit of one-time codes of a user, from wherever they come."""
    return Limit(_key("code", str(user_id)), rules.FREE_TRIES_CODE, rules.LONGEST_WAIT_CODE)


def of_secret(kind: str, address: str) -> Limit:
    """The limit of tries with something that nobody can guess: service tokens, set-up links."""
    return Limit(_key(kind, network_of(address)), rules.FREE_TRIES_ADDRESS, rules.LONGEST_WAIT_ADDRESS)


class Throttle:
    """Counts tries as failures until they are forgiven."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, *limits: Limit) -> None:
        """Count a try under each limit. Raises ``TooMany`` ("too-many-attempts"), and counts nothing, during a wait."""
        async with self._database.system_transaction() as tx:
            known = {limit.key: await _failures(tx, limit.key) for limit in limits}
            until = max((row.blocked_until for row in known.values() if row is not None), default=tx.now)
            if until <= tx.now:
                for limit in limits:
                    row = known[limit.key]
                    fresh = row is None or tx.now - row.last_failure_at >= rules.FORGET_FAILURES_AFTER
                    failures = 1 if row is None or fresh else row.failures + 1
                    wait = rules.wait_after(failures, free=limit.free, longest=limit.longest)
                    await rows.put_throttle(tx, limit.key, failures, tx.now, tx.now + wait)
        if until > tx.now:
            raise TooMany("too-many-attempts", retry_after=(until - tx.now).total_seconds())

    async def forgive(self, tx: Transaction, keys: ThrottleKeys) -> None:
        """This try was no failure. Others from the same address keep theirs: one's own account forgives no guessing."""
        await rows.forget_throttle(tx, keys.login)
        await _one_less(tx, keys.address)

    async def take_back(self, limit: Limit) -> None:
        """One try under this limit of an address was no failure; the others stay."""
        async with self._database.system_transaction() as tx:
            await _one_less(tx, limit.key)

    async def forget(self, tx: Transaction, limit: Limit) -> None:
        """Forget all failures under a limit."""
        await rows.forget_throttle(tx, limit.key)

    async def forget_stale(self) -> None:
        """Remove failures that no longer slow anybody down."""
        async with self._database.system_reading() as reading:
            if not await rows.has_throttles(reading, before=reading.now - rules.FORGET_FAILURES_AFTER):
                return
        async with self._database.system_transaction() as tx:
            await rows.forget_throttles(tx, before=tx.now - rules.FORGET_FAILURES_AFTER)


async def _one_less(tx: Transaction, key: str) -> None:
    row = await rows.throttle(tx, key)
    if row is not None:
        failures = max(0, row.failures - 1)
        until = row.blocked_until if failures >= rules.FREE_TRIES_ADDRESS else tx.now
        await rows.put_throttle(tx, key, failures, row.last_failure_at, until)


async def _failures(tx: Transaction, key: str) -> rows.Failures | None:
    """What was counted under a key. A failure that is yet to come was written before the clock went back: it is taken
    as one of just now, and the wait begins anew instead of lasting until the old time comes round."""
    known = await rows.throttle(tx, key)
    if known is None or known.last_failure_at <= tx.now:
        return known
    until = tx.now + (known.blocked_until - known.last_failure_at)
    await rows.put_throttle(tx, key, known.failures, tx.now, until)
    return rows.Failures(failures=known.failures, last_failure_at=tx.now, blocked_until=until)


def _key(*parts: str) -> str:
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
