"""Errors that have a meaning for the caller.

A ``DomainError`` carries a stable kebab-case ``code``, which is also its translation key, and ``params`` that
fill the translated sentence. One handler turns it into RFC 9457 problem JSON. Adapters raise
``TransientFailure`` or ``PermanentFailure``; no exception of an SDK passes a port.
"""

import re
from typing import ClassVar

_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

Param = str | int | float | bool | None


class DomainError(Exception):
    """A command was refused for a reason the caller can act on.

    ``code`` names the reason; ``field`` names the input to mend, as a JSON pointer without the leading slash
    (``contact/phone``), when there is one.
    """

    status: ClassVar[int] = 400
    code: str
    params: dict[str, Param]
    field: str | None

    def __init__(self, code: str, /, *, field: str | None = None, **params: Param) -> None:
        if not _CODE.fullmatch(code):
            raise ValueError(f"error code must be kebab-case, got {code!r}")
        super().__init__(code)
        self.code = code
        self.params = params
        self.field = field

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({shown})" if shown else self.code


class Invalid(DomainError):
    """The input breaks a rule that the sender can see and mend."""

    status = 422


class NotSignedIn(DomainError):
    """Nobody, or nobody any more, is signed in."""

    status = 401


class Forbidden(DomainError):
    """The caller is known and may not do this. ``params['permission']`` says what is missing."""

    status = 403


class NotFound(DomainError):
    """There is no such thing for this tenant; a thing of another tenant does not exist either."""

    status = 404


class Conflict(DomainError):
    """The thing has changed, or is in a state that does not allow this."""

    status = 409


class TooMany(DomainError):
    """A limit of rate or number was reached. ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, code: str, /, *, retry_after: float, field: str | None = None, **params: Param) -> None:
        super().__init__(code, field=field, **{**params, "retry_after": retry_after})
        self.retry_after = retry_after


class Unavailable(DomainError):
    """A part that is needed is down or not ready; nothing was changed."""

    status = 503


class AdapterFailure(Exception):
    """The outside world did not do what was asked; ``reason`` is for people and holds no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TransientFailure(AdapterFailure):
    """May work later. ``retry_after`` is in seconds, or None when the other side did not say."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class PermanentFailure(AdapterFailure):
    """Will not work however often it is tried."""
