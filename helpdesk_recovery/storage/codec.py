"""Nouns to JSON and back, exactly: the same noun gives the same JSON."""

from __future__ import annotations

import json
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


class Json(str):
    """JSON text that is ready to be stored."""

    __slots__ = ()


def ready(noun: object, *, without: frozenset[str] = frozenset()) -> Json:
    """Return *noun* as JSON text, in one step; fields named in *without* are left out."""
    text = _adapter(cast(Hashable, type(noun))).dump_json(noun, exclude=set(without) or None)
    return Json(text.decode())


def to_text(value: Any) -> str:
    """Serialise what goes into a JSON column; text from :func:`ready` goes in as it is."""
    return value if isinstance(value, Json) else json.dumps(value, ensure_ascii=False)


def load(kind: type[T], content: Any) -> T:
    """Return the noun of class *kind* that :func:`dump` made *content* from."""
    noun: T = _adapter(cast(Hashable, kind)).validate_python(content, strict=False)
    return noun
