"""Why a request is refused by the program."""

from careline.kernel.errors import Conflict, Forbidden, Invalid, NotFound, TooMany

LIVE = "live-contact"
HINDERED = {"open-case": "erasure-hindered-by-open-case", LIVE: "erasure-hindered-by-live-contact"}
"""What a hindrance that blocks is refused with."""


class RequestUnknown(NotFound):
    """The tenant has no such request."""

    def __init__(self) -> None:
        super().__init__("data-request-not-found")


class RequestOpen(Conflict):
    """The same is asked for already."""

    def __init__(self) -> None:
        super().__init__("data-request-open")


class RequestChanged(Conflict):
    """Somebody else decided or changed it meanwhile."""

    def __init__(self, state: str) -> None:
        super().__init__("data-request-changed", state=state)


class RulesChanged(Conflict):
    """Somebody else saved the rules meanwhile."""

    def __init__(self, version: int) -> None:
        super().__init__("data-request-rules-changed", version=version)


class OwnRequest(Forbidden):
    """Who asked for an erasure does not approve it."""

    def __init__(self) -> None:
        super().__init__("own-data-request", permission="data-request:decide")


class ErasureHindered(Conflict):
    """Something is still going on with the customer; ``why`` names it."""

    def __init__(self, why: str, count: int) -> None:
        super().__init__(HINDERED[why], count=count)


class AssuranceTooLow(Invalid):
    """Nobody knows well enough who asks."""

    def __init__(self, level: str) -> None:
        super().__init__("data-request-assurance-low", field="assurance", level=level.replace("_", "-"))


class TooManyCopies(TooMany):
    """One person may take so many different copies within a day."""

    def __init__(self, most: int, retry_after: float) -> None:
        super().__init__("too-many-data-copies", retry_after=retry_after, max=most)


class ContactTooOld(Invalid):
    """The contact that was named proves nothing any more."""

    def __init__(self, hours: int) -> None:
        super().__init__("data-request-contact-old", field="interaction_id", hours=hours)


class CopyGone(NotFound):
    """There is no archive, or none any more."""

    def __init__(self) -> None:
        super().__init__("data-copy-gone")


class ListBroken(Conflict):
    """The list of erasures is not what was written: changed, or cut off at its beginning."""

    def __init__(self, line: int, path: str) -> None:
        super().__init__("erasure-list-broken", line=line, path=path)
