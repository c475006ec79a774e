"""Tries at a provider are counted by address, as wrong passwords are."""

import pytest

from careline.modules.directory.identity import rules
from tests.adapters.oidc.test_signing_in import Here, refusal
from tests.adapters.oidc.test_signing_in import here as here

pytestmark = pytest.mark.slow


@pytest.fixture
def few_tries(monkeypatch: pytest.MonkeyPatch) -> int:
    """So many tries of an address are free, and after them the wait is longer than a test."""
    monkeypatch.setattr(rules, "FREE_TRIES_ADDRESS", 3)
    monkeypatch.setattr(rules, "wait_after", lambda failures, *, free, longest: longest * (failures > free))
    return 3


async def test_who_fails_at_the_provider_again_and_again_is_slowed(here: Here, few_tries: int) -> None:
    """Beginning anew each time would let anybody have us ask the provider as often as they like."""
    here.provider.claims = {"nonce": "another"}
    refused = [refusal(await here.sign_in()) for _ in range(few_tries + 2)]
    assert refused == ["external-sign-in-failed"] * (few_tries + 1) + ["external-sign-in-slowed"]
    assert len(here.provider.redeemed) == few_tries + 1, "the provider is not asked any more"


async def test_who_gets_in_is_not_counted(here: Here, few_tries: int) -> None:
    for _ in range(few_tries + 3):
        answer = await here.sign_in()
        assert "careline_session" in answer.cookies, answer.headers["location"]
