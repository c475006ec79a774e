"""Refusals of cases."""

from uuid import UUID

from careline.kernel.errors import Conflict, Invalid, NotFound, Unavailable


class CaseUnknown(NotFound):
    """No case of this id in this tenant."""

    def __init__(self, case_id: UUID) -> None:
        super().__init__("case-not-found", id=str(case_id))


class ClientIdTaken(Conflict):
    """Another case was opened under this ``client_id``, or by somebody else; a new case needs a new one."""

    def __init__(self, client_id: UUID) -> None:
        super().__init__("client-id-taken", field="client_id", client_id=str(client_id))


class CaseChanged(Conflict):
    """Somebody else was faster; ``version`` is the present one: read again, then decide again."""

    def __init__(self, version: int) -> None:
        super().__init__("case-changed", field="version", version=version)


class StateForbids(Conflict):
    """There is no step from ``state`` to ``to``; ``allowed`` names those that there are."""

    def __init__(self, state: str, to: str, allowed: str) -> None:
        super().__init__("case-state-forbids", field="state", state=state, to=to, allowed=allowed)


class NotAssignable(Invalid):
    """Only an active agent of the tenant may hold a case."""

    def __init__(self) -> None:
        super().__init__("case-assignee-unknown", field="assignee_id")


class SealedCaseUnknown(NotFound):
    """Nothing is sealed under this id, or its day has come and nobody opens it any more."""

    def __init__(self) -> None:
        super().__init__("sealed-case-not-found")


class SealedCaseUnreadable(Unavailable):
    """It was sealed with another key than the one of this installation, or changed since."""

    def __init__(self) -> None:
        super().__init__("sealed-case-unreadable")
