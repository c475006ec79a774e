"""Refusals of analytics."""

from careline.kernel.errors import Invalid, NotFound


class FigureUnknown(NotFound):
    """There is no such figure."""

    def __init__(self, code: str) -> None:
        super().__init__("figure-not-found", code=code[:60])


class WindowUnknown(Invalid):
    """The figure is not worked out for this time."""

    def __init__(self, allowed: str) -> None:
        super().__init__("window-unknown", field="window", allowed=allowed)
