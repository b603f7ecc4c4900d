"""Nouns to JSON and back, exactly: the same noun gives the same JSON."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(type[Any], kind))


def dump(noun: object) -> Any:
    """Return *noun* (a frozen dataclass) as plain JSON values."""
    return _adapter(cast(Hashable, type(noun))).dump_python(noun, mode="json")


def load(kind: type[T], content: Any) -> T:
    """Return the noun of class *kind* that :func:`dump` made *content* from."""
    noun: T = _adapter(cast(Hashable, kind)).validate_python(content, strict=False)
    return noun
