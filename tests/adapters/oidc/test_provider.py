"""What is known of a provider, and for how long."""

from pathlib import Path

import msgspec

from careline.adapters.oidc.provider import KEPT_FOR_S, Client, OidcProvider
from careline.infra.egress.client import Answer, Egress
from tests.support.clock import FakeClock

ISSUER = "https://id.example.com"


class Described(Egress):
    """Stands for the way out: a provider that has moved its pages between two looks."""

    def __init__(self) -> None:
        super().__init__(())
        self.looks = 0

    async def get(self, url: str) -> Answer:
        assert url == f"{ISSUER}/.well-known/openid-configuration"
        self.looks += 1
        place = f"{ISSUER}/{self.looks}"
        found = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{place}/authorize",
            "token_endpoint": f"{place}/token",
            "jwks_uri": f"{place}/keys",
        }
        return Answer(status=200, content_type="application/json", body=msgspec.json.encode(found))


async def test_a_description_is_kept_for_an_hour(clock: FakeClock) -> None:
    known = Client(issuer=ISSUER, client_id="careline", secret_file=Path("none"), claim="email")
    provider = OidcProvider(known, Described(), clock)

    async def where() -> str:
        address = await provider.address(state="s", nonce="n", challenge="c", redirect_uri="https://care.example.com")
        return address.partition("?")[0]

    assert [await where(), await where()] == [f"{ISSUER}/1/authorize"] * 2
    clock.advance(KEPT_FOR_S)
    assert await where() == f"{ISSUER}/2/authorize"
