"""What leaves the house, declared: where to, what of, and what for."""

import msgspec

HOME_REGIONS = frozenset({"cn", "house"})


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """What an adapter sends out. ``region``: the country (ISO 3166, two small letters) in which it is worked on, or
    ``house`` for one of our own machines; ``data_classes`` and ``purpose`` are kebab-case words."""

    adapter: str
    host: str
    region: str
    data_classes: tuple[str, ...]
    purpose: str


def at_home(region: str) -> bool:
    """Whether data that goes there stays in the country."""
    return region in HOME_REGIONS
