"""The remedies a policy may name, and what kind of loss each one answers."""

from __future__ import annotations

MONEY_REMEDIES = frozenset({"refund", "partial_refund", "voucher", "store_credit", "bill_discount"})
"""Remedies that carry an amount, unless they return what was paid in full and the price is not known yet."""

REMEDIES = (
    "apology", "explanation", "refund", "partial_refund", "replacement", "redo", "repair", "voucher", "store_credit",
    "bill_discount", "callback", "expedited_shipping", "correction", "information",
)  # fmt: skip
"""Every code a starter policy may use; more join as remedies are added."""

ANSWERS = {
    "refund": "money",
    "partial_refund": "money",
    "bill_discount": "money",
    "store_credit": "money",
    "voucher": "attention",
    "replacement": "product",
    "repair": "product",
    "redo": "service",
    "expedited_shipping": "time",
    "correction": "service",
    "callback": "attention",
    "apology": "attention",
    "explanation": "attention",
    "information": "none",
}
"""The loss type that each remedy answers: a remedy should match what was lost."""
