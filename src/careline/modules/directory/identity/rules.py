"""Pure rules of identity: waits after failures, lifetimes of sessions, passwords and names that are accepted."""

import contextlib
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from careline.kernel.errors import Conflict, Invalid
from careline.modules.directory.identity.engine.guessable import is_guessable

SESSION_IDLE = timedelta(hours=2)
"""A session that was not used for so long is over."""

SESSION_LIFETIME = timedelta(hours=12)
"""A session is over after so long, used or not: a shift fits, a second one does not."""

TOUCH_EVERY = timedelta(minutes=1)
"""How exactly the last use of a session is remembered; the price of exactness is a write."""

PASSWORD_MIN, PASSWORD_MAX = 12, 128
NAME_PART_MIN = 2

NAME_MAX = 100
"""Of a person, a department, a post or a role, in characters."""

DUTIES_MAX = 4000

TREE_DEPTH = 12
"""So many departments below each other. A path grows with each, and no centre is deeper."""

ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of one-time passwords: nothing that looks like something else, for they are read out and typed."""

FREE_TRIES_LOGIN, LONGEST_WAIT_LOGIN = 5, timedelta(minutes=15)
"""For one login from one address."""

FREE_TRIES_ADDRESS, LONGEST_WAIT_ADDRESS = 20, timedelta(minutes=1)
"""For one address, whatever the login. A whole centre may share an address, so the wait stays short."""

FREE_TRIES_CODE, LONGEST_WAIT_CODE = 10, timedelta(minutes=1)
"""For the one-time codes of one account, whatever the address: six digits are few, and addresses are many."""

FORGET_FAILURES_AFTER = timedelta(hours=1)

_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?\Z")
_CODE = re.compile(r"[a-z][a-z0-9]{0,30}\Z")
_ROLE_CODE = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")


ID_LENGTH = 36
"""Of an id as text."""


def ids_in(*values: object) -> set[UUID]:
    """The ids among what an audit entry names, also behind a kind as in ``user:…``."""
    found = set()
    for value in values:
        text = str(value).rpartition(":")[2]
        if len(text) == ID_LENGTH:
            with contextlib.suppress(ValueError):
                found.add(UUID(text))
    return found


def gaps(numbers: Iterable[int], first: int, last: int) -> list[tuple[int, int]]:
    """The runs of numbers from ``first`` to ``last`` that are not among ``numbers``, which are in order."""
    found = []
    expected = first
    for number in numbers:
        if number > last:
            break
        if number > expected:
            found.append((expected, number - 1))
        expected = max(expected, number + 1)
    if expected <= last:
        found.append((expected, last))
    return found


def new_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token: it has 256 bits of its own, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def one_time_password() -> str:
    """Three groups of five characters: 74 bits."""
    return "-".join("".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(5)) for _ in range(3))


def csrf_token(session_token: str) -> str:
    """The token that unsafe requests of this session must carry; made from the session's, stored nowhere."""
    return hmac.new(session_token.encode("utf-8", "surrogatepass"), b"careline csrf", hashlib.sha256).hexdigest()


def wait_after(failures: int, *, free: int, longest: timedelta) -> timedelta:
    """How long to wait before the next try: nothing for the first ``free``, then 1 s doubling up to ``longest``."""
    if failures < free:
        return timedelta()
    doubled = min(failures - free, 32)  # 2**32 s is longer than any limit
    return min(timedelta(seconds=2**doubled), longest)


def session_ended(now: datetime, *, last_used_at: datetime, expires_at: datetime) -> bool:
    """Whether a session is over by its idle or its absolute limit."""
    return now >= expires_at or now - last_used_at >= SESSION_IDLE


def checked_login(login: str) -> str:
    """The login as it is stored: lower case. Raises ``Invalid`` when it has characters a login cannot have."""
    folded = login.strip().lower()
    if not _LOGIN.match(folded):
        raise Invalid("login-not-usable", field="login", allowed="a-z 0-9 . _ - @")
    return folded


def checked_code(code: str, *, field: str) -> str:
    """A tenant's code: it becomes part of addresses and of voice endpoints, so it is short and plain."""
    if not _CODE.match(code):
        raise Invalid("code-not-usable", field=field, allowed="a-z 0-9, a letter first, at most 31")
    return code


def checked_role_code(code: str) -> str:
    """A role's code, by which it is granted and named in the audit. Raises ``Invalid``."""
    if not _ROLE_CODE.match(code):
        raise Invalid("role-code-not-usable", field="code", allowed="a-z 0-9 _, a letter first, at most 63")
    return code


def new_path(path: str, parent_path: str) -> str:
    """Where the department at ``path`` is once it is below the one at ``parent_path``.

    Raises ``Conflict`` when it would be below itself. How deep what is below it gets the caller looks at, who knows it.
    """
    if parent_path.startswith(path):
        raise Conflict("org-unit-circle", field="parent_id")
    return f"{parent_path}{path.split('/')[-2]}/"


def depth_of(path: str) -> int:
    """How many departments there are from the root down to the one at this path."""
    return path.count("/")


def checked_password(password: str, *, login: str, name: str = "") -> str:
    """The password, or ``Invalid`` saying which rule it breaks.

    Length is what counts; it may hold neither the login nor the name, and may not be one that everybody thinks of.
    """
    if len(password) < PASSWORD_MIN:
        raise Invalid("password-too-short", field="password", min=PASSWORD_MIN)
    if len(password) > PASSWORD_MAX:
        raise Invalid("password-too-long", field="password", max=PASSWORD_MAX)
    try:
        password.encode()
    except UnicodeEncodeError:
        raise Invalid("text-not-unicode", field="password") from None
    folded = password.lower()
    own = [login, *(part for part in name.lower().split() if len(part) >= NAME_PART_MIN)]
    if any(part in folded for part in own) or len(set(password)) < 5:
        raise Invalid("password-too-simple", field="password")
    if is_guessable(password):
        raise Invalid("password-too-common", field="password")
    return password
