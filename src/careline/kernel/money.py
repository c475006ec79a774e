"""Money as whole fen (0.01 元), never as a float."""

from decimal import Decimal, InvalidOperation

import msgspec

from careline.kernel.errors import Invalid


class Money(msgspec.Struct, frozen=True, order=True):
    """An amount of one currency. ``fen`` is the hundredth part; negative means owed to the customer."""

    fen: int
    currency: str = "CNY"

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.fen + other.fen, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.fen - other.fen, self.currency)

    def __str__(self) -> str:
        sign = "-" if self.fen < 0 else ""
        return f"{sign}{abs(self.fen) // 100}.{abs(self.fen) % 100:02d}"

    def _same_currency(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} with {other.currency}")

    @classmethod
    def parse(cls, text: str, *, field: str) -> "Money":
        """Read ``"60"``, ``"60.5"`` or ``"60.00"``; more than two decimals are refused, not rounded."""
        try:
            fen = Decimal(text) * 100
        except InvalidOperation:
            raise Invalid("amount-not-a-number", field=field) from None
        if not fen.is_finite() or fen != fen.to_integral_value():
            raise Invalid("amount-too-precise", field=field, decimals=2)
        return cls(int(fen))
