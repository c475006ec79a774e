"""What somebody who is signed in has to do before anything is permitted."""

import enum

import msgspec


class FactorNeed(enum.StrEnum):
    """For whom a tenant asks for a second factor."""

    NOBODY = "nobody"
    ADMINISTRATORS = "administrators"
    EVERYBODY = "everybody"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What decides it: how the password came about, the second factor, and what the tenant asks for."""

    password_issued: bool
    second_factor: bool
    administrator: bool
    asked_of: FactorNeed

    @property
    def second_factor_needed(self) -> bool:
        """Whether the tenant asks this user for a second factor."""
        if self.asked_of is FactorNeed.ADMINISTRATORS:
            return self.administrator
        return self.asked_of is FactorNeed.EVERYBODY

    @property
    def pending(self) -> str | None:
        """The code of the refusal for everything that needs a permission; None when nothing is left to do."""
        if self.password_issued:
            return "password-change-needed"
        if self.second_factor_needed and not self.second_factor:
            return "second-factor-missing"
        return None
