"""Money in minor units."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow

# ISO 4217 currencies whose minor unit is not a hundredth; all others have two decimals.
_EXPONENTS = {
    "BHD": 3, "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KMF": 0,
    "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "VND": 0, "VUV": 0,
    "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip
# Wide enough for any sum of money; beyond it an error, never a rounded sum.
_EXACT = Context(prec=60, Emax=60, Emin=-60, traps=[Inexact, InvalidOperation, Overflow])


def exponent(currency: str) -> int:
    """Return how many decimals *currency* (ISO 4217) has."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (1550, "EUR" is 15.50 euros). Currencies never mix."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        code = self.currency
        if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            raise ValueError(f"{code!r} is not a currency code such as EUR")

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """Make money from major units; raise ValueError for a fraction of a minor unit, or what is no number."""
        try:
            scaled = Decimal(amount).scaleb(exponent(currency), _EXACT)
            whole = scaled.to_integral_exact(context=_EXACT)
        except DecimalException:
            raise ValueError(f"{amount} is not a whole number of {currency} minor units") from None
        if not whole.is_finite():
            raise ValueError(f"{amount} is not an amount of money")
        return cls(int(whole), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency), _EXACT)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"
