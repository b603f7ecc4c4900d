"""What a ticket says: sentiment, harm, tone, what was lost and what is asked, each with its evidence.

Codes, and harm 0-5 and tone 0-3, are those of the project's label guide: harm is what really happened to the
customer (0 none, 1 slight, 2 moderate, 3 serious, 4 severe, 5 critical), tone is how it is said (0 calm,
1 annoyed, 2 angry, 3 abusive or threatening). Tone never moves harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Category(StrEnum):
    """What kind of thing went wrong."""

    DELIVERY = "delivery"
    DAMAGED_OR_DEFECTIVE = "damaged_or_defective"
    WRONG_OR_MISSING_ITEM = "wrong_or_missing_item"
    BILLING = "billing"
    REFUND_DELAY = "refund_delay"
    CANCELLATION = "cancellation"
    OUTAGE = "outage"
    SERVICE_QUALITY = "service_quality"
    STAFF_CONDUCT = "staff_conduct"
    CONTRACT_TERMS = "contract_terms"
    DATA_PRIVACY = "data_privacy"
    SAFETY = "safety"
    ACCOUNT_ACCESS = "account_access"
    BOOKING_TRAVEL = "booking_travel"
    COMMUNICATION = "communication"
    OTHER = "other"


LOSS_TYPES = ("money", "product", "service", "time", "attention", "none")
ATTRIBUTIONS = ("us", "third_party", "customer", "force_majeure", "unclear")
REQUESTED_REMEDIES = (
    "refund", "partial_refund", "replacement", "repair", "apology", "cancellation", "discount", "compensation",
    "callback", "explanation", "information", "none",
)  # fmt: skip
SIGNALS = (
    "churn", "legal", "regulator", "safety", "vulnerability", "public_escalation", "repeated_contact",
    "broken_promise", "staff_conduct", "data_breach", "fraud", "competitor",
)  # fmt: skip
GRAVE_SIGNALS = frozenset({"safety", "legal", "vulnerability"})
GRAVE_HARM = 4


@dataclass(frozen=True, slots=True)
class Language:
    """ISO 639-1 code ("und" when unsure) and confidence 0-1."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Label negative | neutral | positive, polarity -1…1, and the three probabilities, which sum to 1."""

    label: str
    polarity: float
    p_negative: float
    p_neutral: float
    p_positive: float


@dataclass(frozen=True, slots=True)
class Graded:
    """A level (harm 0-5 or tone 0-3) with the score 0-1 behind it and the probability of the level."""

    level: int
    score: float
    p: float = 1.0


@dataclass(frozen=True, slots=True)
class Coded:
    """A code with its probability 0-1."""

    code: str
    p: float


@dataclass(frozen=True, slots=True)
class NamedAmount:
    """A sum that the customer names as wanted, in major units; never a source of money by itself."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that moved a score. ``start`` and ``end`` are code points of the text as given."""

    signal: str
    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one text, or one ticket, says. Outside the scored languages ``scored`` is False and a person decides."""

    language: Language
    scored: bool
    reason: str | None
    calibrated: bool
    sentiment: Sentiment
    complaint: float
    harm: Graded
    tone: Graded
    category: Coded
    loss_type: str
    attribution: Coded
    requested_remedy: str
    named_amount: NamedAmount | None
    signals: tuple[Coded, ...]
    evidence: tuple[Evidence, ...]
    model: str
    quote: str | None = None

    def has_signal(self, code: str) -> bool:
        """Tell whether *code* is among the signals, at any probability the model reports."""
        return any(signal.code == code for signal in self.signals)

    @property
    def is_grave(self) -> bool:
        """A person calls first, and no amount is shown: severe harm, or a safety, legal or vulnerability signal."""
        return self.harm.level >= GRAVE_HARM or any(s.code in GRAVE_SIGNALS for s in self.signals)
