"""Signing in through another provider."""

from pydantic import BaseModel


class ProviderShown(BaseModel):
    """The provider; ``name`` is null when there is none."""

    name: str | None
