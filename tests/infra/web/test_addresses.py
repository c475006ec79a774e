"""Addresses that count as one."""

import pytest

from careline.infra.web.addresses import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.8", "192.0.2.8"),
        ("::1", "::/64"),
        ("", "elsewhere"),
        (None, "elsewhere"),
        ("testclient", "elsewhere"),
        ("unix:/run/careline", "elsewhere"),
    ],
)
def test_under_what_an_address_is_counted(address: str | None, network: str) -> None:
    assert network_of(address) == network
