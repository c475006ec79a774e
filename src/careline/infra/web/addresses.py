"""Who counts as one by an address."""

import ipaddress

ELSEWHERE = "elsewhere"


def network_of(address: str | None) -> str:
    """Under what an address is counted: an IPv4 address by itself, of an IPv6 one the /64 network.

    A host has 2**64 addresses of its own there. What is no address is all one: ``elsewhere``.
    """
    try:
        known = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ELSEWHERE
    if known.version == 4:
        return str(known)
    # A socket for both kinds shows IPv4 clients so (RFC 4291 §2.5.5.2); all of them lie in one /64.
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, 64), strict=False))
